"""Seams: paths from the top of a picture to its bottom along which touching digits may be split.

Two kinds: paths that cross as little ink as possible, found by dynamic programming, and straight ones between a notch in the upper
contour and one in the lower, through however much ink. A seam is float64 `(h,)`: the column that it passes in each row.
"""

from itertools import groupby, takewhile
from operator import itemgetter

import numpy as np

from digitcore.layout.parameters import OverSegmentationParams
from digitcore.types import INK_LEVEL, BoolArray, Float32Array, Float64Array, Int64Array, UInt8Array


def minimum_cost_paths(
    ink: UInt8Array, centres: Float64Array, slant: float, max_offset_px: int, params: OverSegmentationParams = OverSegmentationParams()
) -> tuple[Float64Array, Float32Array]:
    """Find, around each centre, the path from top to bottom that crosses the least ink.

    Dynamic programming as in seam carving (Avidan and Shamir 2007), in a band that leans with the writing. With the ink c(y, o) in [0, 1]
    at the offset o from the band's centre in row y, and the cost k = `sidestep_cost` of a step aside:

        C(y, o) = c(y, o) + min(C(y − 1, o), C(y − 1, o − 1) + k, C(y − 1, o + 1) + k)

    Args:
        ink: uint8 `(h, w)`, white on black; outside of it there is none.
        centres: float64 `(N,)`: the columns of the bands at half the height.
        slant: of the bands, in pixels to the right per pixel upwards.
        max_offset_px: how far a path may stray from its band's centre.
        params: what a step aside costs.

    Returns:
        The paths, float64 `(N, h)`, and their costs, float32 `(N,)`, in full pixels of ink.
    """
    offsets = np.arange(-max_offset_px, max_offset_px + 1)
    lean = _lean(len(ink), slant)
    totals = _total_costs(_sample_bands(ink, centres, lean, offsets), params)
    steps = _cheapest_steps(totals, params)
    every = np.arange(len(centres))
    index = totals[-1, 1:-1].argmin(axis=0)
    costs = totals[-1, index + 1, every]
    indices = np.empty((len(ink), len(centres)), np.intp)
    for y in range(len(ink) - 1, -1, -1):
        indices[y] = index
        index = index + steps[y, index, every]
    return centres[:, np.newaxis] + lean + offsets[indices.T], costs


def notch_seams(ink: UInt8Array, slant: float, min_depth_px: float, max_distance_px: float) -> list[Float64Array]:
    """Find straight seams from a notch in the upper contour to the nearest one in the lower, where two round digits lean on each other.

    A notch is a place where the distance from the picture's edge to the ink has a maximum of enough topographic prominence.

    Args:
        ink: uint8 `(h, w)`, white on black.
        slant: of the writing, in pixels to the right per pixel upwards.
        min_depth_px: the smallest prominence of a notch.
        max_distance_px: how far apart the two notches of one seam may be along the line, once the slant is undone.

    Returns:
        The seams, float64 `(h,)` each.
    """
    height = len(ink)
    lean = _lean(height, slant)
    margin = int(np.ceil(abs(lean).max()))
    upright = _undo_slant(ink, lean, margin)
    has_ink = upright.any(axis=0)
    from_top = np.where(has_ink, upright.argmax(axis=0), height)
    from_bottom = np.where(has_ink, upright[::-1].argmax(axis=0), height)
    bottoms = prominent_maxima(from_bottom, min_depth_px)
    seams = []
    for top in prominent_maxima(from_top, min_depth_px):
        bottom = min(bottoms, key=lambda each: abs(each - top), default=None)
        if bottom is not None and abs(bottom - top) <= max_distance_px:
            between = sorted((float(from_top[top]), float(height - 1 - from_bottom[bottom])))  # the notches may pass each other
            straight = np.interp(np.arange(height), between, (top, bottom))
            seams.append(straight - margin + lean)
    return seams


def upright_extent(ink: UInt8Array, slant: float) -> tuple[int, int]:
    """Find between which columns ink is once its slant is undone.

    Args:
        ink: uint8 `(h, w)`, white on black.
        slant: of the writing, in pixels to the right per pixel upwards.

    Returns:
        The first column with ink, and the one after the last, at half the height; both 0 without ink.
    """
    lean = _lean(len(ink), slant)
    margin = int(np.ceil(abs(lean).max()))
    columns = np.flatnonzero(_undo_slant(ink, lean, margin).any(axis=0)) - margin
    return (int(columns[0]), int(columns[-1]) + 1) if columns.size else (0, 0)


