"""From ink to marks: connected strokes, joined where they belong to one digit, in reading order.

All lengths are shares of the writing's height, so that a photo's size and distance don't matter.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

import cv2
import numpy as np

from digitcore.results import RejectionReason
from digitcore.types import Box, UInt8Array

MAXIMUM_STROKES: Final = 600
"""The largest connected strokes that are looked at; a page of writing has fewer, gravel and noise have thousands."""

_NEXT, _FIRST_CHILD, _PARENT = 0, 2, 3
"""Where OpenCV's tree of outlines names the next one beside, the first within, and the one around: holes have one."""

SPECK: Final = 0.12
"""Components shorter than this share of the writing are dust."""

SMALLEST: Final = 0.015
SMALLEST_PX: Final = 10
"""Nothing is a digit that is smaller than this share of the picture's short side, or this many pixels."""

FINE: Final = 0.2
"""A page is written with one pen: marks finer than this share of it are rests of printed lines, scratches, noise."""

BESIDE: Final = 0.35
"""Marks smaller than this share of the writing are dots, commas and dashes, not digits."""

_NEIGHBOUR: Final = 2.5
"""Neighbours in a line are no further apart than so many heights of the writing, from middle to middle."""

_STEEPEST: Final = 0.36
"""Neighbours rise or fall by no more than this; lines by less, since neighbours stand a little up and down."""

_ENOUGH_STEPS: Final = 2
"""From fewer neighbours nothing is concluded about slope."""

_INK_LEVEL: Final = 96
"""Ink levels above this connect strokes; fainter ones are only soft edges."""

_HOLLOW: Final = 0.04
"""A dot leaves at most this share of its convex hull open; the boldest digit has hollows, a 0 its hole."""

_RAGGED: Final = 0.25
"""And, of the pixels along its edge, at most this share, since a small disc of pixels isn't quite convex."""

_ROUND: Final = 1.7
"""A dot is at most this much longer than wide; a solid bar that is longer may be a 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """Ink that may be one digit."""

    ink: UInt8Array
    """uint8 `(h, w)`: this mark's ink alone, white on black, within its box."""

    box: Box
    line: int
    """Its line of writing, from 0."""

    rejection: RejectionReason | None
    """Why its shape alone rules out a digit; else None."""


@dataclass(frozen=True, slots=True, eq=False)
class _Stroke:
    """A connected stroke on the page."""

    box: Box
    outline: int
    """Which of the picture's outlines it has."""

    pen_px: float
    """Mean width of its line."""

    weight: float
    """How much ink it has, in pixels."""


@dataclass(frozen=True, slots=True)
class _Scale:
    """What marks are measured by."""

    height: float
    """Of the line's writing, in pixels."""

    legible_px: float
    """What is smaller can't be read."""

    pen_px: float
    """The page's pen."""


