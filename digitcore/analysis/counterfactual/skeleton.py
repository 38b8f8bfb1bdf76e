"""Follow the strokes in a mark's ink: thin it to lines of one pixel, and trace these from end to end.

The thinning is that of Zhang and Suen (1984), "A fast parallel algorithm for thinning digital patterns".
"""

from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np

from digitcore.types import BoolArray, Float64Array

_Pixel = tuple[int, int]

_RING: Final = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))
"""The neighbours of a pixel as Zhang and Suen number them, from above clockwise: row and column."""


def thin(mask: BoolArray) -> BoolArray:
    """Thin strokes to lines of one pixel, with the same connections.

    Args:
        mask: bool `(H, W)`, the strokes.

    Returns:
        bool `(H, W)`, the lines.

    Examples:
        >>> bar = np.zeros((9, 30), bool)
        >>> bar[2:7, 2:28] = True
        >>> np.flatnonzero(thin(bar).any(axis=1)).tolist()
        [4]
    """
    lines = np.pad(mask, 1)
    while True:
        before = int(lines.sum())
        for is_second in (False, True):
            lines &= ~_removable(lines, is_second=is_second)
        if int(lines.sum()) == before:
            return lines[1:-1, 1:-1]


def trace_strokes(mask: BoolArray, min_length_px: float) -> list[Float64Array]:
    """Follow the strokes of a mark between their ends and junctions.

    Args:
        mask: bool `(H, W)`, the mark's ink.
        min_length_px: shorter branches are left out, such as those that thinning makes at corners.

    Returns:
        Paths, float64 `(N, 2)`, x and y in pixels.
    """
    lines = {(int(row), int(column)) for row, column in np.argwhere(thin(mask))}
    for branch in _trace(lines):
        is_spur = sum(len(_neighbours(end, lines)) == 1 for end in (branch[0], branch[-1])) == 1
        if is_spur and len(branch) < min_length_px:
            lines -= set(branch[:-1] if len(_neighbours(branch[0], lines)) == 1 else branch[1:])
    traced = _trace(lines)
    branches = [branch for branch in traced if len(branch) >= min_length_px] or traced
    return [_smoothed(np.array(branch, np.float64)[:, ::-1], int(min_length_px)) for branch in branches]


def _removable(lines: BoolArray, *, is_second: bool) -> BoolArray:
    """Mark the pixels that one of the two steps of Zhang and Suen takes away; `lines` has an empty border."""
    ring = [np.roll(lines, (-row, -column), (0, 1)) for row, column in _RING]
    count = np.sum(ring, axis=0)
    transitions = np.sum([~one & following for one, following in zip(ring, ring[1:] + ring[:1], strict=True)], axis=0)
    up, right, down, left = ring[::2]
    sides = ~(up & right & left) & ~(up & down & left) if is_second else ~(up & right & down) & ~(right & down & left)
    return np.asarray(lines & (count >= 2) & (count <= 6) & (transitions == 1) & sides, np.bool_)


def _neighbours(pixel: _Pixel, lines: set[_Pixel]) -> list[_Pixel]:
    """List the pixels that a line goes on to; a diagonal one only if no pixel is next to both."""
    row, column = pixel
    straight = [(row + dy, column + dx) for dy, dx in _RING[::2] if (row + dy, column + dx) in lines]
    diagonal = [
        (row + dy, column + dx)
        for dy, dx in _RING[1::2]
        if (row + dy, column + dx) in lines and (row + dy, column) not in lines and (row, column + dx) not in lines
    ]
    return straight + diagonal


def _trace(lines: set[_Pixel]) -> list[list[_Pixel]]:
    """Follow all lines from node to node, nodes being ends and junctions; then the closed lines without nodes."""
    around = {pixel: _neighbours(pixel, lines) for pixel in sorted(lines)}
    nodes = [pixel for pixel, others in around.items() if len(others) != 2]
    branches = [[pixel] for pixel in nodes if not around[pixel]]
    used: set[tuple[_Pixel, _Pixel]] = set()
    for node in nodes:
        for following in around[node]:
            if (node, following) not in used:
                branches.append(_follow(node, following, around))
                used |= {(branches[-1][0], branches[-1][1]), (branches[-1][-1], branches[-1][-2])}
    return branches + list(_loops(around, {pixel for branch in branches for pixel in branch}))


def _follow(node: _Pixel, following: _Pixel, around: dict[_Pixel, list[_Pixel]]) -> list[_Pixel]:
    """Follow a line from a pixel to the next node, or back to the pixel."""
    branch = [node, following]
    while len(around[branch[-1]]) == 2 and branch[-1] != node:
        one, other = around[branch[-1]]
        branch.append(other if one == branch[-2] else one)
    return branch


def _loops(around: dict[_Pixel, list[_Pixel]], seen: set[_Pixel]) -> Iterator[list[_Pixel]]:
    """Follow the closed lines among the pixels that have not been seen."""
    for pixel, others in around.items():
        if pixel not in seen:
            loop = _follow(pixel, others[0], around)
            seen |= set(loop)
            yield loop


def _smoothed(path: Float64Array, width_px: int) -> Float64Array:
    """Average a path over a few pixels along it; its ends stay."""
    window = 2 * (width_px // 2) + 1
    if len(path) <= window:
        return path
    padded = cv2.copyMakeBorder(path, window // 2, window // 2, 0, 0, cv2.BORDER_REFLECT_101)
    smooth = np.stack([np.convolve(padded[:, axis], np.ones(window) / window, "valid") for axis in (0, 1)], axis=1)
    return np.concatenate([path[:1], smooth[1:-1], path[-1:]])
