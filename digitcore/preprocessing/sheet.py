"""Find a sheet of paper, or a board, that fills only part of an image."""

from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np

from digitcore.preprocessing.histogram import cumulative_histogram, median, quantile
from digitcore.preprocessing.morphology import square_element
from digitcore.preprocessing.resampling import border_pixels
from digitcore.types import BoolArray, Float64Array, Int32Array, UInt8Array

SHEET_EDGE_WIDTH: Final = 0.012
"""Width of the blurred edge of a sheet, or of anything that reaches into the image, as a share of the short side."""

_CANDIDATE_LEVELS: Final = 14
"""Number of grey levels at which a sheet is searched for."""

_LEVEL_QUANTILES: Final = (0.02, 0.98)
"""Shares of the pixels below the darkest and the brightest of these levels."""

_MAX_STROKE_WIDTH: Final = 0.06
"""Greatest width of the strokes that are removed before the search for a sheet, as a share of the short side."""

_MIN_AREA: Final = 0.12
"""Least area of a sheet as a share of the image."""

_MIN_BOARD_AREA: Final = 0.3
"""Least area of a board, likewise: something smaller is rather a bold digit."""

_MIN_SOLIDITY: Final = 0.92
"""Least share of its convex hull that a sheet fills: corners may be bent or covered by a thumb."""

_MAX_ASPECT_RATIO: Final = 2.6
"""Greatest ratio of a sheet's longer side to its shorter one: longer bright parts are strips of light."""

_MIN_DARK_BORDER: Final = 0.85
"""Least share of the image's border that is darker than a sheet: it may reach out of the image on part of one side."""

_MAX_SURROUNDINGS_RATIO: Final = 0.8
"""Greatest ratio of the median brightness around a sheet to that of the sheet."""

_MIN_RELATIVE_AREA: Final = 0.85
"""Least ratio of the areas of two outlines for both to be of the same sheet."""

_MAX_FLAT_STEP: Final = 0.1
"""Greatest difference of neighbouring pixels of one surface, as a share of the range between the `_LEVEL_QUANTILES`."""

_MIN_FLAT_STEP: Final = 4
"""And at least so many grey levels, the noise of an even surface."""

_MAX_FLAT_PARTS: Final = 4
"""How many of the largest surfaces are tried as sheets."""

_EDGE_REACH_PX: Final = 4
"""How near to an outline its edge falls off, in pixels of the overview."""

_INNER: Final = slice(_EDGE_REACH_PX, -_EDGE_REACH_PX)
"""Rows or columns that are not close to the border of the overview, where a sheet is cut off."""

_MIN_EDGE_STEP: Final = 0.15
"""Least step of a sheet's edge, as a share of the brightness inside: a spot of light falls off by 0.06 within `_EDGE_REACH_PX`."""

_MAX_SOFT_EDGE: Final = 0.25
"""Greatest share of the outline along which the edge is softer than that."""

_MIN_QUADRILATERALITY: Final = 0.82
"""Least share of the quadrilateral around it that a sheet fills; an ellipse fills 0.79."""

_EDGE_BAND_PX: Final = 5
"""Side of the structuring element that gives the bands inside and outside of an edge, in pixels of the overview: two pixels each."""

_MIN_BOARD_RECTANGULARITY: Final = 0.85
"""Least share of the narrowest rectangle around it that a board fills; a bold digit seldom does."""

_MIN_CHALK_CONTRAST: Final = 40
"""Least difference between a board's median and its brightest hundredth, the writing, in grey levels."""


def find_sheet(overview: UInt8Array, shape: tuple[int, int]) -> Int32Array | None:
    """Find the outline of a sheet on something darker, or of a written board on something brighter.

    Args:
        overview: uint8 `(h, w)`, as `make_overview` gives it.
        shape: height and width in pixels of the image itself, for the scale of the outline.

    Returns:
        int32 `(N, 2)`: x and y of the corners of a convex polygon, in pixels of the image itself; None where no sheet is found, as
        where paper fills the image.
    """
    outline = _find_bright_sheet(overview)
    if outline is None:
        outline = _find_bright_sheet(255 - overview, _MIN_BOARD_AREA)
        if outline is None or not _is_board(outline, overview):
            return None
    scale_xy = np.array(shape[::-1]) / overview.shape[::-1]
    return np.asarray(np.round((outline + 0.5) * scale_xy - 0.5), np.int32)


