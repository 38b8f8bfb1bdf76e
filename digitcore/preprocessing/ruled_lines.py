"""Remove the printed lines of squared paper, ruled paper and forms."""

from typing import Final

import cv2
import numpy as np

from digitcore.preprocessing.line_detection import LineKind, horizontal_and_vertical_lines, thin_line_window_px
from digitcore.preprocessing.morphology import odd_size, open_by_rectangle, square_element
from digitcore.preprocessing.resampling import downscale_local_mean, overview_factor
from digitcore.preprocessing.skew import estimate_skew
from digitcore.types import BoolArray, Float64Array, UInt8Array

_MIN_COMPONENT_LENGTH: Final = 0.3
"""Least length of a connected component that holds a ruled line, as a share of the long side: most images have none and need no more."""

_MIN_THIN_LENGTH: Final = 0.3
"""Least length of a thin line, as a share of the long side: as between the margins of a sheet."""

_MAX_THICKNESS: Final = 0.09
"""Greatest thickness of a thick line, as a share of the short side: as thick as a pen's stroke, or thicker."""

_MIN_THICK_VISIBLE_LENGTH: Final = 0.2
"""Least length of the visible parts of a thick line, as a share of the long side."""

_MIN_THICK_COVERED_LENGTH: Final = 0.8
"""Least length of a thick line, the writing on it included, as a share of the long side: it runs through the image."""

_MIN_OVERVIEW_INK: Final = 40
"""Least mean of a block of ink (0 or 255) for its pixel in an overview to be ink: thin lines fill a sixth of a block."""


def remove_ruled_lines(ink: BoolArray) -> BoolArray:
    """Remove ruled lines: straight and long, whole or with gaps where writing crosses them, in up to two directions at right angles.

    Thin lines may be shorter than thick ones, which only count where they run through the image.

    Args:
        ink: bool `(H, W)`.

    Returns:
        bool `(H, W)`; `ink` itself where it has no such lines.
    """
    thin = LineKind(thin_line_window_px(ink.shape) - 1, _MIN_THIN_LENGTH, None)
    thick = LineKind(int(_MAX_THICKNESS * min(ink.shape)), _MIN_THICK_VISIBLE_LENGTH, _MIN_THICK_COVERED_LENGTH)
    overview = _ink_overview(ink)
    if not _has_long_component(overview, _MIN_COMPONENT_LENGTH):
        return ink
    lines = _find_lines(ink, overview, thin)
    if lines.any():
        ink = ink & ~lines
        overview = _ink_overview(ink)
        if not _has_long_component(overview, _MIN_COMPONENT_LENGTH):
            return ink
    lines = _find_lines(ink, overview, thick)
    return ink & ~lines if lines.any() else ink


def _find_lines(ink: BoolArray, overview: UInt8Array, kind: LineKind) -> BoolArray:
    """Find the lines of one kind, rotating the ink so that they are horizontal and vertical: bool `(H, W)`."""
    candidates = _without_thick_parts(overview, kind.max_thickness_px / overview_factor(ink.shape))
    if not candidates.any() or (kind.min_covered_length is None and not _has_long_component(candidates, kind.min_visible_length)):
        return np.zeros_like(ink)
    angle_deg = estimate_skew(candidates)
    strokes = ink.view(np.uint8)
    if not angle_deg:
        return horizontal_and_vertical_lines(strokes, np.ones((1, 1), np.uint8), kind).view(np.bool_)
    rotation, size_wh = _rotation_about_centre(ink.shape, angle_deg)
    rotated, inside = (np.asarray(cv2.warpAffine(each, rotation, size_wh), np.uint8) for each in (strokes, np.ones_like(strokes)))
    lines = horizontal_and_vertical_lines(rotated, inside, kind)
    if not lines.any():
        return np.zeros_like(ink)
    upright = cv2.warpAffine(lines, cv2.invertAffineTransform(rotation), ink.shape[::-1], flags=cv2.INTER_NEAREST)
    return np.asarray(cv2.dilate(upright, square_element(3)) > 0)


def _rotation_about_centre(shape: tuple[int, ...], angle_deg: float) -> tuple[Float64Array, tuple[int, int]]:
    """Build the affine map that rotates an image about its centre, and compute the width and height that hold the result."""
    height, width = shape
    rotation = np.array(cv2.getRotationMatrix2D((width / 2, height / 2), angle_deg, 1), np.float64)
    cos, sin = np.abs(rotation[0, :2])
    size_wh = round(width * cos + height * sin), round(width * sin + height * cos)
    rotation[:, 2] += (size_wh[0] - width) / 2, (size_wh[1] - height) / 2
    return rotation, size_wh


def _ink_overview(ink: BoolArray) -> UInt8Array:
    """Reduce ink to a mask of 0 and 1 of the size of an overview, in which thin lines remain."""
    return np.asarray(downscale_local_mean(ink.view(np.uint8) * np.uint8(255), overview_factor(ink.shape)) > _MIN_OVERVIEW_INK).view(
        np.uint8
    )


def _without_thick_parts(overview: UInt8Array, max_thickness_px: float) -> UInt8Array:
    """Remove what is thicker than a line, which in an overview may reach into one more pixel on either side."""
    side_px = odd_size(max_thickness_px + 2)
    return np.asarray(cv2.subtract(overview, open_by_rectangle(overview, (side_px, side_px))), np.uint8)


def _has_long_component(mask: UInt8Array, min_length: float) -> bool:
    """Check whether a mask has a connected component of at least this length, a share of the long side."""
    min_length_px = min_length * max(mask.shape)
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return any(len(outline) >= min_length_px and max(cv2.boundingRect(outline)[2:]) >= min_length_px for outline in outlines)
