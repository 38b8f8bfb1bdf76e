"""Recognize signs of sums by their geometry: +, × and parentheses, which the network can take for digits."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from digitcore.layout.candidates import CandidateT
from digitcore.layout.components import Mark
from digitcore.layout.ink import crop_to_ink
from digitcore.results import RejectionReason
from digitcore.types import INK_LEVEL, Float64Array, UInt8Array

MAX_CROSS_DIGIT_SCORE: Final = 0.55
"""A mark with a higher digit score is neither + nor ×: a 4 may consist of two bars, too. Plus signs that people wrote reach 0.44."""

MIN_RELATIVE_PARENTHESIS_HEIGHT: Final = 1.2
"""A parenthesis is at least this multiple of its line's median height high: a curved 1 is not."""

_MIN_SIDE_PX: Final = 8
"""Smaller marks have no measurable shape."""

_BAND_STROKES: Final = 0.75
_BAND_SIDES: Final = 0.06
"""The ink of a bar lies within these multiples of the stroke width and of the mark's longer side, added, from its middle."""

_MAX_OUTSIDE_SHARE: Final = 0.03
"""Greatest share of the ink of a cross outside of its two bars."""

_CROSSING_RANGE: Final = (0.25, 0.75)
"""Where its bars cross, in its widths and heights."""

_MAX_CROSS_ASPECT_RATIO: Final = 1.7
"""Greatest ratio of the longer side of a + or × to its shorter one."""

_MAX_CROSS_FILL: Final = 0.65
"""Greatest share of its box that a cross fills; there is ink where its bars cross, too, unlike in a bold 0."""

_MIN_ARM_AREA: Final = 0.05
"""Least area of each of the four arms, in stroke widths times the longer side."""

_MAX_PARENTHESIS_ASPECT: Final = 0.6
"""Greatest ratio of a parenthesis's width to its height."""

_SAGITTA_RANGE: Final = (0.15, 0.4)
"""Of the arc of a parenthesis, in its heights."""

_MAX_LEAN: Final = 0.9
_MAX_STRAIGHT_LEAN: Final = 0.08
"""An arc leans by at most the first multiple of its sagitta and the second of its height, added, over half its height."""

_MAX_ARC_ERROR: Final = 0.03
"""Greatest root mean square distance of the middle of the stroke from a parabola, in heights."""

_MIN_SINGLE_RUNS: Final = 0.9
"""Least share of the rows of a parenthesis in which its ink is one run."""


def reject_signs(marks: Sequence[tuple[Mark, CandidateT]]) -> list[Mark]:
    """Reject the marks that are plus signs, multiplication signs or parentheses.

    Args:
        marks: of one line, each with its classification.

    Returns:
        The same marks in the same order; signs have `RejectionReason.SIGN`.
    """
    heights = [mark.box.height for mark, _ in marks if mark.rejection is None]
    min_parenthesis_height = MIN_RELATIVE_PARENTHESIS_HEIGHT * float(np.median(heights)) if heights else 0.0
    return [
        replace(mark, rejection=RejectionReason.SIGN)
        if mark.rejection is None and _is_sign(mark, candidate.digit_score, min_parenthesis_height)
        else mark
        for mark, candidate in marks
    ]


def _is_sign(mark: Mark, digit_score: float, min_parenthesis_height: float) -> bool:
    if digit_score < MAX_CROSS_DIGIT_SCORE and is_cross(mark.ink):
        return True
    return mark.box.height >= min_parenthesis_height and is_parenthesis(mark.ink)


def is_cross(ink: UInt8Array) -> bool:
    """Decide whether a mark is a plus sign or a multiplication sign, uint8 `(h, w)`, white on black, by its shape alone."""
    return is_plus_sign(ink) or is_times_sign(ink)


def is_plus_sign(ink: UInt8Array) -> bool:
    """Decide whether a mark consists of an upright and a level bar that cross, each of them beyond the other on both sides.

    Args:
        ink: uint8 `(h, w)`, white on black: the mark alone.

    Returns:
        Whether it does.

    Examples:
        >>> ink = np.zeros((30, 30), np.uint8)
        >>> ink[13:17, 2:28] = ink[2:28, 13:17] = 255
        >>> is_plus_sign(ink), is_plus_sign(ink[:17])
        (True, False)
    """
    return _is_upright_cross(_cropped(ink))


