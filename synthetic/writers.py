"""Writers of synthetic handwriting: each has shapes, slant, proportions, precision and a pen that stay with all of their digits.

A shape of `synthetic.allographs` is written by the sigma-lognormal model (Plamondon 1995, "A kinematic theory of rapid human movements";
O'Reilly and Plamondon 2009): the pen's velocity is a sum of overlapping strokes, each with a lognormal speed and a direction that turns
along an arc. The overlap rounds corners, as fast writing does; noise on the lengths and directions of the strokes is what varies from one
writing of a digit to the next.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

import numpy as np

from digitcore.types import Float64Array
from synthetic.allographs import Allograph, Paths, allographs

HABIT: Final = 0.9
"""The share of a writer's digits that have their usual shape; the others have a random one."""

STROKE_LENGTH: Final = 0.16
"""The length of the model's strokes into which a path is divided, in heights of the digit: about six for a 3."""

HOOK_LENGTHS: Final = (0.03, 0.14)
"""Of the hooks that a pen leaves when it is put down or lifted, in heights of the digit."""

COARSE_SHARE: Final = 0.2
"""The share of writers whose device tells only coarse points apart, as old tablets and a mouse do."""

_SIGMA: Final = 0.28
"""The width of the lognormal speeds, in its logarithm, as measured on adults' writing (O'Reilly and Plamondon 2009)."""

_DURATION: Final = 1.0
"""The median time of a stroke; the unit of time is arbitrary."""

_SAMPLES_PER_STROKE: Final = 8
_TABLE_AT: Final = np.linspace(-5, 5, 1_001)
_TABLE: Final = np.array([0.5 * math.erfc(-value / math.sqrt(2)) for value in _TABLE_AT])
_CORNER_COSINE: Final = 0.5
"""Of the angle between two directions from which on a path has a corner there."""


@dataclass(frozen=True)
class Writer:
    """A person's handwriting.

    Attributes:
        seed: determines the shapes, and with the seed of a digit how it is written.
        slant: how far the top leans to the right, in heights of the digit.
        width: horizontal proportion, 1 for that of the catalogue.
        pen: width of the pen, in heights of the digit.
        haste: how much the model's strokes overlap, in [0, 1): 0 for careful writing with sharp corners.
        imprecision: standard deviation of the directions of strokes in radians, and of the logarithm of their lengths.
        tremor: standard deviation of a fine shaking, in heights of the digit.
        hook: probability that the pen leaves a small hook at an end of a stroke, when it is put down or lifted.
        grid: distance of the points that the device can tell apart, in heights of the digit; 0 for a precise one.
    """

    seed: int
    slant: float
    width: float
    pen: float
    haste: float
    imprecision: float
    tremor: float
    hook: float
    grid: float

    @cached_property
    def shapes(self) -> tuple[Allograph, ...]:
        """Return the writer's usual shape of each digit."""
        rng = np.random.default_rng((self.seed, 1))
        return tuple(_choose(allographs(digit), rng) for digit in range(10))

    def write(self, digit: int, rng: np.random.Generator) -> tuple[Paths, Allograph]:
        """Write a digit.

        Args:
            digit: 0 to 9.
            rng: determines this writing of the digit.

        Returns:
            The strokes, float64 `(N, 2)` each, x to the right and y down, in heights of the digit; and the shape.
        """
        shape = self.shapes[digit] if rng.random() < HABIT else _choose(allographs(digit), rng)
        return self.write_paths(shape.make(rng), rng), shape

    def write_paths(self, paths: Paths, rng: np.random.Generator) -> Paths:
        """Write any strokes in this hand: one shape of a digit, or a sign; see `write`."""
        leaning = np.array([[self.width, 0.0], [-self.slant, 1.0]])
        return [(self._trace(path, rng) - (0.0, 0.5)) @ leaning + (0.0, 0.5) for path in paths]

    def _trace(self, path: Float64Array, rng: np.random.Generator) -> Float64Array:
        """Follow a path by the sigma-lognormal model, with noise."""
        traced = lognormal_trajectory(_divide(path), self.haste, self.imprecision, rng)
        misplaced = rng.normal(0, STROKE_LENGTH * self.imprecision, 2)
        hooked = self._add_hooks(traced + _smooth_noise(len(traced), rng) * self.tremor + misplaced, rng)
        return np.round(hooked / self.grid) * self.grid if self.grid else hooked

    def _add_hooks(self, path: Float64Array, rng: np.random.Generator) -> Float64Array:
        """Lengthen a stroke by a short line in any direction, at each end with the probability `hook`."""
        ends = []
        for end in (path[0], path[-1]):
            angle, length = rng.uniform(0, 2 * np.pi), rng.uniform(*HOOK_LENGTHS) * (rng.random() < self.hook)
            ends.append(end + length * np.array([np.cos(angle), np.sin(angle)]))
        return np.concatenate([ends[:1], path, ends[1:]])


