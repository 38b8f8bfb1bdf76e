"""Normalize a mark's ink to a 28×28 image as MNIST's were made.

LeCun et al. (1998), "Gradient-based learning applied to document recognition": the digit is scaled to fit into 20×20 pixels with its aspect
ratio kept and its edges antialiased, then the centre of mass is put at the centre of 28×28. MNIST's pens were all about as thick; thin
strokes are thickened to that first. Every function takes an array and returns a new one; ink is white (255) on black (0), uint8 `(H, W)`.
"""

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from digitcore.layout.distance_transform import mean_stroke_width
from digitcore.layout.ink import crop_to_ink
from digitcore.recognition.model_input import MODEL_SIDE_PX
from digitcore.recognition.parameters import NormalizationParams
from digitcore.settings import DEFAULT_MIN_STROKE_SHARE
from digitcore.types import INK_LEVEL, UInt8Array

FIT_SIDE_PX: Final = 20
"""Side of the square that the digit is scaled to, in pixels (LeCun et al. 1998)."""

_MASS_CENTRE_PX: Final = MODEL_SIDE_PX / 2
"""Where MNIST has the centre of mass: at pixel 14 of 0 to 27, half a pixel past the middle (14.00 ± 0.29 in its images)."""

_MAX_MEASURED_SIDE_PX: Final = 400
"""Longer marks are reduced to this first: 20 pixels for each of the fitted digit, which more would not change visibly."""


@dataclass(frozen=True, slots=True, eq=False)
class NormalizedDigit:
    """The steps of a mark's normalization.

    Attributes:
        crop: uint8 `(h, w)`, the ink within its bounding box.
        thickened: uint8, the crop with thin strokes made as thick as MNIST's.
        fitted: uint8, longer side 20 pixels, antialiased, its brightest pixel 255.
        model_input: uint8 `(28, 28)`, the fitted digit with its centre of mass, or the middle of its box, at the centre.
    """

    crop: UInt8Array
    thickened: UInt8Array
    fitted: UInt8Array
    model_input: UInt8Array


def normalize_digit(
    ink: UInt8Array,
    min_stroke_share: float = DEFAULT_MIN_STROKE_SHARE,
    params: NormalizationParams = NormalizationParams(),
    *,
    keep_aspect_ratio: bool = True,
    centre_mass: bool = True,
) -> NormalizedDigit:
    """Crop, thicken, scale and centre one mark.

    Args:
        ink: uint8 `(H, W)`, white on black, with some ink.
        min_stroke_share: thinner strokes are thickened to this share of the mark's longer side; 0 turns that off.
        params: how strokes are measured.
        keep_aspect_ratio: whether the longer side is scaled to 20 pixels, as in MNIST; otherwise both sides are.
        centre_mass: whether the centre of mass is centred, as in MNIST; otherwise the middle of the bounding box is.

    Returns:
        The image after each step.

    Raises:
        ValueError: there is no ink.

    Examples:
        >>> bar = np.zeros((120, 80), np.uint8)
        >>> bar[10:110, 30:50] = 255
        >>> digit = normalize_digit(bar)
        >>> digit.crop.shape, digit.fitted.shape, digit.model_input.shape
        ((100, 20), (20, 4), (28, 28))
    """
    crop = crop_to_ink(ink)
    thickened = thicken_strokes(crop, min_stroke_share, params) if min_stroke_share else crop
    fitted = scale_to_fit(thickened, keep_aspect_ratio=keep_aspect_ratio)
    return NormalizedDigit(crop, thickened, fitted, centre_by_mass(fitted) if centre_mass else centre_by_box(fitted))


def relative_stroke_width(ink: UInt8Array) -> float:
    """Measure the mean stroke width as a share of the image's longer side.

    In MNIST's training images it is 0.10 to 0.21 (5th to 95th percentile), 0.13 in the median.

    Args:
        ink: uint8 `(H, W)`, white on black, cropped to its ink.

    Returns:
        The share, at least 0.
    """
    return max(mean_stroke_width(ink, cv2.DIST_MASK_5) / int(max(ink.shape)), 0.0)


