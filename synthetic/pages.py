"""Synthetic photographs of pages of handwritten numbers, with their ground truth, to test and measure the whole reading pipeline.

A page has numbers in lines or in a column, or one digit, on one kind of paper in one kind of light. The same seed gives the same page.
"""

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np

from digitcore.io.strokes import draw_path
from digitcore.layout.ink import crop_to_ink
from digitcore.types import Int64Array, UInt8Array
from synthetic.hands import HANDS, strokes, write
from synthetic.layouts import LAYOUTS, OTHER_MARKS
from synthetic.numbers import random_number, write_number
from synthetic.paper import Scene, photograph_ink
from synthetic.sheet import Glyphs, Sheet, draw_specks
from synthetic.writers import Writer

SIZES_WH: Final = ((640, 480), (800, 600), (1280, 960), (1600, 1200), (900, 1200))

PENS: Final[dict[str, dict[str, Any]]] = {
    "black pen": {"ink_rgb": (30, 30, 36)},
    "blue pen": {"ink_rgb": (32, 52, 148)},
    "red pen": {"ink_rgb": (190, 34, 40)},
    "marker": {"ink_rgb": (24, 24, 28), "pen": 0.13},
    "pencil": {"ink_rgb": (120, 119, 117), "grain": 0.35, "pen": 0.06},
    "faint pencil": {"ink_rgb": (196, 195, 192), "grain": 0.2, "pen": 0.07, "noise": 2.0},
}
"""Arguments of `Scene` by kind of pen; likewise for paper and light below."""

PAPERS: Final[dict[str, dict[str, Any]]] = {
    "white paper": {"paper_rgb": (246, 245, 240)},
    "grey paper": {"paper_rgb": (214, 212, 208)},
    "squared paper": {"ruling": "squared"},
    "ruled paper": {"ruling": "ruled", "ruling_rgb": (150, 175, 215)},
    "print behind": {"show_through": 0.12},
}
BOARD: Final[dict[str, Any]] = {"paper_rgb": (38, 58, 50), "ink_rgb": (226, 228, 220), "grain": 0.3, "pen": 0.1, "noise": 5.0}
"""Arguments of `Scene` for chalk on a blackboard."""

LIGHTS: Final[dict[str, dict[str, Any]]] = {
    "even light": {"light_fall": 0.1},
    "falling light": {"light_fall": 0.6},
    "soft shadow": {"shadow": 0.5, "shadow_edge": 0.05},
    "hard shadow": {"shadow": 0.45, "shadow_edge": 0.003},
    "yellow lamp": {"light_rgb": (255, 214, 150), "light_fall": 0.35},
}
PEN_RANGE: Final = (0.06, 0.14)
"""The narrowest and the broadest pen of a page of numbers, in heights of a digit."""

STAMPS: Final = ("2026-11-20", "14:07", "20.11.26 09:31")


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """A photograph with its ground truth."""

    picture: UInt8Array
    """uint8 `(H, W, 3)` RGB."""

    lines: tuple[str, ...]
    """The numbers, from top to bottom; empty for a page without digits."""

    traits: tuple[str, ...]
    """Names of the conditions that apply: light, paper, pen, camera, layout."""

    @property
    def text(self) -> str:
        """Return the lines joined by "/"."""
        return "/".join(self.lines)


def stroke_glyphs(digit: int, height_px: int, rng: np.random.Generator) -> UInt8Array:
    """Draw a digit from the stroke paths of `synthetic.hands`, with random style, proportion, slant and pen width.

    Args:
        digit: 0 to 9.
        height_px: height of the digit without its stroke width, in pixels.
        rng: random generator.

    Returns:
        uint8 `(h, w)`, white ink on black, cropped to the ink.
    """
    hand = list(HANDS)[rng.integers(len(HANDS))]
    proportion = np.array([rng.uniform(0.75, 1.1), 1.0])
    slant = np.array([[1.0, 0.0], [rng.normal(0, 0.08), 1.0]])
    paths = [(path * proportion) @ slant for path in strokes(digit, hand)]
    blank = np.zeros((2 * height_px, 2 * height_px), np.uint8)
    return crop_to_ink(write(blank, paths, (height_px / 2, height_px / 2), height_px, max(rng.uniform(0.06, 0.1) * height_px, 2)))


def picture_glyphs(images: UInt8Array, labels: Int64Array) -> Glyphs:
    """Make a function that draws digits by enlarging and sharpening random images of them.

    Args:
        images: uint8 `(N, 28, 28)`, white ink on black, as in MNIST.
        labels: the digit in each image, int64 `(N,)`; each digit occurs.
    """
    by_digit = [np.flatnonzero(labels == digit) for digit in range(10)]

    def glyph(digit: int, height_px: int, rng: np.random.Generator) -> UInt8Array:
        small = crop_to_ink(images[rng.choice(by_digit[digit])])
        scale = height_px / small.shape[0]
        large = cv2.resize(small, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC).astype(np.float32)
        sharp = cv2.GaussianBlur(large, (0, 0), max(scale / 3, 0.5))
        return crop_to_ink(np.clip((sharp - 110) * max(scale / 3, 1.4) + 128, 0, 255).astype(np.uint8))

    return glyph


