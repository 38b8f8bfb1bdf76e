"""Make pictures of digits that touch: written in one go, then cut where `layout.over_segmentation` proposes it.

What is left of a digit has lost a little at its sides or kept a piece of the next one's stroke. Only pieces that are nearly a whole
digit and nearly nothing else are taken; half a digit is often another one, so that none is shown as an example of no digit.
"""

from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np

from digitcore.layout.components import Mark
from digitcore.layout.ink import merge_ink, paste_ink
from digitcore.layout.over_segmentation import over_segment
from digitcore.layout.slant import estimate_slant
from digitcore.recognition.normalization import crop_to_ink, normalize_digit
from digitcore.types import Box, Int64Array, UInt8Array
from model.data import LabelledDigits

HEIGHT_PX: Final = 56
"""Height of the writing."""

SMALLEST: Final = 0.7
"""Digits of a number are at least so high beside the highest."""

LONGEST: Final = 4
"""Digits in one go, at most."""

OVERLAP: Final = (-0.1, 0.06)
"""How far digits run into each other (below 0) or stand apart, in heights of the writing."""

JOINED_SHARE: Final = 0.4
JOIN: Final = (0.0, 0.3)
"""So many neighbours are joined by a stroke of such a length."""

ALIKE: Final = 0.82
"""A piece is a digit if the ink that both have is at least this share of the ink that either has."""

_LONGEST_RUN: Final = 4
_STEP_PX: Final = HEIGHT_PX // 4
_MARGIN_PX: Final = 2


def touching(digits: LabelledDigits, rng: np.random.Generator) -> Iterator[tuple[UInt8Array, int]]:
    """Split a number written in one go: its digits after splitting, uint8 `(28, 28)` each, with their labels."""
    chosen = rng.integers(len(digits.labels), size=rng.integers(2, LONGEST + 1))
    layers = _written([_enlarged(digits.images[index], rng) for index in chosen], rng)
    whole = layers.max(axis=0)
    x, y, width, height = cv2.boundingRect(whole)
    stroke = Mark(np.ascontiguousarray(whole[y : y + height, x : x + width]), Box(x, y, width, height), 0, None)
    pieces = over_segment(stroke, HEIGHT_PX, estimate_slant([stroke]))
    runs = [pieces[first : last + 1] for first in range(len(pieces)) for last in range(first, min(first + _LONGEST_RUN, len(pieces)))]
    placed = [paste_ink(run, Box(0, 0, whole.shape[1], whole.shape[0])) for run in runs]
    for layer, label in zip(layers[: len(chosen)], digits.labels[chosen], strict=True):
        alike = [np.minimum(layer, run).sum(dtype=np.int64) / np.maximum(layer, run).sum(dtype=np.int64) for run in placed]
        best = int(np.argmax(alike))
        if alike[best] >= ALIKE:
            yield normalize_digit(merge_ink(runs[best])).model_input, int(label)


def many_touching(digits: LabelledDigits, count: int, rng: np.random.Generator) -> LabelledDigits:
    """`count` such digits."""
    found: list[tuple[UInt8Array, int]] = []
    while len(found) < count:
        found += touching(digits, rng)
    images, labels = zip(*found[:count], strict=True)
    return LabelledDigits(np.stack(images), np.array(labels, np.int64))


def _enlarged(image: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Enlarge a digit of MNIST to the height of the writing, with a pen's sharp edge."""
    small = crop_to_ink(image)
    scale = rng.uniform(SMALLEST, 1) * HEIGHT_PX / small.shape[0]
    scale = min(scale, 1.5 * HEIGHT_PX / small.shape[1])
    size_wh = (max(round(scale * small.shape[1]), 2), max(round(scale * small.shape[0]), 2))
    large = cv2.resize(small, size_wh, interpolation=cv2.INTER_CUBIC).astype(np.float32)
    return crop_to_ink(np.clip((large - 110) * 1.6 + 128, 1, 255).astype(np.uint8))


def _written(inks: list[UInt8Array], rng: np.random.Generator) -> UInt8Array:
    """Lay the digits side by side, uint8 `(N, H, W)`: a layer for each, and one for what joins them."""
    height, width = HEIGHT_PX + 2 * _MARGIN_PX, sum(ink.shape[1] for ink in inks) + len(inks) * HEIGHT_PX // 2
    layers = np.zeros((len(inks) + 1, height, width), np.uint8)
    end = np.full(height, _MARGIN_PX, np.int64)  # where the last digit's ink ends in each row
    for place, ink in enumerate(inks):
        layer, joined = layers[place], place > 0 and rng.random() < JOINED_SHARE
        top = _MARGIN_PX + HEIGHT_PX - ink.shape[0] - int(rng.uniform(0, 1) * (HEIGHT_PX - ink.shape[0]) / 2)
        rows = slice(top, top + ink.shape[0])
        start = np.where((ink > 127).any(axis=1), (ink > 127).argmax(axis=1), ink.shape[1])
        gap = rng.uniform(*(JOIN if joined else OVERLAP)) * HEIGHT_PX
        left = max(int((end[rows] - start).max() + gap), _MARGIN_PX)
        if left + ink.shape[1] > width:
            break
        before = end.copy()
        layer[rows, left : left + ink.shape[1]] = ink
        ends = np.where((layer > 127).any(axis=1), width - (layer[:, ::-1] > 127).argmax(axis=1), 0)
        end = np.maximum(_smeared(ends), _MARGIN_PX)
        if joined:
            _join(layers[-1], before, rows, left, start, rng)
    return layers


def _smeared(ends: Int64Array) -> Int64Array:
    """Neighbouring rows count too, so that strokes don't slip past one another."""
    return np.asarray(cv2.dilate(ends.astype(np.float32)[:, np.newaxis], np.ones((7, 1), np.uint8))[:, 0], np.int64)


def _join(layer: UInt8Array, ends: Int64Array, rows: slice, left: int, start: Int64Array, rng: np.random.Generator) -> None:
    """Draw a stroke from the last digit to this one, level or slightly sloping."""
    here = int(rng.choice(np.flatnonzero(start <= start.min() + 0.3 * HEIGHT_PX)))
    near = np.arange(max(rows.start + here - _STEP_PX, 0), min(rows.start + here + _STEP_PX, len(ends)))
    there = int(near[np.argmax(ends[near] - rng.uniform(0, _STEP_PX, len(near)))])
    corners = (int(ends[there]) - 2, there), (left + int(start[here]) + 2, rows.start + here)
    cv2.line(layer, *corners, 255, int(rng.integers(4, 8)), cv2.LINE_AA)
