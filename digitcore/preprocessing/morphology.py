"""Build structuring elements and apply the morphological operations that OpenCV has no short form for."""

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from digitcore.types import UInt8Array


def odd_size(length_px: float) -> int:
    """Round a length so that a window of it has a middle pixel.

    Args:
        length_px: a length in pixels.

    Returns:
        The length without its fraction if that is odd, else the next greater odd number; at least 1.

    Examples:
        >>> [odd_size(length) for length in (0.3, 1, 2, 3.9, 4)]
        [1, 1, 3, 3, 5]
    """
    return 2 * (max(1, int(length_px)) // 2) + 1


def square_element(side_px: float) -> UInt8Array:
    """Build a square structuring element.

    Args:
        side_px: its side in pixels; see `odd_size` for how it is rounded.

    Returns:
        uint8 `(side, side)`, all 1.

    Examples:
        >>> square_element(4.2).shape
        (5, 5)
    """
    side = odd_size(side_px)
    return np.ones((side, side), np.uint8)


def open_by_rectangle(mask: npt.NDArray[Any], shape: tuple[int, int]) -> UInt8Array:
    """Keep the parts of a mask into which a rectangle fits: a morphological opening, with background beyond the borders.

    Args:
        mask: uint8 `(H, W)`, 0 or 1.
        shape: height and width of the rectangle in pixels.

    Returns:
        uint8 `(H, W)`, 0 or 1.
    """
    element, last_xy = np.ones(shape, np.uint8), (shape[1] - 1, shape[0] - 1)
    # `cv2.morphologyEx` moves the result by a pixel where a side is even: both of its steps take the same anchor
    fits = cv2.erode(mask, element, anchor=(0, 0), borderType=cv2.BORDER_CONSTANT, borderValue=0)
    return np.asarray(cv2.dilate(fits, element, fits, last_xy), np.uint8)