def mask_outside_sheet(outline: Int32Array | None, shape: tuple[int, int]) -> BoolArray:
    """Mask what lies outside of a sheet, its blurred edge included.

    Args:
        outline: int32 `(N, 2)`, as `find_sheet` gives it.
        shape: height and width of the image in pixels.

    Returns:
        bool `(H, W)`; all False where there is no sheet.

    Examples:
        >>> bool(mask_outside_sheet(None, (20, 30)).any())
        False
    """
    if outline is None:
        return np.zeros(shape, np.bool_)
    inside = cv2.fillConvexPoly(np.zeros(shape, np.uint8), outline, 1)
    edge_px = max(5, SHEET_EDGE_WIDTH * min(shape))
    return np.asarray(cv2.polylines(inside, [outline], True, 0, round(edge_px)) == 0)


def _find_bright_sheet(overview: UInt8Array, min_area: float = _MIN_AREA) -> Int32Array | None:
    """Find the outline of a sheet on something darker: int32 `(N, 2)` in pixels of the overview.

    Candidates are what is brighter than one of a few levels, which holds a sheet with a hard shadow on it together, and what has no edge
    inside, which tells an unevenly lit sheet from a surface that is as bright in another place. Of the largest candidate that meets all
    criteria, and of those about as large, the one with the sharpest edge is taken.
    """
    paper = _close_strokes(overview)
    edges = _sharp_edges(paper)
    outlines = [
        outline
        for part in (*_bright_parts(paper, min_area), *_flat_parts(paper, min_area))
        if (outline := _sheet_outline(part, paper, edges, min_area)) is not None
    ]
    largest = max(map(cv2.contourArea, outlines), default=0.0)
    large = [outline for outline in outlines if cv2.contourArea(outline) > _MIN_RELATIVE_AREA * largest]
    return max(large, key=lambda outline: _edge_contrast(outline, paper), default=None)


def _bright_parts(paper: UInt8Array, min_area: float) -> Iterator[UInt8Array]:
    """Threshold an image at a few levels, from dark to bright; yield the masks, 0 or 1, that may show a sheet."""
    cumulative, border_cumulative = cumulative_histogram(paper), cumulative_histogram(border_pixels(paper))
    for level in _candidate_levels(cumulative):
        if border_cumulative[level] >= _MIN_DARK_BORDER and 1 - cumulative[level] >= _MIN_SOLIDITY * min_area:
            yield (paper > level).view(np.uint8)


def _flat_parts(paper: UInt8Array, min_area: float) -> Iterator[UInt8Array]:
    """Divide an image at its edges; yield masks, 0 or 1, of the largest parts."""
    element = np.ones((3, 3), np.uint8)
    steps = np.asarray(cv2.morphologyEx(paper, cv2.MORPH_GRADIENT, element), np.uint8)
    darkest, brightest = (quantile(cumulative_histogram(paper), share) for share in _LEVEL_QUANTILES)
    is_flat = (steps <= max(_MIN_FLAT_STEP, _MAX_FLAT_STEP * (brightest - darkest))).view(np.uint8)
    _, *found = cv2.connectedComponentsWithStats(is_flat, connectivity=4)
    labels, areas = np.asarray(found[0], np.int32), np.asarray(found[1], np.int32)[1:, cv2.CC_STAT_AREA]
    for index in np.argsort(-areas)[:_MAX_FLAT_PARTS]:
        if areas[index] >= _MIN_SOLIDITY * min_area * paper.size:
            yield np.asarray(cv2.dilate((labels == index + 1).view(np.uint8), element), np.uint8)


def _close_strokes(overview: UInt8Array) -> UInt8Array:
    """Remove dark strokes by a closing, with a margin that keeps a narrow dark strip along the border from being closed."""
    element = square_element(_MAX_STROKE_WIDTH * min(overview.shape))
    margin = len(element)
    padded = cv2.copyMakeBorder(overview, margin, margin, margin, margin, cv2.BORDER_REPLICATE)
    return np.asarray(cv2.morphologyEx(padded, cv2.MORPH_CLOSE, element), np.uint8)[margin:-margin, margin:-margin]


def _candidate_levels(cumulative: Float64Array) -> list[int]:
    """Choose a few grey levels at equal distances between the darkest and the brightest parts, in increasing order."""
    darkest, brightest = (quantile(cumulative, share) for share in _LEVEL_QUANTILES)
    step = (brightest - darkest) / (_CANDIDATE_LEVELS + 1)
    return sorted({int(darkest + number * step) for number in range(1, _CANDIDATE_LEVELS + 1)})


