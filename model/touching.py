"""Generate what the segmentation of touching digits gives the network: digits that were split, and pieces of several digits.

Digits are placed so that they touch, and split where `digitcore.layout.over_segmentation` proposes it. A split digit may have lost ink at
its sides or include a part of the stroke of its neighbour. A piece that agrees with one whole digit is that digit; one that holds most of a
digit and a good part of another is no digit. Other pieces aren't used, since half of a digit often is another digit.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

import cv2
import numpy as np

from digitcore.layout.components import Mark
from digitcore.layout.ink import crop_to_ink, merge_ink, paste_ink
from digitcore.layout.over_segmentation import Segment, over_segment
from digitcore.layout.slant import estimate_slant
from digitcore.recognition.normalization import normalize_digit
from digitcore.types import Box, Int64Array, UInt8Array
from model.data import LabelledDigits
from model.negatives import may_be_one

HEIGHT_PX: Final = 56
"""Height of the line of writing."""

MIN_RELATIVE_HEIGHT: Final = 0.7
"""Least height of a digit, relative to the line of writing."""

MAX_DIGITS: Final = 4
"""Greatest number of digits that touch in a row."""

GAP: Final = (-0.1, 0.06)
"""Least and greatest gap between two digits, in heights of the line; they overlap where it is negative."""

JOINED_SHARE: Final = 0.4
"""Share of the neighbours that are joined by a connecting stroke."""

JOINED_GAP: Final = (0.0, 0.3)
"""Least and greatest gap that a connecting stroke bridges, in heights of the line."""

MIN_INK_OVERLAP: Final = 0.82
"""Least intersection over union (Jaccard index) of the ink of a piece and that of a digit for the piece to be kept."""

MIN_MAIN_SHARE: Final = 0.8
"""Least share of the ink of a digit that a piece of several digits holds."""

MIN_OTHER_SHARE: Final = 0.5
"""Least share of the ink of another digit that it holds as well."""

MAX_MERGED: Final = 2
"""Greatest number of pieces of several digits that are kept from one row."""

_MAX_RUN_LENGTH: Final = 4
"""Greatest number of consecutive segments that are merged into a piece."""

_JOIN_REACH_PX: Final = HEIGHT_PX // 4
"""Greatest vertical distance between the ends of a connecting stroke."""

_MARGIN_PX: Final = 2
"""Empty margin around the writing."""


class Pieces(NamedTuple):
    """Pieces of touching digits, normalized."""

    digits: LabelledDigits
    """Those that agree with one digit."""

    merged: UInt8Array
    """uint8 `(N, 28, 28)`: those that hold parts of several digits."""


def touching(digits: LabelledDigits, rng: np.random.Generator) -> Iterator[tuple[UInt8Array, int | None]]:
    """Generate one row of touching digits and split it.

    Args:
        digits: single digits.
        rng: random generator.

    Yields:
        The normalized image, uint8 `(28, 28)`, and the label of each digit that was recovered by splitting; None as the label of a piece of
        several digits.
    """
    layers, labels = row_of_touching(digits, rng)
    row, placed = layers.max(axis=0), layers[:-1]
    runs = _runs_of_segments(row)
    pieces = [paste_ink(run, Box(0, 0, row.shape[1], row.shape[0])) for run in runs]
    common = np.array([[np.minimum(layer, piece).sum(dtype=np.int64) for piece in pieces] for layer in placed])
    ink = placed.sum(axis=(1, 2), dtype=np.int64)[:, np.newaxis]
    either = ink + np.array([piece.sum(dtype=np.int64) for piece in pieces]) - common
    for overlaps, label in zip(common / either, labels, strict=True):
        best = int(np.argmax(overlaps))
        if overlaps[best] >= MIN_INK_OVERLAP:
            yield normalize_digit(merge_ink(runs[best])).model_input, int(label)
    shares = np.sort(common / np.maximum(ink, 1), axis=0)
    are_merged = np.flatnonzero((shares[-1] >= MIN_MAIN_SHARE) & (shares[-2] >= MIN_OTHER_SHARE))
    for index in rng.permutation(are_merged)[:MAX_MERGED]:
        merged = merge_ink(runs[index])
        if not may_be_one(merged):
            yield normalize_digit(merged).model_input, None


def _runs_of_segments(row: UInt8Array) -> list[list[Segment]]:
    """Split a row of touching digits, and list the runs of neighbouring segments."""
    x, y, width, height = cv2.boundingRect(row)
    mark = Mark(np.ascontiguousarray(row[y : y + height, x : x + width]), Box(x, y, width, height), 0, None)
    segments = over_segment(mark, HEIGHT_PX, estimate_slant([mark]))
    count = len(segments)
    return [segments[first : last + 1] for first in range(count) for last in range(first, min(first + _MAX_RUN_LENGTH, count))]


def row_of_touching(digits: LabelledDigits, rng: np.random.Generator) -> tuple[UInt8Array, Int64Array]:
    """Place two or more digits in a row so that they touch.

    Args:
        digits: single digits.
        rng: random generator.

    Returns:
        A layer for each digit and one for the strokes that join them, uint8 `(N + 1, H, W)`, white on black; and the labels, int64 `(N,)`.
    """
    selected = rng.integers(len(digits.labels), size=rng.integers(2, MAX_DIGITS + 1))
    return _row_of_digits([_enlarged(digits.images[index], rng) for index in selected], rng), digits.labels[selected]


def many_touching(digits: LabelledDigits, count: int, rng: np.random.Generator) -> Pieces:
    """Generate `count` split digits with their labels, from as many rows as needed, and the other pieces of these rows."""
    found: list[tuple[UInt8Array, int]] = []
    merged: list[UInt8Array] = []
    while len(found) < count:
        for image, label in touching(digits, rng):
            if label is None:
                merged.append(image)
            else:
                found.append((image, label))
    images, labels = zip(*found[:count], strict=True)
    return Pieces(LabelledDigits(np.stack(images), np.array(labels, np.int64)), np.stack(merged))


def _enlarged(image: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Enlarge an MNIST digit to about the height of the line, and sharpen its edges."""
    small = crop_to_ink(image)
    scale = rng.uniform(MIN_RELATIVE_HEIGHT, 1) * HEIGHT_PX / small.shape[0]
    scale = min(scale, 1.5 * HEIGHT_PX / small.shape[1])
    size_wh = (max(round(scale * small.shape[1]), 2), max(round(scale * small.shape[0]), 2))
    large = cv2.resize(small, size_wh, interpolation=cv2.INTER_CUBIC).astype(np.float32)
    return crop_to_ink(np.clip((large - 110) * 1.6 + 128, 1, 255).astype(np.uint8))


