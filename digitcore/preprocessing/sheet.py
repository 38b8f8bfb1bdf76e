"""Find a sheet of paper, or a board, that fills only part of an image."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from digitcore.preprocessing.histogram import cumulative_histogram, median
from digitcore.preprocessing.morphology import square_element
from digitcore.preprocessing.parameters import SheetParams
from digitcore.preprocessing.resampling import border_pixels
from digitcore.types import BoolArray, Int32Array, UInt8Array

_LEVEL_COUNT: Final = 14
"""Bound of work: at how many grey levels a sheet is searched for; with fewer, sheets on a surface of two shades are missed."""

_MAX_FLAT_PARTS: Final = 4
"""Bound of work: how many of the largest surfaces are tried as sheets."""


def find_sheet(overview: UInt8Array, shape: tuple[int, int], params: SheetParams = SheetParams()) -> Int32Array | None:
    """Find the outline of a sheet on something darker, or of a written board on something brighter.

    Args:
        overview: uint8 `(h, w)`, as `make_overview` gives it.
        shape: height and width in pixels of the image itself, for the scale of the outline.
        params: the parameters of the search.

    Returns:
        int32 `(N, 2)`: x and y of the corners of a convex polygon, in pixels of the image itself; None where no sheet is found, as
        where paper fills the image.
    """
    outline = _find_bright_sheet(overview, params)
    if outline is None:
        outline = _find_bright_sheet(255 - overview, replace(params, min_area=params.min_board_area))
        if outline is None or not _is_board(outline, overview, params):
            return None
    scale_xy = np.array(shape[::-1]) / overview.shape[::-1]
    return np.asarray(np.round((outline + 0.5) * scale_xy - 0.5), np.int32)


def mask_outside_sheet(outline: Int32Array | None, shape: tuple[int, int], params: SheetParams = SheetParams()) -> BoolArray:
    """Mask what lies outside of a sheet, its blurred edge included.

    Args:
        outline: int32 `(N, 2)`, as `find_sheet` gives it.
        shape: height and width of the image in pixels.
        params: they tell the width of the edge.

    Returns:
        bool `(H, W)`; all False where there is no sheet.

    Examples:
        >>> bool(mask_outside_sheet(None, (20, 30)).any())
        False
    """
    if outline is None:
        return np.zeros(shape, np.bool_)
    inside = cv2.fillConvexPoly(np.zeros(shape, np.uint8), outline, 1)
    edge_px = max(params.min_edge_px, params.edge_width * min(shape))
    return np.asarray(cv2.polylines(inside, [outline], True, 0, round(edge_px)) == 0)


def _find_bright_sheet(overview: UInt8Array, params: SheetParams) -> Int32Array | None:
    """Find the outline of a sheet on something darker: int32 `(N, 2)` in pixels of the overview.

    Candidates are what is brighter than one of a few levels, which holds a sheet with a hard shadow on it together, and what has no edge
    inside, which tells an unevenly lit sheet from a surface that is as bright in another place. Of the largest candidate that meets all
    criteria, and of those about as large, the one with the sharpest edge is taken.
    """
    paper = _close_strokes(overview, params)
    edges = _sharp_edges(paper, params)
    outlines = [
        outline
        for part in (*_bright_parts(paper, params), *_flat_parts(paper, params))
        if (outline := _sheet_outline(part, paper, edges, params)) is not None
    ]
    largest = max(map(cv2.contourArea, outlines), default=0.0)
    large = [outline for outline in outlines if cv2.contourArea(outline) > params.min_solidity * largest]
    return max(large, key=lambda outline: _edge_contrast(outline, paper, params), default=None)


def _bright_parts(paper: UInt8Array, params: SheetParams) -> Iterator[UInt8Array]:
    """Threshold an image at a few levels, from dark to bright; yield the masks, 0 or 1, that may show a sheet."""
    cumulative, border_cumulative = cumulative_histogram(paper), cumulative_histogram(border_pixels(paper))
    for level in _candidate_levels(paper):
        if border_cumulative[level] >= 1 - params.max_open_edge and 1 - cumulative[level] >= params.min_solidity * params.min_area:
            yield (paper > level).view(np.uint8)


def _flat_parts(paper: UInt8Array, params: SheetParams) -> Iterator[UInt8Array]:
    """Divide an image at its edges; yield masks, 0 or 1, of the largest parts."""
    element = np.ones((3, 3), np.uint8)
    steps = np.asarray(cv2.morphologyEx(paper, cv2.MORPH_GRADIENT, element), np.uint8)
    is_flat = (steps <= params.min_edge_step * np.ptp(paper)).view(np.uint8)
    labels = np.asarray(cv2.connectedComponents(is_flat, connectivity=4)[1], np.int32)
    areas = np.bincount(labels.ravel())[1:]
    for index in np.argsort(-areas)[:_MAX_FLAT_PARTS]:
        if areas[index] >= params.min_solidity * params.min_area * paper.size:
            yield np.asarray(cv2.dilate((labels == index + 1).view(np.uint8), element), np.uint8)


def _close_strokes(overview: UInt8Array, params: SheetParams) -> UInt8Array:
    """Remove dark strokes by a closing, with a margin that keeps a narrow dark strip along the border from being closed."""
    element = square_element(params.max_stroke_width * min(overview.shape))
    margin = len(element)
    padded = cv2.copyMakeBorder(overview, margin, margin, margin, margin, cv2.BORDER_REPLICATE)
    return np.asarray(cv2.morphologyEx(padded, cv2.MORPH_CLOSE, element), np.uint8)[margin:-margin, margin:-margin]


def _candidate_levels(paper: UInt8Array) -> list[int]:
    """Choose a few grey levels at equal distances between the darkest and the brightest pixel, in increasing order."""
    darkest, step = int(paper.min()), np.ptp(paper) / (_LEVEL_COUNT + 1)
    return sorted({int(darkest + number * step) for number in range(1, _LEVEL_COUNT + 1)})


def _sheet_outline(bright: UInt8Array, paper: UInt8Array, edges: UInt8Array, params: SheetParams) -> Int32Array | None:
    """Return the convex hull of the largest component of a mask if it meets all criteria of a sheet: int32 `(N, 2)`."""
    components, _ = cv2.findContours(bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not components:
        return None
    hull = np.asarray(cv2.convexHull(max(components, key=cv2.contourArea)), np.int32)
    if cv2.contourArea(hull) < params.min_area * bright.size or not _could_be_solid(hull, bright, params):
        return None
    if not (_has_shape_of_sheet(hull, params) and _has_sharp_edge(hull, edges, params)):
        return None
    inside = np.asarray(cv2.fillConvexPoly(np.zeros_like(bright), hull, 1), np.uint8)
    is_cut_off = border_pixels(inside).mean() > params.max_open_edge
    if is_cut_off or not _is_solid(inside, bright, params) or not _is_surrounded_by_darker(inside, paper, params):
        return None
    return hull.reshape(-1, 2)


def _could_be_solid(hull: Int32Array, bright: UInt8Array, params: SheetParams) -> bool:
    """Check whether a mask has enough pixels to fill a hull: a quick test, as `contourArea` is less than the number of its pixels."""
    return cv2.countNonZero(bright) >= params.min_solidity * cv2.contourArea(hull)


def _is_solid(inside: UInt8Array, bright: UInt8Array, params: SheetParams) -> bool:
    """Check whether a mask fills enough of its convex hull."""
    return cv2.countNonZero(bright & inside) >= params.min_solidity * cv2.countNonZero(inside)


def _has_shape_of_sheet(hull: Int32Array, params: SheetParams) -> bool:
    """Check whether a hull is nearly a quadrilateral."""
    quadrilateral = cv2.approxPolyN(hull, 4) if len(hull) > 4 else hull
    return cv2.contourArea(hull) >= params.min_solidity * cv2.contourArea(quadrilateral)


def _is_surrounded_by_darker(inside: UInt8Array, paper: UInt8Array, params: SheetParams) -> bool:
    """Check whether an image is darker outside of a mask than inside, by their medians."""
    outside = median(paper[inside == 0]) if not inside.all() else 255
    return outside < (1 - params.min_edge_step) * median(paper[inside > 0])


def _sharp_edges(paper: UInt8Array, params: SheetParams) -> UInt8Array:
    """Mark with 1 where the brightness changes at once, within the width of an edge: uint8 `(h, w)`."""
    near = square_element(params.min_edge_px)
    brightest = cv2.convertScaleAbs(cv2.dilate(paper, near), alpha=1 - params.min_edge_step)
    return np.asarray(cv2.erode(paper, near) <= brightest).view(np.uint8)


def _has_sharp_edge(hull: Int32Array, edges: UInt8Array, params: SheetParams) -> bool:
    """Check whether most of a hull is a sharp edge, as that of a sheet is, but not that of a light; not close to the image's border."""
    reach_px = params.min_edge_px // 2
    inner = slice(reach_px, -reach_px or None)  # a sheet that is cut off has no edge at the border
    outline = np.asarray(cv2.polylines(np.zeros_like(edges), [hull], True, 1), np.uint8)[inner, inner]
    sharp = cv2.bitwise_and(outline, np.ascontiguousarray(edges[inner, inner]))
    return cv2.countNonZero(sharp) >= (1 - params.max_open_edge) * cv2.countNonZero(outline)


def _edge_contrast(outline: Int32Array, paper: UInt8Array, params: SheetParams) -> float:
    """Measure how much brighter it is just inside of an outline than just outside, in grey levels."""
    inside = cv2.fillConvexPoly(np.zeros_like(paper), outline, 1)
    element = square_element(params.min_edge_px)
    larger, smaller = cv2.dilate(inside, element), cv2.erode(inside, element)
    return cv2.mean(paper, inside - smaller)[0] - cv2.mean(paper, larger - inside)[0]


def _is_board(outline: Int32Array, overview: UInt8Array, params: SheetParams) -> bool:
    """Check whether something dark on something bright is a board and not a bold digit: a rectangle with bright writing on it."""
    _, sides, _ = cv2.minAreaRect(outline)
    is_rectangular = cv2.contourArea(outline) > params.min_solidity * sides[0] * sides[1]
    inside = cv2.erode(cv2.fillConvexPoly(np.zeros_like(overview), outline, 1), square_element(params.min_edge_px))
    board, chalk = np.percentile(overview[inside > 0], (50, 99)) if inside.any() else (0, 0)
    return is_rectangular and bool(chalk - board > 255 * params.min_edge_step)
