"""Normalize the pen of a drawing: every digit is then drawn with the relative stroke width of MNIST."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from digitcore.io.strokes import Stroke
from digitcore.layout.boxes import estimate_writing_height, group_overlapping_columns, union_box
from digitcore.layout.parameters import PenParams
from digitcore.types import BoolArray, Box

_MAX_GROUPED_STROKES: Final = 400
"""Of more strokes, all that are above each other belong together: it bounds the memory for comparing all pairs."""


def with_uniform_pen(strokes: Sequence[Stroke], params: PenParams = PenParams()) -> list[Stroke]:
    """Replace the pen of each stroke by one in proportion to the digit that it belongs to.

    Strokes whose columns overlap belong to one digit, unless they are in different rows. The ink of a digit is higher than the paths of its
    strokes by the pen's own width: for a path of height h and a relative width r, the pen's width w fulfils w = r · (h + w), hence
    w = h · r / (1 − r).

    Args:
        strokes: of the whole drawing, in any order.
        params: the pen's width, and which strokes belong to one digit.

    Returns:
        The same paths in the same order, with the new widths.
    """
    boxes = [_bounding_box(stroke) for stroke in strokes]
    writing_height = estimate_writing_height(boxes)
    heights = np.zeros(len(strokes))
    for group in _group_into_digits(boxes, writing_height, params):
        heights[group] = max(union_box(boxes[index] for index in group).height, writing_height * params.min_height)
    widths_px = np.maximum(params.relative_width / (1 - params.relative_width) * heights, params.min_width_px)
    return [Stroke(stroke.points, float(width_px)) for stroke, width_px in zip(strokes, widths_px, strict=True)]


def _group_into_digits(boxes: Sequence[Box], writing_height: float, params: PenParams) -> list[list[int]]:
    """Group strokes by the digit that they belong to, given their boxes."""
    if len(boxes) <= 2 or len(boxes) > _MAX_GROUPED_STROKES:  # two strokes above each other are no rows yet, but an 8 of two circles
        return group_overlapping_columns(boxes, 0.0)
    lefts, tops, widths, heights = np.array(boxes, float).T
    rights, bottoms = lefts + widths, tops + heights
    share_columns = (lefts[:, None] <= rights) & (lefts <= rights[:, None])
    shared_rows = np.minimum(bottoms[:, None], bottoms) - np.maximum(tops[:, None], tops)  # negative: the gap between them
    is_part = heights < params.min_height * writing_height
    are_one = share_columns & (shared_rows >= params.min_stroke_overlap * np.minimum(heights[:, None], heights))
    are_one &= ~(is_part[:, None] | is_part)
    nearness = np.where(share_columns & ~is_part, shared_rows, -np.inf)  # of each stroke to the high ones
    for part in np.flatnonzero(is_part):
        nearest = int(nearness[part].argmax())
        are_one[part, nearest] |= nearness[part, nearest] >= -params.max_part_gap * writing_height
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
