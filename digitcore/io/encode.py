"""Encoding of arrays as picture files."""

from typing import Literal

import cv2

from digitcore.types import UInt8Array


def encode_image(image: UInt8Array, file_format: Literal["png", "jpeg"]) -> bytes:
    """Encode a picture as a file.

    Args:
        image: uint8 `(H, W)` grey or `(H, W, 3)` RGB.
        file_format: `png` is lossless; `jpeg` is smaller.

    Returns:
        The bytes of the file.

    Examples:
        >>> import numpy as np
        >>> encode_image(np.zeros((28, 28), np.uint8), "png")[1:4]
        b'PNG'
    """
    stored = image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    _, encoded = cv2.imencode(f".{file_format}", stored)
    return encoded.tobytes()
