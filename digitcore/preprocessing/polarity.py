"""Decide from the border of an image whether its ink is darker or lighter than its paper."""

from enum import StrEnum

import cv2
import numpy as np

from digitcore.preprocessing.histogram import cumulative_histogram, separability
from digitcore.preprocessing.parameters import PolarityParams, PreprocessingParams, SheetParams
from digitcore.types import Int32Array, UInt8Array


class InkPolarity(StrEnum):
    """Whether ink is darker or lighter than the paper; the values are those of the setting `polarity`."""

    DARK = "dark_ink"
    LIGHT = "light_ink"


def border_polarity(overview: UInt8Array, params: PreprocessingParams = PreprocessingParams()) -> InkPolarity | None:
    """Decide the polarity from the border of an image where that is plainly paper, as around a single bold digit.

    Args:
        overview: uint8 `(H, W)`, as `make_overview` gives it.
        params: those of the decision, of sheets, and the least separability of ink are used.

    Returns:
        `DARK` where the border is bright, `LIGHT` where it is dark; None where the border is mixed, where brightness changes gradually, as
        around a lamp, or where the border is the surface around a sheet, of which it shows nothing.
    """
    level, thresholded = cv2.threshold(overview, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    bright = np.asarray(thresholded, np.uint8)
    bright_share = _border_share(bright, params.sheet)
    if min(bright_share, 1 - bright_share) > params.sheet.max_open_edge:
        return None
    contrast = separability(cumulative_histogram(overview), int(level))
    if 0 < contrast <= params.thresholding.min_separability:
        return None
    inner = bright ^ np.uint8(bright_share > 0.5)
    is_bold_digit = contrast > params.polarity.min_digit_separability and _largest_component_is_rounded(inner, params.polarity)
    if _largest_component_is_sheet(inner, params.sheet) and not is_bold_digit:
        return None
    return InkPolarity.DARK if bright_share > 0.5 else InkPolarity.LIGHT


def _border_share(mask: UInt8Array, params: SheetParams) -> float:
    """Compute which share of the border, as wide as the edge of a sheet, is set in a mask of 0 and 1."""
    width_px = params.min_edge_px
    border = np.concatenate([side.ravel() for side in (mask[:width_px], mask[-width_px:], mask[:, :width_px], mask[:, -width_px:])])
    return cv2.countNonZero(border) / border.size


def _largest_component_is_sheet(mask: UInt8Array, params: SheetParams) -> bool:
    """Check whether the largest component of a mask is large and convex, as a sheet is and few digits are."""
    hull = _largest_hull(mask)
    if hull is None:
        return False
    _, _, width, height = cv2.boundingRect(hull)
    filled = cv2.fillConvexPoly(np.zeros_like(mask), hull, 1)
    filled_px = cv2.countNonZero(cv2.bitwise_and(filled, mask))
    is_solid = filled_px > params.min_solidity * cv2.countNonZero(filled)
    return is_solid and width * height > params.min_board_area * mask.size


def _largest_component_is_rounded(mask: UInt8Array, params: PolarityParams) -> bool:
    """Check whether the largest component of a mask is rounded, as a bold digit is and a sheet isn't."""
    hull = _largest_hull(mask)
    if hull is None or len(hull) <= 4:
        return False
    quadrilateral = cv2.approxPolyN(hull, 4)
    return cv2.contourArea(hull) < params.min_sheet_quadrilaterality * cv2.contourArea(quadrilateral)


def _largest_hull(mask: UInt8Array) -> Int32Array | None:
    """Return the convex hull of the largest component of a mask, int32 `(N, 1, 2)`; None where the mask is empty."""
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    largest = max(outlines, key=cv2.contourArea, default=None)
    return None if largest is None else np.asarray(cv2.convexHull(largest), np.int32)
