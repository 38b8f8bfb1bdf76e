"""Generate synthetic handwritten digits, in shapes that MNIST lacks: the slashed 0, a 1 like a roof, a 5 whose bar floats.

Synthetic writers (`synthetic.writers`) write them, each digit another one; those from `HELD_OUT_WRITERS` on are for evaluation only.
"""

from typing import Final

import numpy as np

from digitcore.io.strokes import draw_path
from digitcore.recognition.normalization import normalize_digit
from digitcore.types import UInt8Array
from model.data import LabelledDigits
from synthetic.allographs import Allograph, Paths
from synthetic.writers import Writer, make_writer

CANVAS_PX: Final = 200
"""Side of the canvas on which a digit is rendered."""

HEIGHT_PX: Final = 80
"""Height of a digit on the canvas."""

HELD_OUT_WRITERS: Final = 1_000_000
"""The seed of the first writer that no training uses."""

_CORNER_XY: Final = (70.0, 60.0)
"""Upper left corner of the digit on the canvas, in pixels."""

_DIGIT_PROBABILITIES: Final = np.array([2, 2, 1, 1, 2, 1, 1, 2, 1, 2]) / 15
"""Probability of each digit: 0, 1, 4, 7 and 9 are written in the most varied ways."""


def handwritten(rng: np.random.Generator) -> tuple[UInt8Array, int]:
    """Generate one random digit: its image, uint8 `(28, 28)`, white ink on black, and its label."""
    writer = make_writer(int(rng.integers(HELD_OUT_WRITERS)))
    digit = int(rng.choice(10, p=_DIGIT_PROBABILITIES))
    paths, _ = writer.write(digit, rng)
    return as_model_input(paths, writer.pen), digit


def many_handwritten(count: int, rng: np.random.Generator) -> LabelledDigits:
    """Generate `count` random digits."""
    images, labels = zip(*(handwritten(rng) for _ in range(count)), strict=True)
    return LabelledDigits(np.stack(images), np.array(labels, np.int64))


def by_shape(shape: Allograph, count: int) -> UInt8Array:
    """Generate one digit of a shape by each of the first writers that are held out.

    Args:
        shape: the shape.
        count: the number of writers.

    Returns:
        uint8 `(count, 28, 28)`, white ink on black.
    """
    return np.stack([_of_writer(make_writer(HELD_OUT_WRITERS + index), shape) for index in range(count)])


def as_model_input(paths: Paths, pen: float) -> UInt8Array:
    """Draw the strokes of one mark with a round pen, and normalize it as in serving.

    Args:
        paths: in heights of the mark, as `synthetic.writers` returns them.
        pen: the width of the pen, likewise.

    Returns:
        uint8 `(28, 28)`, white ink on black.
    """
    return normalize_digit(draw(paths, pen)).model_input


def draw(paths: Paths, pen: float) -> UInt8Array:
    """Draw the strokes of one mark with a round pen: uint8 `(CANVAS_PX, CANVAS_PX)`, white ink on black."""
    ink = np.zeros((CANVAS_PX, CANVAS_PX), np.uint8)
    for path in paths:
        draw_path(ink, path * HEIGHT_PX + _CORNER_XY, pen * HEIGHT_PX, grey=255)
    return ink


def _of_writer(writer: Writer, shape: Allograph) -> UInt8Array:
    rng = np.random.default_rng((writer.seed, 2))
    return as_model_input(writer.write_paths(shape.make(rng), rng), writer.pen)
