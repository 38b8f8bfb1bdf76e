"""Layouts of a page: numbers in lines, in a column or in two sizes, one digit; or marks that contain no digit."""

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np

from synthetic.sheet import Sheet, draw_specks, random_number, write_number

LETTERS: Final = "acdefhkmnprtuvwxAEFHKMNPRTUVWX"
"""Letters that don't look like a digit."""

_MAX_SLOPE: Final = np.tan(np.deg2rad(14))
"""Greatest slope of a line of writing, vertical pixels per horizontal pixel."""


def _lines(sheet: Sheet) -> list[str]:
    """Write one to four lines, level or sloping."""
    rng = sheet.rng
    left, top, right, bottom = sheet.writing_area
    count = int(rng.integers(1, 5))
    pitch = (bottom - top) / count
    height_px = int(min(pitch * rng.uniform(0.4, 0.6), 0.3 * min(sheet.ink.shape)))
    slope = rng.uniform(-_MAX_SLOPE, _MAX_SLOPE) if rng.random() < 0.3 else rng.normal(0, 0.015)
    slope = float(np.clip(slope, -0.35 * (bottom - top) / (right - left), 0.35 * (bottom - top) / (right - left)))
    if abs(slope) > 0.05:
        sheet.traits.append("sloping")
        rise = abs(slope) * (right - left)
        top, pitch = top + rise / 2, (bottom - top - rise) / count
        height_px = int(min(height_px, 0.6 * pitch))
    lines = []
    for line in range(count):
        length = min(int(rng.integers(1, 9)), max(int((right - left) / height_px / 1.1), 1))
        start = left + rng.uniform(0, 0.3) * max(right - left - length * 1.1 * height_px, 0)
        line_top = top + (line + 0.5) * pitch - height_px / 2
        lines.append(write_number(sheet, random_number(rng, length), (start, line_top), height_px, slope))
    return lines


def _column(sheet: Sheet) -> list[str]:
    """Write three to six numbers below one another, right-aligned, as in a column addition."""
    rng = sheet.rng
    left, top, right, bottom = sheet.writing_area
    count = int(rng.integers(3, 7))
    pitch = (bottom - top) / count
    height_px = int(0.62 * pitch)
    edge = left + rng.uniform(0.5, 0.9) * (right - left)
    lines = []
    for line in range(count):
        number = random_number(rng, int(rng.integers(1, 4)))
        start = max(edge - len(number) * 0.9 * height_px, left)
        lines.append(write_number(sheet, number, (start, top + (line + 0.2) * pitch), height_px))
    return lines


def _mixed_sizes(sheet: Sheet) -> list[str]:
    """Write a large number with a smaller one below."""
    rng = sheet.rng
    left, top, right, bottom = sheet.writing_area
    large_px = int(rng.uniform(0.3, 0.4) * (bottom - top))
    small_px = int(rng.uniform(0.45, 0.7) * large_px)
    first = write_number(sheet, random_number(rng, int(rng.integers(2, 4))), (left, top), large_px)
    second = random_number(rng, int(rng.integers(2, 6)))
    start = left + rng.uniform(0, 0.2) * (right - left)
    return [first, write_number(sheet, second, (start, top + 1.4 * large_px), small_px)]


def _one_digit(sheet: Sheet) -> list[str]:
    """Write one digit of random size at a random position."""
    rng = sheet.rng
    left, top, right, bottom = sheet.writing_area
    height_px = int(rng.uniform(0.15, 0.75) * (bottom - top))
    start = (rng.uniform(left, max(right - height_px, left + 1)), rng.uniform(top, bottom - height_px))
    return [write_number(sheet, random_number(rng, 1), start, height_px)]


LAYOUTS: Final[dict[str, Callable[[Sheet], list[str]]]] = {
    "lines": _lines,
    "lines+": _lines,
    "column": _column,
    "mixed sizes": _mixed_sizes,
    "one digit": _one_digit,
}
"""Functions that write on a sheet and return the lines, by layout. A layout with a second entry, marked by a plus, is twice as likely."""


def _words(sheet: Sheet) -> None:
    """Draw one to three words in a cursive font."""
    height, width = sheet.ink.shape
    for line in range(sheet.rng.integers(1, 4)):
        word = "".join(sheet.rng.choice(list(LETTERS), sheet.rng.integers(3, 9)))
        scale = height / sheet.rng.uniform(160, 300)
        corner = (width // 8, (line + 1) * height // 4)
        cv2.putText(sheet.ink, word, corner, cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, scale, 255, max(int(3 * scale), 2), cv2.LINE_AA)


def _scribble(sheet: Sheet) -> None:
    """Draw a smooth curve through 12 to 24 random points."""
    height, width = sheet.ink.shape
    points = sheet.rng.uniform((0.2 * width, 0.2 * height), (0.8 * width, 0.8 * height), (sheet.rng.integers(12, 25), 2))
    curve = cv2.resize(points.astype(np.float32), (2, 8 * len(points)), interpolation=cv2.INTER_CUBIC)
    cv2.polylines(sheet.ink, [np.round(curve).astype(np.int32)], False, 255, max(height // 120, 2), cv2.LINE_AA)


OTHER_MARKS: Final[dict[str, Callable[[Sheet], None]]] = {
    "empty": lambda _: None,
    "words": _words,
    "scribble": _scribble,
    "dust": lambda sheet: draw_specks(sheet, int(sheet.rng.integers(5, 40))),
}
"""Functions that draw on a page without digits, by kind of mark."""