def page(seed: int, glyphs: Glyphs = stroke_glyphs) -> Page:
    """Generate a page of numbers under random conditions.

    Args:
        seed: random seed, which determines the page.
        glyphs: function that draws the digits.
    """
    rng = np.random.default_rng((seed, 1))
    sheet = _new_sheet(rng, glyphs)
    layout = str(rng.choice(list(LAYOUTS)))
    sheet.traits.append(layout.rstrip("+"))
    lines = LAYOUTS[layout](sheet)
    if rng.random() < 0.25:
        sheet.traits.append("specks")
        draw_specks(sheet, int(rng.integers(3, 12)))
    return _photograph(sheet, lines)


def page_without_digits(seed: int) -> Page:
    """Generate a page without digits: an empty sheet, or one with words, a scribble or specks.

    Args:
        seed: random seed, which determines the page.
    """
    rng = np.random.default_rng((seed, 2))
    sheet = _new_sheet(rng, stroke_glyphs, allow_stamp=False)
    kind = str(rng.choice(list(OTHER_MARKS)))
    sheet.traits.append(kind)
    OTHER_MARKS[kind](sheet)
    return _photograph(sheet, [])


def page_of_numbers(seed: int, writer: Writer) -> Page:
    """Generate a page of numbers with separators, one in each line.

    Args:
        seed: random seed, which determines the page.
        writer: who writes it.
    """
    rng = np.random.default_rng((seed, 3))
    sheet = _new_sheet(rng, stroke_glyphs, allow_stamp=False)
    left, top, right, bottom = sheet.writing_area
    count = int(rng.integers(1, 5))
    pitch = (bottom - top) / count
    pen = float(np.clip(writer.pen, *PEN_RANGE))
    lines = []
    for line in range(count):
        text = random_number(rng)
        paths = write_number(writer, text, rng)
        width = max(float(path[:, 0].max()) for path in paths) + 2 * pen
        height_px = min(pitch * rng.uniform(0.4, 0.6), 0.3 * min(sheet.ink.shape), (right - left) / width)
        x = left + rng.uniform(0, 1) * max(right - left - width * height_px, 0.0) + pen * height_px
        corner_xy = np.array([x, top + (line + 0.5) * pitch - height_px / 2])
        for path in paths:
            draw_path(sheet.ink, path * height_px + corner_xy, pen * height_px, grey=255)
        lines.append(text)
    return _photograph(sheet, lines)


def _new_sheet(rng: np.random.Generator, glyphs: Glyphs, *, allow_stamp: bool = True) -> Sheet:
    """Choose size, paper, pen, light and camera at random for an empty sheet."""
    width, height = SIZES_WH[rng.integers(len(SIZES_WH))]
    light, paper, pen = (list(kinds)[rng.integers(len(kinds))] for kinds in (LIGHTS, PAPERS, PENS))
    if rng.random() < 0.1:
        chosen, traits = {**LIGHTS[light], **BOARD}, [light, "board"]
    else:
        chosen, traits = {**LIGHTS[light], **PAPERS[paper], **PENS[pen]}, [light, paper, pen]
    for trait, probability, arguments in (
        ("background", 0.25, {"background_share": rng.uniform(0.03, 0.08)}),
        ("stamp", 0.2 * allow_stamp, {"stamp": str(rng.choice(STAMPS))}),
        ("jpeg", 0.5, {"jpeg_quality": int(rng.integers(50, 95))}),
        ("tilted", 0.2, {"tilt_deg": rng.uniform(-6, 6)}),
        ("finger", 0.1, {"finger": True}),
        ("without colours", 0.15, {"grey": True}),
    ):
        if rng.random() < probability:
            chosen |= arguments
            traits.append(trait)
    chosen["blur_px"] = rng.uniform(0.6, 2.0)
    return Sheet(np.zeros((height, width), np.uint8), rng, Scene(**chosen), glyphs, traits)


def _photograph(sheet: Sheet, lines: list[str]) -> Page:
    """Render the photograph of a finished sheet."""
    if sheet.scene.pen > 0.1:  # the glyphs have the stroke width of a pen; a marker's is broader
        sheet.ink = np.asarray(cv2.dilate(sheet.ink, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))), np.uint8)
    return Page(photograph_ink(sheet.ink, sheet.scene, sheet.rng), tuple(lines), tuple(sheet.traits))
