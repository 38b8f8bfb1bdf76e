"""Draw single characters of a font as grey crops.

The longer side of a crop is 40 pixels, twice that of a digit in the network's input, so that training can vary slant and stroke width
before `normalize_digit` reduces it; varying an image of 28×28 would blur it. On the digits of all fonts, `normalize_digit` of a crop
differs by 2.6 grey levels on average from that of the character at its full size, apart from shifts by one pixel; by 2.4 if crops have 56
pixels, and by 3.2 if they have 28. All crops of 40 pixels take 3.1 MB when compressed. The position on the line and the relative size of
the characters are lost, as they are for every mark that the network classifies.
"""

from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from digitcore.layout.ink import crop_to_ink
from digitcore.recognition.normalization import scale_to_fit
from digitcore.types import UInt8Array

FONT_SIZE_PX: Final = 256
"""Size at which a character is drawn before it is reduced: its strokes have hardly any steps then."""

CROP_SIDE_PX: Final = 40
"""Side of a stored crop."""

_MARGIN_PX: Final = 4
"""Margin around a character's box: antialiased edges lie outside of it."""

_NONCHARACTER: Final = "\uffff"
"""A code point that no font has; a font draws its sign for missing characters instead."""


def load_font(path: Path, size_px: int = FONT_SIZE_PX) -> ImageFont.FreeTypeFont:
    """Open a font.

    Args:
        path: file in any format that FreeType reads.
        size_px: size of the characters to draw.
    """
    return ImageFont.truetype(str(path), size_px, layout_engine=ImageFont.Layout.BASIC)


def has_character(font: ImageFont.FreeTypeFont, character: str) -> bool:
    """Decide whether a font has a character, and ink for it."""
    drawn, missing = font.getmask(character), font.getmask(_NONCHARACTER)
    return drawn.getbbox() is not None and (drawn.size, bytes(drawn)) != (missing.size, bytes(missing))


def draw(font: ImageFont.FreeTypeFont, character: str) -> UInt8Array:
    """Draw a character at the size of the font.

    Args:
        font: a font that has the character.
        character: one character.

    Returns:
        uint8 `(h, w)`, white ink on black with grey edges, cropped to its ink.

    Raises:
        ValueError: there is no ink.
    """
    left, top, right, bottom = font.getbbox(character)
    size_wh = int(right - left) + 2 * _MARGIN_PX, int(bottom - top) + 2 * _MARGIN_PX
    canvas = Image.new("L", size_wh)
    ImageDraw.Draw(canvas).text((_MARGIN_PX - left, _MARGIN_PX - top), character, fill=255, font=font)
    return crop_to_ink(np.asarray(canvas))


def fit(ink: UInt8Array) -> UInt8Array:
    """Reduce a character to a square crop with its aspect ratio kept, in the middle of the crop.

    Args:
        ink: uint8 `(h, w)`, white ink on black, cropped to its ink.

    Returns:
        uint8 `(CROP_SIDE_PX, CROP_SIDE_PX)`, the longer side of the ink as long as the side.
    """
    fitted = scale_to_fit(ink, CROP_SIDE_PX)
    height, width = fitted.shape
    crop = np.zeros((CROP_SIDE_PX, CROP_SIDE_PX), np.uint8)
    top, left = (CROP_SIDE_PX - height) // 2, (CROP_SIDE_PX - width) // 2
    crop[top : top + height, left : left + width] = fitted
    return crop
