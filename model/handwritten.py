"""Digits in hands that MNIST's writers didn't have: a 1 with a long flag, a barred 7, an open 4.

Written from this project's own stroke paths, with another pen, proportion and slant each time.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from digitcore.geometry import shape_digit
from factory.hands import HANDS, Stroke, strokes, write
from model.data import LabelledDigits

CANVAS_PX: Final = 120
HEIGHT_PX: Final = 80
WOBBLE: Final = 0.04
"""How far the points of a stroke stray, in heights of the digit."""

PEN: Final = (0.08, 0.24)
BROAD_PEN: Final = (0.08, 0.36)
"""Thinnest and thickest pen, in heights of the digit; the broad one for digits without a loop or an angle for it to fill."""

_CORNER_XY: Final = (24.0, 20.0)
_SHARES: Final = np.array([1, 2, 1, 1, 2, 1, 1, 2, 1, 2]) / 14
"""People differ most in how they write 1, 4, 7 and 9."""


def handwritten(rng: np.random.Generator) -> tuple[npt.NDArray[np.uint8], int]:
    """One digit, uint8 `(28, 28)`, and what it is."""
    digit = int(rng.choice(10, p=_SHARES))
    hand = list(HANDS)[rng.integers(len(HANDS))]
    proportion = np.array([rng.uniform(0.6, 1.15), 1.0])
    slant = np.array([[1.0, 0.0], [rng.normal(0, 0.15), 1.0]])
    paths = [_wobbled((path * proportion) @ slant, rng) + rng.normal(0, 0.02, 2) for path in strokes(digit, hand)]
    blank = np.zeros((CANVAS_PX, CANVAS_PX), np.uint8)
    pen_px = rng.uniform(*(BROAD_PEN if digit == 1 else PEN)) * HEIGHT_PX
    return shape_digit(write(blank, paths, _CORNER_XY, HEIGHT_PX, pen_px)).model_input, digit


def _wobbled(path: Stroke, rng: np.random.Generator) -> Stroke:
    """The same stroke, its course bent a little: other flags, bows and tails each time."""
    knots = rng.normal(0, WOBBLE, (4, 2))
    along = np.linspace(0, len(knots) - 1, len(path))
    return path + np.stack([np.interp(along, np.arange(len(knots)), knots[:, axis]) for axis in (0, 1)], axis=1)


def many_handwritten(count: int, rng: np.random.Generator) -> LabelledDigits:
    """`count` such digits."""
    images, labels = zip(*(handwritten(rng) for _ in range(count)), strict=True)
    return LabelledDigits(np.stack(images), np.array(labels, np.int64))