def make_writer(seed: int) -> Writer:
    """Make a random writer.

    Args:
        seed: determines everything about the writer.

    Examples:
        >>> make_writer(1) == make_writer(1)
        True
    """
    rng = np.random.default_rng((seed, 0))
    return Writer(
        seed,
        slant=float(np.clip(rng.normal(0.1, 0.18), -0.35, 0.6)),
        width=float(np.exp(rng.normal(-0.05, 0.2))),
        pen=float(np.exp(rng.uniform(np.log(0.05), np.log(0.2)))),
        haste=float(rng.uniform(0.0, 0.7)),
        imprecision=float(np.exp(rng.normal(np.log(0.07), 0.45))),
        tremor=float(rng.exponential(0.004)),
        hook=float(rng.uniform(0.0, 1.0) ** 2),
        grid=float(rng.uniform(0.03, 0.08)) if rng.random() < COARSE_SHARE else 0.0,
    )


def lognormal_trajectory(corners: Float64Array, haste: float, imprecision: float, rng: np.random.Generator) -> Float64Array:
    """Move along a polyline by strokes with lognormal speeds, one for each of its lines, that overlap in time.

    Args:
        corners: float64 `(N, 2)`, N at least 2.
        haste: the overlap, in [0, 1).
        imprecision: of the directions in radians, and of the logarithms of the lengths.
        rng: the noise.

    Returns:
        Points of the trajectory, float64 `(M, 2)`, from the first corner on.
    """
    lines = np.diff(corners, axis=0)
    lengths = np.linalg.norm(lines, axis=1) * np.exp(rng.normal(0, imprecision, len(lines)))
    angles = np.arctan2(lines[:, 1], lines[:, 0]) + rng.normal(0, imprecision, len(lines))
    starts = np.arange(len(lines)) * _DURATION * (1.6 - 1.3 * haste)
    times = np.linspace(0, starts[-1] + 3 * _DURATION, _SAMPLES_PER_STROKE * len(lines) + 1)[:, None]
    elapsed = np.maximum(times - starts, 1e-9)
    covered = _normal_distribution(np.log(elapsed / _DURATION) / _SIGMA)
    moves = np.stack([np.cos(angles), np.sin(angles)], axis=1) * lengths[:, None]
    return np.asarray(corners[0] + covered @ moves, np.float64)


def _divide(path: Float64Array) -> Float64Array:
    """Divide a sampled path into lines of about `STROKE_LENGTH`, with a point at each corner."""
    points = path[np.r_[True, np.linalg.norm(np.diff(path, axis=0), axis=1) > 1e-9]]
    if len(points) < 2:
        return np.concatenate([points, points + 1e-3])
    steps = np.diff(points, axis=0)
    lengths = np.linalg.norm(steps, axis=1)
    directions = steps / lengths[:, None]
    turns = np.sum(directions[1:] * directions[:-1], axis=1) < _CORNER_COSINE
    bounds = [0, *(np.flatnonzero(turns) + 1), len(points) - 1]
    along = np.concatenate([[0.0], np.cumsum(lengths)])
    places = [np.zeros(1)]
    for first, last in pairwise(bounds):
        count = max(1, round((along[last] - along[first]) / STROKE_LENGTH))
        places.append(np.linspace(along[first], along[last], count + 1)[1:])
    at = np.concatenate(places)
    return np.stack([np.interp(at, along, points[:, axis]) for axis in (0, 1)], axis=1)


def _normal_distribution(values: Float64Array) -> Float64Array:
    """Compute the cumulative normal distribution, by interpolation in a table."""
    return np.asarray(np.interp(values, _TABLE_AT, _TABLE), np.float64)


def _smooth_noise(count: int, rng: np.random.Generator) -> Float64Array:
    """Return noise of unit deviation that varies over a few samples, float64 `(count, 2)`."""
    noise = rng.normal(0, 1, (count + 2, 2))
    return np.asarray((noise[:-2] + noise[1:-1] + noise[2:]) / np.sqrt(3), np.float64)


def _choose(shapes: Sequence[Allograph], rng: np.random.Generator) -> Allograph:
    weights = np.array([shape.weight for shape in shapes])
    return shapes[rng.choice(len(shapes), p=weights / weights.sum())]
