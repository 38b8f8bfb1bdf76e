"""Photographed pages of handwritten numbers that know what they say: for tests and benchmarks of the whole way.

A page is numbers in lines or columns, or a lonely digit, on some paper, under some light. The same seed gives the same page.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from digitcore.geometry import crop_to_ink
from factory.hands import HANDS, strokes, write
from factory.paper import Photo, Scene, photograph_ink

Ink = npt.NDArray[np.uint8]
Glyphs = Callable[[int, int, np.random.Generator], Ink]
"""Writes a digit so many pixels high: white ink on black, uint8 `(h, w)`, cropped."""

SIZES_WH: Final = ((640, 480), (800, 600), (1280, 960), (1600, 1200), (900, 1200))

PENS: Final[dict[str, dict[str, Any]]] = {
    "black pen": {"ink_rgb": (30, 30, 36)},
    "blue pen": {"ink_rgb": (32, 52, 148)},
    "red pen": {"ink_rgb": (190, 34, 40)},
    "marker": {"ink_rgb": (24, 24, 28), "pen": 0.13},
    "pencil": {"ink_rgb": (120, 119, 117), "grain": 0.35, "pen": 0.06},
    "faint pencil": {"ink_rgb": (196, 195, 192), "grain": 0.2, "pen": 0.07, "noise": 2.0},
}
PAPERS: Final[dict[str, dict[str, Any]]] = {
    "white paper": {"paper_rgb": (246, 245, 240)},
    "grey paper": {"paper_rgb": (214, 212, 208)},
    "squared paper": {"ruling": "squared"},
    "ruled paper": {"ruling": "ruled", "ruling_rgb": (150, 175, 215)},
    "print behind": {"show_through": 0.12},
}
BOARD: Final[dict[str, Any]] = {"paper_rgb": (38, 58, 50), "ink_rgb": (226, 228, 220), "grain": 0.3, "pen": 0.1, "noise": 5.0}
LIGHTS: Final[dict[str, dict[str, Any]]] = {
    "even light": {"light_fall": 0.1},
    "falling light": {"light_fall": 0.6},
    "soft shadow": {"shadow": 0.5, "shadow_edge": 0.05},
    "hard shadow": {"shadow": 0.45, "shadow_edge": 0.003},
    "yellow lamp": {"light_rgb": (255, 214, 150), "light_fall": 0.35},
}
STAMPS: Final = ("2026-11-20", "14:07", "20.11.26 09:31")
LETTERS: Final = "acdefhkmnprtuvwxAEFHKMNPRTUVWX"

_STEEPEST: Final = np.tan(np.deg2rad(14))
"""Lines of writing rise or fall by at most this."""


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """A photograph and what it says."""

    picture: Photo
    """uint8 `(H, W, 3)` RGB."""

    lines: tuple[str, ...]
    """Its numbers from the top; none on a page without a digit."""

    traits: tuple[str, ...]
    """What makes it hard: pen, paper, light, layout, camera."""

    @property
    def text(self) -> str:
        """The lines joined by "/"."""
        return "/".join(self.lines)


@dataclass(slots=True)
class _Sheet:
    """A sheet under the pen."""

    ink: Ink
    rng: np.random.Generator
    scene: Scene
    glyphs: Glyphs
    traits: list[str] = field(default_factory=list)

    @property
    def room(self) -> tuple[float, float, float, float]:
        """Where there is room to write: left, top, right, bottom in pixels; the stamp and the thumb stay free."""
        height, width = self.ink.shape
        margin = 0.07 + 1.4 * self.scene.desk + np.sin(np.deg2rad(abs(self.scene.tilt_deg))) / 2
        below = max(margin, 0.14 if self.scene.finger else 0.1)
        return margin * width, margin * height, (1 - margin) * width, (1 - below) * height


def stroke_glyphs(digit: int, height_px: int, rng: np.random.Generator) -> Ink:
    """From this project's own stroke paths, with another slant and proportion each time."""
    hand = list(HANDS)[rng.integers(len(HANDS))]
    proportion = np.array([rng.uniform(0.75, 1.1), 1.0])
    slant = np.array([[1.0, 0.0], [rng.normal(0, 0.08), 1.0]])
    paths = [(path * proportion) @ slant for path in strokes(digit, hand)]
    blank = np.zeros((2 * height_px, 2 * height_px), np.uint8)
    return crop_to_ink(write(blank, paths, (height_px / 2, height_px / 2), height_px, max(rng.uniform(0.06, 0.1) * height_px, 2)))


