"""Propose small changes of a mark's strokes, systematically: the same mark always gives the same list.

Paths have points at equal distances of `SPACING`; lengths are in "mark sides", multiples of the longer side of the box around the paths.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final, NamedTuple

import numpy as np

from digitcore.analysis.counterfactual.paths import Paths, direction_at_end, path_length, resample
from digitcore.types import Float64Array

SPACING: Final = 0.04
"""Distance of neighbouring points of a path: a third of MNIST's stroke width."""

PEN: Final = 0.13
"""Width of a pen, the median of MNIST's training images: what is moved by as much is somewhere else."""

_DIRECTION_STEPS: Final = 3
_EXTENSIONS: Final = (0.15, 0.3, 0.45, 0.6)
_TURNS_DEG: Final = (-150, -75, 0, 75, 150)
_GAPS: Final = (0.06, 0.75)
"""Least and greatest distance of an end from what it is joined to."""

_ANCHOR_STEPS: Final = 4
"""Every so many points of a path strokes may be joined to it or start at it."""

_REMOVED: Final = (0.12, 0.2, 0.3, 0.4, 0.55, 0.7)
_ADDED: Final = (0.3, 0.5)
_BENT_SHARES: Final = (0.25, 0.4, 0.6)
_BENDS_DEG: Final = (-90, -60, -30, 30, 60, 90)
_BUMPS: Final = (-0.2, -0.1, 0.1, 0.2)
_BUMP_WIDTH: Final = 0.15


class ChangeKind(StrEnum):
    """What is done to a mark's strokes."""

    LENGTHENED = "lengthened"
    """A stroke goes on beyond one of its ends."""

    SHORTENED = "shortened"
    """A part of a stroke is left out."""

    CLOSED = "closed"
    """An end of a stroke is joined to another stroke or to another place of its own."""

    ADDED = "added"
    """There is a new stroke."""

    REMOVED = "removed"
    """A whole stroke is left out."""

    BENT = "bent"
    """A part of a stroke is moved."""


class Edit(NamedTuple):
    """A change of a mark."""

    kind: ChangeKind
    paths: Paths
    """All strokes after the change."""

    size: float
    """The length of what is added or left out, or of what is moved, which counts in full if it is moved by the width of the pen."""

    centre: Float64Array
    """The middle of what changes, float64 `(2,)`."""


def propose_edits(paths: Paths, max_size: float) -> list[Edit]:
    """List the changes of a mark.

    Args:
        paths: its strokes, with points at distances of `SPACING`, its box at the origin and its longer side 1.
        max_size: greatest size of a change; those smaller than `SPACING` hardly show and are left out.

    Returns:
        The changes in a fixed order.
    """
    proposals = (_extensions, _closings, _removals, _additions, _bends, _bumps)
    return [edit for propose in proposals for edit in propose(paths) if SPACING <= edit.size <= max_size]


def _extensions(paths: Paths) -> Iterator[Edit]:
    """Go on at each end of each stroke, straight or along an arc."""
    for index, path in _both_ways(paths):
        for length in _EXTENSIONS:
            for turn in _TURNS_DEG:
                added = _arc(path[-1], direction_at_end(path, _DIRECTION_STEPS), length, np.deg2rad(turn))
                yield Edit(ChangeKind.LENGTHENED, _replaced(paths, index, np.concatenate([path, added])), length, added.mean(axis=0))


def _closings(paths: Paths) -> Iterator[Edit]:
    """Join each end to places of all strokes, by a straight line or by one that leaves the end in its direction."""
    for index, path in _both_ways(paths):
        near = int(2 * _GAPS[0] / SPACING) + _ANCHOR_STEPS
        own = path[:-near:_ANCHOR_STEPS]
        others = [other[_anchors(other)] for number, other in enumerate(paths) if number != index]
        for anchor in np.concatenate([own, *others]):
            gap = float(np.linalg.norm(anchor - path[-1]))
            if not _GAPS[0] <= gap <= _GAPS[1]:
                continue
            for bow in (0.0, 0.5):
                control = (path[-1] + anchor) / 2 if not bow else path[-1] + bow * gap * direction_at_end(path, _DIRECTION_STEPS)
                added = _curve(path[-1], control, anchor)
                joined = _replaced(paths, index, np.concatenate([path, added]))
                yield Edit(ChangeKind.CLOSED, joined, path_length(added), added.mean(axis=0))


def _removals(paths: Paths) -> Iterator[Edit]:
    """Leave out each stroke, and parts of each stroke at its ends and between them."""
    for index, path in enumerate(paths):
        if len(paths) > 1:
            yield Edit(ChangeKind.REMOVED, paths[:index] + paths[index + 1 :], max(path_length(path), PEN), path.mean(axis=0))
        for length in _REMOVED:
            count = round(length / SPACING)
            for start in range(0, len(path) - count + 1, 2):
                kept = [part for part in (path[: start + 1], path[start + count - 1 :]) if len(part) > 1]
                if kept:
                    removed = path[start : start + count]
                    yield Edit(
                        ChangeKind.SHORTENED, (*paths[:index], *kept, *paths[index + 1 :]), path_length(removed), removed.mean(axis=0)
                    )


