"""Normalize the pen of a drawing: every digit is then drawn with the relative stroke width of MNIST."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from digitcore.io.strokes import Stroke
from digitcore.layout.boxes import estimate_writing_height, group_overlapping_columns, union_box
from digitcore.layout.parameters import LayoutParams
from digitcore.types import BoolArray, Box

_MAX_GROUPED_STROKES: Final = 400
"""Of more strokes, all that are above each other belong together: it bounds the memory for comparing all pairs."""


def with_uniform_pen(strokes: Sequence[Stroke], params: LayoutParams = LayoutParams()) -> list[Stroke]:
    """Replace the pen of each stroke by one in proportion to the digit that it belongs to.

    Strokes whose columns overlap belong to one digit, unless they are in different rows. What is lower than a digit is a part of the
    nearest one that isn't further away than a part may be high. The ink of a digit is higher than the paths of its
    strokes by the pen's own width: for a path of height h and a relative width r, the pen's width w fulfils w = r · (h + w), hence
    w = h · r / (1 − r), and a pixel at least.

    Args:
        strokes: of the whole drawing, in any order.
        params: the pen's width, and the least height of a digit, are used.

    Returns:
        The same paths in the same order, with the new widths.
    """
    boxes = [_bounding_box(stroke) for stroke in strokes]
    writing_height = estimate_writing_height(boxes)
    heights = np.zeros(len(strokes))
    min_height = params.components.min_mark_height * writing_height
    for group in _group_into_digits(boxes, min_height):
        heights[group] = max(union_box(boxes[index] for index in group).height, min_height)
    relative_width = params.pen.relative_width
    widths_px = np.maximum(relative_width / (1 - relative_width) * heights, 1.0)
    return [Stroke(stroke.points, float(width_px)) for stroke, width_px in zip(strokes, widths_px, strict=True)]


def _group_into_digits(boxes: Sequence[Box], min_height: float) -> list[list[int]]:
    """Group strokes by the digit that they belong to, given their boxes and the least height of a digit, both in pixels.

    Two high strokes are in one row if the middle of one of them is in the rows of the other.
    """
    if len(boxes) <= 2 or len(boxes) > _MAX_GROUPED_STROKES:  # two strokes above each other are no rows yet, but an 8 of two circles
        return group_overlapping_columns(boxes, 0.0)
    lefts, tops, widths, heights = np.array(boxes, float).T
    rights, bottoms, middles = lefts + widths, tops + heights, tops + heights / 2
    share_columns = (lefts[:, None] <= rights) & (lefts <= rights[:, None])
    share_row = np.abs(middles[:, None] - middles) <= np.maximum(heights[:, None], heights) / 2
    is_part = heights < min_height
    are_one = share_columns & share_row & ~(is_part[:, None] | is_part)
    gaps = np.maximum(tops[:, None], tops) - np.minimum(bottoms[:, None], bottoms)  # negative: the rows that they share
    distances = np.where(share_columns & ~is_part, gaps, np.inf)  # of each stroke from the high ones
    for part in np.flatnonzero(is_part):
        nearest = int(distances[part].argmin())
        are_one[part, nearest] |= distances[part, nearest] <= min_height
    return _connected(are_one | are_one.T)


def _connected(adjacent: BoolArray) -> list[list[int]]:
    """Return the connected components of a graph, given its symmetric adjacency matrix."""
    left, groups = set(range(len(adjacent))), []
    while left:
        group, added = set(), {left.pop()}
        while added:
            group |= added
            added = set(np.flatnonzero(adjacent[list(added)].any(axis=0)).tolist()) - group
        groups.append(sorted(group))
        left -= group
    return groups


def _bounding_box(stroke: Stroke) -> Box:
    left, top = (int(value) for value in np.floor(stroke.points.min(axis=0)))
    right, bottom = (int(value) for value in np.ceil(stroke.points.max(axis=0)))
    return Box(left, top, right - left, bottom - top)
