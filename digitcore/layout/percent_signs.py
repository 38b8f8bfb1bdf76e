"""Recognize percent signs by their geometry: a slash and two rings.

The network can take the rings for zeros; or, where they touch the slash, half of it and a ring for 9, and the other half for 6.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from digitcore.layout.boxes import union_box
from digitcore.layout.candidates import CandidateT
from digitcore.layout.components import Mark
from digitcore.layout.ink import merge_ink
from digitcore.layout.parameters import LayoutParams
from digitcore.types import INK_LEVEL, Box

_LIKE_A_RING: Final = (0, 6)
"""What the rings of % are taken for; the end of a ring may reach beyond its beginning."""

_END_ROWS: Final = 0.08
"""Share of the height of a mark in which its lowest or highest ink is sought: about half a stroke width."""


def find_percent_signs(marks: Sequence[tuple[Mark, CandidateT]], params: LayoutParams) -> set[int]:
    """Find the percent signs of a line whose slash and rings are marks of their own.

    Args:
        marks: of one line, each with its classification.
        params: what signs look like.

    Returns:
        The indices of the marks that make up percent signs, three neighbours each.
    """
    order = sorted(range(len(marks)), key=lambda index: marks[index][0].box.center_x)
    neighbours = [order[start : start + 3] for start in range(len(order) - 2)]
    return {index for three in neighbours if _is_percent_sign([marks[each] for each in three], params) for index in three}


def is_joined_percent_sign(parts: Sequence[tuple[Mark, CandidateT]], params: LayoutParams) -> bool:
    """Decide whether strokes that touch are a percent sign, whose slash touches one of its rings or both.

    Args:
        parts: what the strokes were taken for, from left to right, each with its classification; what is left over is rejected.
        params: what signs look like.

    Returns:
        Whether a ring is left over, or stands under the slash; or whether a 9 and a 6 consist of one slash and its rings.
    """
    slash, _ = max(parts, key=lambda part: part[0].box.height)
    if not _has_width([mark.box for mark, _ in parts], slash.box, params):
        return False
    has_ring = any(_is_loose_ring(mark, candidate.label, slash.box, params) for mark, candidate in parts if mark is not slash)
    digits = [(mark, candidate.label) for mark, candidate in parts if mark.rejection is None]
    return has_ring or ([label for _, label in digits] == [9, 6] and _have_one_slash(digits[0][0], digits[1][0], params))


def _is_percent_sign(marks: Sequence[tuple[Mark, CandidateT]], params: LayoutParams) -> bool:
    """Decide whether three marks, from left to right, are the ring, the slash and the ring of a percent sign.

    The rings must look like zeros: of a fraction such as 1/2 or 6/9, the digits are raised and lowered, too.
    """
    left, (slash, _), right = marks
    has_rings = all(ring.label == 0 and _is_ring(mark.box, slash.box, params) for mark, ring in (left, right))
    return has_rings and _has_width([left[0].box, right[0].box], slash.box, params)


def _has_width(boxes: Sequence[Box], slash: Box, params: LayoutParams) -> bool:
    """Decide whether boxes are no wider together than a percent sign with this slash."""
    return union_box(boxes).width <= params.components.max_joined_width * slash.height


def _is_ring(box: Box, slash: Box, params: LayoutParams) -> bool:
    """Decide whether a box has the size and the place of a ring of %: at the upper left or the lower right of the slash."""
    is_left, is_above = box.center_x < slash.center_x, box.center_y < slash.center_y
    return box.height <= params.line_components.max_small_height * slash.height and is_left == is_above


def _is_loose_ring(mark: Mark, label: int, slash: Box, params: LayoutParams) -> bool:
    """Decide whether a mark is a ring of %: left over, or like a zero and under the slash, where no digit stands."""
    if not _is_ring(mark.box, slash, params):
        return False
    common_px = mark.box.width + slash.width - mark.box.union(slash).width
    is_under_slash = common_px >= params.signs.min_ring_overlap * mark.box.width
    return mark.rejection is not None or (label in _LIKE_A_RING and is_under_slash)


def _have_one_slash(left: Mark, right: Mark, params: LayoutParams) -> bool:
    """Decide whether a straight stroke goes from the lower end of one mark to the upper end of another one on its right."""
    both = left.box.union(right.box)
    ink = merge_ink([left, right]) >= INK_LEVEL
    (start_x, start_y), (end_x, end_y) = _end_of(left, lower=True), _end_of(right, lower=False)
    steps = np.linspace(0, 1, both.height)
    columns = np.rint(start_x + steps * (end_x - start_x) - both.x).astype(int)
    rows = np.rint(start_y + steps * (end_y - start_y) - both.y).astype(int)
    return start_x < end_x and float(ink[rows, columns].mean()) >= params.signs.min_slash_coverage


def _end_of(mark: Mark, *, lower: bool) -> tuple[float, float]:
    """Find the middle (x, y) of the lowest or the highest ink of a mark, on the page, in pixels."""
    rows = max(1, round(_END_ROWS * mark.box.height))
    first = mark.box.height - rows if lower else 0
    y, x = np.nonzero(mark.ink[first : first + rows])
    return mark.box.x + float(x.mean()), mark.box.y + first + float(y.mean())
