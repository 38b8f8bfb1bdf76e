"""Small pictures as part of the page itself.

A picture that the server keeps for the browser to fetch can be gone by the time it is asked for: a stroke or another page later.
"""

import base64
from typing import Literal

import cv2
import numpy as np

from digitcore.io.decode import encode
from digitcore.types import UInt8Array


def data_url(image: UInt8Array, kind: Literal["png", "jpeg"] = "png") -> str:
    """The picture as a `data:` address.

    Args:
        image: uint8 `(H, W)` grey or `(H, W, 3)` RGB.
        kind: `png` keeps every pixel, `jpeg` is smaller for photographs.
    """
    return encoded_data_url(encode(image, kind), kind)


def preview_url(image: UInt8Array, side_px: int) -> str:
    """The picture resized, as a `data:` address: JPEG where it is large, PNG where each pixel counts."""
    return data_url(resize(image, side_px), "jpeg" if max(image.shape[:2]) > side_px else "png")


def resize(image: UInt8Array, side_px: int) -> UInt8Array:
    """The picture with its longer side about `side_px`: large ones reduced, small ones by whole factors, their pixels kept square.

    Args:
        image: uint8 `(H, W)` grey or `(H, W, 3)` RGB.
        side_px: the longer side wanted, in pixels.
    """
    height, width = image.shape[:2]
    longer = max(height, width)
    if longer > side_px:
        size_wh = (max(1, round(width * side_px / longer)), max(1, round(height * side_px / longer)))
        return cv2.resize(image, size_wh, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    factor = side_px // longer
    return image.repeat(factor, axis=0).repeat(factor, axis=1)


def encoded_data_url(encoded: bytes, kind: Literal["png", "jpeg"]) -> str:
    """An encoded picture as a `data:` address."""
    return f"data:image/{kind};base64,{base64.b64encode(encoded).decode()}"
