"""Images embedded in a page as `data:` URLs.

An image that the server keeps for the browser to fetch may be gone by the time of the request, after another stroke or on another page.
"""

from typing import Literal

from digitcore.io.encode import encode_image, encoded_data_url
from digitcore.io.thumbnails import resize
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
