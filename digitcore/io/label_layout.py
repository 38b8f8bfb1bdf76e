"""Where the labels of an annotated picture go: next to what they name, neither over the writing nor over each other."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from digitcore.types import BoolArray, Box

_CLEARANCE: Final = 2
"""How many labels high the space below a box must be for its label: it would seem to belong to what is just below."""

_Place = tuple[Box, Box]
"""The rectangle of a label, and its surroundings, which must be free."""


class Labelled(NamedTuple):
    """A box that has a label."""

    box: Box
    """In pixels of the picture."""

    texts: tuple[str, ...]
    """The shortest one first; a longer one is shown where there is space for it."""


class PlacedText(NamedTuple):
    """A text and the rectangle of its label."""

    text: str
    rectangle: Box


class LabelLayout:
    """Places the labels of a picture one after another.

    Args:
        size_wh: width and height of the picture in pixels.
        writing: the boxes that no label may cover.
        measure: returns the width and height of a text's label in pixels.
    """

    def __init__(self, size_wh: tuple[int, int], writing: Iterable[Box], measure: Callable[[str], tuple[int, int]]) -> None:
        self._taken = np.zeros((size_wh[1], size_wh[0]), np.bool_)
        self._measure = measure
        for box in writing:
            self._area(box)[:] = True

    def place_marks(self, marks: Sequence[Labelled]) -> list[PlacedText | None]:
        """Place the label of each mark above it, or below it where no other mark is near; longer texts once all have their shortest one.

        Args:
            marks: in reading order.

        Returns:
            The label of each mark; None where there is no space for it.
        """
        placed = [self._place(mark.texts[0], _next_to_mark(mark.box, self._measure(mark.texts[0]))) for mark in marks]
        return [self._extend(label, mark) if label else None for label, mark in zip(placed, marks, strict=True)]

    def place_number(self, number: Labelled) -> PlacedText | None:
        """Place the text of a number below it, or where the next line is near, to the right or left of it.

        Args:
            number: with one text.

        Returns:
            The label; None where there is no space for it.
        """
        (text,) = number.texts
        return self._place(text, _next_to_number(number.box, self._measure(text)))

    def place_inside(self, mark: Labelled) -> PlacedText:
        """Place the label of a mark in the upper left corner of its box, whatever it covers.

        Args:
            mark: anywhere in the picture.

        Returns:
            The label.
        """
        text, (height, width) = mark.texts[0], self._taken.shape
        label_width, label_height = self._measure(text)
        x = min(max(mark.box.x, 0), max(width - label_width, 0))
        y = min(max(mark.box.y, 0), max(height - label_height, 0))
        return self._take(PlacedText(text, Box(x, y, label_width, label_height)))

    def _extend(self, label: PlacedText, mark: Labelled) -> PlacedText:
        """Replace a label by one with the longest of the mark's texts that has space."""
        if len(mark.texts) == 1:
            return label
        self._area(label.rectangle)[:] = False
        longer = (self._place(text, _next_to_mark(mark.box, self._measure(text))) for text in mark.texts[:0:-1])
        return next(filter(None, longer), None) or self._take(label)

    def _place(self, text: str, places: Iterable[_Place]) -> PlacedText | None:
        """Take the first place inside the picture whose surroundings are free."""
        height, width = self._taken.shape
        for rectangle, surroundings in places:
            x, y, label_width, label_height = rectangle
            is_inside = x >= 0 and y >= 0 and x + label_width <= width and y + label_height <= height
            if is_inside and not self._area(surroundings).any():
                return self._take(PlacedText(text, rectangle))
        return None

    def _take(self, label: PlacedText) -> PlacedText:
        self._area(label.rectangle)[:] = True
        return label

    def _area(self, box: Box) -> BoolArray:
        """Return a view of the pixels within a box."""
        return self._taken[max(box.y, 0) : max(box.y + box.height, 0), max(box.x, 0) : max(box.x + box.width, 0)]


def _next_to_mark(box: Box, size: tuple[int, int]) -> Iterator[_Place]:
    """Yield the places for the label of a mark, the best first."""
    width, height = size
    for x in (box.x, box.x + (box.width - width) // 2, box.x + box.width - width):
        above = Box(x, box.y - height, width, height)
        yield above, above
    below = Box(box.x, box.y + box.height, width, height)
    yield below, below if box.y < height else below._replace(height=_CLEARANCE * height)


def _next_to_number(box: Box, size: tuple[int, int]) -> Iterator[_Place]:
    """Yield the places for the text of a number, the best first."""
    width, height = size
    below = Box(box.x, box.y + box.height, width, height)
    yield below, below._replace(height=_CLEARANCE * height)
    for x in (box.x + box.width, box.x - width):
        next_to_line = Box(x, round(box.center_y - height / 2), width, height)
        yield next_to_line, next_to_line
    for y in (below.y, box.y - height):
        for x in (box.x, box.x + box.width - width):
            place = Box(x, y, width, height)
            yield place, place
