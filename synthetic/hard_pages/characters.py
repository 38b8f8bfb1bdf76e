"""What is written on hard pages: digits, sums and letters, as strokes in the hand of a writer or as images of digits."""

from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np

from digitcore.io.strokes import draw_path
from digitcore.types import UInt8Array
from synthetic.allographs import Paths, line, polyline
from synthetic.hands import parse_path
from synthetic.sheet import Glyphs
from synthetic.signs import SIGNS
from synthetic.writers import Writer

CROSSED_OUT: Final = "crossed out"

_LETTER_PATHS: Final[dict[str, tuple[str, ...]]] = {
    "a": ("48,50! 30,42 12,56 10,80 26,96 44,86 50,52! 50,80 60,96!",),
    "c": ("50,52! 34,42 12,58 14,88 34,98 52,88!",),
    "e": ("12,70! 50,68! 48,46 28,42 10,62 18,92 50,90!",),
    "h": ("10,2! 10,96!", "10,64! 30,46 46,56 46,96!"),
    "k": ("10,2! 10,96!", "46,46! 12,70! 48,96!"),
    "m": ("6,44! 8,96!", "8,60! 22,44 34,54 34,96!", "34,60! 50,44 62,56 62,96!"),
    "n": ("8,44! 12,96!", "12,62! 30,44 46,52 48,96!"),
    "r": ("10,44! 12,96!", "12,62! 24,46 42,46!"),
    "t": ("24,10! 24,84 34,96 46,90!", "6,40! 46,40!"),
    "w": ("4,44! 18,96! 32,56! 46,96! 62,44!",),
    "A": ("4,98! 32,2! 58,98!", "14,62! 50,62!"),
    "E": ("54,4! 10,4! 10,98! 56,98!", "10,50! 46,50!"),
    "F": ("54,4! 10,4! 10,98!", "10,50! 46,50!"),
    "K": ("10,2! 10,98!", "54,2! 12,54! 56,98!"),
    "M": ("4,98! 12,2! 34,62! 56,2! 64,98!",),
    "N": ("8,98! 8,2! 54,98! 54,2!",),
    "R": ("12,98! 12,4! 40,4 54,24 40,48 14,50! 54,98!",),
    "W": ("4,2! 18,98! 34,34! 50,98! 64,2!",),
}
LETTERS: Final = tuple(_LETTER_PATHS)
"""Letters that don't look like a digit."""

_SIGN_SIZES: Final = {"+": 0.55, "=": 0.5, "x": 0.5, "÷": 0.6}
"""Heights of signs that are smaller than a digit, in heights of a digit; they stand halfway up the line."""

_TAILED: Final = "79"
"""Digits whose stem some people draw far below the line."""

_IMAGE_PEN: Final = 0.1
"""Width of the strokes of an image of a digit, in heights of the digit; they are broadened for a pen that is broader."""

_GLYPH_PX: Final = 240
"""Height at which an image of a digit is drawn before it is scaled."""


@dataclass(frozen=True, slots=True, eq=False)
class Character:
    """A character before it is placed: strokes or an image, in heights of a digit."""

    text: str
    paths: Paths
    image: UInt8Array | None = None

    @property
    def left_right(self) -> tuple[float, float]:
        """Return the least and the greatest x, in heights of a digit."""
        if self.image is not None:
            return 0.0, self.image.shape[1] / self.image.shape[0]
        return min(float(path[:, 0].min()) for path in self.paths), max(float(path[:, 0].max()) for path in self.paths)

    def draw(self, ink: UInt8Array, corner_xy: tuple[float, float], height_px: float, pen: float) -> None:
        """Draw the character into `ink`, uint8 `(H, W)`, with a pen of `pen` heights of a digit."""
        if self.image is None:
            for path in self.paths:
                draw_path(ink, path * height_px + corner_xy, max(pen * height_px, 1.0), grey=255)
            return
        height, width = max(round(height_px), 2), max(round(height_px * self.left_right[1]), 2)
        small = cv2.resize(self.image, (width, height), interpolation=cv2.INTER_AREA)
        extra_px = round((pen - _IMAGE_PEN) * height_px)
        if extra_px > 1:
            small = cv2.dilate(small, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (extra_px, extra_px)))
        x, y = (int(np.clip(round(at), 0, limit)) for at, limit in zip(corner_xy, (ink.shape[1] - 1, ink.shape[0] - 1), strict=True))
        target = ink[y : y + height, x : x + width]
        np.maximum(target, small[: target.shape[0], : target.shape[1]], out=target)


