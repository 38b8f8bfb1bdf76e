"""Estimate how far handwriting leans."""

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from digitcore.layout.boxes import union_box
from digitcore.layout.ink import InkPatch, merge_ink
from digitcore.types import INK_LEVEL, UInt8Array

_WORKING_HEIGHT_PX: Final = 40
"""Lines are reduced to this height first."""

_SLANTS: Final = (0.0, 0.15, -0.15, 0.3, -0.3, 0.45, 0.6, 0.75, 0.9)
"""The slants that are compared, in pixels to the right per pixel upwards: few people write leaning to the left."""

_SLANT_COST: Final = 0.1
"""The share of a slant's score that each unit of slant costs, so that of two equally good ones the more upright is taken."""


def estimate_slant(patches: Sequence[InkPatch]) -> float:
    """Estimate the slant of a line of writing from its projection profile.

    The ink is sheared by each slant in turn. Upright strokes stand in few columns, which then hold much ink: the slant s is taken whose
    vertical projection profile p, the number of ink pixels in each column, has the largest Σ p² · (1 − `_SLANT_COST` · |s|)
    (Vinciarelli and Luettin 2001 compare such profiles for cursive words); of equal ones the most upright.

    Args:
        patches: the marks of one line, at least one.

    Returns:
        How far the writing leans to the right, in pixels per pixel upwards, in [−0.3, 0.9].
    """
    box, ink = union_box(patch.box for patch in patches), merge_ink(patches)
    scale = min(1.0, _WORKING_HEIGHT_PX / box.height)
    if scale * box.width < 2:
        return 0.0
    small = np.asarray(cv2.resize(ink, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    return max(_SLANTS, key=lambda slant: _profile_energy(small, slant) * (1 - _SLANT_COST * abs(slant)))


def _profile_energy(ink: UInt8Array, slant: float) -> float:
    """Return Σ p² over the columns of the sheared ink, p being the number of ink pixels in each."""
    height, width = ink.shape
    margin = int(abs(slant) * height / 2) + 1
    shear = np.array([[1, slant, margin - slant * height / 2], [0, 1, 0]])
    upright = cv2.warpAffine(ink, shear, (width + 2 * margin, height), flags=cv2.INTER_LINEAR)
    profile = cv2.reduce((upright > INK_LEVEL).view(np.uint8), 0, cv2.REDUCE_SUM, dtype=cv2.CV_32F)
    return float(np.square(profile, dtype=np.float64).sum())
