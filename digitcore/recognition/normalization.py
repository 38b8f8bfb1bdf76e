"""From a mark's ink to the 28×28 picture the network knows: the recipe of MNIST.

LeCun et al. (1998): the digit is fitted into 20×20 pixels with its aspect ratio kept and its edges antialiased, then the
centre of mass is put at the centre of 28×28. MNIST's pens were all about as thick; thin pens are thickened to that first.
Every function takes an array and returns a new one; ink is white (255) on black (0), uint8 `(H, W)`.
"""

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from digitcore.layout.distance_transform import mean_stroke_width
from digitcore.recognition.model_input import MODEL_SIDE_PX
from digitcore.settings import DEFAULT_MIN_STROKE_SHARE
from digitcore.types import INK_LEVEL, UInt8Array

FIT_SIDE_PX: Final = 20
"""The box the digit is fitted into (LeCun et al. 1998)."""

_MASS_CENTRE_PX: Final = MODEL_SIDE_PX / 2
"""Where MNIST has the centre of mass: at pixel 14 of 0 to 27, half a pixel past the middle (14.00 ± 0.29 in its pictures)."""

_FINE_SIDE_PX: Final = 80
"""Smaller marks are enlarged to this before their stroke is measured: a stroke is then several pixels wide."""


@dataclass(frozen=True, slots=True, eq=False)
class DigitShape:
    """The steps of one mark on its way to the network, uint8 each."""

    crop: UInt8Array
    """`(h, w)`: the ink within its bounding box."""

    thickened: UInt8Array
    """The crop with a thin pen made as thick as MNIST's."""

    fitted: UInt8Array
    """Longer side 20, aspect ratio kept unless told otherwise, antialiased, its brightest pixel 255."""

    model_input: UInt8Array
    """`(28, 28)`: the fitted digit with its centre of mass, or the middle of its box, at the centre."""


def shape_digit(
    ink: UInt8Array, minimum_stroke: float = DEFAULT_MIN_STROKE_SHARE, *, keep_aspect_ratio: bool = True, centre_mass: bool = True
) -> DigitShape:
    """Crop, thicken, fit and centre one mark.

    Args:
        ink: uint8 `(H, W)`, white on black, with some ink.
        minimum_stroke: thinner pens are thickened to this share of the longer side; 0 leaves them.
        keep_aspect_ratio: whether MNIST's recipe is kept, or both sides are fitted.
        centre_mass: whether MNIST's recipe is kept, or the middle of the box is centred.

    Raises:
        ValueError: there is no ink.
    """
    crop = crop_to_ink(ink)
    thickened = thicken(crop, minimum_stroke) if minimum_stroke else crop
    fitted = fit(thickened, keep_aspect_ratio=keep_aspect_ratio)
    return DigitShape(crop, thickened, fitted, centre(fitted) if centre_mass else centre_box(fitted))


def bounding_box(ink: UInt8Array) -> tuple[int, int, int, int]:
    """The smallest box `(x, y, width, height)` around all ink above 0, in pixels.

    Raises:
        ValueError: there is no ink.
    """
    x, y, width, height = cv2.boundingRect(ink)
    if width == 0:
        raise ValueError("expected some ink, received an empty picture.")
    return x, y, width, height


def crop_to_ink(ink: UInt8Array) -> UInt8Array:
    """The part of the picture within its bounding box."""
    x, y, width, height = bounding_box(ink)
    return ink[y : y + height, x : x + width].copy()


def stroke_share(ink: UInt8Array) -> float:
    """Mean stroke width as a share of the longer side.

    Over MNIST's training pictures this gives 0.10 to 0.21 (5th to 95th percentile), 0.13 in the median.
    """
    return max(mean_stroke_width(ink, cv2.DIST_MASK_5) / int(max(ink.shape)), 0.0)


def thicken(ink: UInt8Array, minimum_stroke: float = DEFAULT_MIN_STROKE_SHARE) -> UInt8Array:
    """Grow strokes thinner than `minimum_stroke` of the longer side to that, evenly and with soft edges."""
    fine = _enlarge(ink)
    missing = minimum_stroke - stroke_share(fine)
    if missing <= 0:
        return ink
    side = max(fine.shape)
    radius_px = missing * side / (2 * (1 - minimum_stroke))  # the mark itself grows by the stroke that is added
    margin = math.ceil(radius_px) + 1
    padded = cv2.copyMakeBorder(fine, margin, margin, margin, margin, cv2.BORDER_CONSTANT)
    outside = (padded <= INK_LEVEL).view(np.uint8)
    distance = cv2.distanceTransform(outside, cv2.DIST_L2, cv2.DIST_MASK_5)
    grown = (radius_px + 1 - distance).clip(0, 1) * 255
    return crop_to_ink(np.maximum(padded, grown.astype(np.uint8)))


def fit(ink: UInt8Array, side_px: int = FIT_SIDE_PX, *, keep_aspect_ratio: bool = True) -> UInt8Array:
    """Scale so that the longer side is `side_px`, or both are, and the brightest pixel is 255."""
    height, width = ink.shape
    scale = side_px / max(height, width)
    size_wh = (max(1, round(width * scale)), max(1, round(height * scale))) if keep_aspect_ratio else (side_px, side_px)
    fitted = cv2.resize(ink, size_wh, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    return np.asarray(np.rint(fitted * (255.0 / max(int(fitted.max()), 1))), np.uint8)


def centre_of_mass(ink: UInt8Array) -> tuple[float, float]:
    """Where the ink's weight lies, `(x, y)` in pixels, pixel centres at whole numbers.

    Raises:
        ValueError: there is no ink.
    """
    weights = ink.astype(np.float64)
    total = weights.sum()
    if total == 0:
        raise ValueError("expected some ink, received an empty picture.")
    columns, rows = weights.sum(axis=0), weights.sum(axis=1)
    return float(columns @ np.arange(len(columns)) / total), float(rows @ np.arange(len(rows)) / total)


def centre(ink: UInt8Array) -> UInt8Array:
    """Put the centre of mass at the centre of `(28, 28)`, to the nearest pixel, without losing ink.

    Raises:
        ValueError: there is no ink, or it is larger than the square.
    """
    height, width = ink.shape
    x, y = centre_of_mass(ink)
    left = min(max(round(_MASS_CENTRE_PX - x), 0), max(MODEL_SIDE_PX - width, 0))
    top = min(max(round(_MASS_CENTRE_PX - y), 0), max(MODEL_SIDE_PX - height, 0))
    return _placed(ink, left, top)


def centre_box(ink: UInt8Array) -> UInt8Array:
    """Put the middle of the picture's sides at the middle of `(28, 28)`, to the nearest pixel.

    Raises:
        ValueError: it is larger than the square.
    """
    height, width = ink.shape
    return _placed(ink, max(MODEL_SIDE_PX - width, 0) // 2, max(MODEL_SIDE_PX - height, 0) // 2)


def _placed(ink: UInt8Array, left: int, top: int) -> UInt8Array:
    height, width = ink.shape
    if max(height, width) > MODEL_SIDE_PX:
        raise ValueError(f"expected at most {MODEL_SIDE_PX} pixels a side, received {width}×{height}.")
    square = np.zeros((MODEL_SIDE_PX, MODEL_SIDE_PX), np.uint8)
    square[top : top + height, left : left + width] = ink
    return square


def _enlarge(ink: UInt8Array) -> UInt8Array:
    scale = _FINE_SIDE_PX / max(ink.shape)
    if scale <= 1:
        return ink
    return cv2.resize(ink, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC).astype(np.uint8, copy=False)
