"""Encoding of arrays as picture files."""

import base64
from typing import Literal

import cv2
import numpy as np

from digitcore.types import UInt8Array


def encode_image(image: UInt8Array, file_format: Literal["png", "jpeg"]) -> bytes:
    """Encode a picture as a file.

    Args:
        image: uint8 `(H, W)` grey or `(H, W, 3)` RGB.
        file_format: `png` is lossless; `jpeg` is smaller.

    Returns:
        The bytes of the file.

    Raises:
        ValueError: another shape or type, or an empty picture; the text gives what was expected and received.

    Examples:
        >>> encode_image(np.zeros((28, 28), np.uint8), "png")[1:4]
        b'PNG'
    """
    _check_picture(image)
    stored = image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    _, encoded = cv2.imencode(f".{file_format}", stored)
    return encoded.tobytes()


def encoded_data_url(encoded: bytes, file_format: Literal["png", "jpeg"]) -> str:
    """Make a `data:` URL of an image that is encoded already.

    Args:
        encoded: the bytes of a PNG or JPEG file.
        file_format: the format of `encoded`.

    Returns:
        The URL.

    Examples:
        >>> encoded_data_url(b"abc", "png")
        'data:image/png;base64,YWJj'
    """
    return f"data:image/{file_format};base64,{base64.b64encode(encoded).decode()}"


def _check_picture(image: object) -> None:
    """Raise an error where a value can't be encoded as a picture."""
    expected = "expected uint8 of shape (H, W) or (H, W, 3), not empty"
    if not isinstance(image, np.ndarray):
        raise ValueError(f"{expected}, received {type(image).__name__}.")
    if image.dtype != np.uint8 or not (image.ndim == 2 or (image.ndim == 3 and image.shape[2] == 3)) or image.size == 0:
        raise ValueError(f"{expected}, received {image.dtype} of shape {image.shape}.")
