"""From ink to marks: connected strokes, joined where they belong to one digit, in reading order.

All lengths are shares of the writing's height, so that a photo's size and distance don't matter.
"""

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

Ink = npt.NDArray[np.uint8]

MAXIMUM_COMPONENTS: Final = 400
"""The largest connected strokes that are looked at; a page of writing has fewer, gravel and noise have thousands."""

SPECK: Final = 0.12
"""Components shorter than this share of the writing are dust."""

BESIDE: Final = 0.35
"""Marks smaller than this share of the writing are dots, commas and dashes, not digits."""

_OVERLAP: Final = 0.3
"""Strokes of one digit stand above one another: their widths overlap by this share of the narrower one."""

_GAP: Final = 0.15
"""Strokes of one digit are no further apart than this share of the writing's height."""

_INK_LEVEL: Final = 96
"""Ink levels above this connect strokes; fainter ones are only soft edges."""

_HOLLOW: Final = 0.04
"""A dot leaves at most this share of its convex hull open; the boldest digit has hollows, a 0 its hole."""

_RAGGED: Final = 0.25
"""And, of the pixels along its edge, at most this share, since a small disc of pixels isn't quite convex."""

_ROUND: Final = 1.7
"""A dot is at most this much longer than wide; a solid bar that is longer may be a 1."""


class Box(NamedTuple):
    """A rectangle in pixels."""

    x: int
    y: int
    width: int
    height: int

    @property
    def side(self) -> int:
        """The longer side."""
        return max(self.width, self.height)

    def union(self, other: "Box") -> "Box":
        """The smallest box around both."""
        x, y = min(self.x, other.x), min(self.y, other.y)
        right = max(self.x + self.width, other.x + other.width)
        bottom = max(self.y + self.height, other.y + other.height)
        return Box(x, y, right - x, bottom - y)


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """Ink that may be one digit."""

    ink: Ink
    """uint8 `(h, w)`: this mark's ink alone, white on black, within its box."""

    box: Box
    line: int
    """Its line of writing, from 0."""

    fault: str
    """Why its shape alone rules out a digit; else empty."""


@dataclass(slots=True)
class _Group:
    box: Box
    components: list[int]


def find_marks(ink: Ink) -> list[Mark]:
    """All marks in reading order: lines from the top, each from the left.

    Args:
        ink: uint8 `(H, W)`, white on black.
    """
    count, labels, stats, _ = cv2.connectedComponentsWithStats((ink > _INK_LEVEL).astype(np.uint8), connectivity=8)
    by_area = 1 + np.argsort(-stats[1:, cv2.CC_STAT_AREA], kind="stable")[:MAXIMUM_COMPONENTS]
    groups = [_Group(Box(*(int(v) for v in stats[i, :4])), [int(i)]) for i in by_area if count > 1]
    height = max((group.box.side for group in groups), default=0)
    groups = _join([group for group in groups if group.box.side >= SPECK * height], height)
    marks = []
    for line, row in enumerate(_lines(groups)):
        marks += [_cut_out(ink, labels, group, line, height) for group in row]
    return marks


def _join(groups: list[_Group], height: int) -> list[_Group]:
    """Join the strokes of a digit until nothing more belongs together."""
    joined: list[_Group] = []
    for group in groups:
        whole = group
        while partner := next((each for each in joined if _belong_together(each.box, whole.box, height)), None):
            joined.remove(partner)
            whole = _Group(whole.box.union(partner.box), whole.components + partner.components)
        joined.append(whole)
    return joined


def _belong_together(a: Box, b: Box, height: int) -> bool:
    overlap = min(a.x + a.width, b.x + b.width) - max(a.x, b.x)
    gap = max(a.y, b.y) - min(a.y + a.height, b.y + b.height)
    return overlap >= _OVERLAP * min(a.width, b.width) and gap <= _GAP * height


def _lines(groups: list[_Group]) -> list[list[_Group]]:
    """Groups whose middles lie beside one another are a line; lines from the top, each from the left."""
    lines: list[tuple[Box, list[_Group]]] = []
    for group in sorted(groups, key=lambda each: -each.box.height):
        middle = group.box.y + group.box.height / 2
        for index, (box, row) in enumerate(lines):
            if box.y <= middle <= box.y + box.height:
                row.append(group)
                lines[index] = (box, row)
                break
        else:
            lines.append((group.box, [group]))
    lines.sort(key=lambda line: line[0].y)
    return [sorted(row, key=lambda each: each.box.x) for _, row in lines]


def _cut_out(ink: Ink, labels: npt.NDArray[Any], group: _Group, line: int, height: int) -> Mark:
    """The mark's own ink, soft edges included, without that of its neighbours."""
    x, y, width, height_px = group.box
    x0, y0 = max(x - 1, 0), max(y - 1, 0)
    window = (slice(y0, y + height_px + 1), slice(x0, x + width + 1))
    own = np.isin(labels[window], group.components).astype(np.uint8)
    soft = cv2.dilate(own, np.ones((3, 3), np.uint8)) > 0
    return Mark(np.where(soft, ink[window], 0).astype(np.uint8), group.box, line, _fault(own, group.box, height))


def _fault(own: Ink, box: Box, height: int) -> str:
    if box.side < BESIDE * height:
        return "it is too small beside the other marks"
    if box.side <= _ROUND * min(box.width, box.height) and _is_solid(own):
        return "it is a dot or a blot"
    return ""


def _is_solid(own: npt.NDArray[np.uint8]) -> bool:
    """Whether a mark fills its convex hull but for the raggedness of its edge."""
    outlines, _ = cv2.findContours(own, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    hull = cv2.convexHull(np.concatenate(outlines))
    filled_px = int(cv2.fillConvexPoly(np.zeros_like(own), hull, 1).sum())
    return filled_px - int(own.sum()) <= _HOLLOW * filled_px + _RAGGED * cv2.arcLength(hull, True)
