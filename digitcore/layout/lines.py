"""Group the connected components of a page into lines of writing, in reading order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from digitcore.layout.boxes import estimate_writing_height
from digitcore.layout.components import Component, ComponentContours, Mark, ReferenceScale, median_stroke_width
from digitcore.layout.frames import without_frames
from digitcore.layout.parameters import ComponentParams, LayoutParams, LineParams
from digitcore.layout.weighted_median import weighted_median
from digitcore.types import Box, UInt8Array

MAX_COMPONENTS: Final = 600
"""The number of components that are read, the largest first; a page of writing has fewer, gravel and noise have thousands.
It bounds the time that a picture takes."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line of writing.

    Attributes:
        components: its connected components as marks, neither joined nor split yet, from left to right.
        writing_height: of its digits, in pixels.
    """

    components: list[Mark]
    writing_height: float


def find_lines(ink: UInt8Array, min_relative_height: float = 0.0, params: LayoutParams = LayoutParams()) -> tuple[list[Line], int]:
    """Find the connected components of a page and group them into lines.

    Args:
        ink: uint8 `(H, W)`, white on black.
        min_relative_height: lines lower than this share of the page's writing height are left out.
        params: those of lines, of components, and of the slope are used.

    Returns:
        The lines from the top, and how many components were left out because there are more than `MAX_COMPONENTS`.
    """
    contours = ComponentContours.of_ink(ink)
    every = contours.components()
    min_legible_px = max(params.lines.min_legible_side * min(ink.shape), params.lines.min_legible_side_px)
    largest = sorted(every, key=lambda component: -component.box.side)[:MAX_COMPONENTS]
    largest = without_frames(largest, contours, min_legible_px, params.components)
    page_height, is_common = _estimate_page_height([component.box for component in largest], ink.shape, params)
    if is_common:
        largest = [component for component in largest if not _is_no_writing(component.box, page_height, ink.shape, params)]
    min_side = max(params.over_segmentation.min_part_width * page_height, min_legible_px)
    min_side = min(min_side, page_height)  # the only marks are kept, however small
    kept = [component for component in largest if component.box.side >= min_side]
    similar = [component.stroke_width_px for component in kept if _is_similar(component.box.height, page_height, params.lines)]
    stroke_width_px = float(np.median(similar)) if is_common else median_stroke_width(kept)
    groups = _group_into_lines([component.box for component in kept], page_height, params)
    rows = [[kept[index] for index in members] for members in groups]
    if is_common:
        rows = [row for row in rows if not _is_cut_off(row, ink.shape)]
    lines: list[Line] = []
    for row in _without_low_rows(rows, page_height, min_relative_height, params):
        line_height = _line_height([component.box for component in row], page_height, params.components)
        scale = ReferenceScale(line_height, min_legible_px, stroke_width_px)
        marks = [contours.extract_mark(ink, component, len(lines), scale, params.components) for component in row]
        lines.append(Line(marks, scale.writing_height))
    return lines, sum(component.box.side >= min_side for component in every) - len(kept)


def _is_cut_off(row: Sequence[Component], shape: tuple[int, ...]) -> bool:
    """Return whether all marks of a row touch the border of the picture, as a spiral binding and things next to the sheet do."""
    return all(any(_touched_sides(component.box, shape)) for component in row)


def _without_low_rows(
    rows: Sequence[list[Component]], page_height: float, min_relative_height: float, params: LayoutParams
) -> list[list[Component]]:
    """Leave out the rows that are lower than a share of the page's writing height, but for the parts of digits in the only other row.

    Between the lines of a page a low mark is rather print that shows through, or a fold.
    """
    heights = [_line_height([component.box for component in row], page_height, params.components) for row in rows]
    kept = [list(row) for row, height in zip(rows, heights, strict=True) if height >= min_relative_height * page_height]
    low = [component for row, height in zip(rows, heights, strict=True) if height < min_relative_height * page_height for component in row]
    if len(kept) == 1:
        digits = [component.box for component in kept[0]]
        kept[0] += [each for each in low if any(_is_part_of(each.box, digit, page_height, params) for digit in digits)]
        kept[0].sort(key=lambda each: each.box.center_x)
    return kept


def _is_part_of(box: Box, digit: Box, page_height: float, params: LayoutParams) -> bool:
    """Return whether a low box is close to a digit of the page's height: the bar of a 5 above it, or the dot of a ? below."""
    is_above, max_gap_px = box.y < digit.y, params.components.min_mark_height * digit.height
    gap_px = digit.y - box.y - box.height if is_above else box.y - digit.y - digit.height
    max_width_px = params.components.max_digit_width * digit.height if is_above else max_gap_px
    shares_columns = box.x < digit.x + digit.width and digit.x < box.x + box.width
    return shares_columns and gap_px <= max_gap_px and box.width <= max_width_px and _is_similar(digit.height, page_height, params.lines)