def _additions(paths: Paths) -> Iterator[Edit]:
    """Add a straight stroke between two places of the strokes, or from one of them into each of eight directions."""
    anchors = np.concatenate([path[_anchors(path)][::2] for path in paths])
    for number, start in enumerate(anchors):
        for end in anchors[number + 1 :]:
            if _GAPS[0] <= float(np.linalg.norm(end - start)) <= _GAPS[1]:
                yield _added(paths, start, end)
        for angle in np.arange(8) * np.pi / 4:
            for length in _ADDED:
                yield _added(paths, start, start + length * np.array([np.cos(angle), np.sin(angle)]))


def _bends(paths: Paths) -> Iterator[Edit]:
    """Bend a part at each end of each stroke, or straighten it."""
    for index, path in _both_ways(paths):
        for share in _BENT_SHARES:
            pivot = round((len(path) - 1) * (1 - share))
            part = path[pivot:]
            if len(part) < 3:
                continue
            steps = np.diff(part, axis=0)
            ramps = [np.linspace(0, np.deg2rad(angle), len(steps)) for angle in _BENDS_DEG]
            ramps += [_straightening(steps)]
            for ramp in ramps:
                bent = np.concatenate([part[:1], part[0] + np.cumsum(_rotated(steps, ramp), axis=0)])
                yield _moved(paths, index, np.concatenate([path[:pivot], bent]), path)


def _bumps(paths: Paths) -> Iterator[Edit]:
    """Move a short part of a stroke to either side of it."""
    for index, path in enumerate(paths):
        if len(path) < 3:
            continue
        tangents = np.gradient(path, axis=0)
        normals = np.stack([-tangents[:, 1], tangents[:, 0]], axis=1)
        normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
        along = np.arange(len(path)) * SPACING
        for middle in range(0, len(path), _ANCHOR_STEPS):
            shape = np.exp(-0.5 * ((along - along[middle]) / _BUMP_WIDTH) ** 2)[:, None] * normals[middle]
            for height in _BUMPS:
                yield _moved(paths, index, path + height * shape, path)


def _both_ways(paths: Paths) -> Iterator[tuple[int, Float64Array]]:
    """Yield each stroke with at least two points, forwards and backwards, so that each of its ends is last once."""
    for index, path in enumerate(paths):
        if len(path) > 1:
            yield index, path
            yield index, path[::-1]


def _anchors(path: Float64Array) -> list[int]:
    """Return the indices of the places of a stroke where others may start, its ends included."""
    return sorted({*range(0, len(path), _ANCHOR_STEPS), len(path) - 1})


def _replaced(paths: Paths, index: int, path: Float64Array) -> Paths:
    return (*paths[:index], path, *paths[index + 1 :])


def _added(paths: Paths, start: Float64Array, end: Float64Array) -> Edit:
    line = resample(np.stack([start, end]), SPACING)
    return Edit(ChangeKind.ADDED, (*paths, line), path_length(line), line.mean(axis=0))


def _moved(paths: Paths, index: int, path: Float64Array, before: Float64Array) -> Edit:
    """Make the edit that moves the points of a stroke."""
    shifts = np.minimum(np.linalg.norm(path - before, axis=1) / PEN, 1)
    centre = np.average(path, axis=0, weights=shifts + 1e-9)
    return Edit(ChangeKind.BENT, _replaced(paths, index, path), float(shifts.sum()) * SPACING, centre)


def _arc(start: Float64Array, direction: Float64Array, length: float, turn: float) -> Float64Array:
    """Go on from a point for a length along an arc that turns by an angle in radians."""
    count = max(round(length / SPACING), 1)
    steps = np.tile(direction * length / count, (count, 1))
    return np.asarray(start + np.cumsum(_rotated(steps, np.linspace(0, turn, count)), axis=0), np.float64)


def _curve(start: Float64Array, control: Float64Array, end: Float64Array) -> Float64Array:
    """Return the points of a quadratic Bézier curve after its start."""
    count = max(round(float(np.linalg.norm(end - start)) / SPACING), 1)
    t = np.linspace(0, 1, count + 1)[1:, None]
    return np.asarray((1 - t) ** 2 * start + 2 * t * (1 - t) * control + t**2 * end, np.float64)


def _rotated(steps: Float64Array, angles: Float64Array) -> Float64Array:
    """Rotate each step, `(N, 2)`, by its angle in radians, `(N,)`."""
    cosines, sines = np.cos(angles), np.sin(angles)
    x, y = steps[:, 0], steps[:, 1]
    return np.stack([cosines * x - sines * y, sines * x + cosines * y], axis=1)


def _straightening(steps: Float64Array) -> Float64Array:
    """Return the angles by which steps have to be rotated to go on in the direction of the first."""
    directions = np.arctan2(steps[:, 1], steps[:, 0])
    return np.asarray(directions[0] - directions, np.float64)
