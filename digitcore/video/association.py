"""Which box of a frame is which of the frame before, when the camera moves."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from digitcore.types import BoolArray, Float64Array

"""Left, top, width, height, float64 `(N, 4)`."""

NEAR: Final = 0.45
"""A mark is the same one if, after the picture's own movement, it is nearer than this; in its larger side, as all lengths here."""

FARTHEST: Final = 1.5
"""The picture moves by less than this from frame to frame."""

SIZE_RATIO: Final = 1.6
"""The larger sides of one mark's boxes in two frames differ by at most this factor."""

NEAREST: Final = 3
"""Movements are proposed by the nearest so many boxes of each mark."""

MOST_PROPOSED: Final = 60

CLOSE: Final = 0.15
"""A movement that brings all marks as near as this, in the mean, needs no better one."""


def match(before: Float64Array, after: Float64Array) -> tuple[list[tuple[int, int]], tuple[float, float]]:
    """Pairs of indices of the same mark in both, each in one pair at most, and by how much the picture has moved.

    A shaken camera moves all marks by the same: the movement is found first that brings most of them onto others.
    """
    if not len(before) or not len(after):
        return [], (0.0, 0.0)
    moved = centres(after)[np.newaxis] - centres(before)[:, np.newaxis]
    sides = np.maximum(_sides(before)[:, np.newaxis], _sides(after)[np.newaxis])
    alike = sides <= SIZE_RATIO * np.minimum(_sides(before)[:, np.newaxis], _sides(after)[np.newaxis])
    shift = _shift(moved, sides, alike)
    apart = np.where(alike, np.linalg.norm(moved - shift, axis=2) / sides, np.inf)
    pairs: list[tuple[int, int]] = []
    rows, columns = np.unravel_index(np.argsort(apart, axis=None), apart.shape)
    free_rows, free_columns = set(range(len(before))), set(range(len(after)))
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        if apart[row, column] >= NEAR:
            break
        if row in free_rows and column in free_columns:
            pairs.append((row, column))
            free_rows.discard(row)
            free_columns.discard(column)
    if pairs:
        shift = np.median([moved[row, column] for row, column in pairs], axis=0)
    return pairs, (float(shift[0]), float(shift[1]))


def centres(boxes: Float64Array) -> Float64Array:
    """The middles of boxes, float64 `(…, 2)`."""
    return np.asarray(boxes[..., :2] + boxes[..., 2:] / 2)


def overlaps(box: Float64Array, others: Float64Array) -> Float64Array:
    """What share of the smaller of two boxes lies in both, for one box and each of others, float64 `(N,)`."""
    left_top = np.maximum(box[:2], others[:, :2])
    right_bottom = np.minimum(box[:2] + box[2:], others[:, :2] + others[:, 2:])
    common = np.prod(np.maximum(right_bottom - left_top, 0), axis=1)
    return np.asarray(common / np.maximum(np.minimum(np.prod(box[2:]), np.prod(others[:, 2:], axis=1)), 1.0))


def _sides(boxes: Float64Array) -> Float64Array:
    return np.asarray(np.maximum(boxes[:, 2:].max(axis=1), 1.0))


def _shift(moved: Float64Array, sides: Float64Array, alike: BoolArray) -> Float64Array:
    """The movement that brings most marks onto others, and of equal ones the nearest to them. None is one of them."""
    best, most = np.zeros(2), (-1, 0.0)
    for shift in _proposed(moved, sides, alike):
        apart = np.where(alike, np.linalg.norm(moved - shift, axis=2) / sides, np.inf).min(axis=1)
        brought = int((apart < NEAR).sum()), -float(np.minimum(apart, NEAR).sum())
        if brought > most:
            best, most = shift, brought
        if most[0] == len(moved) and -most[1] <= CLOSE * len(moved):
            break
    return best


def _proposed(moved: Float64Array, sides: Float64Array, alike: BoolArray) -> Iterator[Float64Array]:
    """No movement, and then those of each mark onto its nearest alike, the smallest first."""
    yield np.zeros(2)
    lengths = np.where(alike, np.linalg.norm(moved, axis=2) / sides, np.inf)
    near = np.argsort(lengths, axis=1)[:, :NEAREST]
    rows = np.repeat(np.arange(len(lengths)), near.shape[1])
    chosen = [(row, column) for row, column in zip(rows.tolist(), near.ravel().tolist(), strict=True) if lengths[row, column] < FARTHEST]
    chosen.sort(key=lambda pair: lengths[pair])
    yield from (moved[pair] for pair in chosen[:MOST_PROPOSED])
