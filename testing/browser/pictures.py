"""Make pictures that tests upload."""

import io

import numpy as np
from PIL import Image


def large_picture():
    """Make a PNG of a 1 with more than a megabyte: web frameworks write uploads above that size to temporary files."""
    noise = np.random.default_rng(1).integers(200, 255, (900, 900, 3), np.uint8)
    noise[200:700, 400:480] = 0
    buffer = io.BytesIO()
    Image.fromarray(noise).save(buffer, "PNG")
    assert len(buffer.getvalue()) > 1_500_000
    return buffer.getvalue()
