"""Digits in hands that MNIST's writers didn't have: a 1 with a long flag, a barred 7, an open 4.

Written from this project's own stroke paths, with another pen, proportion and slant each time.
"""

from typing import Final

import numpy as np

from digitcore.recognition.normalization import normalize_digit
from digitcore.types import Float64Array, UInt8Array
from model.data import LabelledDigits
from synthetic.hands import HANDS, strokes, write

CANVAS_PX: Final = 120
HEIGHT_PX: Final = 80
WOBBLE: Final = 0.04
"""How far the points of a stroke stray, in heights of the digit."""

PEN: Final = (0.08, 0.24)
BROAD_PEN: Final = (0.08, 0.36)
"""Thinnest and thickest pen, in heights of the digit; the broad one for digits without a loop or an angle for it to fill."""

FLAG_DEG: Final = (28.0, 75.0)
FLAG: Final = (0.15, 0.6)
"""A 1's flag falls so steeply from its top, and is so long, in heights of the digit."""

BAR_DEG: Final = (-12.0, 14.0)
BAR: Final = (0.45, 0.8)
"""A 7's bar falls so little to the left, and is so long."""

FOOT: Final = 0.15
BARRED: Final = 0.2
"""This share of the 1s and 7s drawn so has a foot, or a stroke across."""

ACROSS: Final = np.array([0.2, 0.0])

FREELY: Final = 0.5
"""This share of the 1s and 7s has such a flag or bar, instead of a hand's."""

_CORNER_XY: Final = (24.0, 20.0)
_SHARES: Final = np.array([1, 2, 1, 1, 2, 1, 1, 2, 1, 2]) / 14
"""People differ most in how they write 1, 4, 7 and 9."""


def handwritten(rng: np.random.Generator) -> tuple[UInt8Array, int]:
    """Write one random digit: its picture, uint8 `(28, 28)`, and its label."""
    digit = int(rng.choice(10, p=_SHARES))
    freely = digit in (1, 7) and rng.random() < FREELY
    drawn = (_one(rng) if digit == 1 else _seven(rng)) if freely else strokes(digit, list(HANDS)[rng.integers(len(HANDS))])
    proportion = np.array([rng.uniform(0.6, 1.15), 1.0])
    slant = np.array([[1.0, 0.0], [rng.normal(0, 0.15), 1.0]])
    paths = [_wobbled((path * proportion) @ slant, rng) + rng.normal(0, 0.02, 2) for path in drawn]
    blank = np.zeros((CANVAS_PX, CANVAS_PX), np.uint8)
    pen_px = rng.uniform(*(BROAD_PEN if digit == 1 else PEN)) * HEIGHT_PX
    return normalize_digit(write(blank, paths, _CORNER_XY, HEIGHT_PX, pen_px)).model_input, digit


def _one(rng: np.random.Generator) -> list[Float64Array]:
    """Write a 1 that differs from a 7 by the slope of its flag alone; sometimes with a foot."""
    top = np.array([0.45, 0.02])
    flag = _line(top + _falling_left(rng.uniform(*FLAG), rng.uniform(*FLAG_DEG)), top)
    foot = [_line(np.array([0.25, 0.98]), np.array([0.65, 0.98]))] if rng.random() < FOOT else []
    return [np.concatenate([flag, _line(top, np.array([0.45, 0.98]))]), *foot]


def _seven(rng: np.random.Generator) -> list[Float64Array]:
    """Write a 7 whose bar is nearly level; sometimes with a crossbar."""
    top = np.array([0.6, 0.04])
    bar = _line(top + _falling_left(rng.uniform(*BAR), rng.uniform(*BAR_DEG)), top)
    foot = np.array([rng.uniform(0.1, 0.42), 0.98])
    middle = (top + foot) / 2
    across = [_line(middle - ACROSS, middle + ACROSS)] if rng.random() < BARRED else []
    return [np.concatenate([bar, _line(top, foot)]), *across]


def _falling_left(length: float, angle_deg: float) -> Float64Array:
    angle = np.deg2rad(angle_deg)
    return length * np.array([-np.cos(angle), np.sin(angle)])


def _line(start: Float64Array, end: Float64Array) -> Float64Array:
    return np.linspace(start, end, 10)


def _wobbled(path: Float64Array, rng: np.random.Generator) -> Float64Array:
    """Bend the course of a stroke a little, differently each time."""
    knots = rng.normal(0, WOBBLE, (4, 2))
    along = np.linspace(0, len(knots) - 1, len(path))
    return path + np.stack([np.interp(along, np.arange(len(knots)), knots[:, axis]) for axis in (0, 1)], axis=1)


def many_handwritten(count: int, rng: np.random.Generator) -> LabelledDigits:
    """`count` such digits."""
    images, labels = zip(*(handwritten(rng) for _ in range(count)), strict=True)
    return LabelledDigits(np.stack(images), np.array(labels, np.int64))
