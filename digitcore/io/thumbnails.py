"""Small copies of pictures."""

import cv2
import numpy as np

from digitcore.io.annotation import annotate
from digitcore.io.encode import encode_image
from digitcore.results import Reading
from digitcore.types import UInt8Array


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


def marked_thumbnail(image: UInt8Array, reading: Reading, side_px: int) -> bytes:
    """Encode a small copy of a picture with its digits marked.

    Args:
        image: uint8 `(H, W, 3)` RGB: the upright original, or a copy of it in another size.
        reading: of the picture.
        side_px: the length of the longer side, in pixels; smaller where the picture is smaller.

    Returns:
        The bytes of a JPEG.
    """
    return encode_image(annotate(resize(image, side_px), reading), "jpeg")
