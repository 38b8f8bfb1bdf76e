"""Load the digits, letters and signs of handwriting fonts, which `synthetic.fonts` draws; `FONTS.md` names the fonts."""

from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from digitcore.recognition.normalization import normalize_digit
from digitcore.types import UInt8Array
from model.confusables import is_like_a_digit
from model.data import LabelledDigits
from synthetic.fonts.selection import DIGITS, HELD_OUT

FONTS_PATH: Final = Path(__file__).resolve().parent / "fonts.npz"
"""The committed file, which `make fonts` rebuilds."""


class Split(StrEnum):
    """A part of the fonts; no font is in both."""

    TRAINING = "training"
    HELD_OUT = "held out"


class FontCharacters(NamedTuple):
    """Characters of handwriting fonts.

    Attributes:
        images: uint8 `(N, 40, 40)`, white ink on black, the longer side of the ink 40 pixels.
        characters: `<U1` `(N,)`, the character of each image.
        fonts: `<U…` `(N,)`, the name of the font of each image.
    """

    images: UInt8Array
    characters: npt.NDArray[np.str_]
    fonts: npt.NDArray[np.str_]

    def where(self, chosen: npt.NDArray[np.bool_]) -> "FontCharacters":
        """Select the characters for which `chosen`, bool `(N,)`, is true."""
        return FontCharacters(self.images[chosen], self.characters[chosen], self.fonts[chosen])


def load_font_characters(split: Split) -> FontCharacters:
    """Load all characters of the fonts of a split, at the size at which slant and stroke width can still be varied."""
    with np.load(FONTS_PATH) as stored:
        fonts = stored["names"][stored["fonts"]]
        every = FontCharacters(stored["images"], stored["characters"], fonts)
    held_out = np.isin(fonts, list(HELD_OUT))
    return every.where(held_out if split is Split.HELD_OUT else ~held_out)


def font_digits(split: Split) -> FontCharacters:
    """Load the digits of the fonts of a split, before normalization."""
    every = load_font_characters(split)
    return every.where(np.isin(every.characters, list(DIGITS)))


def font_negatives(split: Split) -> FontCharacters:
    """Load the letters and signs of the fonts of a split that are never written like a digit, before normalization."""
    every = load_font_characters(split)
    return every.where(np.array([not is_like_a_digit(character) for character in every.characters]))


def load_font_digits(split: Split) -> LabelledDigits:
    """Load the digits of the fonts of a split, normalized like every mark, and their labels."""
    digits = font_digits(split)
    return LabelledDigits(normalize_all(digits.images), digits.characters.astype(np.int64))


def load_font_negatives(split: Split) -> UInt8Array:
    """Load the letters and signs of the fonts of a split that are never written like a digit, normalized like every mark.

    Returns:
        uint8 `(N, 28, 28)`, white ink on black.
    """
    return normalize_all(font_negatives(split).images)


def normalize_all(images: UInt8Array) -> UInt8Array:
    """Crop, thicken, scale and centre each image, uint8 `(N, H, W)`, as uint8 `(N, 28, 28)`."""
    return np.stack([normalize_digit(image).model_input for image in images])