def prominent_maxima(profile: Int64Array, min_prominence: float) -> list[int]:
    """Find the local maxima of a profile by their topographic prominence.

    The prominence of a maximum is its height above the higher of two minima: those between it and the nearest higher value, or the
    profile's end, on its left and on its right.

    Args:
        profile: int64 `(N,)`.
        min_prominence: the smallest prominence, above 0.

    Returns:
        The indices of the maxima, ascending; of a plateau the first one.
    """
    plateaus = [next(equal) for _, equal in groupby(enumerate(profile.tolist()), key=itemgetter(1))]
    levels = [level for _, level in plateaus]
    found = []
    for number, (start, level) in enumerate(plateaus[1:-1], start=1):
        if levels[number - 1] < level > levels[number + 1]:
            left = min(takewhile(level.__ge__, reversed(levels[:number])))
            right = min(takewhile(level.__ge__, levels[number + 1 :]))
            if level - max(left, right) >= min_prominence:
                found.append(start)
    return found


def _lean(height: int, slant: float) -> Float64Array:
    """Return, for each row, how far slanted writing is displaced to the right; 0 at half the height."""
    return np.asarray(slant * (height / 2 - np.arange(height)))


def _sample_bands(ink: UInt8Array, centres: Float64Array, lean: Float64Array, offsets: Int64Array) -> Float32Array:
    """Return the ink around each centre, float32 `(h, N, offsets)` in [0, 1], 0 outside of the picture."""
    height, width = ink.shape
    columns = _nearest(centres[:, np.newaxis] + offsets + lean[:, np.newaxis, np.newaxis])
    sampled = ink[np.arange(height)[:, np.newaxis, np.newaxis], columns.clip(0, width - 1)].astype(np.float32) / 255
    sampled[(columns < 0) | (columns >= width)] = 0
    return np.asarray(sampled)


def _total_costs(ink_costs: Float32Array, params: OverSegmentationParams) -> Float32Array:
    """Return C before the first row and after each, float32 `(h + 1, offsets + 2, N)`, given the ink `(h, N, offsets)`.

    The offset before the first and the one after the last cost infinitely much. The bands are the last axis, since NumPy is faster with
    fewer, longer rows.
    """
    height, band_count, offset_count = ink_costs.shape
    totals = np.full((height + 1, offset_count + 2, band_count), np.inf, np.float32)
    totals[0, 1:-1] = 0
    aside = np.empty((offset_count, band_count), np.float32)
    for y, ink_cost in enumerate(ink_costs.transpose(0, 2, 1)):
        np.minimum(totals[y, :-2], totals[y, 2:], out=aside)
        aside += params.sidestep_cost
        np.minimum(aside, totals[y, 1:-1], out=aside)
        np.add(aside, ink_cost, out=totals[y + 1, 1:-1])
    return totals


def _cheapest_steps(totals: Float32Array, params: OverSegmentationParams) -> Int64Array:
    """Return how each cheapest path changes its offset from a row to the one above, int64 `(h, offsets, N)`: 0, −1 or 1."""
    left, straight, right = totals[:-1, :-2] + params.sidestep_cost, totals[:-1, 1:-1], totals[:-1, 2:] + params.sidestep_cost
    return np.where(straight <= np.minimum(left, right), 0, np.where(left <= right, -1, 1))


def _undo_slant(ink: UInt8Array, lean: Float64Array, margin: int) -> BoolArray:
    """Return where ink is once its rows are moved back by `lean`, with a margin on both sides."""
    height, width = ink.shape
    columns = _nearest(np.arange(-margin, width + margin) + lean[:, np.newaxis])
    is_ink = ink[np.arange(height)[:, np.newaxis], columns.clip(0, width - 1)] > INK_LEVEL
    return np.asarray(is_ink & (columns >= 0) & (columns < width))


def _nearest(columns: Float64Array) -> Int64Array:
    """Round to whole columns, half ones up: NumPy rounds them to even ones, which takes some columns twice and leaves others out."""
    return np.floor(columns + 0.5).astype(np.intp)
