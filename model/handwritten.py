"""Generate synthetic handwritten digits in styles that MNIST lacks: a 1 with a long flag, a barred 7, an open 4.

They are rendered from the stroke paths in `synthetic.hands`, with random pen width, proportion and slant.
"""

from typing import Final

import numpy as np

from digitcore.recognition.normalization import normalize_digit
from digitcore.types import Float64Array, UInt8Array
from model.data import LabelledDigits
from synthetic.hands import HANDS, strokes, write

CANVAS_PX: Final = 120
"""Side of the canvas on which a digit is rendered."""

HEIGHT_PX: Final = 80
"""Height of a digit on the canvas."""

DISPLACEMENT_SD: Final = 0.04
"""Standard deviation of the displacement of a stroke's points, in heights of the digit."""

PEN_WIDTH: Final = (0.08, 0.24)
"""Least and greatest pen width of the other digits, in heights of the digit."""

BROAD_PEN_WIDTH: Final = (0.08, 0.36)
"""Least and greatest pen width of a 1, which has no loop that a broad pen would fill, in heights of the digit."""

FLAG_DEG: Final = (28.0, 75.0)
"""Least and greatest angle of the flag of a 1 below the horizontal, towards the left."""

FLAG_LENGTH: Final = (0.15, 0.6)
"""Least and greatest length of the flag of a 1, in heights of the digit."""

BAR_DEG: Final = (-12.0, 14.0)
"""Least and greatest angle of the bar of a 7 below the horizontal, towards the left."""

BAR_LENGTH: Final = (0.45, 0.8)
"""Least and greatest length of the bar of a 7, in heights of the digit."""

FOOT_SHARE: Final = 0.15
"""Share of the parametric 1s that have a foot."""

CROSSBAR_SHARE: Final = 0.2
"""Share of the parametric 7s that have a crossbar."""

HALF_CROSSBAR_XY: Final = np.array([0.2, 0.0])
"""Half of the crossbar of a 7, in heights of the digit."""

PARAMETRIC_SHARE: Final = 0.5
"""Share of the 1s and 7s that are generated from the parameters above instead of from the paths in `synthetic.hands`."""

_CORNER_XY: Final = (24.0, 20.0)
"""Upper left corner of the digit on the canvas, in pixels."""

_DIGIT_PROBABILITIES: Final = np.array([1, 2, 1, 1, 2, 1, 1, 2, 1, 2]) / 14
"""Probability of each digit: 1, 4, 7 and 9 are written in the most varied ways."""


def handwritten(rng: np.random.Generator) -> tuple[UInt8Array, int]:
    """Generate one random digit: its image, uint8 `(28, 28)`, white ink on black, and its label."""
    digit = int(rng.choice(10, p=_DIGIT_PROBABILITIES))
    parametric = digit in (1, 7) and rng.random() < PARAMETRIC_SHARE
    originals = (_one(rng) if digit == 1 else _seven(rng)) if parametric else strokes(digit, list(HANDS)[rng.integers(len(HANDS))])
    proportion = np.array([rng.uniform(0.6, 1.15), 1.0])
    slant = np.array([[1.0, 0.0], [rng.normal(0, 0.15), 1.0]])
    paths = [_displaced((path * proportion) @ slant, rng) + rng.normal(0, 0.02, 2) for path in originals]
    blank = np.zeros((CANVAS_PX, CANVAS_PX), np.uint8)
    pen_px = rng.uniform(*(BROAD_PEN_WIDTH if digit == 1 else PEN_WIDTH)) * HEIGHT_PX
    return normalize_digit(write(blank, paths, _CORNER_XY, HEIGHT_PX, pen_px)).model_input, digit


def _one(rng: np.random.Generator) -> list[Float64Array]:
    """Generate a 1 that differs from a 7 only by the slope of its flag; sometimes with a foot."""
    top = np.array([0.45, 0.02])
    flag = _line(top + _down_left(rng.uniform(*FLAG_LENGTH), rng.uniform(*FLAG_DEG)), top)
    foot = [_line(np.array([0.25, 0.98]), np.array([0.65, 0.98]))] if rng.random() < FOOT_SHARE else []
    return [np.concatenate([flag, _line(top, np.array([0.45, 0.98]))]), *foot]


def _seven(rng: np.random.Generator) -> list[Float64Array]:
    """Generate a 7 whose bar is nearly horizontal; sometimes with a crossbar."""
    top = np.array([0.6, 0.04])
    bar = _line(top + _down_left(rng.uniform(*BAR_LENGTH), rng.uniform(*BAR_DEG)), top)
    foot = np.array([rng.uniform(0.1, 0.42), 0.98])
    middle = (top + foot) / 2
    crossbar = [_line(middle - HALF_CROSSBAR_XY, middle + HALF_CROSSBAR_XY)] if rng.random() < CROSSBAR_SHARE else []
    return [np.concatenate([bar, _line(top, foot)]), *crossbar]


def _down_left(length: float, angle_deg: float) -> Float64Array:
    """Compute the vector (x, y) of a length towards the left, at an angle below the horizontal."""
    angle = np.deg2rad(angle_deg)
    return length * np.array([-np.cos(angle), np.sin(angle)])


def _line(start: Float64Array, end: Float64Array) -> Float64Array:
    """Sample a straight line at ten points."""
    return np.linspace(start, end, 10)


def _displaced(path: Float64Array, rng: np.random.Generator) -> Float64Array:
    """Add a random displacement to a stroke that varies linearly between four points along it."""
    knots = rng.normal(0, DISPLACEMENT_SD, (4, 2))
    positions = np.linspace(0, len(knots) - 1, len(path))
    return path + np.stack([np.interp(positions, np.arange(len(knots)), knots[:, axis]) for axis in (0, 1)], axis=1)


def many_handwritten(count: int, rng: np.random.Generator) -> LabelledDigits:
    """Generate `count` random digits."""
    images, labels = zip(*(handwritten(rng) for _ in range(count)), strict=True)
    return LabelledDigits(np.stack(images), np.array(labels, np.int64))