def _sheet_outline(bright: UInt8Array, paper: UInt8Array, edges: UInt8Array, min_area: float) -> Int32Array | None:
    """Return the convex hull of the largest component of a mask if it meets all criteria of a sheet: int32 `(N, 2)`."""
    components, _ = cv2.findContours(bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not components:
        return None
    hull = np.asarray(cv2.convexHull(max(components, key=cv2.contourArea)), np.int32)
    if cv2.contourArea(hull) < min_area * bright.size or not _could_be_solid(hull, bright) or not _has_shape_of_sheet(hull):
        return None
    if not _has_sharp_edge(hull, edges):
        return None
    inside = np.asarray(cv2.fillConvexPoly(np.zeros_like(bright), hull, 1), np.uint8)
    is_cut_off = border_pixels(inside).mean() > 1 - _MIN_DARK_BORDER
    if is_cut_off or not _is_solid(inside, bright) or not _is_surrounded_by_darker(inside, paper):
        return None
    return hull.reshape(-1, 2)


def _could_be_solid(hull: Int32Array, bright: UInt8Array) -> bool:
    """Check whether a mask has enough pixels to fill a hull: a quick test, as `contourArea` is less than the number of its pixels."""
    return cv2.countNonZero(bright) >= _MIN_SOLIDITY * cv2.contourArea(hull)


def _is_solid(inside: UInt8Array, bright: UInt8Array) -> bool:
    """Check whether a mask fills enough of its convex hull."""
    return cv2.countNonZero(bright & inside) >= _MIN_SOLIDITY * cv2.countNonZero(inside)


def _has_shape_of_sheet(hull: Int32Array) -> bool:
    """Check whether a hull is nearly a quadrilateral that is not too long for its width."""
    _, sides, _ = cv2.minAreaRect(hull)
    quadrilateral = cv2.approxPolyN(hull, 4) if len(hull) > 4 else hull
    is_quadrilateral = cv2.contourArea(hull) >= _MIN_QUADRILATERALITY * cv2.contourArea(quadrilateral)
    return is_quadrilateral and max(sides) <= _MAX_ASPECT_RATIO * min(sides)


def _is_surrounded_by_darker(inside: UInt8Array, paper: UInt8Array) -> bool:
    """Check whether an image is darker outside of a mask than inside, by their medians."""
    outside = median(paper[inside == 0]) if not inside.all() else 255
    return outside < _MAX_SURROUNDINGS_RATIO * median(paper[inside > 0])


def _sharp_edges(paper: UInt8Array) -> UInt8Array:
    """Mark with 1 where the brightness changes at once, within `_EDGE_REACH_PX`: uint8 `(h, w)`."""
    near = square_element(2 * _EDGE_REACH_PX + 1)
    brightest = cv2.convertScaleAbs(cv2.dilate(paper, near), alpha=1 - _MIN_EDGE_STEP)
    return np.asarray(cv2.erode(paper, near) <= brightest).view(np.uint8)


def _has_sharp_edge(hull: Int32Array, edges: UInt8Array) -> bool:
    """Check whether most of a hull is a sharp edge, as that of a sheet is, but not that of a light; not close to the image's border."""
    outline = np.asarray(cv2.polylines(np.zeros_like(edges), [hull], True, 1), np.uint8)[_INNER, _INNER]
    sharp = cv2.bitwise_and(outline, np.ascontiguousarray(edges[_INNER, _INNER]))
    return cv2.countNonZero(sharp) >= (1 - _MAX_SOFT_EDGE) * cv2.countNonZero(outline)


def _edge_contrast(outline: Int32Array, paper: UInt8Array) -> float:
    """Measure how much brighter it is just inside of an outline than just outside, in grey levels."""
    inside = cv2.fillConvexPoly(np.zeros_like(paper), outline, 1)
    element = square_element(_EDGE_BAND_PX)
    larger, smaller = cv2.dilate(inside, element), cv2.erode(inside, element)
    return cv2.mean(paper, inside - smaller)[0] - cv2.mean(paper, larger - inside)[0]


def _is_board(outline: Int32Array, overview: UInt8Array) -> bool:
    """Check whether something dark on something bright is a board and not a bold digit: a rectangle with bright writing on it."""
    _, sides, _ = cv2.minAreaRect(outline)
    is_rectangular = cv2.contourArea(outline) > _MIN_BOARD_RECTANGULARITY * sides[0] * sides[1]
    inside = cv2.erode(cv2.fillConvexPoly(np.zeros_like(overview), outline, 1), square_element(_EDGE_BAND_PX))
    board, chalk = np.percentile(overview[inside > 0], (50, 99)) if inside.any() else (0, 0)
    return is_rectangular and bool(chalk - board > _MIN_CHALK_CONTRAST)
