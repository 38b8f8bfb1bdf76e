"""Where strokes that may be several digits are cut: along paths from top to bottom that cross as little ink as possible."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from digitcore.layout.boxes import union_box
from digitcore.layout.components import Mark
from digitcore.layout.distance_transform import mean_stroke_width
from digitcore.types import INK_LEVEL, Box, Float32Array, Float64Array, Int64Array, UInt8Array

_CUT_EVERY: Final = 0.08
_CUT_REACH: Final = 0.2
"""Cuts are looked for so close to each other, and wander so far from the line's slant on their way down."""

_CUT_APART: Final = 0.14
_CUT_THROUGH: Final = 1.6
"""Cuts kept are so far apart, and go through at most so many widths of the pen."""

_NARROWEST: Final = 0.45
_LOWEST: Final = 0.4
_MARGIN: Final = 0.12
"""Narrower or lower strokes are one digit at most, and none is narrower than the margin."""

_NOTCH: Final = 0.08
_NOTCHES_APART: Final = 0.3
"""Notches are at least so deep, and those of one cut no further apart along the line."""

_STEP_COST: Final = 0.05
"""A path that steps aside pays so much, in full pixels of ink."""

_SEAM_HEIGHT_PX: Final = 40
"""Cuts are looked for in strokes reduced to this height."""

_SLANTS: Final = np.arange(-0.3, 0.91, 0.15)
_SLANT_COST: Final = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A stroke or a part of one."""

    ink: UInt8Array
    box: Box
    cut: bool
    """Whether a cut separates it from the piece before."""


def estimate_slant(strokes: Sequence[Mark]) -> float:
    """How far the writing leans to the right, in pixels a pixel up: upright strokes then stand in few columns."""
    pieces = [Piece(stroke.ink, stroke.box, cut=False) for stroke in strokes]
    box, ink = union_box(piece.box for piece in pieces), merge_ink(pieces)
    scale = min(1.0, _SEAM_HEIGHT_PX / box.height)
    if scale * box.width < 2:
        return 0.0
    small = cv2.resize(ink, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    height, width = small.shape
    best, best_slant = -1.0, 0.0
    for slant in _SLANTS:
        margin = int(abs(slant) * height / 2) + 1
        shear = np.array([[1, slant, margin - slant * height / 2], [0, 1, 0]])
        upright = cv2.warpAffine(small, shear, (width + 2 * margin, height), flags=cv2.INTER_LINEAR)
        peaks = float(np.square((upright > INK_LEVEL).sum(axis=0, dtype=np.float64)).sum()) * (1 - _SLANT_COST * abs(slant))
        if peaks > best:
            best, best_slant = peaks, float(slant)
    return best_slant


def over_segment(stroke: Mark, height: float, slant: float) -> list[Piece]:
    """A stroke in pieces, cut wherever it may be two digits."""
    seams = _seams(stroke.ink, height, slant)
    if not len(seams):
        return [Piece(stroke.ink, stroke.box, cut=False)]
    columns = np.arange(stroke.ink.shape[1])
    part = sum((columns >= seam[:, np.newaxis]).astype(np.int8) for seam in seams)
    pieces: list[Piece] = []
    for number in range(len(seams) + 1):
        ink = np.where(part == number, stroke.ink, 0).astype(np.uint8)
        x, y, width, tall = cv2.boundingRect((ink > INK_LEVEL).astype(np.uint8))
        if width:
            box = Box(stroke.box.x + x, stroke.box.y + y, width, tall)
            pieces.append(Piece(np.ascontiguousarray(ink[y : y + tall, x : x + width]), box, bool(pieces)))
    return pieces


def merge_ink(pieces: Sequence[Piece]) -> UInt8Array:
    """Their ink in one picture, within the box around them."""
    return pieces[0].ink if len(pieces) == 1 else paste_ink(pieces, union_box(piece.box for piece in pieces))


def paste_ink(pieces: Sequence[Piece], box: Box) -> UInt8Array:
    """Their ink where it lies within a box that holds them all: uint8, of the box's height and width."""
    ink = np.zeros((box.height, box.width), np.uint8)
    for piece in pieces:
        x, y, width, height = piece.box
        place = ink[y - box.y : y - box.y + height, x - box.x : x - box.x + width]
        np.maximum(place, piece.ink, out=place)
    return ink