def thicken_strokes(
    ink: UInt8Array, min_stroke_share: float = DEFAULT_MIN_STROKE_SHARE, params: NormalizationParams = NormalizationParams()
) -> UInt8Array:
    """Grow strokes that are too thin by the same width everywhere, with antialiased edges.

    A mark longer than `_MAX_MEASURED_SIDE_PX` is reduced to that first: time and memory rise with the area of its box, and hatching has
    hundreds of lines whose boxes are as large as the picture.

    Args:
        ink: uint8 `(H, W)`, white on black, cropped to its ink.
        min_stroke_share: the stroke width to reach, as a share of the longer side.
        params: how strokes are measured.

    Returns:
        uint8, larger than the resized `ink` by what was grown; `ink` itself where its strokes are thick enough.
    """
    resized = _resize_for_measurement(ink, params)
    missing_share = min_stroke_share - relative_stroke_width(resized)
    if missing_share <= 0:
        return ink
    radius_px = missing_share * max(resized.shape) / (2 * (1 - min_stroke_share))  # the mark itself grows by the added stroke
    margin_px = math.ceil(radius_px) + 1
    padded = cv2.copyMakeBorder(resized, margin_px, margin_px, margin_px, margin_px, cv2.BORDER_CONSTANT)
    outside = (padded <= INK_LEVEL).view(np.uint8)
    distance_px = cv2.distanceTransform(outside, cv2.DIST_L2, cv2.DIST_MASK_5)
    grown = (radius_px + 1 - distance_px).clip(0, 1) * 255
    return crop_to_ink(np.maximum(padded, grown.astype(np.uint8)))


def scale_to_fit(ink: UInt8Array, side_px: int = FIT_SIDE_PX, *, keep_aspect_ratio: bool = True) -> UInt8Array:
    """Scale an image to a given longer side, antialiased, and stretch its levels so that the brightest is 255.

    Args:
        ink: uint8 `(H, W)`, white on black.
        side_px: the longer side after scaling.
        keep_aspect_ratio: if not, both sides become `side_px`.

    Returns:
        uint8 `(h, w)`.
    """
    height, width = ink.shape
    scale = side_px / max(height, width)
    size_wh = (max(1, round(width * scale)), max(1, round(height * scale))) if keep_aspect_ratio else (side_px, side_px)
    # One side may shrink while the other grows, and OpenCV averages areas only if no side grows.
    shrunk = cv2.resize(ink, (min(width, size_wh[0]), min(height, size_wh[1])), interpolation=cv2.INTER_AREA)
    fitted = cv2.resize(shrunk, size_wh, interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.rint(fitted * (255.0 / max(int(fitted.max()), 1))), np.uint8)


def centre_of_mass(ink: UInt8Array) -> tuple[float, float]:
    """Compute the centre of mass of ink, weighted by its levels.

    Args:
        ink: uint8 `(H, W)`, white on black, with some ink.

    Returns:
        x and y in pixels; the centres of pixels have whole numbers.

    Raises:
        ValueError: there is no ink.
    """
    moments = cv2.moments(ink)
    if moments["m00"] == 0:
        raise ValueError("expected some ink, received an empty picture.")
    return moments["m10"] / moments["m00"], moments["m01"] / moments["m00"]


def centre_by_mass(ink: UInt8Array) -> UInt8Array:
    """Put the centre of mass at the centre of `(28, 28)`, to the nearest pixel; ink is never moved beyond the edge.

    Args:
        ink: uint8 `(h, w)`, at most 28 pixels a side, with some ink.

    Returns:
        uint8 `(28, 28)`.

    Raises:
        ValueError: there is no ink, or it is larger than the square.
    """
    height, width = ink.shape
    x, y = centre_of_mass(ink)
    left = min(max(round(_MASS_CENTRE_PX - x), 0), max(MODEL_SIDE_PX - width, 0))
    top = min(max(round(_MASS_CENTRE_PX - y), 0), max(MODEL_SIDE_PX - height, 0))
    return _paste(ink, left, top)


def centre_by_box(ink: UInt8Array) -> UInt8Array:
    """Put the middle of the image at the middle of `(28, 28)`, to the nearest pixel.

    Args:
        ink: uint8 `(h, w)`, at most 28 pixels a side.

    Returns:
        uint8 `(28, 28)`.

    Raises:
        ValueError: the image is larger than the square.
    """
    height, width = ink.shape
    return _paste(ink, max(MODEL_SIDE_PX - width, 0) // 2, max(MODEL_SIDE_PX - height, 0) // 2)


def _paste(ink: UInt8Array, left: int, top: int) -> UInt8Array:
    """Copy ink onto an empty square of 28×28."""
    height, width = ink.shape
    if max(height, width) > MODEL_SIDE_PX:
        raise ValueError(f"expected at most {MODEL_SIDE_PX} pixels a side, received {width}×{height}.")
    square = np.zeros((MODEL_SIDE_PX, MODEL_SIDE_PX), np.uint8)
    square[top : top + height, left : left + width] = ink
    return square


def _resize_for_measurement(ink: UInt8Array, params: NormalizationParams) -> UInt8Array:
    """Enlarge ink whose longer side is below `min_measured_side_px`, and reduce ink whose longer side is above `_MAX_MEASURED_SIDE_PX`."""
    if max(ink.shape) > _MAX_MEASURED_SIDE_PX:
        return scale_to_fit(ink, _MAX_MEASURED_SIDE_PX)
    scale = params.min_measured_side_px / max(ink.shape)
    if scale <= 1:
        return ink
    return cv2.resize(ink, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC).astype(np.uint8, copy=False)
