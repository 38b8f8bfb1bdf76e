"""Pictures that the tests send."""

import io

import numpy as np
from PIL import Image


def large_picture():
    """A 1 of more than a megabyte, from which on web frameworks like to do things in pieces, and to keep uploads in temporary files."""
    noise = np.random.default_rng(1).integers(200, 255, (900, 900, 3), np.uint8)
    noise[200:700, 400:480] = 0
    buffer = io.BytesIO()
    Image.fromarray(noise).save(buffer, "PNG")
    assert len(buffer.getvalue()) > 1_500_000
    return buffer.getvalue()
