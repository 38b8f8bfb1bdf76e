"""Remove the printed lines of squared paper, ruled paper and forms."""

import cv2
import numpy as np

from digitcore.preprocessing.line_detection import LineKind, horizontal_and_vertical_lines, thin_line_window_px
from digitcore.preprocessing.morphology import odd_size, open_by_rectangle, square_element
from digitcore.preprocessing.parameters import PreprocessingParams, RuledLinesParams
from digitcore.preprocessing.resampling import downscale_local_mean, overview_factor
from digitcore.preprocessing.skew import estimate_skew
from digitcore.types import BoolArray, Float64Array, UInt8Array


def remove_ruled_lines(ink: BoolArray, params: PreprocessingParams = PreprocessingParams()) -> BoolArray:
    """Remove ruled lines: straight and long, whole or with gaps where writing crosses them, in up to two directions at right angles.

    Thin lines may be shorter than thick ones, which only count where they run through the image.

    Args:
        ink: bool `(H, W)`.
        params: those of ruled lines, their detection, their skew, and resampling are used.

    Returns:
        bool `(H, W)`; `ink` itself where it has no such lines.
    """
    min_length = params.ruled_lines.min_visible_length
    overview = _ink_overview(ink, params)
    if not _has_long_component(overview, min_length):
        return ink
    lines = _find_lines(ink, overview, _thin_lines(ink.shape, params), params)
    if lines.any():
        ink = ink & ~lines
        overview = _ink_overview(ink, params)
        if not _has_long_component(overview, min_length):
            return ink
    lines = _find_lines(ink, overview, _thick_lines(ink.shape, params.ruled_lines), params)
    return ink & ~lines if lines.any() else ink


def _thin_lines(shape: tuple[int, ...], params: PreprocessingParams) -> LineKind:
    """Describe thin lines, of which the visible parts suffice."""
    return LineKind(thin_line_window_px(shape, params.line_detection) - 1, params.ruled_lines.min_visible_length, is_thick=False)


def _thick_lines(shape: tuple[int, ...], params: RuledLinesParams) -> LineKind:
    """Describe thick lines, which run through the image."""
    return LineKind(int(params.max_thickness * min(shape)), params.min_visible_length, is_thick=True)


def _find_lines(ink: BoolArray, overview: UInt8Array, kind: LineKind, params: PreprocessingParams) -> BoolArray:
    """Find the lines of one kind, rotating the ink so that they are horizontal and vertical: bool `(H, W)`."""
    candidates = _without_thick_parts(overview, kind.max_thickness_px / overview_factor(ink.shape, params.resampling))
    if not candidates.any() or (not kind.is_thick and not _has_long_component(candidates, kind.min_visible_length)):
        return np.zeros_like(ink)
    angle_deg = estimate_skew(candidates, params.skew)
    strokes = ink.view(np.uint8)
    if not angle_deg:
        return horizontal_and_vertical_lines(strokes, np.ones((1, 1), np.uint8), kind, params.line_detection).view(np.bool_)
    rotation, size_wh = _rotation_about_centre(ink.shape, angle_deg)
    rotated = np.asarray(cv2.warpAffine(strokes, rotation, size_wh), np.uint8)
    inside = np.asarray(cv2.warpAffine(np.ones_like(strokes), rotation, size_wh, flags=cv2.INTER_NEAREST), np.uint8)
    lines = horizontal_and_vertical_lines(rotated, inside, kind, params.line_detection)
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


def _ink_overview(ink: BoolArray, params: PreprocessingParams) -> UInt8Array:
    """Reduce ink to a mask of 0 and 1 of the size of an overview, in which thin lines remain."""
    overview = downscale_local_mean(ink.view(np.uint8) * np.uint8(255), overview_factor(ink.shape, params.resampling))
    return np.asarray(overview > params.ruled_lines.min_overview_ink).view(np.uint8)


def _without_thick_parts(overview: UInt8Array, max_thickness_px: float) -> UInt8Array:
    """Remove what is thicker than a line, which in an overview may reach into one more pixel on either side."""
    side_px = odd_size(max_thickness_px + 2)
    return np.asarray(cv2.subtract(overview, open_by_rectangle(overview, (side_px, side_px))), np.uint8)


def _has_long_component(mask: UInt8Array, min_length: float) -> bool:
    """Check whether a mask has a connected component of at least this length, a share of the long side."""
    min_length_px = min_length * max(mask.shape)
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return any(len(outline) >= min_length_px and max(cv2.boundingRect(outline)[2:]) >= min_length_px for outline in outlines)
