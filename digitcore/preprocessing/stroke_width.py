"""What writes: whether it is darker or lighter than the paper, and how broad it is. Ink is what is thin."""

from typing import Final, Literal, NamedTuple

import cv2
import numpy as np

from digitcore.preprocessing.background import FAINT
from digitcore.preprocessing.morphology import square_element
from digitcore.preprocessing.resampling import pad_linear
from digitcore.types import BoolArray, UInt8Array

_PEN_SHARES: Final = (0.01, 0.02, 0.04, 0.08, 0.15)
"""Pens of these widths are tried, as shares of the short side."""

_FINE_PX: Final = 6.0
"""Broader pens are looked for on a picture half as large."""

_PEN_FOUND: Final = 0.6
"""A pen is as wide as the first of these that takes in this share of what the widest does."""

_BROAD_PEN: Final = 0.32
_BROADER: Final = 1.3
"""A pen is so broad if a closing of this width swallows so many times more than all narrower ones."""

_SELDOM: Final = 1.2
"""Light ink is rarer than dark: its thin strokes must outweigh the dark ones by this factor."""

_POLARITIES: Final = ("dark_ink", "light_ink")
_RIM: Final = 0.06
"""The outermost part of the picture, as a share of its short side, has no say in what is ink."""

_NARROW_RIM: Final = 0.03
_PLAIN_RIM: Final = 0.45
"""Along the picture's outermost part, one of bright and dark must outweigh the other by this share to be plain paper."""

_SOLID: Final = 0.87
_SHEET: Final = 0.25
"""A sheet on a desk fills so much of its convex hull, and its box so much of the picture; a digit never both."""


class Pen(NamedTuple):
    """What writes: found by looking for what is thin."""

    polarity: Literal["dark_ink", "light_ink"]
    width: float
    """As a share of the picture's short side."""


def find_pen(small: UInt8Array, desk: BoolArray | None = None) -> Pen:
    """Whether ink is darker or lighter than paper, and how wide the pen is.

    Closings of growing width swallow dark strokes, openings light ones; whichever swallows more, thin strokes counting more
    than broad ones, has found the ink. What is left of a page without its strokes, shadows and all, has no thin parts. Where the
    rim of the picture is plainly the paper, as around a single bold digit, that decides.

    Args:
        small: the picture as `reduced` gives it.
        desk: bool `(H, W)`, what lies around the sheet, if it lies on a desk: only what is on it counts.
    """
    on_desk = desk is not None and bool(desk.any())
    if desk is not None and on_desk:
        small = _sheet_continued(small, cv2.resize(desk.view(np.uint8), small.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0)
    widths = [share for share in _PEN_SHARES if share * min(small.shape) >= 1]
    paper = None if on_desk else _paper_at_rim(small)
    rows = (0, 1) if paper is None else (int(paper == "dark"),)
    margin = round(_PEN_SHARES[-1] * min(small.shape) / 2) + 1
    wide = pad_linear(small, margin)
    fine = {row: 255 - wide if row else wide for row in rows}
    coarse = {row: np.asarray(cv2.resize(fine[row], None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8) for row in rows}

    def swallow(row: int, share: float) -> float:
        if share * min(small.shape) < _FINE_PX:
            return _swallowed(fine[row], share, margin)
        return _swallowed(coarse[row], share, margin // 2)

    swallowed = {row: np.array([swallow(row, share) for share in widths]) for row in rows}
    thin = [float((swallowed[row] / widths).sum()) for row in rows]
    row = int(thin[1] > _SELDOM * thin[0]) if paper is None else rows[0]
    largest = swallowed[row].max()
    if paper and swallow(row, _BROAD_PEN) > _BROADER * largest:
        return Pen(_POLARITIES[row], _BROAD_PEN)
    return Pen(_POLARITIES[row], widths[int(np.argmax(swallowed[row] >= _PEN_FOUND * largest))])


def _sheet_continued(small: UInt8Array, desk: BoolArray) -> UInt8Array:
    """The picture with the sheet's own brightness continued over the desk: each pixel as the nearest one of the sheet."""
    _, nearest = cv2.distanceTransformWithLabels(desk.view(np.uint8), cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL)
    brightness = np.zeros(int(nearest.max()) + 1, np.uint8)
    brightness[nearest[~desk]] = small[~desk]
    return np.asarray(brightness[nearest])


def _swallowed(picture: UInt8Array, share: float, margin: int) -> float:
    """How much darkness a closing of this share of the short side takes away, in grey levels a pixel; a margin was added around."""
    short = min(picture.shape) - 2 * margin
    rim = margin + round(_RIM * short)
    window = square_element(share * short + 1)
    beyond = min(len(window) - 1, rim)  # a closing is told by what is so near
    picture = picture[rim - beyond : beyond - rim or None, rim - beyond : beyond - rim or None]
    inside = (slice(beyond, -beyond or None),) * 2
    closed = np.asarray(cv2.morphologyEx(picture, cv2.MORPH_CLOSE, window)[inside], np.uint8)
    difference = np.asarray(cv2.subtract(closed, picture[inside]), np.uint8)
    few = difference[::4, ::4].flatten()
    middle = (few.size - 1) // 2
    few.partition(middle)
    noise = min(max(3 * int(few[middle]), FAINT // 2), 255)
    floor = np.full(difference.shape, noise, np.uint8)  # NumPy compares two arrays several times as fast as one with a number
    return cv2.mean(np.maximum(difference, floor))[0] - noise


def _paper_at_rim(small: UInt8Array) -> Literal["bright", "dark"] | None:
    """Whether the picture's rim is bright paper or dark; None where it is either, or the desk around a sheet."""
    bright = np.asarray(cv2.threshold(small, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1], np.uint8)
    rim_px = max(1, round(_NARROW_RIM * min(small.shape)))
    rim = np.concatenate([side.ravel() for side in (bright[:rim_px], bright[-rim_px:], bright[:, :rim_px], bright[:, -rim_px:])])
    share = cv2.countNonZero(rim) / rim.size
    if abs(2 * share - 1) < _PLAIN_RIM:
        return None
    other = bright ^ np.uint8(share > 0.5)
    outlines, _ = cv2.findContours(other, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    largest = max(outlines, key=cv2.contourArea, default=None)
    if largest is not None:
        _, _, width, height = cv2.boundingRect(largest)
        hull = cv2.fillConvexPoly(np.zeros_like(bright), cv2.convexHull(largest), 1)
        filled = cv2.countNonZero(cv2.bitwise_and(hull, other))
        if filled > _SOLID * cv2.countNonZero(hull) and width * height > _SHEET * bright.size:
            return None
    return "bright" if share > 0.5 else "dark"
