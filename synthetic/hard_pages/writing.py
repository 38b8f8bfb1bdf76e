"""Handwriting on a sheet: a style, a layout in rows, and the ink of each character with its place."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np

from digitcore.types import Float64Array, UInt8Array
from synthetic.hard_pages.characters import CROSSED_OUT, LETTERS, Character, digits, expression, with_tail, write_character
from synthetic.paper import Rgb
from synthetic.sheet import Glyphs
from synthetic.writers import Writer

MARGIN: Final = 0.13
"""Width of the empty margins of a sheet, as a share of its sides."""

INKS_RGB: Final[tuple[Rgb, ...]] = ((28, 28, 34), (28, 28, 34), (34, 44, 120), (40, 60, 160), (170, 40, 46))
_LAYOUTS: Final = {"row": 0.3, "rows": 0.35, "grid": 0.12, "two columns": 0.1, "column": 0.08, "one digit": 0.05}


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a page is written; lengths are in heights of a digit."""

    layout: str
    ink_rgb: Rgb
    pen: float
    density: float = 0.95
    """Coverage of the paper by the ink, 0 to 1."""

    grain: float = 0.1
    """Unevenness of the coverage, 0 to 1."""

    gap: float = 0.35
    size: float = 0.5
    """Height of the digits: 0 the smallest, 1 the greatest that fits."""

    slope: float = 0.0
    """Rise of the lines, vertical pixels per horizontal pixel, positive downwards."""

    stagger: float = 0.03
    """Standard deviation of the height at which a digit stands."""

    size_spread: float = 0.05
    """Standard deviation of the logarithm of a digit's height."""

    tail: float = 0.0
    """How much longer the lower halves of a 7 and a 9 are; for digits of a writer."""

    fading: float = 0.0
    """Share of the ink that is missing where the pen is driest."""

    has_signs: bool = False
    has_brackets: bool = False
    letters: int = 0
    """Number of letters that are added."""

    crossed_out: int = 0
    """Number of crossed-out digits that are added."""


@dataclass(frozen=True, slots=True, eq=False)
class PlacedMark:
    """A character on the sheet."""

    text: str
    line: int
    ink: UInt8Array
    """uint8 `(h, w)`, white on black, cropped."""

    corner_xy: tuple[int, int]
    """Place of the upper left pixel of `ink` on the sheet."""

    @property
    def outline(self) -> Float64Array:
        """Return the convex hull of the ink in pixels of the sheet, float64 `(N, 2)`; the border of its pixels lies inside."""
        pixels = np.flip(np.argwhere(self.ink > 40), axis=1)
        edges = np.concatenate([pixels + shift for shift in ((0, 0), (1, 0), (0, 1), (1, 1))])
        return np.asarray(cv2.convexHull(edges.astype(np.int32))[:, 0], np.float64) + self.corner_xy


def random_style(rng: np.random.Generator) -> Style:
    """Choose the style of a page before any effect."""
    return Style(
        layout=str(rng.choice(list(_LAYOUTS), p=list(_LAYOUTS.values()))),
        ink_rgb=INKS_RGB[rng.integers(len(INKS_RGB))],
        pen=float(rng.uniform(0.055, 0.1)),
        density=float(rng.uniform(0.85, 1.0)),
        gap=float(rng.uniform(0.15, 0.9)),
        size=float(rng.uniform(0.1, 1.0)),
        slope=float(rng.normal(0, 0.015)),
    )


def random_rows(style: Style, rng: np.random.Generator) -> list[list[str]]:
    """Compose the characters of each row."""
    least, most, count = {
        "row": (2, 10, 1),
        "rows": (3, 10, int(rng.integers(2, 5))),
        "grid": (4, 5, int(rng.integers(3, 6))),
        "two columns": (4, 6, int(rng.integers(2, 4))),
        "column": (1, 4, int(rng.integers(3, 6))),
        "one digit": (1, 1, 1),
        "few digits": (2, 4, 1),
    }[style.layout]
    if style.has_signs:
        count = min(count, 2)
        rows = [expression(rng, has_brackets=style.has_brackets and not line) for line in range(count)]
    elif style.layout == "two columns":
        rows = [[*digits(rng, least, most), " ", " ", *digits(rng, least, most)] for _ in range(count)]
    elif style.layout == "grid":
        width = int(rng.integers(least, most + 1))
        rows = [digits(rng, width, width) for _ in range(count)]
    else:
        rows = [digits(rng, least, most) for _ in range(count)]
    for extra in (*[f"{digit}{CROSSED_OUT}" for digit in digits(rng, style.crossed_out, style.crossed_out)], *_letters(style, rng)):
        row = rows[rng.integers(len(rows))]
        row.insert(int(rng.integers(0, len(row) + 1)), extra)
    return rows


def _letters(style: Style, rng: np.random.Generator) -> list[str]:
    return [str(letter) for letter in rng.choice(list(LETTERS), style.letters)]


