"""Images embedded in a page as `data:` URLs.

An image that the server keeps for the browser to fetch may be gone by the time of the request, after another stroke or on another page.
"""

import base64
from typing import Literal

import cv2
import numpy as np

from digitcore.io.encode import encode_image
from digitcore.types import UInt8Array


def data_url(image: UInt8Array, kind: Literal["png", "jpeg"] = "png") -> str:
    """Encode an image as a `data:` URL.

    Args:
        image: uint8 `(H, W)` grey or `(H, W, 3)` RGB.
        kind: `png` keeps every pixel, `jpeg` is smaller for photographs.

    Returns:
        The URL.
    """
    return encoded_data_url(encode_image(image, kind), kind)


def preview_url(image: UInt8Array, side_px: int) -> str:
    """Resize an image and encode it as a `data:` URL: JPEG if it had to be reduced, PNG otherwise.

    Args:
        image: uint8 `(H, W)` grey or `(H, W, 3)` RGB.
        side_px: the wanted length of the longer side, in pixels.

    Returns:
        The URL.
    """
    return data_url(resize(image, side_px), "jpeg" if max(image.shape[:2]) > side_px else "png")


def encoded_data_url(encoded: bytes, kind: Literal["png", "jpeg"]) -> str:
    """Make a `data:` URL of an image that is encoded already.

    Args:
        encoded: the bytes of a PNG or JPEG file.
        kind: the format of `encoded`.

    Returns:
        The URL.
    """
    return f"data:image/{kind};base64,{base64.b64encode(encoded).decode()}"


def resize(image: UInt8Array, side_px: int) -> UInt8Array:
    """Resize an image: reduce a larger one by averaging, enlarge a smaller one by a whole factor, so that its pixels stay square.

    Args:
        image: uint8 `(H, W)` grey or `(H, W, 3)` RGB.
        side_px: the wanted length of the longer side, in pixels.

    Returns:
        The image, its longer side at most `side_px` long and more than half as long.
    """
    height, width = image.shape[:2]
    longer = max(height, width)
    if longer > side_px:
        size_wh = (max(1, round(width * side_px / longer)), max(1, round(height * side_px / longer)))
        return cv2.resize(image, size_wh, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    factor = side_px // longer
    return image.repeat(factor, axis=0).repeat(factor, axis=1)
