"""Generate marks that are no digits, on which the network learns to predict the uniform distribution.

They are drawn from scratch (`model.drawn_marks`), or made of parts and combinations of MNIST digits. Most are then cropped, fitted and
centred like every mark (`normalize_digit`).
"""

from typing import Final

import cv2
import numpy as np

from digitcore.layout.ink import crop_to_ink
from digitcore.recognition.consistency import is_bar
from digitcore.recognition.model_input import MODEL_SIDE_PX
from digitcore.recognition.normalization import normalize_digit
from digitcore.recognition.parameters import BarParams
from digitcore.types import UInt8Array
from model.data import LabelledDigits
from model.drawn_marks import DRAWN, texture

FROM_DIGITS_SHARE: Final = 0.25
"""Share of the normalized marks that are made from digits."""

UNNORMALIZED_SHARE: Final = 0.1
"""Share of the marks that are resized to the model's input without being cropped or centred."""

_BAR: Final = BarParams(min_fill=0.64)
_MAX_BAR_SLANT_DEG: Final = 45.0


def negative(digits: LabelledDigits, rng: np.random.Generator) -> UInt8Array:
    """Generate one mark that is no digit.

    Args:
        digits: MNIST digits, from whose parts and combinations some of the marks are made.
        rng: random generator.

    Returns:
        uint8 `(28, 28)`, white ink on black.
    """
    if rng.random() < UNNORMALIZED_SHARE:
        canvas = DRAWN[rng.integers(len(DRAWN))](rng) if rng.random() < 0.5 else texture(rng)
        return cv2.resize(canvas, (MODEL_SIDE_PX, MODEL_SIDE_PX), interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    drawn = from_digits(digits, rng) if rng.random() < FROM_DIGITS_SHARE else DRAWN[rng.integers(len(DRAWN))](rng)
    if not drawn.any():
        return np.zeros((MODEL_SIDE_PX, MODEL_SIDE_PX), np.uint8)
    return negative(digits, rng) if may_be_one(drawn) else normalize_digit(drawn).model_input


def may_be_one(ink: UInt8Array) -> bool:
    """Decide whether a person may read a mark, uint8 `(h, w)`, as a 1: a bar, upright or slanted."""
    return is_bar(ink, _BAR, _MAX_BAR_SLANT_DEG)


def from_digits(digits: LabelledDigits, rng: np.random.Generator) -> UInt8Array:
    """Make a mark from parts or a combination of two digits, without those whose parts or rotations are digits (1, 0, 8)."""
    kind = FROM_DIGITS[rng.integers(len(FROM_DIGITS))]
    first, second = rng.integers(len(digits.labels), size=2)
    labels = {int(digits.labels[first]), int(digits.labels[second])}
    if (kind is not pair and 1 in labels) or (kind is turned and {0, 8} & labels):
        return from_digits(digits, rng)
    return kind(digits.images[[first, second]], rng)


def pair(images: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Place two digits next to each other, touching or up to 3 px apart, like touching digits that were not split."""
    first, second = (crop_to_ink(image) for image in images)
    height = max(len(first), len(second))
    padded = [np.pad(image, ((height - len(image), 0), (0, 0))) for image in (first, second)]
    gap = np.zeros((height, int(rng.integers(0, 4))), np.uint8)
    return np.hstack([padded[0], gap, padded[1]])


def overlay(images: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Superimpose two digits, the second rotated by 90, 180 or 270°."""
    first, second = images
    return np.asarray(np.maximum(first, np.rot90(second, int(rng.integers(1, 4)))), np.uint8)


def turned(images: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Rotate a digit by 90 or 270°, or stack two digits vertically."""
    first, second = images
    if rng.random() < 0.5:
        return np.ascontiguousarray(np.rot90(first, 1 + 2 * int(rng.integers(2))))
    return np.vstack([first[4:24], second[4:24]])


def fragments(images: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Erase two horizontal and two vertical bands of a digit, so that every stroke is interrupted."""
    erased: UInt8Array = images[0].copy()
    for start in (*rng.integers(5, 11, 2), *rng.integers(14, 20, 2)):
        band = slice(start, start + rng.integers(3, 6))
        erased[band] = 0
        erased = np.ascontiguousarray(erased.T)
    return erased


FROM_DIGITS: Final = (pair, pair, overlay, turned, fragments)
"""The functions that make a mark from two digits; one that occurs twice is chosen twice as often."""
