"""What is printed on a sheet or cut into it: text, print that shows through, spirals and punched holes."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from digitcore.types import Box, Float32Array, UInt8Array
from synthetic.hard_pages.surfaces import Surface, SurfaceEffect

_TEXT: Final = (
    "the form shall be returned to our office within two weeks after the date of delivery and please note that all "
    "measures were taken from the original drawing customers may contact us at any time for further details about "
    "an invoice or the terms of payment chapter example solution number address surname remarks quantity total"
)
_WORDS: Final = _TEXT.split()


def writing_box(surface: Surface, padding: float) -> Box:
    """Return the box around all handwriting with a padding in heights of its highest mark; the middle of an empty sheet."""
    width, height = surface.size_wh
    if not surface.marks:
        return Box(round(0.15 * width), round(0.2 * height), round(0.7 * width), round(0.6 * height))
    pad = padding * max(mark.ink.shape[0] for mark in surface.marks)
    left, top = (min(mark.corner_xy[axis] for mark in surface.marks) - pad for axis in (0, 1))
    right, bottom = (max(mark.corner_xy[axis] + mark.ink.shape[1 - axis] for mark in surface.marks) + pad for axis in (0, 1))
    x, y = max(left, 2.0), max(top, 2.0)
    return Box(round(x), round(y), round(min(right, width - 3) - x), round(min(bottom, height - 3) - y))


def sentence(rng: np.random.Generator, count: int) -> str:
    """Return `count` random words without digits."""
    return " ".join(rng.choice(_WORDS, count)).capitalize()


@lru_cache(maxsize=64)
def _font(size_px: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size_px)


def text_mask(size_wh: tuple[int, int], texts: Sequence[tuple[tuple[int, int], str]], height_px: int) -> UInt8Array:
    """Print texts from their upper left corners: uint8 `(H, W)`, white on black."""
    image = Image.new("L", size_wh)
    pen = ImageDraw.Draw(image)
    for corner_xy, text in texts:
        pen.text(corner_xy, text, fill=255, font=_font(height_px))
    return np.array(image, np.uint8)


def printed(surface: Surface, mask: UInt8Array, strength: float) -> Surface:
    """Print a mask of uint8 `(H, W)` in black with a coverage from 0 to 1."""
    remaining = 1 - strength * mask.astype(np.float32)[..., np.newaxis] / 255
    return replace(surface, rgb=np.asarray(surface.rgb * remaining, np.float32))


def printed_text(surface: Surface, severity: float, rng: np.random.Generator) -> Surface:
    """Print lines of text above and below the writing, or all over an empty sheet; the more severe, the larger."""
    width, height = surface.size_wh
    box = writing_box(surface, 0.5) if surface.marks else Box(0, height, 0, 0)
    size = max(round(min(width, height) * (0.014 + 0.026 * severity)), 9)
    texts = [
        ((round(0.11 * width), y), sentence(rng, int(rng.integers(2, 10))))
        for y in range(round(0.1 * height), round(0.9 * height), round(1.5 * size))
        if y + 1.3 * size < box.y or y > box.y + box.height
    ]
    mask = text_mask((width, height), texts, size)
    mask[:, round(0.9 * width) :] = 0
    return printed(surface, mask, rng.uniform(0.6, 0.9))


def show_through(surface: Surface, severity: float, rng: np.random.Generator) -> Surface:
    """Let print from the other side of the sheet show through: mirrored and blurred lines of text, sometimes grey columns of a table."""
    width, height = surface.size_wh
    size = max(round(min(width, height) * rng.uniform(0.016, 0.035)), 9)
    texts = [((0, y), sentence(rng, 18)) for y in range(0, height, round(1.6 * size)) if rng.random() < 0.8]
    back = text_mask((width, height), texts, size)[:, ::-1].astype(np.float32)
    if rng.random() < 0.4:
        step = round(width * rng.uniform(0.08, 0.2))
        for x in range(round(rng.uniform(0, step)), width, step):
            back[:, x : x + step // 2] = np.maximum(back[:, x : x + step // 2], 110)
    blurred = cv2.GaussianBlur(np.ascontiguousarray(back), (0, 0), max(size / rng.uniform(6, 14), 0.6))
    contrast = (0.06 + 0.24 * severity) * (0.7 + 0.3 * np.tanh(_patches((height, width), rng)))
    return replace(surface, rgb=np.asarray(surface.rgb * (1 - (contrast * blurred / 255)[..., np.newaxis]), np.float32))


def _patches(shape: tuple[int, int], rng: np.random.Generator) -> Float32Array:
    """Return smooth noise over a fifth of the sheet."""
    coarse = rng.standard_normal((5, 5)).astype(np.float32)
    return np.asarray(cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC), np.float32)


def punched_holes(surface: Surface, severity: float, rng: np.random.Generator) -> Surface:
    """Punch two or four holes near the left edge, through which something darker shows."""
    height = surface.size_wh[1]
    radius = min(surface.size_wh) * (0.008 + 0.014 * severity)
    centres = [
        (rng.uniform(0.07, 0.09) * surface.size_wh[0], y * height) for y in ((0.35, 0.65) if rng.random() < 0.6 else (0.15, 0.4, 0.6, 0.85))
    ]
    return _with_holes(surface, centres, radius, rng)


def spiral(surface: Surface, severity: float, rng: np.random.Generator) -> Surface:
    """Bind the sheet by a spiral along its left or upper edge: a row of holes, with a bright and dark wire from each to the edge."""
    width, height = surface.size_wh
    is_left = rng.random() < 0.6
    length, thickness = (height, width) if is_left else (width, height)
    step, place = min(width, height) * rng.uniform(0.025, 0.045), 0.085 * thickness
    points = [(place, at) if is_left else (at, place) for at in np.arange(step, length, step)]
    holed = _with_holes(surface, points, 0.2 * step, rng)
    rgb = holed.rgb.copy()
    wire_px = max(round(0.13 * step * (0.7 + severity)), 1)
    for x, y in points:
        end = (0.0, y - 0.4 * step) if is_left else (x - 0.4 * step, 0.0)
        for shift, level in ((0.0, 40.0 + 60 * (1 - severity)), (0.35 * wire_px, 190.0)):
            start, stop = (round(x + shift), round(y + shift)), (round(end[0] + shift), round(end[1] + shift))
            cv2.line(rgb, start, stop, (level, level, level), max(wire_px if not shift else wire_px // 2, 1), cv2.LINE_AA)
    return replace(holed, rgb=rgb)


def _with_holes(surface: Surface, centres: Sequence[tuple[float, float]], radius: float, rng: np.random.Generator) -> Surface:
    rgb = surface.rgb.copy()
    level = float(rng.uniform(20, 110))
    for x, y in centres:
        cv2.circle(rgb, (round(x), round(y)), max(round(radius), 1), (level, 0.9 * level, 0.8 * level), -1, cv2.LINE_AA)
        cv2.circle(rgb, (round(x), round(y)), max(round(radius), 1) + 1, (150, 150, 150), 1, cv2.LINE_AA)
    return replace(surface, rgb=rgb)


PRINTS: Final[dict[str, SurfaceEffect]] = {
    "printed text": printed_text,
    "show-through": show_through,
    "punched holes": punched_holes,
    "spiral": spiral,
}
"""Effects that print on a surface or cut into it, by name."""
