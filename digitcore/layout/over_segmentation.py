"""Split components that may be several digits, in more places than needed; which splits are right is decided later."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from digitcore.layout.components import Mark
from digitcore.layout.distance_transform import mean_stroke_width
from digitcore.layout.parameters import LayoutParams, OverSegmentationParams
from digitcore.layout.seams import minimum_cost_paths, notch_seams, upright_extent
from digitcore.types import INK_LEVEL, Box, Float64Array, UInt8Array

_WORKING_HEIGHT_PX: Final = 40
"""Seams are searched in components reduced to this writing height."""

_OVERLAPPING_BANDS: Final = 5
"""How many of the bands in which paths are searched cover each column."""


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """A component, or a part of one.

    Attributes:
        ink: uint8 `(h, w)`, white on black: its ink alone, within its box.
        box: where it is on the page, in pixels.
        is_whole: whether it is a component that was not split; its ink is then the component's own array.
        follows_cut: whether a cut separates it from the segment before it.
    """

    ink: UInt8Array
    box: Box
    is_whole: bool
    follows_cut: bool


def over_segment(component: Mark, writing_height: float, slant: float, params: LayoutParams = LayoutParams()) -> list[Segment]:
    """Split a component along all of its seams.

    Args:
        component: of one line.
        writing_height: of the line, in pixels.
        slant: of the line, in pixels to the right per pixel upwards.
        params: those of over-segmentation, and the least height of a digit, are used.

    Returns:
        Its segments from left to right; one that is whole if there is no seam.
    """
    seams = find_seams(component.ink, writing_height, slant, params)
    if not len(seams):
        return [Segment(component.ink, component.box, is_whole=True, follows_cut=False)]
    columns = np.arange(component.ink.shape[1])
    part = sum((columns >= seam[:, np.newaxis]).astype(np.int8) for seam in seams)  # how many seams are to the left of each pixel
    segments: list[Segment] = []
    for number in range(len(seams) + 1):
        ink = np.where(part == number, component.ink, 0).astype(np.uint8)
        x, y, width, height = cv2.boundingRect((ink > INK_LEVEL).astype(np.uint8))
        if width:
            box = Box(component.box.x + x, component.box.y + y, width, height)
            cropped = np.ascontiguousarray(ink[y : y + height, x : x + width])
            segments.append(Segment(cropped, box, is_whole=False, follows_cut=bool(segments)))
    return segments


def find_seams(ink: UInt8Array, writing_height: float, slant: float, params: LayoutParams = LayoutParams()) -> Float64Array:
    """Find the seams along which ink may be split.

    Args:
        ink: uint8 `(h, w)`, white on black.
        writing_height: in pixels.
        slant: in pixels to the right per pixel upwards.
        params: those of over-segmentation, and the least height of a digit, are used.

    Returns:
        float64 `(K, h)`: the column of each row, the seams from left to right.
    """
    height, width = ink.shape
    if min(width, height) < params.components.min_mark_height * writing_height:
        return np.empty((0, height))
    scale = min(1.0, _WORKING_HEIGHT_PX / writing_height)
    small = np.asarray(cv2.resize(ink, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8) if scale < 1 else ink
    unit_px, p = writing_height * scale, params.over_segmentation
    by_notches = notch_seams(small, slant, p.min_notch_depth * unit_px, p.max_offset * unit_px)
    margin = p.min_part_width * unit_px
    left, right = upright_extent(small, slant)
    bounds = left + margin, right - margin
    kept = _separated([*by_notches, *_cheap_seams(small, unit_px, slant, bounds, p)], bounds, unit_px, p)
    rows = (np.arange(height) + 0.5) * len(small) / height - 0.5
    return np.array([np.interp(rows, np.arange(len(small)), seam) / scale for seam in kept]).reshape(-1, height)


def _cheap_seams(
    small: UInt8Array, unit_px: float, slant: float, bounds: tuple[float, float], params: OverSegmentationParams
) -> Float64Array:
    """Return the minimum-cost paths that cross little ink, float64 `(K, h)`, the cheapest first."""
    centres = np.arange(*bounds, max(2 * params.max_offset * unit_px / _OVERLAPPING_BANDS, 1))
    paths, costs = minimum_cost_paths(small, centres, slant, max(int(params.max_offset * unit_px), 1), params)
    max_cost = params.max_crossed_ink * max(mean_stroke_width(small, cv2.DIST_MASK_3), 1.0)
    return paths[np.argsort(costs)[: int((costs <= max_cost).sum())]]


def _separated(
    seams: Sequence[Float64Array], bounds: tuple[float, float], unit_px: float, params: OverSegmentationParams
) -> list[Float64Array]:
    """Keep seams, the first ones first, that are within bounds and far enough from those kept before; from left to right."""
    min_distance = params.min_part_width * unit_px
    kept: list[Float64Array] = []
    for seam in seams:
        middle = seam.mean()
        if bounds[0] <= middle <= bounds[1] and all(abs(middle - other.mean()) >= min_distance for other in kept):
            kept.append(seam)
    return sorted(kept, key=lambda seam: float(seam.mean()))
