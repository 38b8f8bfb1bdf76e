"""Detect long horizontal and vertical lines among strokes."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from digitcore.preprocessing.morphology import odd_size, open_by_rectangle
from digitcore.preprocessing.parameters import LineDetectionParams
from digitcore.types import Float64Array, Int32Array, UInt8Array


@dataclass(frozen=True, slots=True)
class LineKind:
    """A kind of ruled line; lengths are shares of the image's long side."""

    max_thickness_px: int
    """Greatest thickness in pixels of the full image."""

    min_visible_length: float
    """Least length of its visible parts."""

    is_thick: bool
    """Whether it must run through the image, the writing on it included; of others the visible parts suffice."""


def thin_line_window_px(shape: tuple[int, ...], params: LineDetectionParams = LineDetectionParams()) -> int:
    """Compute the side of the smallest window that no thin line fills.

    Args:
        shape: height and width of the image in pixels.
        params: they tell the thickness of thin lines.

    Returns:
        Pixels, odd; thin lines are at least a pixel thinner.

    Examples:
        >>> thin_line_window_px((1300, 2000))
        11
    """
    return odd_size(max(params.thin_line_thickness * min(shape), params.min_thin_line_px))


def horizontal_and_vertical_lines(
    strokes: UInt8Array, inside: UInt8Array, kind: LineKind, params: LineDetectionParams = LineDetectionParams()
) -> UInt8Array:
    """Find horizontal and vertical lines and their crossings.

    Args:
        strokes: uint8 `(H, W)`, 0 or 1.
        inside: uint8, 0 or 1: which pixels belong to the image, `(H, W)` where it is rotated within a larger one, else a single 1.
        kind: of the lines.
        params: the parameters of the detection.

    Returns:
        uint8 `(H, W)`, 0 or 1.
    """
    horizontal = horizontal_lines(strokes, inside, kind, params)
    strokes_transposed, inside_transposed = (np.asarray(cv2.transpose(each), np.uint8) for each in (strokes, inside))
    upright = horizontal_lines(strokes_transposed, inside_transposed, kind, params)
    upright = _without_stems(upright, strokes_transposed, inside_transposed, params)
    vertical = np.asarray(cv2.transpose(upright), np.uint8)
    return np.asarray(horizontal | vertical | _crossings(horizontal, vertical, params))


def horizontal_lines(
    strokes: UInt8Array, inside: UInt8Array, kind: LineKind, params: LineDetectionParams = LineDetectionParams()
) -> UInt8Array:
    """Find horizontal lines: rows of which straight, thin runs cover a large part.

    Args:
        strokes: uint8 `(H, W)`, 0 or 1.
        inside: as for `horizontal_and_vertical_lines`.
        kind: of the lines.
        params: the parameters of the detection.

    Returns:
        uint8 `(H, W)`, 0 or 1.
    """
    full_length_px = _full_length_px(strokes.shape, inside, kind)
    min_visible_px = kind.min_visible_length * full_length_px
    thin = np.asarray(cv2.subtract(strokes, open_by_rectangle(strokes, (kind.max_thickness_px + 1, 1))), np.uint8)
    coverage_px = run_coverage(thin, odd_size(params.min_run_length * min(strokes.shape)), min_visible_px, params)
    rows = (coverage_px >= min_visible_px).view(np.uint8)
    if not rows.any():
        return np.zeros_like(strokes)
    if kind.is_thick:
        rows = rows & _covered_rows(strokes, full_length_px, params)
    return np.asarray(thin & np.asarray(cv2.dilate(rows, _band(params)), np.uint8))