def write_character(text: str, writer: Writer, glyphs: Glyphs | None, rng: np.random.Generator) -> Character:
    """Write one character.

    Args:
        text: a digit, `-`, a key of `synthetic.signs.SIGNS`, a letter of `LETTERS`, or a digit and `CROSSED_OUT`.
        writer: whose hand it is.
        glyphs: function that draws the digits instead of the writer; None for none.
        rng: determines this writing.
    """
    if text.endswith(CROSSED_OUT):
        return Character(CROSSED_OUT, [*writer.write(int(text[0]), rng)[0], *_scratches(rng)])
    if text.isdigit():
        if glyphs is not None:
            return Character(text, [], glyphs(int(text), _GLYPH_PX, rng))
        return Character(text, writer.write(int(text), rng)[0])
    if text == "-":
        width, y = rng.uniform(0.3, 0.55), rng.normal(0.55, 0.05)
        return Character(text, writer.write_paths([line((0.0, y), (width, y + rng.normal(0, 0.03)))], rng))
    if text in SIGNS:
        size = _SIGN_SIZES.get(text, 1.2) * rng.uniform(0.8, 1.25)
        return Character(text, [path * size + (0.0, 0.52 - size / 2) for path in writer.write_paths(SIGNS[text](rng), rng)])
    return Character(text, writer.write_paths([parse_path(path) for path in _LETTER_PATHS[text]], rng))


def with_tail(character: Character, tail: float) -> Character:
    """Return a character whose lower half is longer by the share `tail`, if it is a 7 or a 9 of a writer; else the same."""
    if character.text not in _TAILED:
        return character
    stretch = np.array([0.0, tail])
    return replace(character, paths=[path + np.maximum(path[:, 1:] - 0.5, 0) * stretch for path in character.paths])


def _scratches(rng: np.random.Generator) -> Paths:
    """Return the strokes that cross a digit out: two to four slanted lines, or a zigzag."""
    if rng.random() < 0.5:
        ys = [rng.uniform(0.1, 0.3), rng.uniform(0.7, 0.9)]
        return [
            line((-0.2, ys[1] + shift), (0.85, ys[0] + shift))
            for shift in np.linspace(-0.18, 0.18, rng.integers(2, 5)) + rng.normal(0, 0.03)
        ]
    xs = np.linspace(-0.1, 0.8, rng.integers(5, 10))
    return [polyline([(x, 0.15 if index % 2 else 0.85) for index, x in enumerate(xs)])]


def digits(rng: np.random.Generator, least: int, most: int) -> list[str]:
    """Return from `least` to `most` random digits."""
    return [str(digit) for digit in rng.integers(0, 10, rng.integers(least, most + 1))]


def expression(rng: np.random.Generator, *, has_brackets: bool) -> list[str]:
    """Compose a sum such as 35 × (2 + 1) =."""
    tokens = digits(rng, 1, 3)
    bracket_at = int(rng.integers(0, 2)) if has_brackets else -1
    for index in range(int(rng.integers(1, 4)) if not has_brackets else 2):
        sign = str(rng.choice(["+", "+", "-", "-", "x", "÷"]))
        if index == bracket_at:
            opening, closing = ("[", "]") if rng.random() < 0.15 else ("(", ")")
            tokens += [sign, opening, *digits(rng, 1, 2), str(rng.choice(["+", "-"])), *digits(rng, 1, 2), closing]
        else:
            tokens += [sign, *digits(rng, 1, 3)]
    return [*tokens, "="] if rng.random() < 0.4 else tokens
