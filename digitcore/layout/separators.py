"""Find the separators of numbers: points, commas, dashes, slashes and colons between and before the digits of a line.

They are found among the connected components of the ink, since a separator near a digit may have been taken for a part of it, or, as a
slash often is, for a digit itself. `digitcore.layout.separator_shapes` decides by size, shape and height above the baseline; this module
where among the digits a separator stands. "Relative" lengths are multiples of the height of the line's digits.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Final, NamedTuple, Self

import cv2
import numpy as np

from digitcore.layout.baseline import Baseline
from digitcore.layout.boxes import union_box
from digitcore.layout.components import Mark
from digitcore.layout.distance_transform import mean_stroke_width
from digitcore.layout.separator_parts import LineScale, Part
from digitcore.layout.separator_shapes import match_colon, match_shape, match_slash
from digitcore.layout.slant import estimate_slant
from digitcore.numbers import Separator
from digitcore.preprocessing.component_limit import limit_components
from digitcore.types import INK_LEVEL, BoolArray, Box, Int32Array, UInt8Array

MIN_CONFIDENCE: Final = 0.1
"""Marks that are a separator with less confidence are dust, or parts of digits."""

MAX_RELATIVE_MARK_HEIGHT: Final = 0.6
"""Points, commas and dashes are lower; what is as high may be a slash."""

MAX_RELATIVE_SLASH_HEIGHT: Final = 2.0
"""What is higher is no slash either."""

MIN_RELATIVE_SIDE: Final = 0.03
"""What is smaller is dust."""

MAX_PARTS_PER_DIGIT: Final = 3
"""Of more small marks for each digit of a line none is a separator: they are dust, or print."""

REACH: Final = 0.8
"""Separators are looked for this far beside and below the digits of a line; a minus sign stands before them."""

REACH_ABOVE: Final = 0.3
"""And this far above."""

MIN_OWN_INK: Final = 0.7
"""A digit that has this share of its ink in a separator is the separator."""

MAX_ENCLOSED_SHARE: Final = 0.15
"""A part of a digit, such as the dot in a 0, has at least this share of the digit's ink, in the same rows, on either side."""


HIGHEST: Final = 0.1
LOWEST: Final = 1.1
"""A separator reaches further down than the first, and further up than the second: 0 is the top of the digits, 1 the baseline."""

MIN_COLON_CONFIDENCE: Final = 0.5
"""Two dots that are a colon with less confidence are two separators, or none."""

LEADING: Final = (Separator.DASH, Separator.POINT)
"""The separators that may stand before all digits of a line: a minus sign, and the point of ".5"."""

ROW_MARGIN: Final = 0.1
"""The rows of a separator reach this far beyond it, above and below, when its place among the digits is determined."""

LOWEST_ROWS: Final = 0.3
"""Next to a separator below a digit, the digit's lowest rows count, down from this relative height."""

MIN_LIKELY: Final = 0.5
"""Candidates with this confidence compete for a position."""

MIN_SLANT: Final = -0.3
"""The slant of a line that leans furthest to the left; see `layout.slant`."""


class FoundSeparator(NamedTuple):
    """A separator in a line of digits."""

    kind: Separator
    confidence: float
    box: Box
    """In pixels of the page."""

    line: int
    """Index of the line, as of its digits."""

    position: int
    """How many digits of the line are to its left."""

    digits: tuple[int, ...]
    """The indices of the marks that are the separator rather than digits."""


def find_separators(ink: UInt8Array, marks: Sequence[Mark]) -> list[FoundSeparator]:
    """Find the separators of all lines.

    Lines with higher digits come first, so that a comma which was taken for a digit of a line of its own belongs to the line above.

    Args:
        ink: uint8 `(H, W)`, white on black: the whole page.
        marks: that are accepted as digits, those of each line from left to right.

    Returns:
        The separators, at most one at each position of a line, by line and position.
    """
    members: dict[int, list[int]] = {}
    for index, mark in enumerate(marks):
        members.setdefault(mark.line, []).append(index)
    found: list[FoundSeparator] = []
    for indices in sorted(members.values(), key=lambda each: -max(marks[index].box.height for index in each)):
        taken = {index for separator in found for index in separator.digits}
        if not taken.issuperset(indices):
            found += _LineSearch.begin(ink, marks, indices, taken).find()
    return sorted(found, key=lambda each: (each.line, each.position))


