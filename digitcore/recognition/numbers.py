"""Group the digits of each line and the separators between them into numbers.

"Relative" lengths are multiples of the height of the line's digits.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile
from typing import Final, NamedTuple

import numpy as np

from digitcore.layout.boxes import union_box
from digitcore.layout.parameters import LayoutParams
from digitcore.layout.separators import FoundSeparator
from digitcore.messages import Message
from digitcore.numbers import HOLE, Number, Separator, parse_value
from digitcore.recognition.parameters import NumberParams
from digitcore.rejections import RejectionReason
from digitcore.results import Digit
from digitcore.types import Box

_HOLE_REASON: Final = Message("a mark in it is not a digit")

_SIGN: Final = " "
"""The text of an item that ends a number: a plus sign, a multiplication sign, a parenthesis."""

_LEADING: Final = (Separator.DASH, Separator.POINT)


class _Item(NamedTuple):
    """One character of a number, and where it stands."""

    text: str
    confidence: float
    box: Box
    reason: str = ""
    """Why it is unsure; else empty."""

    separator: FoundSeparator | None = None
    """Where it is one that is shown."""


class GroupedNumbers(NamedTuple):
    """The numbers of a picture."""

    lines: list[list[Number]]
    """Of each line that has accepted digits, from the left. None in a line whose digits are separators of another one."""

    separators: list[FoundSeparator]
    """Those that are in the text of a number."""


def group_numbers(
    digits: Sequence[Digit],
    separators: Sequence[FoundSeparator],
    unsure_below: float,
    params: NumberParams = NumberParams(),
    layout: LayoutParams = LayoutParams(),
) -> GroupedNumbers:
    """Group digits and separators into numbers, which end at wide gaps and at signs such as +.

    Args:
        digits: all marks of a picture in reading order, the refused ones included.
        separators: between the accepted ones; their boxes, as those of the digits, in pixels of the upright original.
        unsure_below: the confidence below which a separator is unsure.
        params: how wide a space is.
        layout: the height of what isn't dust, and which separators are likely, are used.

    Returns:
        The numbers, and their separators.
    """
    accepted = [digit for digit in digits if digit.accepted]
    min_likely = layout.separators.min_likely
    lines, shown = [], []
    for line in sorted({digit.line for digit in accepted}):
        indices = [index for index, digit in enumerate(accepted) if digit.line == line]
        here = [each for each in separators if each.line == line]
        taken = {index for each in separators if each.confidence >= min_likely for index in each.digits}
        refused = [digit for digit in digits if digit.line == line and not digit.accepted]
        height = float(np.median([accepted[index].box_xywh[3] for index in indices]))
        row = [(Box(*accepted[index].box_xywh), None if index in taken else accepted[index]) for index in indices]
        holes = _holes(refused, [each.box for each in here if each.confidence >= min_likely], layout.components.min_mark_height * height)
        others = [_Item(HOLE, 1.0, hole, _HOLE_REASON) for hole in holes]
        others += [_Item(_SIGN, 1.0, Box(*digit.box_xywh)) for digit in refused if digit.rejection is RejectionReason.SIGN]
        terms = _split_at_signs(_items(row, here, others, unsure_below, min_likely))
        numbers = [number for term in terms for group in _split_at_spaces(term, height, params) if (number := _items_of_number(group))]
        lines.append([_as_number(items) for items in numbers])
        shown += [item.separator for items in numbers for item in items if item.separator]
    return GroupedNumbers(lines, shown)


def _items(
    row: Sequence[tuple[Box, Digit | None]],
    separators: Sequence[FoundSeparator],
    others: Sequence[_Item],
    unsure_below: float,
    min_likely: float,
) -> list[_Item]:
    """Arrange digits, separators and others, holes and signs, from left to right; a digit that is a separator is None."""
    items: list[_Item] = []
    edges = [-math.inf, *(box.center_x for box, _ in row), math.inf]
    for position, (left, right) in enumerate(pairwise(edges)):
        between = [_separator_item(each, unsure_below, min_likely) for each in separators if each.position == position]
        between += [other for other in others if left < other.box.center_x <= right]
        items += sorted(between, key=lambda each: each.box.center_x)
        if position < len(row) and (digit := row[position][1]) is not None:
            items.append(_Item(digit.name, digit.confidence, row[position][0]))
    return items


def _separator_item(separator: FoundSeparator, unsure_below: float, min_likely: float) -> _Item:
    """Describe a separator; one that is too unsure to be shown is an item without text."""
    kind, confidence = separator.kind.value, separator.confidence
    if confidence < min_likely:
        return _Item("", 1 - confidence, separator.box, Message("there may be a “{separator}” in it", separator=kind))
    reason = Message("unsure about the “{separator}”", separator=kind)
    return _Item(kind, confidence, separator.box, reason if confidence < unsure_below else "", separator)


def _holes(refused: Sequence[Digit], separator_boxes: Sequence[Box], min_height: float) -> list[Box]:
    """Return the boxes of the refused marks that are neither dust, nor a sign, nor a separator."""
    boxes = [Box(*digit.box_xywh) for digit in refused if digit.box_xywh[3] >= min_height and digit.rejection is not RejectionReason.SIGN]
    return [box for box in boxes if not any(other.x <= box.center_x < other.x + other.width for other in separator_boxes)]


def _split_at_signs(items: Sequence[_Item]) -> list[list[_Item]]:
    """Divide items at the signs among them, which are left out."""
    terms: list[list[_Item]] = [[]]
    for item in items:
        if item.text == _SIGN:
            terms.append([])
        else:
            terms[-1].append(item)
    return [term for term in terms if term]


def _split_at_spaces(items: Sequence[_Item], height: float, params: NumberParams) -> Iterator[list[_Item]]:
    """Yield the items of each number; between two numbers there is a wide gap."""
    gaps = [right.box.x - left.box.x - left.box.width for left, right in pairwise(items)]
    median = float(np.median(gaps)) if gaps else 0.0
    space = min(max(params.min_gap_ratio * median, params.min_space * height), params.max_space * height)
    starts = [0, *(index + 1 for index, gap in enumerate(gaps) if gap >= space), len(items)]
    for first, end in pairwise(starts):
        yield list(items[first:end])


def _items_of_number(items: Sequence[_Item]) -> list[_Item]:
    """Leave out the separators at the ends of a number, but for a minus sign or a leading point; nothing is left without digits."""
    digits = [index for index, item in enumerate(items) if item.text not in ("", HOLE) and item.separator is None]
    if not digits:
        return []
    leading = _trimmed(items[: digits[0]][::-1], (HOLE, "", *_LEADING))[::-1]
    return [*leading, *items[digits[0] : digits[-1] + 1], *_trimmed(items[digits[-1] + 1 :], (HOLE,))]


def _as_number(items: Sequence[_Item]) -> Number:
    """Return the number that consists of these items."""
    text = "".join(item.text for item in items)
    reasons = sorted((item.reason for item in items if item.reason), key=lambda reason: reason != _HOLE_REASON)
    value = parse_value(text) if all(item.text for item in items) else None
    x, y, width, height = union_box(item.box for item in items)
    return Number(text, value, min(item.confidence for item in items), (x, y, width, height), reasons[0] if reasons else "")


def _trimmed(items: Sequence[_Item], allowed: Sequence[str]) -> list[_Item]:
    """Return the first items, as long as they are allowed next to the digits."""
    return list(takewhile(lambda item: item.text in allowed, items))
