"""Printed lines: of squared paper, ruled paper and forms."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from digitcore.preprocessing.morphology import odd_size, square_element
from digitcore.preprocessing.resampling import downscale_local_mean, overview_factor
from digitcore.types import BoolArray, Float32Array, Float64Array, Int32Array, UInt8Array

_RULING_RUN: Final = 0.03
_RULING_LENGTH: Final = 0.3
_RULING_THICK: Final = 1 / 130
"""A printed line is made of straight runs of at least so many short sides, in one row over such a share of the long side."""

_CORNER: Final = 0.25
"""Across the corner of a picture that was taken askew, lines are shorter; but of this share of the long side at least something is seen."""

_POINTS: Final = 2000
"""Their angle is looked for with so many of their pixels."""

_RULING_BAND: Final = 5
"""Rows that a line may wander over, still half a degree off: odd."""

_THICK_RULING: Final = 0.09
_OWN: Final = 0.7
_UNBROKEN: Final = 0.3
_BARE: Final = 0.2
_THROUGH: Final = 0.8
"""Lines thicker than that, up to this share of the short side, run through most of the long one, though writing may cover most of them."""

_RULING_SEEN: Final = 40
"""A printed line leaves a pixel of a reduced picture at least so bright, of 255."""

_TILT_DEG: Final = 14
"""Cameras are held so crooked, at most."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of printed line."""

    thick_px: int
    """How thick it is at most."""

    bare: float
    """How much of the picture's long side it covers, without what is written over it."""

    covered: float
    """And with it."""


def without_rulings(ink: BoolArray) -> BoolArray:
    """The ink without printed lines.

    They are straight and long, whole or with gaps where writing crosses them; level and upright, or turned a little. Thin ones may be
    shorter, as between the margins of a sheet; as thick as a pen are only those that run through the picture.
    """
    thin = _Kind(ruling_px(ink), _RULING_LENGTH, _RULING_LENGTH)
    thick = _Kind(odd_size(_THICK_RULING * min(ink.shape)), _BARE, _THROUGH)
    seen = _seen(ink)
    if not _has_long(seen, _UNBROKEN):
        return ink
    found = _rulings(ink, seen, thin)
    if found.any():
        ink = ink & ~found
        seen = _seen(ink)
        if not _has_long(seen, _UNBROKEN):
            return ink
    found = _rulings(ink, seen, thick)
    return ink & ~found if found.any() else ink


def _rulings(ink: BoolArray, seen: UInt8Array, kind: _Kind) -> BoolArray:
    strokes = ink.view(np.uint8)
    angle_deg = _ruled_angle(seen, kind.thick_px / overview_factor(ink.shape), kind)
    if angle_deg is None:
        return np.zeros_like(ink)
    if not angle_deg:
        return _both_ways(strokes, np.ones((1, 1), np.uint8), kind).view(np.bool_)
    turn, size_wh = _turning(ink.shape, angle_deg)
    turned, inside = (np.asarray(cv2.warpAffine(each, turn, size_wh), np.uint8) for each in (strokes, np.ones_like(strokes)))
    found = _both_ways(turned, inside, kind)
    if not found.any():
        return np.zeros_like(ink)
    back = cv2.warpAffine(found, cv2.invertAffineTransform(turn), ink.shape[::-1], flags=cv2.INTER_NEAREST)
    return np.asarray(cv2.dilate(back, square_element(3)) > 0)


def _turning(shape: tuple[int, ...], angle_deg: float) -> tuple[Float64Array, tuple[int, int]]:
    """The affine map that turns a picture about its middle, and the width and height that then hold all of it."""
    height, width = shape
    turn = np.array(cv2.getRotationMatrix2D((width / 2, height / 2), angle_deg, 1), np.float64)
    cos, sin = np.abs(turn[0, :2])
    size_wh = round(width * cos + height * sin), round(width * sin + height * cos)
    turn[:, 2] += (size_wh[0] - width) / 2, (size_wh[1] - height) / 2
    return turn, size_wh


def _both_ways(strokes: UInt8Array, inside: UInt8Array, kind: _Kind) -> UInt8Array:
    """Level and upright lines and their crossings; `inside` is what belongs to the picture, one pixel where all of it does."""
    level = _lying_rulings(strokes, inside, kind)
    on_side, inside_on_side = (np.asarray(cv2.transpose(each), np.uint8) for each in (strokes, inside))
    upright = np.asarray(cv2.transpose(_lying_rulings(on_side, inside_on_side, kind)), np.uint8)
    return np.asarray(level | upright | _crossings(level, upright))


def _crossings(level: UInt8Array, upright: UInt8Array) -> UInt8Array:
    """Where lines of both directions meet: too thick to be taken for lines themselves."""
    if not (level.any() and upright.any()):
        return np.zeros_like(level)
    gap_px = odd_size(2 * ruling_px(level))
    onwards = np.ones(gap_px, np.uint8)
    return np.asarray(cv2.bitwise_and(cv2.dilate(level, onwards[np.newaxis]), cv2.dilate(upright, onwards[:, np.newaxis])), np.uint8)


def ruling_px(ink: npt.NDArray[Any]) -> int:
    """Printed lines are thinner than this."""
    return odd_size(max(_RULING_THICK * min(ink.shape), 4))


