"""Pictures that the tests send."""

import io

import numpy as np
from PIL import Image


def large_picture():
    """Draw a 1 of more than a megabyte: above that, web frameworks split uploads and put them into temporary files."""
    noise = np.random.default_rng(1).integers(200, 255, (900, 900, 3), np.uint8)
    noise[200:700, 400:480] = 0
    buffer = io.BytesIO()
    Image.fromarray(noise).save(buffer, "PNG")
    assert len(buffer.getvalue()) > 1_500_000
    return buffer.getvalue()
