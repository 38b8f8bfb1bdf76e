"""Numbers with separators by synthetic writers: points, commas, minus signs, dashes, slashes and colons between and before the digits."""

from collections.abc import Callable
from typing import Final

import numpy as np

from digitcore.types import Float64Array
from synthetic.allographs import Paths, line, polyline
from synthetic.writers import Writer

DIGIT_GAP: Final = (0.1, 0.35)
"""Least and greatest gap between two digits, in heights of a digit, like those below; a writer's own gap varies by a third around it."""

SEPARATOR_GAP: Final = (0.06, 0.22)
"""Least and greatest gap between a separator and the digit next to it."""

PLAIN_SHARE: Final = 0.3
"""The share of random numbers that have no separator."""


def random_number(rng: np.random.Generator) -> str:
    """Compose a random number: plain digits, a decimal, negative, with groups of thousands, a date, a fraction, a time or a range."""
    if rng.random() < PLAIN_SHARE:
        return _digits(rng, 1, 6)
    return str(_FORMS[rng.integers(len(_FORMS))](rng))


def write_number(writer: Writer, text: str, rng: np.random.Generator) -> Paths:
    """Write a number in one line.

    Args:
        writer: whose hand it is.
        text: digits and separators, each of `.,-/:`.
        rng: determines this writing of the number.

    Returns:
        The strokes, float64 `(N, 2)` each, x to the right from 0 and y down, in heights of a digit: digits reach from about 0 to 1.
    """
    usual_gap, right = rng.uniform(*DIGIT_GAP), 0.0
    written: Paths = []
    for index, character in enumerate(text):
        is_digit = character.isdigit()
        paths = _write_digit(writer, int(character), rng) if is_digit else write_separator(writer, character, rng)
        beside_digits = is_digit and (index == 0 or text[index - 1].isdigit())
        gap = usual_gap * rng.uniform(0.67, 1.33) if beside_digits else rng.uniform(*SEPARATOR_GAP)
        left = min(path[:, 0].min() for path in paths)
        shift = right + writer.pen + (gap if index else 0.0) - left
        written += [path + np.array([shift, 0.0]) for path in paths]
        right = max(path[:, 0].max() for path in written)
    return written


def write_separator(writer: Writer, character: str, rng: np.random.Generator) -> Paths:
    """Write one of the separators `.,-/:` where it belongs in a line whose digits reach from 0 to 1.

    Args:
        writer: whose hand it is.
        character: the separator.
        rng: determines this writing.

    Returns:
        The strokes, in heights of a digit.
    """
    if character == ".":
        return [_dot(rng, rng.normal(0.96, 0.03))]
    if character == ":":
        return [_dot(rng, rng.normal(0.35, 0.06)), _dot(rng, rng.normal(0.9, 0.05))]
    if character == ",":
        top, length, lean = rng.normal(0.9, 0.03), rng.uniform(0.22, 0.38), rng.uniform(0.0, 0.16)
        bend = (0.02 + rng.uniform(-0.02, 0.04), top + 0.5 * length)
        return [np.array([[0.0, top], bend, [-lean, top + length]]) + rng.normal(0, writer.tremor, (3, 2))]
    if character == "-":
        width, tilt = rng.uniform(0.25, 0.55), rng.normal(0, 0.03)
        start_y = rng.normal(0.52, 0.06)
        return writer.write_paths([line((0.0, start_y), (width, start_y + tilt))], rng)
    width, top, bottom = rng.uniform(0.35, 0.6), rng.uniform(-0.15, 0.05), rng.uniform(0.97, 1.2)
    return writer.write_paths([polyline([(width, top), (0.0, bottom)])], rng)


def _write_digit(writer: Writer, digit: int, rng: np.random.Generator) -> Paths:
    size, shift = rng.uniform(0.9, 1.05), rng.normal(0, 0.025)
    return [path * size + (0.0, 1 - size + shift) for path in writer.write(digit, rng)[0]]


def _dot(rng: np.random.Generator, y: float) -> Float64Array:
    """Return a very short stroke: a pen that is put down and lifted."""
    return np.array([(0.0, y), (rng.normal(0, 0.02), y + rng.uniform(0, 0.04))])


def _digits(rng: np.random.Generator, least: int, most: int) -> str:
    return "".join(str(digit) for digit in rng.integers(0, 10, rng.integers(least, most + 1)))


def _decimal(rng: np.random.Generator) -> str:
    return f"{_digits(rng, 1, 3)}{rng.choice(list('.,'))}{_digits(rng, 1, 3)}"


_FORMS: Final[tuple[Callable[[np.random.Generator], str], ...]] = (
    _decimal,
    _decimal,
    lambda rng: "-" + _digits(rng, 1, 4),
    lambda rng: "-" + _decimal(rng),
    lambda rng: f"{_digits(rng, 1, 2)}/{_digits(rng, 2, 2)}",
    lambda rng: f"{_digits(rng, 2, 2)}/{_digits(rng, 2, 2)}/{_digits(rng, 4, 4)}",
    lambda rng: f"{_digits(rng, 1, 2)}:{_digits(rng, 2, 2)}",
    lambda rng: f"{_digits(rng, 2, 4)}-{_digits(rng, 2, 4)}",
    lambda rng: f"{_digits(rng, 1, 2)},{_digits(rng, 3, 3)}.{_digits(rng, 2, 2)}",
)
