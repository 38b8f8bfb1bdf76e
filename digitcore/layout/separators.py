"""Find the separators of numbers: points, commas, dashes, slashes and colons between and before the digits of a line.

They are found among the connected components of the ink, since a separator near a digit may have been taken for a part of it, or, as a
slash often is, for a digit itself. `digitcore.layout.separator_shapes` decides by size, shape and height above the baseline; this module
where among the digits a separator stands. "Relative" lengths are multiples of the height of the line's digits.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

import numpy as np

from digitcore.layout.boxes import estimate_writing_height, union_box
from digitcore.layout.components import Mark
from digitcore.layout.line_components import LineComponents
from digitcore.layout.parameters import LayoutParams, SeparatorParams
from digitcore.layout.separator_parts import Part
from digitcore.layout.separator_shapes import match_colon, match_dot, match_shape, match_slash
from digitcore.layout.slant import estimate_slant
from digitcore.numbers import Separator
from digitcore.types import INK_LEVEL, Box, UInt8Array

MAX_OVERLAPPING_MARKS: Final = 8
"""A component whose box overlaps those of more marks is no separator: hatching, whose lines all overlap. It bounds the
time of the search."""

LEADING: Final = (Separator.DASH, Separator.POINT)
"""The separators that may stand before all digits of a line: a minus sign, and the point of ".5"."""


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

    refused: tuple[int, ...] = ()
    """The indices of the refused marks that are the separator."""


def find_separators(
    ink: UInt8Array, marks: Sequence[Mark], refused: Sequence[Mark] = (), params: LayoutParams = LayoutParams()
) -> list[FoundSeparator]:
    """Find the separators of all lines.

    Lines with higher digits come first, so that a comma which was taken for a digit of a line of its own belongs to the line above.

    Args:
        ink: uint8 `(H, W)`, white on black: the whole page.
        marks: that are accepted as digits, those of each line from left to right.
        refused: marks that aren't.
        params: those of separators, their shapes, the slant, the components around a line, and the baseline are used.

    Returns:
        The separators, at most one at each position of a line, by line and position.
    """
    members: dict[int, list[int]] = {}
    for index, mark in enumerate(marks):
        members.setdefault(mark.line, []).append(index)
    found: list[FoundSeparator] = []
    for indices in sorted(members.values(), key=lambda each: -max(marks[index].box.height for index in each)):
        taken = {index for separator in found for index in separator.digits}
        digits = [index for index in indices if index not in taken]
        if digits:
            components = LineComponents.around(ink, [marks[index] for index in digits], params.line_components, params.baseline)
            found += _LineSearch(marks, refused, indices, taken, components, params).find()
    return sorted(found, key=lambda each: (each.line, each.position))


@dataclass(frozen=True, slots=True, eq=False)
class _LineSearch:
    """The search for the separators of one line.

    Attributes:
        marks: of the whole page.
        refused: marks of the whole page that aren't accepted as digits.
        row: indices of the marks in the line, from left to right.
        taken: indices of the marks that are separators of another line.
        components: in and around the line.
        params: as in `find_separators`.
    """

    marks: Sequence[Mark]
    refused: Sequence[Mark]
    row: Sequence[int]
    taken: Set[int]
    components: LineComponents
    params: LayoutParams

    @property
    def indices(self) -> list[int]:
        """Return the indices of the marks in the line that are no separators of another one."""
        return [index for index in self.row if index not in self.taken]

    def find(self) -> list[FoundSeparator]:
        """Return the separators, at most one at each position: the more there might be, the likelier they are pieces of a broken digit."""
        candidates: dict[int, list[FoundSeparator]] = {}
        small = list(self._small_separators())
        slashes = [slash for slash in self._slashes() if not any(_is_next_to(each, slash, self.params.separators) for each in small)]
        for separator in (*slashes, *small):
            candidates.setdefault(separator.position, []).append(separator)
        return [_most_likely(each) for each in candidates.values()]

    def _small_separators(self) -> Iterator[FoundSeparator]:
        """Yield colons, and the points, commas and dashes that are no part of one."""
        parts = self.components.small_parts()
        if not parts:
            return
        params = self.params
        min_confidence = params.separators.min_likely
        dots = {label: part for label, part in parts.items() if match_dot(part, params) >= min_confidence}
        neighbours = list(_neighbours(dots))
        slant = self._slant(self.indices) if neighbours else 0.0
        used: set[int] = set()
        for upper, lower in neighbours:
            probability = match_colon(parts[upper], parts[lower], slant, self.params)
            if probability >= self.params.separators.min_likely and not used & {upper, lower}:
                used |= {upper, lower}
                yield from self._placed(Separator.COLON, probability, upper, lower)
        for label, part in parts.items():
            shape = match_shape(part, self.params)
            if label not in used and shape.probability >= self.params.separators.min_confidence:
                yield from self._placed(shape.kind, shape.probability, label)

    def _slashes(self) -> Iterator[FoundSeparator]:
        """Yield the high straight strokes that lean further than the other digits."""
        params = self.params.separators
        strokes = {
            label: part
            for label, part in self.components.tall_parts().items()
            if match_slash(part, self.params.slant.min_slant, self.params.scoring.min_digit_height, self.params) >= params.min_confidence
        }
        every_stroke = self._digits_of(tuple(strokes)) if strokes else ()
        others = tuple(index for index in self.indices if index not in every_stroke)

        @cache
        def slant_and_height(indices: tuple[int, ...]) -> tuple[float, float]:
            return self._slant(indices), self._relative_height(indices)

        for label, part in strokes.items():
            own = () if others else self._digits_of((label,))
            reference = others or tuple(index for index in self.indices if index not in own) or tuple(self.indices)
            probability = match_slash(part, *slant_and_height(reference), self.params)
            if probability >= params.min_confidence:
                yield from self._placed(Separator.SLASH, probability, label)

    def _relative_height(self, indices: Sequence[int]) -> float:
        height_px = estimate_writing_height([self.marks[index].box for index in indices])
        return max(height_px / self.components.scale.baseline.height_px, self.params.scoring.min_digit_height)

    def _slant(self, indices: Sequence[int]) -> float:
        return estimate_slant([self.marks[index] for index in indices], self.params.slant)

    def _placed(self, kind: Separator, probability: float, *labels: int) -> Iterator[FoundSeparator]:
        """Yield the separator that consists of these components, if it stands where one of its kind may.

        That is between two digits, or, a minus sign or a point, before them.
        """
        box, own = union_box(self.components.box(label) for label in labels), self._digits_of(labels)
        digits = [index for index in self.indices if index not in own]
        max_enclosed_share = self.params.separators.max_enclosed_share
        before = []
        for index in digits:
            share = self._share_left(index, box, labels)
            if max_enclosed_share < share < 1 - max_enclosed_share:
                return
            if share >= 0.5:
                before.append(index)
        if len(before) == len(digits) or (not before and kind not in LEADING):
            return
        position = 1 + self.row.index(before[-1]) if before else 0
        refused = self._consisting_of(labels, self.refused)
        yield FoundSeparator(kind, probability, box, self.marks[digits[0]].line, position, own, refused)

    def _share_left(self, index: int, box: Box, labels: tuple[int, ...]) -> float:
        """Return the share of a digit's ink within a stroke width of a separator's rows that is to the left of its middle; else 1 or 0."""
        mark = self.marks[index]
        if mark.box.x + mark.box.width <= box.x or box.x + box.width <= mark.box.x:
            return float(mark.box.x < box.x)
        scale = self.components.scale
        margin = scale.stroke_width * scale.baseline.height_px
        top = min(box.y - margin, mark.box.y + mark.box.height)
        rows = slice(max(round(top) - mark.box.y, 0), max(round(box.y + box.height + margin) - mark.box.y, 0))
        own = self.components.other_ink(mark, labels, rows)
        total = np.count_nonzero(own)
        if not total:
            return float(mark.box.center_x < box.center_x)
        return np.count_nonzero(own[:, : max(round(box.center_x) - mark.box.x, 0)]) / total

    def _digits_of(self, labels: tuple[int, ...]) -> tuple[int, ...]:
        """Return the digits of the page, those that are separators of other lines left out, that consist of these components."""
        return self._consisting_of(labels, self.marks, self.taken)

    def _consisting_of(self, labels: tuple[int, ...], marks: Sequence[Mark], left_out: Set[int] = frozenset()) -> tuple[int, ...]:
        """Return the indices of the marks that have nearly all of their ink in these components."""
        box = union_box(self.components.box(label) for label in labels)
        near = [index for index, mark in enumerate(marks) if index not in left_out and _overlap(mark.box, box)]
        if len(near) > MAX_OVERLAPPING_MARKS:
            return ()
        max_other_ink = self.params.separators.max_enclosed_share
        return tuple(index for index in near if self._remaining_share(marks[index], labels) <= max_other_ink)

    def _remaining_share(self, mark: Mark, labels: tuple[int, ...]) -> float:
        return float(np.count_nonzero(self.components.other_ink(mark, labels))) / max(float(np.count_nonzero(mark.ink > INK_LEVEL)), 1.0)


def _neighbours(parts: Mapping[int, Part]) -> Iterator[tuple[int, int]]:
    """Yield the labels of each two parts that are at most a digit height apart along the line, the upper one first."""
    labels = sorted(parts, key=lambda label: parts[label].center_x)
    for index, first in enumerate(labels):
        for second in labels[index + 1 :]:
            if parts[second].center_x - parts[first].center_x > 1.0:
                break
            yield (first, second) if parts[first].center < parts[second].center else (second, first)


def _is_next_to(separator: FoundSeparator, slash: FoundSeparator, params: SeparatorParams) -> bool:
    """Return whether a likely separator is next to a slash without a digit between them, so that the slash is a 1."""
    return separator.confidence >= params.min_likely and separator.position in (slash.position, slash.position + len(slash.digits))


def _most_likely(candidates: Sequence[FoundSeparator]) -> FoundSeparator:
    """Return the likeliest separator at one position, with the probability that it is one and the second likeliest isn't."""
    first, *others = sorted(candidates, key=lambda each: -each.confidence)
    return first._replace(confidence=first.confidence * (1 - others[0].confidence)) if others else first


def _overlap(first: Box, second: Box) -> bool:
    share_columns = first.x < second.x + second.width and second.x < first.x + first.width
    return share_columns and first.y < second.y + second.height and second.y < first.y + first.height