def is_times_sign(ink: UInt8Array) -> bool:
    """Decide whether a mark consists of two diagonal bars that cross near its middle.

    Args:
        ink: uint8 `(h, w)`, white on black: the mark alone.

    Returns:
        Whether it does.

    Examples:
        >>> ink = np.maximum(np.eye(40, dtype=np.uint8), np.eye(40, dtype=np.uint8)[::-1]) * 255
        >>> is_times_sign(ink), is_times_sign(np.triu(ink))
        (True, False)
    """
    mask = _cropped(ink)
    if not _may_be_cross(mask):
        return False
    side = max(mask.shape)
    square = cv2.resize(mask * np.uint8(255), (side, side), interpolation=cv2.INTER_LINEAR)
    rotation = np.array(cv2.getRotationMatrix2D((side / 2, side / 2), 45, 1), np.float64)
    rotation[:, 2] += side / 2
    return _is_upright_cross(_cropped(np.asarray(cv2.warpAffine(square, rotation, (2 * side, 2 * side)), np.uint8)))


def _may_be_cross(mask: UInt8Array) -> bool:
    """Decide whether a cropped mask is large enough and not too long for a cross."""
    short, long = sorted(mask.shape)
    return bool(short >= _MIN_SIDE_PX and long <= _MAX_CROSS_ASPECT_RATIO * short)


def _is_upright_cross(mask: UInt8Array) -> bool:
    """Decide whether a mask, 0 or 1, cropped, consists of an upright and a level bar that cross."""
    if not _may_be_cross(mask):
        return False
    height, width = mask.shape
    side = max(height, width)
    stroke_width = np.count_nonzero(mask) / (height + width)
    crossing_y, crossing_x = (_densest(mask.sum(axis=axis), stroke_width) for axis in (1, 0))
    crosses_inside = all(_CROSSING_RANGE[0] <= at <= _CROSSING_RANGE[1] for at in (crossing_y / height, crossing_x / width))
    if not crosses_inside or not mask[crossing_y, crossing_x] or mask.mean() > _MAX_CROSS_FILL:
        return False
    y, x = np.nonzero(mask)
    half_band = _BAND_STROKES * stroke_width + _BAND_SIDES * side
    dy, dx = y - crossing_y, x - crossing_x
    is_outside = (np.abs(dy) > half_band) & (np.abs(dx) > half_band)
    smallest_arm_px = min(np.count_nonzero(offset * sign > half_band) for offset in (dy, dx) for sign in (1, -1))
    return bool(is_outside.mean() <= _MAX_OUTSIDE_SHARE and smallest_arm_px >= _MIN_ARM_AREA * stroke_width * side)


def is_parenthesis(ink: UInt8Array) -> bool:
    """Decide whether a mark is one upright stroke that is bent like an arc.

    Args:
        ink: uint8 `(h, w)`, white on black: the mark alone.

    Returns:
        Whether it is.

    Examples:
        >>> ink = np.zeros((60, 30), np.uint8)
        >>> for y in range(60):
        ...     x = round(4 + 10 * (y / 30 - 1) ** 2)
        ...     ink[y, x : x + 5] = 255
        >>> is_parenthesis(ink), is_parenthesis(ink[:30])
        (True, False)
    """
    mask = _cropped(ink)
    height, width = mask.shape
    if height < _MIN_SIDE_PX or width > _MAX_PARENTHESIS_ASPECT * height:
        return False
    first, last = mask.argmax(axis=1), width - 1 - mask[:, ::-1].argmax(axis=1)
    is_single_run = mask.sum(axis=1) == last - first + 1
    middle = (first + last) / (2 * height)
    y = np.linspace(-1, 1, height)
    coefficients = np.polyfit(y, middle, 2)
    sagitta, lean = np.abs(coefficients[:2])
    error = float(np.sqrt(np.mean(np.square(middle - np.polyval(coefficients, y)))))
    is_arc = _SAGITTA_RANGE[0] <= sagitta <= _SAGITTA_RANGE[1] and lean <= _MAX_LEAN * sagitta + _MAX_STRAIGHT_LEAN
    return bool(is_arc) and error <= _MAX_ARC_ERROR and bool(is_single_run.mean() >= _MIN_SINGLE_RUNS)


def _cropped(ink: UInt8Array) -> UInt8Array:
    """Return where there is ink, 1, else 0, cropped to it: uint8 `(h, w)`; empty without ink."""
    mask = (ink > INK_LEVEL).view(np.uint8)
    return crop_to_ink(mask) if mask.any() else mask[:0, :0]


def _densest(counts: Float64Array, width: float) -> int:
    """Return the index around which `width` values have the largest sum."""
    return int(np.convolve(counts, np.ones(max(1, round(width))), "same").argmax())
