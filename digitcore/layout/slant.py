"""Estimate how far handwriting leans."""

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from digitcore.layout.boxes import union_box
from digitcore.layout.ink import InkPatch, merge_ink
from digitcore.layout.parameters import SlantParams
from digitcore.types import INK_LEVEL, UInt8Array

_WORKING_HEIGHT_PX: Final = 40
"""Lines are reduced to this height first."""

_ROUNDING: Final = 1e-9
"""By what a quotient of floating-point numbers may fall short of an integer."""


def estimate_slant(patches: Sequence[InkPatch], params: SlantParams = SlantParams()) -> float:
    """Estimate the slant of a line of writing from its projection profile.

    The ink is sheared by each slant in turn. Upright strokes stand in few columns, which then hold much ink: the slant s is taken whose
    vertical projection profile p, the number of ink pixels in each column, has the largest Σ p² · (1 − `slant_cost` · |s|)
    (Vinciarelli and Luettin 2001 compare such profiles for cursive words); of equal ones the most upright.

    Args:
        patches: the marks of one line, at least one.
        params: the slants that are compared, and what they cost.

    Returns:
        How far the writing leans to the right, in pixels per pixel upwards, in [`min_slant`, `max_slant`].
    """
    box, ink = union_box(patch.box for patch in patches), merge_ink(patches)
    scale = min(1.0, _WORKING_HEIGHT_PX / box.height)
    if scale * box.width < 2:
        return 0.0
    small = np.asarray(cv2.resize(ink, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    return max(_slants(params), key=lambda slant: _profile_energy(small, slant) * (1 - params.slant_cost * abs(slant)))


def _slants(params: SlantParams) -> list[float]:
    """Return the multiples of the step from the least slant to the greatest, the most upright first."""
    left, right = (int(limit / params.step + _ROUNDING) for limit in (-params.min_slant, params.max_slant))
    return [round(number * params.step, 9) for number in sorted(range(-left, right + 1), key=lambda each: (abs(each), -each))]


def _profile_energy(ink: UInt8Array, slant: float) -> float:
    """Return Σ p² over the columns of the sheared ink, p being the number of ink pixels in each."""
    height, width = ink.shape
    margin = int(abs(slant) * height / 2) + 1
    shear = np.array([[1, slant, margin - slant * height / 2], [0, 1, 0]])
    upright = cv2.warpAffine(ink, shear, (width + 2 * margin, height), flags=cv2.INTER_LINEAR)
    profile = cv2.reduce((upright > INK_LEVEL).view(np.uint8), 0, cv2.REDUCE_SUM, dtype=cv2.CV_32F)
    return float(np.square(profile, dtype=np.float64).sum())
