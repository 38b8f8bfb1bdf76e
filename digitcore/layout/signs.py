"""Recognize signs of sums by their geometry: +, × and parentheses, and with `percent_signs` %, which the network can take for digits."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from digitcore.layout.candidates import CandidateT
from digitcore.layout.components import Mark
from digitcore.layout.ink import crop_to_ink
from digitcore.layout.parameters import LayoutParams
from digitcore.layout.percent_signs import find_percent_signs
from digitcore.rejections import RejectionReason
from digitcore.types import INK_LEVEL, Int32Array, UInt8Array

_BAR_MARGIN: Final = 2.0
_BAR_EDGE_PX: Final = 4
"""A mark is too long for a × before its rotation, which is expensive, if it is this many times longer than it may be after it, though its
width is more by so many pixels: interpolation changes its ends and its edges."""


def reject_signs(marks: Sequence[tuple[Mark, CandidateT]], params: LayoutParams = LayoutParams()) -> list[Mark]:
    """Reject the marks that are percent signs, plus signs, multiplication signs or parentheses.

    Args:
        marks: of one line, each with its classification.
        params: what signs look like.

    Returns:
        The same marks in the same order; signs have `RejectionReason.SIGN`.
    """
    heights = [mark.box.height for mark, _ in marks if mark.rejection is None]
    min_parenthesis_height = params.signs.min_parenthesis_height * float(np.median(heights)) if heights else 0.0
    of_percent_signs = find_percent_signs(marks, params)
    return [
        replace(mark, rejection=RejectionReason.SIGN)
        if index in of_percent_signs or (mark.rejection is None and _is_sign(mark, candidate.digit_score, min_parenthesis_height, params))
        else mark
        for index, (mark, candidate) in enumerate(marks)
    ]


def _is_sign(mark: Mark, digit_score: float, min_parenthesis_height: float, params: LayoutParams) -> bool:
    if digit_score < params.signs.max_cross_digit_score and is_cross(mark.ink, params):
        return True
    return mark.box.height >= min_parenthesis_height and is_parenthesis(mark.ink, params)


def is_cross(ink: UInt8Array, params: LayoutParams = LayoutParams()) -> bool:
    """Decide whether a mark is a plus sign or a multiplication sign, uint8 `(h, w)`, white on black, by its shape alone."""
    mask = _cropped(ink)
    return _is_upright_cross(mask, params) or _is_diagonal_cross(mask, params)


def is_plus_sign(ink: UInt8Array, params: LayoutParams = LayoutParams()) -> bool:
    """Decide whether a mark consists of an upright and a level bar that cross, each of them beyond the other on both sides.

    Args:
        ink: uint8 `(h, w)`, white on black: the mark alone.
        params: the bounds of its shape.

    Returns:
        Whether it does.

    Examples:
        >>> ink = np.zeros((30, 30), np.uint8)
        >>> ink[13:17, 2:28] = ink[2:28, 13:17] = 255
        >>> is_plus_sign(ink), is_plus_sign(ink[:17])
        (True, False)
    """
    return _is_upright_cross(_cropped(ink), params)


def is_times_sign(ink: UInt8Array, params: LayoutParams = LayoutParams()) -> bool:
    """Decide whether a mark consists of two diagonal bars that cross near its middle.

    Args:
        ink: uint8 `(h, w)`, white on black: the mark alone.
        params: the bounds of its shape.

    Returns:
        Whether it does.

    Examples:
        >>> ink = np.maximum(np.eye(40, dtype=np.uint8), np.eye(40, dtype=np.uint8)[::-1]) * 255
        >>> is_times_sign(ink), is_times_sign(np.triu(ink))
        (True, False)
    """
    return _is_diagonal_cross(_cropped(ink), params)


def _is_diagonal_cross(mask: UInt8Array, params: LayoutParams) -> bool:
    """Decide whether a mask, 0 or 1, cropped, consists of two diagonal bars that cross near its middle."""
    if not _may_be_cross(mask, params) or _is_diagonal_bar(mask, params):
        return False
    side = max(mask.shape)
    square = cv2.resize(mask * np.uint8(255), (side, side), interpolation=cv2.INTER_LINEAR)
    rotation = np.array(cv2.getRotationMatrix2D((side / 2, side / 2), 45, 1), np.float64)
    rotation[:, 2] += side / 2
    return _is_upright_cross(_cropped(np.asarray(cv2.warpAffine(square, rotation, (2 * side, 2 * side)), np.uint8)), params)


def _may_be_cross(mask: UInt8Array, params: LayoutParams) -> bool:
    """Decide whether a cropped mask is large enough, and neither too long nor too full for a cross."""
    short, long = sorted(mask.shape)
    has_shape = params.lines.min_legible_side_px <= long <= params.components.max_round_aspect_ratio * short
    return has_shape and cv2.countNonZero(mask) <= params.signs.max_cross_fill * mask.size


def _is_diagonal_bar(mask: UInt8Array, params: LayoutParams) -> bool:
    """Decide whether a cropped mask is far too long for a cross along a diagonal: cheaply, since hatching has hundreds of such bars."""
    height, width = mask.shape
    y = (np.arange(height) + 0.5) / height
    first, last = mask.argmax(axis=1) / width, 1 - mask[:, ::-1].argmax(axis=1) / width
    has_ink = mask.any(axis=1)
    extents = [float(np.ptp(np.concatenate([y + sign * first, y + sign * last])[np.tile(has_ink, 2)])) for sign in (1, -1)]
    return bool(max(extents) > _BAR_MARGIN * params.components.max_round_aspect_ratio * (min(extents) + _BAR_EDGE_PX / max(height, width)))


def _is_upright_cross(mask: UInt8Array, params: LayoutParams) -> bool:
    """Decide whether a mask, 0 or 1, cropped, consists of an upright and a level bar that cross."""
    if not _may_be_cross(mask, params):
        return False
    height, width = mask.shape
    side = max(height, width)
    per_row, per_column = (np.asarray(cv2.reduce(mask, axis, cv2.REDUCE_SUM, dtype=cv2.CV_32S), np.int32).ravel() for axis in (1, 0))
    ink_px = int(per_row.sum())
    stroke_width = ink_px / (height + width)
    crossing_y, crossing_x = _densest(per_row, stroke_width), _densest(per_column, stroke_width)
    if not mask[crossing_y, crossing_x]:
        return False
    half_band = params.signs.band_strokes * stroke_width + params.signs.band_sides * side
    dy, dx = np.arange(height) - crossing_y, np.arange(width) - crossing_x
    arms_px = [int(counts[offset * sign > half_band].sum()) for counts, offset in ((per_row, dy), (per_column, dx)) for sign in (1, -1)]
    if min(arms_px) < params.signs.min_arm_area * stroke_width * side:
        return False
    outside_px = np.count_nonzero(mask[np.abs(dy) > half_band][:, np.abs(dx) > half_band])
    return bool(outside_px / ink_px <= params.signs.max_outside_share)


def is_parenthesis(ink: UInt8Array, params: LayoutParams = LayoutParams()) -> bool:
    """Decide whether a mark is one upright stroke that is bent like an arc.

    Args:
        ink: uint8 `(h, w)`, white on black: the mark alone.
        params: the bounds of its shape.

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
    if height < params.lines.min_legible_side_px:
        return False
    first, last = mask.argmax(axis=1), width - 1 - mask[:, ::-1].argmax(axis=1)
    is_single_run = mask.sum(axis=1) == last - first + 1
    middle = (first + last) / (2 * height)
    y = np.linspace(-1, 1, height)
    coefficients = np.polyfit(y, middle, 2)
    sagitta = abs(coefficients[0])
    error = float(np.sqrt(np.mean(np.square(middle - np.polyval(coefficients, y)))))
    is_arc = sagitta >= params.signs.min_sagitta and error <= params.signs.max_arc_error
    return bool(is_arc and is_single_run.mean() >= params.signs.min_single_runs)


def _cropped(ink: UInt8Array) -> UInt8Array:
    """Return where there is ink, 1, else 0, cropped to it: uint8 `(h, w)`; empty without ink."""
    mask = (ink > INK_LEVEL).view(np.uint8)
    return crop_to_ink(mask) if mask.any() else mask[:0, :0]


def _densest(counts: Int32Array, width: float) -> int:
    """Return the index around which `width` values have the largest sum."""
    return int(np.convolve(counts, np.ones(max(1, round(width))), "same").argmax())