def _row_of_digits(inks: list[UInt8Array], rng: np.random.Generator) -> UInt8Array:
    """Place N digits in a row so that they touch, overlap or are joined.

    Returns:
        uint8 `(N + 1, H, W)`: a layer for each digit, and one for the connecting strokes.
    """
    height, width = HEIGHT_PX + 2 * _MARGIN_PX, sum(ink.shape[1] for ink in inks) + len(inks) * HEIGHT_PX // 2
    layers = np.zeros((len(inks) + 1, height, width), np.uint8)
    end = np.full(height, _MARGIN_PX, np.int64)  # right end of the ink of the digits so far in each row of pixels
    for index, ink in enumerate(inks):
        layer, joined = layers[index], index > 0 and rng.random() < JOINED_SHARE
        top = _MARGIN_PX + HEIGHT_PX - ink.shape[0] - int(rng.uniform(0, 1) * (HEIGHT_PX - ink.shape[0]) / 2)
        rows = slice(top, top + ink.shape[0])
        start = np.where((ink > 127).any(axis=1), (ink > 127).argmax(axis=1), ink.shape[1])
        gap = rng.uniform(*(JOINED_GAP if joined else GAP)) * HEIGHT_PX
        left = max(int((end[rows] - start).max() + gap), _MARGIN_PX)
        if left + ink.shape[1] > width:
            break
        previous_end = end.copy()
        layer[rows, left : left + ink.shape[1]] = ink
        ends = np.where((layer > 127).any(axis=1), width - (layer[:, ::-1] > 127).argmax(axis=1), 0)
        end = np.maximum(_dilated(ends), _MARGIN_PX)
        if joined:
            _join(layers[-1], previous_end, rows, left, start, rng)
    return layers


def _dilated(ends: Int64Array) -> Int64Array:
    """Take the maximum over 7 neighbouring rows, so that strokes that end in adjacent rows don't pass each other."""
    return np.asarray(cv2.dilate(ends.astype(np.float32)[:, np.newaxis], np.ones((7, 1), np.uint8))[:, 0], np.int64)


def _join(layer: UInt8Array, ends: Int64Array, rows: slice, left: int, start: Int64Array, rng: np.random.Generator) -> None:
    """Draw a stroke, horizontal or slightly sloping, from the previous digit to this one onto the layer, which is changed."""
    row = int(rng.choice(np.flatnonzero(start <= start.min() + 0.3 * HEIGHT_PX)))
    candidates = np.arange(max(rows.start + row - _JOIN_REACH_PX, 0), min(rows.start + row + _JOIN_REACH_PX, len(ends)))
    previous_row = int(candidates[np.argmax(ends[candidates] - rng.uniform(0, _JOIN_REACH_PX, len(candidates)))])
    line_ends = (int(ends[previous_row]) - 2, previous_row), (left + int(start[row]) + 2, rows.start + row)
    cv2.line(layer, *line_ends, 255, int(rng.integers(4, 8)), cv2.LINE_AA)
