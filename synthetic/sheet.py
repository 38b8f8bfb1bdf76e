"""A sheet under the pen: where there is room, and how numbers, signs and dust come onto it."""

from collections.abc import Callable
from dataclasses import dataclass, field

import cv2
import numpy as np

from digitcore.types import UInt8Array
from synthetic.paper import Scene

Glyphs = Callable[[int, int, np.random.Generator], UInt8Array]
"""Writes a digit so many pixels high: white ink on black, uint8 `(h, w)`, cropped."""


@dataclass(slots=True)
class Sheet:
    """A sheet under the pen."""

    ink: UInt8Array
    rng: np.random.Generator
    scene: Scene
    glyphs: Glyphs
    traits: list[str] = field(default_factory=list)

    @property
    def room(self) -> tuple[float, float, float, float]:
        """Return the area that may be written on: left, top, right, bottom in pixels; stamp and thumb stay free."""
        height, width = self.ink.shape
        margin = 0.07 + 1.4 * self.scene.desk + np.sin(np.deg2rad(abs(self.scene.tilt_deg))) / 2
        below = max(margin, 0.14 if self.scene.finger else 0.1)
        return margin * width, margin * height, (1 - margin) * width, (1 - below) * height


def random_number(rng: np.random.Generator, length: int) -> str:
    """Draw a random number of so many digits."""
    return "".join(str(digit) for digit in rng.integers(0, 10, length))


def write_number(sheet: Sheet, number: str, start_xy: tuple[float, float], height_px: int, slope: float = 0.0) -> str:
    """Write digit after digit with air between, a point or a dash now and then; as far as there is room. Returns what was written."""
    rng = sheet.rng
    (x, y), right = start_xy, sheet.room[2]
    y -= slope * (right - x) / 2
    signs = rng.random() < 0.15
    written = ""
    for digit in number:
        if signs and written and rng.random() < 0.4:
            x = _write_sign(sheet, x, y + slope * (x - start_xy[0]), height_px)
        glyph = sheet.glyphs(int(digit), max(int(height_px * rng.uniform(0.88, 1.0)), 8), rng)
        rise = slope * (x - start_xy[0])
        if not _paste(sheet.ink, glyph, x, y + rise + rng.normal(0, 0.03) * height_px, right):
            break
        written += digit
        x += glyph.shape[1] + rng.uniform(0.12, 0.35) * height_px
    return written


def _write_sign(sheet: Sheet, x: float, y: float, height_px: int) -> float:
    """Write a point, a comma or a dash with space on both sides; return where to go on."""
    if "signs" not in sheet.traits:
        sheet.traits.append("signs")
    pen_px = max(round(0.08 * height_px), 2)
    x += 0.05 * height_px
    start, end = {
        "point": ((0.05, 0.95), (0.05, 0.96)),
        "comma": ((0.08, 0.93), (0.0, 1.08)),
        "dash": ((0.0, 0.52), (0.28, 0.5)),
    }[str(sheet.rng.choice(["point", "comma", "dash"]))]
    ends = [(round(x + across * height_px), round(y + down * height_px)) for across, down in (start, end)]
    cv2.line(sheet.ink, ends[0], ends[1], 255, pen_px, cv2.LINE_AA)
    return x + (max(start[0], end[0]) + 0.22) * height_px


def _paste(ink: UInt8Array, glyph: UInt8Array, x: float, y: float, right: float) -> bool:
    """Put a glyph where it fits; say whether it did."""
    left, top = round(x), round(y)
    height, width = glyph.shape
    if left < 0 or top < 0 or left + width > right or top + height > ink.shape[0]:
        return False
    place = ink[top : top + height, left : left + width]
    np.maximum(place, glyph, out=place)
    return True


def strew_specks(sheet: Sheet, count: int) -> None:
    """Dust."""
    height, width = sheet.ink.shape
    for x, y in sheet.rng.uniform((0.05 * width, 0.05 * height), (0.95 * width, 0.95 * height), (count, 2)):
        cv2.circle(sheet.ink, (int(x), int(y)), max(round(height * sheet.rng.uniform(0.001, 0.003)), 1), 255, -1, cv2.LINE_AA)