def place_rows(
    rows: Sequence[Sequence[str]], style: Style, writer: Writer, glyphs: Glyphs | None, size_wh: tuple[int, int], rng: np.random.Generator
) -> list[PlacedMark]:
    """Write rows of characters on a sheet of `size_wh` pixels, as large as the style demands and the sheet allows."""
    written = [_lay_out(row, style, writer, glyphs, rng) for row in rows]
    widths = [row[-1][1] + row[-1][0].left_right[1] for row in written]
    width, height = ((1 - 2 * MARGIN) * side for side in size_wh)
    height_px = _height_px(rows, max(widths), style, size_wh)
    drift = _drift(max(widths), style, size_wh)
    pitch = min(height / len(rows), height_px * rng.uniform(1.7, 3.2) * (1 + drift))
    top = MARGIN * size_wh[1] + rng.uniform(0.15, 0.85) * max(height - pitch * len(rows), 0)
    spare = max(width - max(widths) * height_px, 0.0)
    left = MARGIN * size_wh[0] + rng.uniform(0, 1) * spare
    marks = []
    for line, (row, row_width) in enumerate(zip(written, widths, strict=True)):
        indent = (max(widths) - row_width) * height_px if style.layout == "column" else rng.uniform(0, 0.05) * spare
        for character, x in row:
            rise = style.slope * (x - row_width / 2) * height_px
            y = top + (line + 0.5) * pitch - height_px / 2 + rise + rng.normal(0, style.stagger) * height_px
            size = height_px * float(np.clip(np.exp(rng.normal(0, style.size_spread)), 0.55, 1.45))
            mark = _place(character, line, (left + indent + x * height_px, y + height_px - size), size, style.pen)
            marks.append(_moved_onto(mark, size_wh))
    return _faded(marks, style.fading, rng) if style.fading else marks


def _faded(marks: Sequence[PlacedMark], fading: float, rng: np.random.Generator) -> list[PlacedMark]:
    """Return marks with less ink: each line has its own share of `fading`, and each of its marks differs a little."""
    shares = rng.uniform(0, 1, max(mark.line for mark in marks) + 1)
    shares[rng.integers(len(shares))] = 1.0
    kept = [1 - fading * shares[mark.line] * rng.uniform(0.8, 1.0) for mark in marks]
    return [replace(mark, ink=(mark.ink * share).astype(np.uint8)) for mark, share in zip(marks, kept, strict=True)]


def _drift(widest: float, style: Style, size_wh: tuple[int, int]) -> float:
    """Return how far a sloping line of `widest` heights of a digit rises, in heights of a digit."""
    return abs(style.slope) * min(widest, size_wh[0] * (1 - 2 * MARGIN) / 20)


def _height_px(rows: Sequence[Sequence[str]], widest: float, style: Style, size_wh: tuple[int, int]) -> float:
    """Return the height of the digits that the style demands, where the rows fit on the sheet; 18 pixels or more where possible."""
    width, height = ((1 - 2 * MARGIN) * side for side in size_wh)
    fill = 0.88 if len(rows) == 1 and len(rows[0]) == 1 else 0.62
    tallest = 0.45 * min(size_wh) if style.size < 1 else height
    pitch = height / len(rows) / (1 + _drift(widest, style, size_wh) + 2 * style.stagger)
    greatest = min(width / widest, fill * pitch, tallest)
    return max(greatest * (0.35 + 0.65 * style.size), min(greatest, 18.0))


def _lay_out(
    row: Sequence[str], style: Style, writer: Writer, glyphs: Glyphs | None, rng: np.random.Generator
) -> list[tuple[Character, float]]:
    """Write a row's characters, each with its x in heights of a digit; a space leaves more of a gap."""
    placed, x = [], 0.0
    for text in row:
        if text == " ":
            x += 0.7
            continue
        character = with_tail(write_character(text, writer, glyphs, rng), style.tail)
        left, right = character.left_right
        placed.append((character, x - left + style.pen / 2))
        x += right - left + style.pen + style.gap * rng.uniform(0.7, 1.3)
    return placed


def _place(character: Character, line: int, corner_xy: tuple[float, float], height_px: float, pen: float) -> PlacedMark:
    """Draw a character on an image of its own, and crop it to its ink."""
    pad = round(1.6 * height_px) + 4
    canvas = np.zeros((round(height_px) + 2 * pad, round(height_px * 1.5) + 2 * pad), np.uint8)
    whole = (int(np.floor(corner_xy[0])), int(np.floor(corner_xy[1])))
    character.draw(canvas, (pad + corner_xy[0] - whole[0], pad + corner_xy[1] - whole[1]), height_px, pen)
    x, y, width, height = cv2.boundingRect(cv2.findNonZero(canvas))
    return PlacedMark(character.text, line, canvas[y : y + height, x : x + width].copy(), (whole[0] - pad + x, whole[1] - pad + y))


def _moved_onto(mark: PlacedMark, size_wh: tuple[int, int]) -> PlacedMark:
    """Move a mark onto the sheet where it reaches beyond it."""
    height, width = mark.ink.shape
    corner = (min(max(mark.corner_xy[0], 0), size_wh[0] - width), min(max(mark.corner_xy[1], 0), size_wh[1] - height))
    return replace(mark, corner_xy=corner)


def draw_marks(marks: Sequence[PlacedMark], size_wh: tuple[int, int]) -> UInt8Array:
    """Draw marks on an empty sheet: uint8 `(H, W)`, white ink on black."""
    ink = np.zeros((size_wh[1], size_wh[0]), np.uint8)
    for mark in marks:
        (x, y), (height, width) = mark.corner_xy, mark.ink.shape
        target = ink[y : y + height, x : x + width]
        np.maximum(target, mark.ink, out=target)
    return ink
