"""Measure and divide paths: polylines, float64 `(N, 2)`, N at least 1, x to the right and y down."""

from collections.abc import Sequence

import numpy as np

from digitcore.types import Float64Array

Paths = tuple[Float64Array, ...]
"""The paths of a mark's strokes."""


def path_length(path: Float64Array) -> float:
    """Return the length of a path, 0 for a single point."""
    return float(np.linalg.norm(np.diff(path, axis=0), axis=1).sum())


def resample(path: Float64Array, spacing: float) -> Float64Array:
    """Place points along a path at equal distances.

    Args:
        path: the path.
        spacing: the greatest distance of neighbouring points, above 0.

    Returns:
        The points, both ends included.

    Examples:
        >>> resample(np.array([[0.0, 0.0], [0.0, 1.0]]), 0.5).tolist()
        [[0.0, 0.0], [0.0, 0.5], [0.0, 1.0]]
    """
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    at = np.linspace(0.0, along[-1], int(np.ceil(along[-1] / spacing)) + 1)
    return np.stack([np.interp(at, along, path[:, axis]) for axis in (0, 1)], axis=1)


def direction_at_end(path: Float64Array, reach: int) -> Float64Array:
    """Return the direction, a unit vector, in which a path goes on beyond its last point.

    Args:
        path: at least two points.
        reach: the number of steps at the end that determine the direction.
    """
    step = path[-1] - path[max(len(path) - 1 - reach, 0)]
    return np.asarray(step / max(float(np.linalg.norm(step)), 1e-9), np.float64)


def distances(points: Float64Array, paths: Sequence[Float64Array]) -> Float64Array:
    """Return the distance of each point, `(N, 2)`, to the nearest point of all paths: float64 `(N,)`; infinity without paths."""
    if not paths:
        return np.full(len(points), np.inf)
    others = np.concatenate(paths)
    return np.asarray(np.linalg.norm(points[:, None] - others, axis=2).min(axis=1), np.float64)
