"""Resize, subsample and pad images by whole pixels. Pure functions."""

import math
from typing import Any, Final, TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from digitcore.io.conversion import WORKING_SIDE_PX
from digitcore.types import UInt8Array

Pixel = TypeVar("Pixel", np.uint8, np.bool_)

MIN_SIDE_PX: Final = 96
"""Least short side that images are enlarged to, in pixels: strokes of a 28×28 digit are then several pixels wide."""

MAX_OVERVIEW_SIDE_PX: Final = 256
"""Greatest long side of an overview in pixels, unless that would make the short side too short."""

_MIN_OVERVIEW_SIDE_PX: Final = 64
"""Least short side of an overview of a long, narrow image, in pixels."""

_BOX_BLUR_FACTORS: Final = (3, 5)
"""Factors for which a box blur of which every n-th pixel is kept takes OpenCV half the time of `INTER_AREA`."""

_MIN_SUBSAMPLED_SIDE_PX: Final = 240
"""Least short side of an image of which only every n-th pixel is counted, in pixels: enough for lengths and areas."""

_HISTOGRAM_STRIDE: Final = 2
"""Further stride where only the histogram of the pixels matters."""


def enlarge(grey: UInt8Array) -> UInt8Array:
    """Enlarge a small image by a whole factor.

    Args:
        grey: uint8 `(H, W)`, not empty.

    Returns:
        uint8, its short side at least `MIN_SIDE_PX`, or as near to that as is possible with the pixels of the largest working picture,
        `WORKING_SIDE_PX` squared; the image itself where it is large enough.
    """
    factor = min(-(-MIN_SIDE_PX // min(grey.shape)), math.isqrt(WORKING_SIDE_PX**2 // grey.size))
    if factor <= 1:
        return grey
    return cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC).astype(np.uint8, copy=False)


def make_overview(grey: UInt8Array) -> UInt8Array:
    """Reduce an image to a size at which sheet, stroke width and polarity are estimated, with a median filter against noise.

    Args:
        grey: uint8 `(H, W)`.

    Returns:
        uint8 `(H // factor, W // factor)`, `factor` as `overview_factor` gives it.
    """
    return cv2.medianBlur(downscale_local_mean(grey, overview_factor(grey.shape)), 3).astype(np.uint8, copy=False)


def overview_factor(shape: tuple[int, ...]) -> int:
    """Compute the whole factor by which an image is reduced to its overview.

    Args:
        shape: height and width of the image in pixels.

    Returns:
        The factor, at least 1.

    Examples:
        >>> overview_factor((480, 640))
        3
    """
    return min(-(-max(shape) // MAX_OVERVIEW_SIDE_PX), max(min(shape) // _MIN_OVERVIEW_SIDE_PX, 1))


def downscale_local_mean(grey: UInt8Array, factor: int) -> UInt8Array:
    """Reduce an image to the means of its blocks of `factor` × `factor` pixels.

    Args:
        grey: uint8 `(H, W)`; rows and columns at its end that fill no block are left out.
        factor: a whole number, at least 1: OpenCV takes several times as long for any other.

    Returns:
        uint8 `(H // factor, W // factor)`.

    Examples:
        >>> downscale_local_mean(np.array([[0, 100, 9], [100, 200, 9]], np.uint8), 2).tolist()
        [[100]]
    """
    if factor == 1:
        return grey
    size_wh = (grey.shape[1] // factor, grey.shape[0] // factor)
    blocks = grey[: size_wh[1] * factor, : size_wh[0] * factor]
    if factor in _BOX_BLUR_FACTORS:
        centres = slice(factor // 2, None, factor)
        return np.ascontiguousarray(cv2.blur(blocks, (factor, factor))[centres, centres], np.uint8)
    return cv2.resize(blocks, size_wh, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def subsampling_stride(image: npt.NDArray[Any]) -> int:
    """Compute the stride at which the pixels of an image are enough for counting.

    Args:
        image: `(H, W)` or `(H, W, 3)`.

    Returns:
        The stride, at least 1.
    """
    return max(1, int(min(image.shape[:2])) // _MIN_SUBSAMPLED_SIDE_PX)


def subsample(image: npt.NDArray[Pixel]) -> npt.NDArray[Pixel]:
    """Take every n-th pixel of an image along both axes, for statistics of its grey levels.

    Args:
        image: uint8 or bool `(H, W)`.

    Returns:
        A contiguous copy of the same type.
    """
    stride = _HISTOGRAM_STRIDE * subsampling_stride(image)
    return image[::stride, ::stride].copy()


def border_pixels(image: UInt8Array) -> UInt8Array:
    """Join the outermost rows and columns of an image.

    Args:
        image: uint8 `(H, W)`.

    Returns:
        uint8 `(2 H + 2 W,)`: top, bottom, left, right.
    """
    return np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])


def pad_linear(grey: UInt8Array, margin_px: int) -> UInt8Array:
    """Pad an image by extrapolating its brightness linearly: a margin in which the light falls on as it does inside.

    Each padded pixel is 2 b − m, where b is the nearest pixel of the border and m the padded pixel's mirror image in the border.

    Args:
        grey: uint8 `(H, W)`, longer and wider than `margin_px`.
        margin_px: width of the margin on each side in pixels.

    Returns:
        uint8 `(H + 2 margin_px, W + 2 margin_px)`, clipped to 0 and 255.
    """
    padded = grey.astype(np.int16)
    for margins in ((margin_px, margin_px, 0, 0), (0, 0, margin_px, margin_px)):
        mirrored = cv2.copyMakeBorder(padded, *margins, cv2.BORDER_REFLECT_101)
        padded = np.asarray(cv2.copyMakeBorder(padded, *margins, cv2.BORDER_REPLICATE), np.int16)
        padded *= 2
        padded -= np.asarray(mirrored, np.int16)
    return padded.clip(0, 255).astype(np.uint8)