@dataclass(frozen=True, slots=True, eq=False)
class _Outlines:
    """All outlines of a picture, outer ones and those of holes."""

    contours: Sequence[Any]
    tree: Any
    """OpenCV's: for each the next beside, the one before, the first within, and the one around."""

    def strokes(self) -> list[_Stroke]:
        return [self._stroke(index) for index in range(len(self.contours)) if self.tree[0, index, _PARENT] < 0]

    def pen_px(self, strokes: Sequence[_Stroke]) -> float:
        """The pen of most of the ink."""
        pens = sorted(strokes, key=lambda stroke: stroke.pen_px)
        weight = list(accumulate(stroke.weight for stroke in pens))
        return pens[bisect_left(weight, weight[-1] / 2)].pen_px if pens else 0.0

    def cut_out(self, ink: UInt8Array, stroke: _Stroke, line: int, scale: _Scale) -> Mark:
        """The stroke's own ink, soft edges included, without that of its neighbours."""
        x, y, width, tall = stroke.box
        x0, y0 = max(x - 1, 0), max(y - 1, 0)
        window = ink[y0 : y + tall + 1, x0 : x + width + 1]
        own = np.zeros(window.shape, np.uint8)
        cv2.drawContours(own, self._with_holes(stroke.outline), -1, 1, cv2.FILLED, offset=(-x0, -y0))
        soft = np.asarray(cv2.dilate(own, np.ones((3, 3), np.uint8)), np.uint8)
        box = Box(x0, y0, *soft.shape[::-1])
        return Mark(window * soft, box, line, _rejection(own, self.contours[stroke.outline] - (x0, y0), stroke, scale))

    def _stroke(self, index: int) -> _Stroke:
        outer, *holes = self._with_holes(index)
        length = sum(cv2.arcLength(each, True) for each in (outer, *holes))
        inside = cv2.contourArea(outer) - sum(cv2.contourArea(hole) for hole in holes)  # between the middles of its outermost pixels
        return _Stroke(Box(*cv2.boundingRect(outer)), index, 2 * inside / max(length, 1.0) + 1, inside + length / 2)

    def _with_holes(self, index: int) -> list[Any]:
        found, hole = [self.contours[index]], self.tree[0, index, _FIRST_CHILD]
        while hole >= 0:
            found.append(self.contours[hole])
            hole = self.tree[0, hole, _NEXT]
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line of writing."""

    strokes: list[Mark]
    """Connected ink, neither joined nor cut yet, from the left."""

    height: float
    """Of the writing, in pixels."""


def find_lines(ink: UInt8Array, smallest: float = 0.0) -> tuple[list[Line], int]:
    """All strokes, line by line from the top.

    Args:
        ink: uint8 `(H, W)`, white on black.
        smallest: lines lower than this share of the main writing are left out.

    Returns:
        The lines, and how many strokes there were too many to look at.
    """
    outlines = _Outlines(*cv2.findContours((ink > _INK_LEVEL).view(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE))
    found = outlines.strokes()
    largest = sorted(found, key=lambda stroke: -stroke.box.side)[:MAXIMUM_STROKES]
    height = writing_height([stroke.box for stroke in largest])
    legible = max(SMALLEST * min(ink.shape), SMALLEST_PX)
    least = min(max(SPECK * height, legible), height)  # what there is, is told of, however small
    kept = [stroke for stroke in largest if stroke.box.side >= least]
    pen_px = outlines.pen_px(kept)
    lines: list[Line] = []
    for row in _lines(kept, height):
        scale = _Scale(writing_height([stroke.box for stroke in row]), legible, pen_px)
        if scale.height >= smallest * height:
            lines.append(Line([outlines.cut_out(ink, stroke, len(lines), scale) for stroke in row], scale.height))
    return lines, sum(stroke.box.side >= least for stroke in found) - len(kept)


def columns(boxes: Sequence[Box], gap_px: float) -> list[list[int]]:
    """The places of boxes that stand above each other or closer than `gap_px` side by side; from the left."""
    groups: list[list[int]] = []
    right = -np.inf
    for index in sorted(range(len(boxes)), key=lambda each: boxes[each].x):
        if boxes[index].x - right > gap_px:
            groups.append([])
        groups[-1].append(index)
        right = max(right, boxes[index].x + boxes[index].width)
    return groups


def writing_height(boxes: Sequence[Box]) -> float:
    """How high the main writing is, in pixels: the median of all heights, higher marks weighing more than dust and dashes."""
    if not boxes:
        return 0.0
    heights = sorted(box.height for box in boxes)
    weight = list(accumulate(height**2 for height in heights))
    return float(heights[bisect_left(weight, weight[-1] / 2)])


def _lines(groups: list[_Stroke], height: float) -> list[list[_Stroke]]:
    """Lines from the top, each from the left; they may rise or fall together."""
    if not groups:
        return []
    slope = _slope([group.box for group in groups], height)
    level = {id(group): group.box.y + group.box.height / 2 - slope * (group.box.x + group.box.width / 2) for group in groups}
    lines: list[tuple[float, float, list[_Stroke]]] = []
    for group in sorted(groups, key=lambda each: -each.box.height):
        middle = level[id(group)]
        row = next((row for top, bottom, row in lines if top <= middle <= bottom), None)
        if row is None:
            lines.append((middle - group.box.height / 2, middle + group.box.height / 2, [group]))
        else:
            row.append(group)
    lines.sort(key=lambda line: line[0])
    return [sorted(row, key=lambda each: each.box.x + each.box.width / 2) for _, _, row in lines]


def _slope(boxes: list[Box], height: float) -> float:
    """How much lines of writing fall to the right, in pixels a pixel: the median over neighbours, each weighed by its distance."""
    if len(boxes) <= _ENOUGH_STEPS:  # the last has no neighbour to its right
        return 0.0
    middles = np.array([(box.x + box.width / 2, box.y + box.height / 2) for box in boxes])
    across, down = (middles[np.newaxis] - middles[:, np.newaxis]).transpose(2, 0, 1)
    beside = (across > 0) & (across <= _NEIGHBOUR * height) & (np.abs(down) <= _STEEPEST * across)
    nearest = np.where(beside, across, np.inf).argmin(axis=1)
    has_one = np.flatnonzero(beside.any(axis=1))
    if len(has_one) < _ENOUGH_STEPS:
        return 0.0
    steps, slopes = across[has_one, nearest[has_one]], (down / np.where(beside, across, 1))[has_one, nearest[has_one]]
    order = np.argsort(slopes)
    weight = np.cumsum(steps[order])
    return float(slopes[order][np.searchsorted(weight, weight[-1] / 2)])


def _rejection(own: UInt8Array, outline: Any, stroke: _Stroke, scale: _Scale) -> RejectionReason | None:
    box = stroke.box
    if box.height < BESIDE * scale.height:
        return RejectionReason.RELATIVELY_SMALL
    if box.side <= _ROUND * min(box.width, box.height) and _is_solid(own, outline):
        return RejectionReason.DOT
    if box.side < scale.legible_px:
        return RejectionReason.TOO_SMALL
    if stroke.pen_px < FINE * scale.pen_px:
        return RejectionReason.THIN_STROKE
    return None


def _is_solid(own: UInt8Array, outline: Any) -> bool:
    """Whether a mark fills its convex hull but for the raggedness of its edge."""
    hull = cv2.convexHull(outline)
    filled_px = cv2.countNonZero(cv2.fillConvexPoly(np.zeros_like(own), hull, 1))
    return filled_px - cv2.countNonZero(own) <= _HOLLOW * filled_px + _RAGGED * cv2.arcLength(hull, True)