def _estimate_page_height(boxes: Sequence[Box], shape: tuple[int, ...], params: LayoutParams) -> tuple[float, bool]:
    """Estimate the writing height of a page.

    Marks that touch the border of the picture may be its frame, or what the sheet lies on, and long bars the lines of a table: where enough
    others are about as high as each other, those alone decide.

    Args:
        boxes: of the components.
        shape: height and width of the page in pixels.
        params: how alike how many must be.

    Returns:
        The height in pixels, and whether it is that of several marks away from the border.
    """
    inner = [
        box for box in boxes if not (any(_touched_sides(box, shape)) or _is_bar(box, box.height / params.lines.max_height_ratio, params))
    ]
    height = estimate_writing_height(inner)
    if sum(_is_similar(box.height, height, params.lines) for box in inner) >= params.lines.min_similar_marks:
        return height, True
    return estimate_writing_height(boxes), False


def _line_height(boxes: Sequence[Box], page_height: float, params: ComponentParams) -> float:
    """Estimate the writing height of a line, without dust and dots, so that its heights can be weighted by themselves."""
    high = [box for box in boxes if box.height >= params.min_mark_height * page_height]
    return estimate_writing_height(high, power=1) if high else estimate_writing_height(boxes)


def _is_similar(height: float, writing_height: float, params: LineParams) -> bool:
    """Return whether a mark is about as high as the writing."""
    return writing_height <= height * params.max_height_ratio and height <= writing_height * params.max_height_ratio


def _is_no_writing(box: Box, page_height: float, shape: tuple[int, ...], params: LayoutParams) -> bool:
    """Return whether a mark is much longer than the writing and an upright bar, or lies along the border of the picture, or in a corner."""
    if box.side <= params.lines.max_height_ratio * page_height:
        return False
    left, right, top, bottom = _touched_sides(box, shape)
    is_upright = box.height > params.components.max_round_aspect_ratio * box.width
    is_level = box.width > params.components.max_round_aspect_ratio * box.height
    lies_along_border = ((left or right) and is_upright) or ((top or bottom) and is_level)
    is_in_corner = (left or right) and (top or bottom)
    is_too_high = box.height > params.lines.max_height_ratio**2 * page_height
    return lies_along_border or is_in_corner or is_too_high or _is_bar(box, page_height, params)


def _is_bar(box: Box, writing_height: float, params: LayoutParams) -> bool:
    """Return whether a mark is narrower than any digit but a 1."""
    return box.width < params.components.min_mark_height * writing_height and box.height >= writing_height


def _touched_sides(box: Box, shape: tuple[int, ...]) -> tuple[bool, bool, bool, bool]:
    """Return whether a box reaches the left, right, top and bottom of the picture, but for a pixel."""
    height, width = shape
    return box.x <= 1, box.x + box.width >= width - 1, box.y <= 1, box.y + box.height >= height - 1


def estimate_slope(boxes: Sequence[Box], writing_height: float, params: LayoutParams = LayoutParams()) -> float:
    """Estimate the common slope of all lines: the median over pairs of neighbours, weighted by their horizontal distance.

    The neighbour of a box is the nearest one to its right within the greatest distance and slope, from centre to centre.

    Args:
        boxes: of the components of one page.
        writing_height: in pixels.
        params: those of lines, and the steepest slope, are used.

    Returns:
        How far lines fall towards the right, in pixels a pixel; 0 where no box has a neighbour.
    """
    if not boxes:
        return 0.0
    centres = np.array([(box.center_x, box.center_y) for box in boxes])
    dx, dy = (centres[np.newaxis] - centres[:, np.newaxis]).transpose(2, 0, 1)
    is_candidate = (dx > 0) & (dx <= params.lines.max_neighbour_distance * writing_height) & (np.abs(dy) <= params.baseline.max_slope * dx)
    nearest = np.where(is_candidate, dx, np.inf).argmin(axis=1)
    with_neighbour = np.flatnonzero(is_candidate.any(axis=1))
    pairs = with_neighbour, nearest[with_neighbour]
    return weighted_median((dy / np.where(is_candidate, dx, 1))[pairs].tolist(), dx[pairs].tolist())


def _group_into_lines(boxes: Sequence[Box], writing_height: float, params: LayoutParams) -> list[list[int]]:
    """Group the indices of boxes into lines from the top, each from the left; all lines share one slope.

    The highest boxes define the lines: a box joins the first line whose band holds its centre, projected along the slope, or opens one.
    """
    if not boxes:
        return []
    slope = estimate_slope(boxes, writing_height, params)
    levels = [box.center_y - slope * box.center_x for box in boxes]
    bands: list[tuple[float, float, list[int]]] = []
    for index in sorted(range(len(boxes)), key=lambda each: -boxes[each].height):
        level, half_height = levels[index], boxes[index].height / 2
        members = next((members for top, bottom, members in bands if top <= level <= bottom), None)
        if members is None:
            bands.append((level - half_height, level + half_height, [index]))
        else:
            members.append(index)
    bands.sort(key=lambda band: band[0])
    return [sorted(members, key=lambda each: boxes[each].center_x) for _, _, members in bands]