def _ruled_angle(seen: UInt8Array, thick_px: float, kind: _Kind) -> float | None:
    """The angle in degrees at which strokes line up in rows or columns across the picture; none where nothing is long.

    Args:
        seen: the strokes as `_seen` gives them.
        thick_px: how thick the lines are at most in that reduced picture.
        kind: of the lines.
    """
    side_px = odd_size(thick_px + 2)  # reduced, they reach into one pixel more on either side
    seen = np.asarray(cv2.subtract(seen, _opened(seen, (side_px, side_px))), np.uint8)
    places = np.flatnonzero(seen.view(np.bool_))
    if not places.size or (kind.bare == kind.covered and not _has_long(seen, kind.bare)):
        return None
    points = np.array(np.divmod(places[:: -(-places.size // _POINTS)], seen.shape[1]), np.float32)
    coarse = _best_angle(points, *_turns(0, _TILT_DEG, 2))
    return _best_angle(points, *_turns(coarse, 1.5, 0.5))


def _seen(ink: BoolArray) -> UInt8Array:
    """Where the reduced picture shows strokes: uint8, 1 there and else 0."""
    return np.asarray(downscale_local_mean(ink.view(np.uint8) * np.uint8(255), overview_factor(ink.shape)) > _RULING_SEEN).view(np.uint8)


def _has_long(seen: UInt8Array, length: float) -> bool:
    least = length * max(seen.shape)
    outlines, _ = cv2.findContours(seen, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return any(len(outline) >= least and max(cv2.boundingRect(outline)[2:]) >= least for outline in outlines)


@cache
def _turns(middle_deg: float, reach_deg: float, step_deg: float) -> tuple[Float64Array, Float32Array]:
    """Angles around another in degrees, `(K,)`; and what gives the rows, then the columns, of points turned by each, `(2 K, 2)`."""
    angles_deg = np.arange(middle_deg - reach_deg, middle_deg + reach_deg + step_deg / 2, step_deg)
    cos, sin = np.cos(np.deg2rad(angles_deg)), np.sin(np.deg2rad(angles_deg))
    ways = np.concatenate([np.stack([cos, -sin], axis=1), np.stack([sin, cos], axis=1)])
    return angles_deg, ways.astype(np.float32)


def _best_angle(points: Float32Array, angles_deg: Float64Array, ways: Float32Array) -> float:
    """The angle, of those of some `_turns`, at which points `(2, N)`, y and x, gather most sharply in rows and columns."""
    reach = int(np.hypot(*points.max(axis=1))) + 2
    starts = 2 * reach * np.arange(len(ways)) + reach
    along = np.rint(ways @ points).astype(np.intp)
    along += starts[:, np.newaxis]
    counts = np.bincount(along.ravel(), minlength=2 * reach * len(ways)).reshape(2, len(angles_deg), -1)
    sharpness = np.square(counts[..., 1:] - counts[..., :-1]).sum(axis=(0, 2))
    return float(angles_deg[int(sharpness.argmax())])


def _lying_rulings(strokes: UInt8Array, inside: UInt8Array, kind: _Kind) -> UInt8Array:
    short, rows = min(strokes.shape), _covered(inside)
    length = np.maximum(max(strokes.shape) * rows / rows.max(), _CORNER * max(strokes.shape))  # lines are shorter across corners
    thin = np.asarray(cv2.subtract(strokes, _opened(strokes, (kind.thick_px, 1))), np.uint8)
    band = np.ones((_RULING_BAND, 1), np.uint8)
    lines = (_bare(thin, odd_size(_RULING_RUN * short), kind.bare * length) >= kind.bare * length).view(np.uint8)
    if not lines.any():
        return np.zeros_like(strokes)
    if kind.bare < kind.covered:  # a thick line's own rows alone: the rounds of digits often rest on it
        lines = lines & (_covered(cv2.dilate(strokes, band)) >= kind.covered * length)
        lines = lines & (_covered(strokes) >= _OWN * kind.covered * length)
        band = np.ones((3, 1), np.uint8)
    return np.asarray(thin & np.asarray(cv2.dilate(lines, band), np.uint8))


def _bare(thin: UInt8Array, run_px: int, least: Float64Array) -> Int32Array:
    """How many columns straight runs cover within a band around each row: int32 `(H, 1)`, 0 where that can't be the least wanted.

    Args:
        thin: strokes without what is thick, uint8 `(H, W)`, 0 or 1.
        run_px: the length of the shortest run.
        least: float64 `(H, 1)`, or `(1, 1)` for all rows.
    """
    band, bare = np.ones((_RULING_BAND, 1), np.uint8), np.zeros((len(thin), 1), np.int32)
    likely = (_covered(cv2.dilate(thin, band)) >= least).view(np.uint8)
    places = np.flatnonzero(cv2.dilate(likely, np.ones((_RULING_BAND + 2, 1), np.uint8)))
    if not places.size:
        return bare
    some = thin[places]
    near = cv2.dilate(some, np.ones((3, 1), np.uint8))  # a line that isn't quite level steps from row to row
    runs = cv2.bitwise_and(_opened(near, (1, run_px)), some)
    bare[places] = _covered(cv2.dilate(runs, band))
    return bare * likely


def _opened(picture: npt.NDArray[Any], window: tuple[int, int]) -> UInt8Array:
    """What a window of that height and width fits into; there is nothing outside of the picture."""
    fitting = np.ones(window, np.uint8)
    return np.asarray(cv2.morphologyEx(picture, cv2.MORPH_OPEN, fitting, borderType=cv2.BORDER_CONSTANT, borderValue=0), np.uint8)


def _covered(picture: npt.NDArray[Any]) -> Int32Array:
    """How many pixels of each row are ink: int32 `(H, 1)`."""
    return np.asarray(cv2.reduce(picture, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S), np.int32)