def run_coverage(
    thin: UInt8Array, run_px: int, min_coverage_px: Float64Array, params: LineDetectionParams = LineDetectionParams()
) -> Int32Array:
    """Count the columns that straight runs cover within a band around each row.

    Args:
        thin: uint8 `(H, W)`, 0 or 1: strokes without their thick parts.
        run_px: length of the shortest run in pixels.
        min_coverage_px: float64 `(H, 1)`, or `(1, 1)` for all rows: rows that can't reach it aren't measured.
        params: they tell the height of the band.

    Returns:
        int32 `(H, 1)`, 0 where the row can't reach `min_coverage_px`.
    """
    band, coverage_px = _band(params), np.zeros((len(thin), 1), np.int32)
    likely = (_row_sums(cv2.dilate(thin, band)) >= min_coverage_px).view(np.uint8)
    rows = np.flatnonzero(cv2.dilate(likely, _column(len(band) + 2)))
    if not rows.size:
        return coverage_px
    measured = thin[rows]
    joined = cv2.dilate(measured, _column(3))  # a line that isn't quite horizontal steps from row to row
    runs = cv2.bitwise_and(open_by_rectangle(joined, (1, run_px)), measured)
    coverage_px[rows] = _row_sums(cv2.dilate(runs, band))
    return coverage_px * likely


def _without_stems(lines: UInt8Array, strokes: UInt8Array, inside: UInt8Array, params: LineDetectionParams) -> UInt8Array:
    """Drop lines that are the stems of large digits: few, ending within the image, connected with other strokes.

    Args:
        lines: uint8 `(H, W)`, 0 or 1: vertical lines, transposed.
        strokes: likewise: the strokes among which they were found.
        inside: as for `horizontal_and_vertical_lines`, transposed.
        params: the parameters of the detection.

    Returns:
        uint8 `(H, W)`, 0 or 1.
    """
    if not lines.any():
        return lines
    count, rows, *_ = cv2.connectedComponentsWithStats((_row_sums(lines) > 0).view(np.uint8))
    if count > params.min_repeated_lines:  # the background is one of them
        return lines
    _, labels, stats, _ = cv2.connectedComponentsWithStats(strokes, connectivity=8)
    ruled = lines.copy()
    for number in range(1, count):
        rows_of_line = (rows == number).ravel()
        length_px = np.ptp(np.flatnonzero(lines[rows_of_line].any(axis=0))) + 1
        full_px = _row_sums(inside)[rows_of_line].max() if len(inside) > 1 else lines.shape[1]
        touched = np.unique(labels[rows_of_line][lines[rows_of_line] > 0])
        breadth_px = stats[touched, cv2.CC_STAT_HEIGHT].max()
        if length_px < params.min_crossing_length * full_px and breadth_px >= params.min_stem_breadth * length_px:
            ruled[rows_of_line] = 0
    return ruled


def _full_length_px(shape: tuple[int, ...], inside: UInt8Array, kind: LineKind) -> Float64Array:
    """Compute the length of a line through each row, less across the corners of a rotated image: `(H, 1)`, or `(1, 1)` for all rows."""
    chords_px = _row_sums(inside)
    return np.asarray(np.maximum(max(shape) * chords_px / chords_px.max(), kind.min_visible_length * max(shape)))


def _covered_rows(strokes: UInt8Array, full_length_px: Float64Array, params: LineDetectionParams) -> UInt8Array:
    """Find the rows covered by a line and the writing on it: uint8 `(H, 1)`, 0 or 1."""
    min_length_px = params.min_covered_length * full_length_px
    in_band = _row_sums(cv2.dilate(strokes, _band(params))) >= min_length_px
    in_row = _row_sums(strokes) >= params.min_covered_length * min_length_px
    return np.asarray(in_band & in_row).view(np.uint8)


def _crossings(horizontal: UInt8Array, vertical: UInt8Array, params: LineDetectionParams) -> UInt8Array:
    """Find where lines of both directions meet: too thick to be taken for lines themselves."""
    if not (horizontal.any() and vertical.any()):
        return np.zeros_like(horizontal)
    gap = _column(odd_size(2 * thin_line_window_px(horizontal.shape, params)))
    return np.asarray(cv2.bitwise_and(cv2.dilate(horizontal, gap.T), cv2.dilate(vertical, gap)), np.uint8)


def _band(params: LineDetectionParams) -> UInt8Array:
    """Build the structuring element of the rows over which a line may wander."""
    return _column(2 * params.band_reach_px + 1)


def _column(height_px: int) -> UInt8Array:
    """Build a structuring element of a single column."""
    return np.ones((height_px, 1), np.uint8)


def _row_sums(mask: npt.NDArray[Any]) -> Int32Array:
    """Count the pixels of each row that are set: int32 `(H, 1)`."""
    return np.asarray(cv2.reduce(mask, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S), np.int32)
