"""A sheet of paper to draw on, and functions that add numbers, separators and specks to it."""

from collections.abc import Callable
from dataclasses import dataclass, field

import cv2
import numpy as np

from digitcore.types import UInt8Array
from synthetic.paper import Scene

Glyphs = Callable[[int, int, np.random.Generator], UInt8Array]
"""Function that draws a digit of about the given height in pixels: white ink on black, uint8 `(h, w)`, cropped to the ink."""


@dataclass(slots=True)
class Sheet:
    """The ink on a sheet of paper, and how the sheet will be photographed."""

    ink: UInt8Array
    """uint8 `(H, W)`, white ink on black; the functions of this package draw into it."""

    rng: np.random.Generator
    scene: Scene
    glyphs: Glyphs
    traits: list[str] = field(default_factory=list)
    """Names of the conditions that apply, as in `synthetic.pages.Page`."""

    @property
    def writing_area(self) -> tuple[float, float, float, float]:
        """Return the area that may be written on: left, top, right, bottom in pixels; date stamp and thumb are outside it."""
        height, width = self.ink.shape
        margin = 0.07 + 1.4 * self.scene.background_share + np.sin(np.deg2rad(abs(self.scene.tilt_deg))) / 2
        bottom_margin = max(margin, 0.14 if self.scene.finger else 0.1)
        return margin * width, margin * height, (1 - margin) * width, (1 - bottom_margin) * height


def random_number(rng: np.random.Generator, length: int) -> str:
    """Generate a number of `length` random digits."""
    return "".join(str(digit) for digit in rng.integers(0, 10, length))


def write_number(sheet: Sheet, number: str, start_xy: tuple[float, float], height_px: int, slope: float = 0.0) -> str:
    """Write a number digit by digit, with random gaps and sometimes separators, until the writing area ends.

    Args:
        sheet: the sheet, which is changed.
        number: the digits.
        start_xy: top left corner of the first digit of a level line, in pixels.
        height_px: greatest height of a digit.
        slope: rise or fall of the line, vertical pixels per horizontal pixel, positive downwards. A sloping line crosses
            the level one halfway between its start and the right edge of the writing area.

    Returns:
        The digits that were written.
    """
    rng = sheet.rng
    (x, y), right = start_xy, sheet.writing_area[2]
    y -= slope * (right - x) / 2
    has_separators = rng.random() < 0.15
    written = ""
    for digit in number:
        if has_separators and written and rng.random() < 0.4:
            x = _write_separator(sheet, x, y + slope * (x - start_xy[0]), height_px)
        glyph = sheet.glyphs(int(digit), max(int(height_px * rng.uniform(0.88, 1.0)), 8), rng)
        shift_y = slope * (x - start_xy[0])
        if not _paste(sheet.ink, glyph, x, y + shift_y + rng.normal(0, 0.03) * height_px, right):
            break
        written += digit
        x += glyph.shape[1] + rng.uniform(0.12, 0.35) * height_px
    return written


def _write_separator(sheet: Sheet, x: float, y: float, height_px: int) -> float:
    """Draw a point, a comma or a dash with a gap on both sides; return the x at which the next digit starts."""
    if "separators" not in sheet.traits:
        sheet.traits.append("separators")
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
    """Draw a glyph into `ink` if it fits; return whether it did."""
    left, top = round(x), round(y)
    height, width = glyph.shape
    if left < 0 or top < 0 or left + width > right or top + height > ink.shape[0]:
        return False
    target = ink[top : top + height, left : left + width]
    np.maximum(target, glyph, out=target)
    return True


def draw_specks(sheet: Sheet, count: int) -> None:
    """Draw `count` specks of dust at random positions."""
    height, width = sheet.ink.shape
    for x, y in sheet.rng.uniform((0.05 * width, 0.05 * height), (0.95 * width, 0.95 * height), (count, 2)):
        cv2.circle(sheet.ink, (int(x), int(y)), max(round(height * sheet.rng.uniform(0.001, 0.003)), 1), 255, -1, cv2.LINE_AA)