def picture_glyphs(images: npt.NDArray[np.uint8], labels: npt.NDArray[np.int64]) -> Glyphs:
    """From pictures of digits, uint8 `(N, 28, 28)`, enlarged with a pen's sharp edge."""
    by_digit = [np.flatnonzero(labels == digit) for digit in range(10)]

    def glyph(digit: int, height_px: int, rng: np.random.Generator) -> Ink:
        small = crop_to_ink(images[rng.choice(by_digit[digit])])
        scale = height_px / small.shape[0]
        large = cv2.resize(small, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC).astype(np.float32)
        sharp = cv2.GaussianBlur(large, (0, 0), max(scale / 3, 0.5))
        return crop_to_ink(np.clip((sharp - 110) * max(scale / 3, 1.4) + 128, 0, 255).astype(np.uint8))

    return glyph


def page(seed: int, glyphs: Glyphs = stroke_glyphs) -> Page:
    """A page of numbers of mixed difficulty.

    Args:
        seed: everything about it.
        glyphs: who writes.
    """
    rng = np.random.default_rng((seed, 1))
    sheet = _new_sheet(rng, glyphs)
    layout = str(rng.choice(list(_LAYOUTS)))
    sheet.traits.append(layout.rstrip("+"))
    lines = _LAYOUTS[layout](sheet)
    if rng.random() < 0.25:
        sheet.traits.append("specks")
        _specks(sheet, int(rng.integers(3, 12)))
    return _photographed(sheet, lines)


def page_without_digits(seed: int) -> Page:
    """An empty sheet, or one with letters, scribbles, ruled lines and specks."""
    rng = np.random.default_rng((seed, 2))
    sheet = _new_sheet(rng, stroke_glyphs, stamped=False)
    kind = str(rng.choice(list(_OTHER)))
    sheet.traits.append(kind)
    _OTHER[kind](sheet)
    return _photographed(sheet, [])


def _new_sheet(rng: np.random.Generator, glyphs: Glyphs, *, stamped: bool = True) -> _Sheet:
    width, height = SIZES_WH[rng.integers(len(SIZES_WH))]
    light, paper, pen = (list(kinds)[rng.integers(len(kinds))] for kinds in (LIGHTS, PAPERS, PENS))
    if rng.random() < 0.1:
        chosen, traits = {**LIGHTS[light], **BOARD}, [light, "board"]
    else:
        chosen, traits = {**LIGHTS[light], **PAPERS[paper], **PENS[pen]}, [light, paper, pen]
    for trait, share, details in (
        ("desk", 0.25, {"desk": rng.uniform(0.03, 0.08)}),
        ("stamp", 0.2 * stamped, {"stamp": str(rng.choice(STAMPS))}),
        ("jpeg", 0.5, {"jpeg_quality": int(rng.integers(50, 95))}),
        ("tilted", 0.2, {"tilt_deg": rng.uniform(-6, 6)}),
        ("finger", 0.1, {"finger": True}),
        ("without colours", 0.15, {"grey": True}),
    ):
        if rng.random() < share:
            chosen |= details
            traits.append(trait)
    chosen["blur_px"] = rng.uniform(0.6, 2.0)
    return _Sheet(np.zeros((height, width), np.uint8), rng, Scene(**chosen), glyphs, traits)


def _photographed(sheet: _Sheet, lines: list[str]) -> Page:
    if sheet.scene.pen > 0.1:  # a marker's
        sheet.ink = np.asarray(cv2.dilate(sheet.ink, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))), np.uint8)
    return Page(photograph_ink(sheet.ink, sheet.scene, sheet.rng), tuple(lines), tuple(sheet.traits))


def _lines(sheet: _Sheet) -> list[str]:
    """One line to four, level or rising or falling."""
    rng = sheet.rng
    left, top, right, bottom = sheet.room
    count = int(rng.integers(1, 5))
    pitch = (bottom - top) / count
    height_px = int(min(pitch * rng.uniform(0.4, 0.6), 0.3 * min(sheet.ink.shape)))
    slope = rng.uniform(-_STEEPEST, _STEEPEST) if rng.random() < 0.3 else rng.normal(0, 0.015)
    slope = float(np.clip(slope, -0.35 * (bottom - top) / (right - left), 0.35 * (bottom - top) / (right - left)))
    if abs(slope) > 0.05:
        sheet.traits.append("sloping")
        lost = abs(slope) * (right - left)
        top, pitch = top + lost / 2, (bottom - top - lost) / count
        height_px = int(min(height_px, 0.6 * pitch))
    lines = []
    for line in range(count):
        length = min(int(rng.integers(1, 9)), max(int((right - left) / height_px / 1.1), 1))
        start = left + rng.uniform(0, 0.3) * max(right - left - length * 1.1 * height_px, 0)
        middle = top + (line + 0.5) * pitch - height_px / 2
        lines.append(_write_number(sheet, _number(rng, length), (start, middle), height_px, slope))
    return lines


