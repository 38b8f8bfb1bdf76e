"""Resize, subsample and pad images by whole pixels. Pure functions."""

import math
from typing import Any, Final, TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from digitcore.io.conversion import WORKING_SIDE_PX
from digitcore.preprocessing.parameters import ResamplingParams
from digitcore.types import UInt8Array

Int16Array = npt.NDArray[np.int16]

Pixel = TypeVar("Pixel", np.uint8, np.bool_)

_BOX_BLUR_FACTORS: Final = (3, 5)
"""Factors for which a box blur of which every n-th pixel is kept takes OpenCV half the time of `INTER_AREA`."""


def enlarge(grey: UInt8Array, params: ResamplingParams = ResamplingParams()) -> UInt8Array:
    """Enlarge a small image by a whole factor.

    Args:
        grey: uint8 `(H, W)`, not empty.
        params: they tell the least short side.

    Returns:
        uint8, its short side at least `min_side_px`, or as near to that as is possible with the pixels of the largest working picture,
        `WORKING_SIDE_PX` squared; the image itself where it is large enough.
    """
    factor = min(-(-params.min_side_px // min(grey.shape)), math.isqrt(WORKING_SIDE_PX**2 // grey.size))
    if factor <= 1:
        return grey
    return cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC).astype(np.uint8, copy=False)


def make_overview(grey: UInt8Array, params: ResamplingParams = ResamplingParams()) -> UInt8Array:
    """Reduce an image to a size at which sheet, stroke width and polarity are estimated, with a median filter against noise.

    Args:
        grey: uint8 `(H, W)`.
        params: they tell the size of overviews.

    Returns:
        uint8 `(H // factor, W // factor)`, `factor` as `overview_factor` gives it.
    """
    return cv2.medianBlur(downscale_local_mean(grey, overview_factor(grey.shape, params)), 3).astype(np.uint8, copy=False)


def overview_factor(shape: tuple[int, ...], params: ResamplingParams = ResamplingParams()) -> int:
    """Compute the whole factor by which an image is reduced to its overview.

    Args:
        shape: height and width of the image in pixels.
        params: they tell the size of overviews.

    Returns:
        The factor, at least 1.

    Examples:
        >>> overview_factor((480, 640))
        3
    """
    return min(-(-max(shape) // params.max_overview_side_px), max(4 * min(shape) // params.max_overview_side_px, 1))


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


def subsampling_stride(image: npt.NDArray[Any], params: ResamplingParams = ResamplingParams()) -> int:
    """Compute the stride at which the pixels of an image are enough for counting.

    Args:
        image: `(H, W)` or `(H, W, 3)`.
        params: they tell how many pixels are enough.

    Returns:
        The stride, at least 1.
    """
    return max(1, int(min(image.shape[:2])) // params.min_subsampled_side_px)


def subsample(image: npt.NDArray[Pixel], params: ResamplingParams = ResamplingParams()) -> npt.NDArray[Pixel]:
    """Take every n-th pixel of an image along both axes, for statistics of its grey levels.

    Args:
        image: uint8 or bool `(H, W)`.
        params: they tell the stride.

    Returns:
        A contiguous copy of the same type.
    """
    stride = subsampling_stride(image, params)
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
    padded = _extend_rows(_extend_rows(grey.astype(np.int16), margin_px).T, margin_px).T
    return padded.clip(0, 255).astype(np.uint8)


def _extend_rows(levels: Int16Array, margin_px: int) -> Int16Array:
    """Extrapolate the first and the last row of an image, int16 `(H, W)`, to margins above and below it."""
    above, below = levels[margin_px:0:-1], levels[-2 : -margin_px - 2 : -1]
    return np.concatenate([2 * levels[0] - above, levels, 2 * levels[-1] - below])