@dataclass(frozen=True, slots=True, eq=False)
class _LineSearch:
    """The search for the separators of one line.

    Attributes:
        marks: of the whole page.
        indices: of the marks in the line, from left to right.
        taken: indices of the marks that are separators of another line.
        labels: int32 `(h, w)`: the connected components in and around the line.
        stats: int32 `(N, 5)`: OpenCV's measures of each.
        origin_xy: the page's column and row of the upper left corner of `labels`.
        ink: uint8 `(h, w)`: the ink of the same place.
        scale: what they are compared with.
    """

    marks: Sequence[Mark]
    indices: Sequence[int]
    taken: set[int]
    labels: Int32Array
    stats: Int32Array
    origin_xy: tuple[int, int]
    ink: UInt8Array
    scale: LineScale

    @classmethod
    def begin(cls, ink: UInt8Array, marks: Sequence[Mark], indices: Sequence[int], taken: set[int]) -> Self:
        """Measure the line, and label the connected components around it."""
        digits = [marks[index] for index in indices if index not in taken]
        baseline = Baseline.of_digits([_body(mark) for mark in digits])
        x, y, width, height = union_box(mark.box for mark in digits)
        reach, above = round(REACH * baseline.height_px), round(REACH_ABOVE * baseline.height_px)
        left, top = max(x - reach, 0), max(y - above, 0)
        window = ink[top : y + height + reach, left : x + width + reach]
        mask = limit_components((window > INK_LEVEL).view(np.uint8))
        _, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
        stroke_px = float(np.median([mean_stroke_width(mark.ink, cv2.DIST_MASK_3) for mark in digits]))
        level = float(np.median([_peak_level(mark.ink) for mark in digits]))
        scale = LineScale(baseline, max(stroke_px, 1.0) / baseline.height_px, level)
        return cls(marks, indices, taken, np.asarray(labels, np.int32), np.asarray(stats, np.int32), (left, top), window, scale)

    def find(self) -> list[FoundSeparator]:
        """Return the separators, at most one at each position: the more there might be, the likelier they are pieces of a broken digit."""
        candidates: dict[int, list[FoundSeparator]] = {}
        for separator in (*self._slashes(), *self._small_separators()):
            candidates.setdefault(separator.position, []).append(separator)
        return [_most_likely(each) for each in candidates.values()]

    def _small_separators(self) -> Iterator[FoundSeparator]:
        """Yield colons, and the points, commas and dashes that are no part of one."""
        parts = self._small_parts()
        if len(parts) > MAX_PARTS_PER_DIGIT * len(self.indices):
            return
        slant = self._slant(self.indices)
        used: set[int] = set()
        for upper, lower in permutations(parts, 2):
            probability = match_colon(parts[upper], parts[lower], slant, self.scale)
            if probability >= MIN_COLON_CONFIDENCE and not used & {upper, lower}:
                used |= {upper, lower}
                yield from self._placed(Separator.COLON, probability, upper, lower)
        for label, part in parts.items():
            shape = match_shape(part, self.scale)
            if label not in used and shape.probability >= MIN_CONFIDENCE:
                yield from self._placed(shape.kind, shape.probability, label)

    def _slashes(self) -> Iterator[FoundSeparator]:
        """Yield the high straight strokes that lean further than the other digits."""
        tall = {label: self._measure(label) for label in self._labels(MAX_RELATIVE_MARK_HEIGHT, MAX_RELATIVE_SLASH_HEIGHT)}
        strokes = {label: part for label, part in tall.items() if match_slash(part, MIN_SLANT) >= MIN_CONFIDENCE}
        every_stroke = self._consisting_of(tuple(strokes)) if strokes else ()
        others = [index for index in self.indices if index not in every_stroke]
        for label, part in strokes.items():
            own = self._consisting_of((label,))
            slant = self._slant(others or [index for index in self.indices if index not in own] or self.indices)
            probability = match_slash(part, slant)
            if probability >= MIN_CONFIDENCE:
                yield from self._placed(Separator.SLASH, probability, label)

    def _slant(self, indices: Sequence[int]) -> float:
        return estimate_slant([self.marks[index] for index in indices])

    def _placed(self, kind: Separator, probability: float, *labels: int) -> Iterator[FoundSeparator]:
        """Yield the separator that consists of these components, if it stands where one of its kind may.

        That is between two digits, or, a minus sign or a point, before them.
        """
        box, own = union_box(self._box(label) for label in labels), self._consisting_of(labels)
        digits = [index for index in self.indices if index not in own and index not in self.taken]
        shares = [self._share_left(index, box, labels) for index in digits]
        if any(MAX_ENCLOSED_SHARE < share < 1 - MAX_ENCLOSED_SHARE for share in shares):
            return
        before = [index for index, share in zip(digits, shares, strict=True) if share >= 0.5]
        if len(before) == len(digits) or (not before and kind not in LEADING):
            return
        position = 1 + self.indices.index(before[-1]) if before else 0
        yield FoundSeparator(kind, probability, box, self.marks[digits[0]].line, position, own)

    def _share_left(self, index: int, box: Box, labels: tuple[int, ...]) -> float:
        """Return the share of a digit's ink, in the rows of a separator, that is to the left of its middle; 1 or 0 without such ink."""
        mark = self.marks[index]
        margin = ROW_MARGIN * self.scale.baseline.height_px
        last_row = mark.box.y + mark.box.height
        top = min(box.y - margin, last_row - LOWEST_ROWS * self.scale.baseline.height_px)
        rows = slice(max(round(top) - mark.box.y, 0), max(round(box.y + box.height + margin) - mark.box.y, 0))
        own = self._own_ink(mark, labels)[rows]
        columns = own.sum(axis=0)
        total = int(columns.sum())
        if not total:
            return float(mark.box.center_x < box.center_x)
        return float(columns[: max(round(box.center_x) - mark.box.x, 0)].sum() / total)

    def _own_ink(self, mark: Mark, labels: tuple[int, ...]) -> BoolArray:
        """Return the ink of a mark, bool `(h, w)`, without that of some components."""
        own = mark.ink > INK_LEVEL
        for label in labels:
            x, y, width, height = self._box(label)
            rows = slice(max(y - mark.box.y, 0), max(y + height - mark.box.y, 0))
            columns = slice(max(x - mark.box.x, 0), max(x + width - mark.box.x, 0))
            left, top = mark.box.x + columns.start - self.origin_xy[0], mark.box.y + rows.start - self.origin_xy[1]
            window = own[rows, columns]
            window &= self.labels[top : top + window.shape[0], left : left + window.shape[1]] != label
        return np.asarray(own)

    def _consisting_of(self, labels: tuple[int, ...]) -> tuple[int, ...]:
        """Return the marks of the page that have nearly all of their ink in these components."""
        box = union_box(self._box(label) for label in labels)
        near = [index for index, mark in enumerate(self.marks) if index not in self.taken and _overlap(mark.box, box)]
        return tuple(index for index in near if self._remaining_share(self.marks[index], labels) <= 1 - MIN_OWN_INK)

    def _remaining_share(self, mark: Mark, labels: tuple[int, ...]) -> float:
        return float(self._own_ink(mark, labels).sum()) / max(float((mark.ink > INK_LEVEL).sum()), 1.0)

    def _small_parts(self) -> dict[int, Part]:
        """Measure the small components at the height of the line; those of its neighbours are left out."""
        parts = {label: self._measure(label) for label in self._labels(MIN_RELATIVE_SIDE, MAX_RELATIVE_MARK_HEIGHT)}
        return {label: part for label, part in parts.items() if part.bottom > HIGHEST and part.top < LOWEST}

    def _labels(self, min_height: float, max_height: float) -> list[int]:
        """List the components of these relative heights."""
        heights = self.stats[1:, cv2.CC_STAT_HEIGHT] / self.scale.baseline.height_px
        return [int(label) for label in 1 + np.flatnonzero((heights >= min_height) & (heights < max_height))]

    def _box(self, label: int) -> Box:
        """Return the box of a component on the page."""
        x, y, width, height = (int(value) for value in self.stats[label, :4])
        return Box(x + self.origin_xy[0], y + self.origin_xy[1], width, height)

    def _measure(self, label: int) -> Part:
        x, y, width, height = (int(value) for value in self.stats[label, :4])
        mask = self.labels[y : y + height, x : x + width] == label
        return Part.measure(mask, self._box(label), self.scale, _peak_level(self.ink[y : y + height, x : x + width][mask]))


def _most_likely(candidates: Sequence[FoundSeparator]) -> FoundSeparator:
    """Return the likeliest separator at one position; those that are likelier than not share its confidence."""
    best = max(candidates, key=lambda each: each.confidence)
    likely = sum(each.confidence >= MIN_LIKELY for each in candidates)
    return best._replace(confidence=best.confidence / max(likely, 1))


def _overlap(first: Box, second: Box) -> bool:
    both = first.union(second)
    return both.width < first.width + second.width and both.height < first.height + second.height


def _peak_level(ink: UInt8Array) -> float:
    """Return the level that a tenth of the pixels of strokes exceed."""
    return float(np.percentile(ink[ink > INK_LEVEL], 90)) if (ink > INK_LEVEL).any() else 255.0


def _body(mark: Mark) -> Box:
    """Return the box of a mark's largest component: a digit without the separator that was taken for a part of it."""
    _, _, stats, _ = cv2.connectedComponentsWithStats((mark.ink > INK_LEVEL).view(np.uint8))
    if len(stats) < 2:
        return mark.box
    x, y, width, height = (int(value) for value in stats[1 + stats[1:, cv2.CC_STAT_AREA].argmax(), :4])
    return Box(mark.box.x + x, mark.box.y + y, width, height)