def _column(sheet: _Sheet) -> list[str]:
    """A sum: numbers below one another, their last digits in a column."""
    rng = sheet.rng
    left, top, right, bottom = sheet.room
    count = int(rng.integers(3, 7))
    pitch = (bottom - top) / count
    height_px = int(0.62 * pitch)
    edge = left + rng.uniform(0.5, 0.9) * (right - left)
    lines = []
    for line in range(count):
        number = _number(rng, int(rng.integers(1, 4)))
        start = max(edge - len(number) * 0.9 * height_px, left)
        lines.append(_write_number(sheet, number, (start, top + (line + 0.2) * pitch), height_px))
    return lines


def _mixed_sizes(sheet: _Sheet) -> list[str]:
    """A large number with a smaller one below."""
    rng = sheet.rng
    left, top, right, bottom = sheet.room
    large_px = int(rng.uniform(0.3, 0.4) * (bottom - top))
    small_px = int(rng.uniform(0.45, 0.7) * large_px)
    first = _write_number(sheet, _number(rng, int(rng.integers(2, 4))), (left, top), large_px)
    second = _number(rng, int(rng.integers(2, 6)))
    start = left + rng.uniform(0, 0.2) * (right - left)
    return [first, _write_number(sheet, second, (start, top + 1.4 * large_px), small_px)]


def _one_digit(sheet: _Sheet) -> list[str]:
    rng = sheet.rng
    left, top, right, bottom = sheet.room
    height_px = int(rng.uniform(0.15, 0.75) * (bottom - top))
    start = (rng.uniform(left, max(right - height_px, left + 1)), rng.uniform(top, bottom - height_px))
    return [_write_number(sheet, _number(rng, 1), start, height_px)]


_LAYOUTS: Final[dict[str, Callable[[_Sheet], list[str]]]] = {
    "lines": _lines,
    "lines+": _lines,
    "column": _column,
    "mixed sizes": _mixed_sizes,
    "one digit": _one_digit,
}


def _number(rng: np.random.Generator, length: int) -> str:
    return "".join(str(digit) for digit in rng.integers(0, 10, length))


def _write_number(sheet: _Sheet, number: str, start_xy: tuple[float, float], height_px: int, slope: float = 0.0) -> str:
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


def _write_sign(sheet: _Sheet, x: float, y: float, height_px: int) -> float:
    """A point, a comma or a dash, with air on both sides; returns where to go on."""
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


def _paste(ink: Ink, glyph: Ink, x: float, y: float, right: float) -> bool:
    """Put a glyph where it fits; say whether it did."""
    left, top = round(x), round(y)
    height, width = glyph.shape
    if left < 0 or top < 0 or left + width > right or top + height > ink.shape[0]:
        return False
    place = ink[top : top + height, left : left + width]
    np.maximum(place, glyph, out=place)
    return True


def _specks(sheet: _Sheet, count: int) -> None:
    """Dust."""
    height, width = sheet.ink.shape
    for x, y in sheet.rng.uniform((0.05 * width, 0.05 * height), (0.95 * width, 0.95 * height), (count, 2)):
        cv2.circle(sheet.ink, (int(x), int(y)), max(round(height * sheet.rng.uniform(0.001, 0.003)), 1), 255, -1, cv2.LINE_AA)


def _words(sheet: _Sheet) -> None:
    height, width = sheet.ink.shape
    for line in range(sheet.rng.integers(1, 4)):
        word = "".join(sheet.rng.choice(list(LETTERS), sheet.rng.integers(3, 9)))
        scale = height / sheet.rng.uniform(160, 300)
        corner = (width // 8, (line + 1) * height // 4)
        cv2.putText(sheet.ink, word, corner, cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, scale, 255, max(int(3 * scale), 2), cv2.LINE_AA)


def _scribble(sheet: _Sheet) -> None:
    height, width = sheet.ink.shape
    turns = sheet.rng.uniform((0.2 * width, 0.2 * height), (0.8 * width, 0.8 * height), (sheet.rng.integers(12, 25), 2))
    smooth = cv2.resize(turns.astype(np.float32), (2, 8 * len(turns)), interpolation=cv2.INTER_CUBIC)
    cv2.polylines(sheet.ink, [np.round(smooth).astype(np.int32)], False, 255, max(height // 120, 2), cv2.LINE_AA)


_OTHER: Final[dict[str, Callable[[_Sheet], None]]] = {
    "empty": lambda _: None,
    "words": _words,
    "scribble": _scribble,
    "dust": lambda sheet: _specks(sheet, int(sheet.rng.integers(5, 40))),
}