def _seams(ink: UInt8Array, height: float, slant: float) -> Float64Array:
    """Cuts from top to bottom through as little ink as possible: float64 `(K, h)`, the column of each row, from the left."""
    rows, columns = ink.shape
    if columns < _NARROWEST * height or rows < _LOWEST * height:
        return np.empty((0, rows))
    scale = min(1.0, _SEAM_HEIGHT_PX / height)
    small = np.asarray(cv2.resize(ink, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8) if scale < 1 else ink
    unit, wide = height * scale, small.shape[1]
    margin = _MARGIN * unit
    centres = np.arange(margin, wide - margin, max(_CUT_EVERY * unit, 1))
    paths, prices = _cheapest_paths(small, centres, slant, max(int(_CUT_REACH * unit), 1))
    cheap = paths[np.argsort(prices)[: int((prices <= _CUT_THROUGH * max(mean_stroke_width(small, cv2.DIST_MASK_3), 1.0)).sum())]]
    kept: list[Float64Array] = []
    for path in (*_between_notches(small, unit, slant), *cheap):
        middle = path.mean()
        if margin <= middle <= wide - margin and all(abs(middle - other.mean()) >= _CUT_APART * unit for other in kept):
            kept.append(path)
    kept.sort(key=lambda path: float(path.mean()))
    ys = (np.arange(rows) + 0.5) * len(small) / rows - 0.5
    return np.array([np.interp(ys, np.arange(len(small)), path) / scale for path in kept]).reshape(-1, rows)


def _between_notches(small: UInt8Array, unit: float, slant: float) -> list[Float64Array]:
    """Cuts from a notch in the upper outline to one in the lower: where two rounds lean on each other, through however much ink."""
    tall, wide = small.shape
    lean = slant * (tall / 2 - np.arange(tall))
    reach = int(np.ceil(abs(lean).max()))
    at = np.rint(np.arange(-reach, wide + reach) + lean[:, np.newaxis]).astype(np.intp)
    upright = (small[np.arange(tall)[:, np.newaxis], at.clip(0, wide - 1)] > INK_LEVEL) & (at >= 0) & (at < wide)
    above = np.where(upright.any(axis=0), upright.argmax(axis=0), tall)
    below = np.where(upright.any(axis=0), upright[::-1].argmax(axis=0), tall)
    tops, bottoms = _notches(above, _NOTCH * unit), _notches(below, _NOTCH * unit)
    cuts = []
    for top in tops:
        bottom = min(bottoms, key=lambda each: abs(each - top), default=None)
        if bottom is not None and abs(bottom - top) <= _NOTCHES_APART * unit:
            ends = float(above[top]), float(tall - 1 - below[bottom])
            straight = np.interp(np.arange(tall), sorted(ends), (top, bottom) if ends[0] <= ends[1] else (bottom, top))
            cuts.append(straight - reach + lean)
    return cuts


def _notches(depth: Int64Array, least: float) -> list[int]:
    """Where an outline is deeper than on both sides, by at least so much: the middles of its deepest places."""
    found = []
    for index in np.flatnonzero((depth[1:-1] >= depth[:-2]) & (depth[1:-1] >= depth[2:])) + 1:
        deeper_left = np.flatnonzero(depth[:index] > depth[index])
        deeper_right = np.flatnonzero(depth[index:] > depth[index])
        left = depth[(deeper_left[-1] + 1 if deeper_left.size else 0) : index]
        right = depth[index + 1 : (index + deeper_right[0] if deeper_right.size else len(depth))]
        if left.size and right.size and depth[index] - max(left.min(), right.min()) >= least:
            found.append(int(index))
    return [index for place, index in enumerate(found) if place == 0 or index - found[place - 1] > 1]


def _cheapest_paths(small: UInt8Array, centres: Float64Array, slant: float, reach_px: int) -> tuple[Float64Array, Float32Array]:
    """From top to bottom around each centre: the column of each row, `(N, h)`, and the ink that is crossed, `(N,)`, in full pixels."""
    tall, wide = small.shape
    window = np.arange(-reach_px, reach_px + 1)
    lean = slant * (tall / 2 - np.arange(tall))
    at = np.rint(centres[:, np.newaxis] + window + lean[:, np.newaxis, np.newaxis]).astype(np.intp)
    outside = (at < 0) | (at >= wide)
    costs = small[np.arange(tall)[:, np.newaxis, np.newaxis], at.clip(0, wide - 1)].astype(np.float32) / 255
    costs[outside] = 0
    total = np.full((len(centres), len(window) + 2), np.inf, np.float32)
    total[:, 1:-1] = 0
    steps = np.empty((tall, len(centres), len(window)), np.int8)
    for y in range(tall):
        left, stay, right = total[:, :-2] + _STEP_COST, total[:, 1:-1], total[:, 2:] + _STEP_COST
        aside = np.minimum(left, right)
        steps[y] = np.where(stay <= aside, 0, np.where(left <= right, -1, 1))
        total[:, 1:-1] = np.minimum(stay, aside) + costs[y]
    every = np.arange(len(centres))
    place = total[:, 1:-1].argmin(axis=1)
    prices = total[every, place + 1]
    paths = np.empty((len(centres), tall))
    for y in range(tall - 1, -1, -1):
        paths[:, y] = centres + lean[y] + window[place]
        place = place + steps[y][every, place]
    return paths, prices
