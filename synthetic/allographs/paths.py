"""Stroke paths from which the shapes of digits and signs are made: arcs, lines, and coordinates with a random part."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from digitcore.types import Float64Array

Paths = list[Float64Array]
"""The strokes of a digit: float64 `(N, 2)` each."""


def oval(centre: tuple[float, float], radii: tuple[float, float], start_deg: float, sweep_deg: float) -> Float64Array:
    """Sample an elliptical arc.

    Args:
        centre: x, y.
        radii: horizontal and vertical.
        start_deg: where it begins; angles are clockwise from the right, as y points down.
        sweep_deg: how far it goes; negative for anticlockwise.

    Returns:
        float64 `(40, 2)`.
    """
    angles = np.deg2rad(start_deg + np.linspace(0, sweep_deg, 40))
    return np.stack([np.cos(angles), np.sin(angles)], axis=1) * radii + centre


def line(start: Float64Array | tuple[float, float], end: Float64Array | tuple[float, float]) -> Float64Array:
    """Sample a straight line at ten points, float64 `(10, 2)`."""
    return np.linspace(start, end, 10)


def polyline(corners: Sequence[tuple[float, float]]) -> Float64Array:
    """Sample straight lines from corner to corner, float64 `(N, 2)`."""
    return np.concatenate([line(start, end) for start, end in pairwise(corners)])


def at(rng: np.random.Generator, low: float, high: float) -> str:
    """Return a random coordinate for the notation of `parse_path`."""
    return f"{rng.uniform(low, high):.1f}"
