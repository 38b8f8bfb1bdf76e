"""The lines of a reading as they are written: with separators, with refused marks in their place, and with the visitor's corrections."""

from collections.abc import Callable, Iterator, Sequence
from html import escape
from typing import NamedTuple

from digitcore import Digit, Number, Reading
from digitcore.numbers import HOLE


class Character(NamedTuple):
    """A character of a written line."""

    text: str
    """A digit, a separator, a space, or `HOLE`; empty for a mark that is shown only because of its correction."""

    correction: str | None = None
    """What the visitor says that it is, empty for no digit; None without a correction."""


FindCorrection = Callable[[Digit], str | None]
"""Returns the visitor's correction of a mark: a digit, or empty for no digit; None without one."""


def written_lines(reading: Reading, find_correction: FindCorrection) -> list[list[Character]]:
    """List the characters of each line that has digits.

    Args:
        reading: the reading of one picture.
        find_correction: returns the visitor's correction of a mark.

    Returns:
        The characters of each line, from the top; numbers are separated by spaces.
    """
    if not reading.numbers:
        return [[Character(char) for char in line] for line in reading.lines]
    marks_of = [[mark for mark in reading.digits if mark.line == line] for line in _lines_with_digits(reading)]
    texts = [" ".join(number.text for number in line) for line in reading.numbers]
    return [list(_characters(text, marks, find_correction)) for text, marks in zip(texts, marks_of, strict=True) if text]


def written_html(lines: Sequence[Sequence[Character]]) -> str:
    """Write lines as HTML: what is corrected is struck through and followed by its correction."""
    return "<br>\n".join("".join(_html(*char) for char in line) for line in lines)


def with_separators(digits: str, line: Sequence[Number]) -> str:
    """Write another text of a line with the separators of that line.

    Args:
        digits: the digits of the text.
        line: the numbers of the line as it was read.

    Returns:
        The text with separators, or without where the line has other places for digits.
    """
    template = " ".join(number.text for number in line)
    if HOLE in template or sum(char.isdigit() for char in template) != len(digits):
        return digits
    rest = iter(digits)
    return "".join(next(rest) if char.isdigit() else char for char in template)


def longest_line(lines: Sequence[Sequence[Character]]) -> int:
    """Return the number of characters of the longest line as it is shown, at least 1."""
    return max((sum(len(char.text) + len(char.correction or "") for char in line) for line in lines), default=1)


def correction_html(text: str, correction: str) -> str:
    """Write a text that is struck through, and what is right instead; either may be empty."""
    deleted = f"<del>{escape(text)}</del>" if text else ""
    return deleted + (f"<ins>{escape(correction)}</ins>" if correction else "")


def _html(text: str, correction: str | None) -> str:
    return escape(text) if correction is None else correction_html(text, correction)


def _lines_with_digits(reading: Reading) -> list[int]:
    return sorted({mark.line for mark in reading.digits if mark.accepted})


def _characters(text: str, marks: Sequence[Digit], find_correction: FindCorrection) -> Iterator[Character]:
    """Align the text of a line with its marks, of which some may be missing in it, and attach the corrections of the marks."""
    position = 0
    for char in text:
        found = _find(char, marks, position)
        if found is None:
            yield Character(char)
            continue
        yield from _missing(marks[position:found], find_correction)
        yield Character(char, find_correction(marks[found]))
        position = found + 1
    yield from _missing(marks[position:], find_correction)


def _find(char: str, marks: Sequence[Digit], start: int) -> int | None:
    """Return the index of the first mark from `start` on for which a character stands; anything but a digit is before the next digit."""
    for index in range(start, len(marks)):
        if marks[index].character == char:
            return index
        if marks[index].character.isdigit() and not char.isdigit():
            return None
    return None


def _missing(marks: Sequence[Digit], find_correction: FindCorrection) -> Iterator[Character]:
    """Yield the marks that the text lacks but that are digits, according to the visitor."""
    characters = (Character("", find_correction(mark)) for mark in marks)
    return (character for character in characters if character.correction)
