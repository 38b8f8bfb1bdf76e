"""Associate the boxes of two consecutive frames: camera motion first, then greedy nearest-neighbour matching within a gate.

All distances here are relative to the larger side of the two boxes compared, so that they hold at any resolution.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from digitcore.types import BoolArray, Float64Array

MAX_RESIDUAL_DISTANCE: Final = 0.45
"""The gate: boxes whose centres are farther apart than this after compensating the camera's motion are never matched; in box sides."""

MAX_CAMERA_SHIFT: Final = 1.5
"""The largest camera motion between two frames that is considered, in box sides."""

MAX_SIZE_RATIO: Final = 1.6
"""The largest ratio between the larger sides of two boxes that may belong to one mark."""

MAX_NEIGHBOURS: Final = 3
"""How many nearest boxes of each mark propose a camera motion."""

MAX_HYPOTHESES: Final = 60
"""The largest number of camera motions that are tried; bounds the time for crowded frames."""

SUFFICIENT_MEAN_RESIDUAL: Final = 0.15
"""A camera motion that matches every mark with at most this mean distance ends the search; in box sides."""


def associate(previous: Float64Array, current: Float64Array) -> tuple[list[tuple[int, int]], tuple[float, float]]:
    """Match the boxes of the previous frame to those of the current one.

    A shaken camera moves all marks by the same shift. The shift that matches most boxes is estimated first; pairs are then assigned
    greedily by their remaining distance, the nearest first.

    Args:
        previous: float64 `(N, 4)`: left, top, width, height in pixels.
        current: float64 `(M, 4)`, likewise.

    Returns:
        Pairs of indices into `previous` and `current`, each index in at most one pair; and the camera's shift in x and y, in pixels.
    """
    if not len(previous) or not len(current):
        return [], (0.0, 0.0)
    offsets = box_centers(current)[np.newaxis] - box_centers(previous)[:, np.newaxis]
    sides = np.maximum(_larger_sides(previous)[:, np.newaxis], _larger_sides(current)[np.newaxis])
    similar_size = sides <= MAX_SIZE_RATIO * np.minimum(_larger_sides(previous)[:, np.newaxis], _larger_sides(current)[np.newaxis])
    shift = _estimate_shift(offsets, sides, similar_size)
    pairs = _match_greedily(_residuals(offsets, shift, sides, similar_size))
    if pairs:
        shift = np.median([offsets[row, column] for row, column in pairs], axis=0)
    return pairs, (float(shift[0]), float(shift[1]))


def box_centers(boxes: Float64Array) -> Float64Array:
    """Compute the centres of boxes.

    Args:
        boxes: float64 `(…, 4)`: left, top, width, height.

    Returns:
        float64 `(…, 2)`: x and y.
    """
    return np.asarray(boxes[..., :2] + boxes[..., 2:] / 2)


def overlap_ratios(box: Float64Array, others: Float64Array) -> Float64Array:
    """Compute the intersection of one box with each of others, relative to the smaller box of each pair.

    Unlike intersection over union, the ratio is 1 for a box that lies within another.

    Args:
        box: float64 `(4,)`: left, top, width, height.
        others: float64 `(N, 4)`, likewise.

    Returns:
        float64 `(N,)` in [0, 1].
    """
    left_top = np.maximum(box[:2], others[:, :2])
    right_bottom = np.minimum(box[:2] + box[2:], others[:, :2] + others[:, 2:])
    intersection = np.prod(np.maximum(right_bottom - left_top, 0), axis=1)
    return np.asarray(intersection / np.maximum(np.minimum(np.prod(box[2:]), np.prod(others[:, 2:], axis=1)), 1.0))


def _larger_sides(boxes: Float64Array) -> Float64Array:
    return np.asarray(np.maximum(boxes[:, 2:].max(axis=1), 1.0))


def _residuals(offsets: Float64Array, shift: Float64Array, sides: Float64Array, similar_size: BoolArray) -> Float64Array:
    """Compute each pair's distance after the shift, in box sides; infinite for boxes of different sizes."""
    return np.where(similar_size, np.linalg.norm(offsets - shift, axis=2) / sides, np.inf)


def _match_greedily(residuals: Float64Array) -> list[tuple[int, int]]:
    """Assign pairs within the gate, the nearest first, each row and each column at most once."""
    pairs: list[tuple[int, int]] = []
    rows, columns = np.unravel_index(np.argsort(residuals, axis=None), residuals.shape)
    free_rows, free_columns = set(range(residuals.shape[0])), set(range(residuals.shape[1]))
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        if residuals[row, column] >= MAX_RESIDUAL_DISTANCE:
            break
        if row in free_rows and column in free_columns:
            pairs.append((row, column))
            free_rows.discard(row)
            free_columns.discard(column)
    return pairs


def _estimate_shift(offsets: Float64Array, sides: Float64Array, similar_size: BoolArray) -> Float64Array:
    """Choose the shift that brings most marks within the gate; of equal ones, the one with the smallest distances."""
    best_shift, best_score = np.zeros(2), (-1, 0.0)
    for shift in _shift_hypotheses(offsets, sides, similar_size):
        nearest = _residuals(offsets, shift, sides, similar_size).min(axis=1)
        score = int((nearest < MAX_RESIDUAL_DISTANCE).sum()), -float(np.minimum(nearest, MAX_RESIDUAL_DISTANCE).sum())
        if score > best_score:
            best_shift, best_score = shift, score
        if best_score[0] == len(offsets) and -best_score[1] <= SUFFICIENT_MEAN_RESIDUAL * len(offsets):
            break
    return best_shift


def _shift_hypotheses(offsets: Float64Array, sides: Float64Array, similar_size: BoolArray) -> Iterator[Float64Array]:
    """Yield no shift, and then the offsets of each mark to its nearest boxes of similar size, the smallest first."""
    yield np.zeros(2)
    lengths = np.where(similar_size, np.linalg.norm(offsets, axis=2) / sides, np.inf)
    nearest = np.argsort(lengths, axis=1)[:, :MAX_NEIGHBOURS]
    rows = np.repeat(np.arange(len(lengths)), nearest.shape[1])
    pairs = [pair for pair in zip(rows.tolist(), nearest.ravel().tolist(), strict=True) if lengths[pair] < MAX_CAMERA_SHIFT]
    pairs.sort(key=lambda pair: lengths[pair])
    yield from (offsets[pair] for pair in pairs[:MAX_HYPOTHESES])
