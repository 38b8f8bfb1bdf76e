"""Draw a card with a drawing and what was read on it, to be posted or sent."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import cv2
import numpy as np

from digitcore import Stroke
from digitcore.io.encode import encode_image
from digitcore.io.strokes import draw_strokes
from digitcore.types import UInt8Array

CARD_WH: Final = (1200, 630)
"""Width and height in pixels, the size that previews of links have."""

_DRAWING_BOX: Final = (60, 60, 640, 570)
_TEXT_LEFT_PX: Final = 700
_TEXT_WIDTH_PX: Final = 440
_MAX_FONT_PX: Final = 220
_BOLD, _REGULAR = 700, 400
"""Weights of the font."""


class CardTexts(NamedTuple):
    """What a card says: what was read, how sure that is, and the app's name."""

    read: str
    confidence: str
    app_name: str


class _Colors(NamedTuple):
    """Colours in RGB."""

    background: tuple[int, int, int]
    paper: tuple[int, int, int]
    ink: tuple[int, int, int]
    text: tuple[int, int, int]
    muted: tuple[int, int, int]


_LIGHT: Final = _Colors((251, 250, 247), (255, 255, 255), (0, 0, 0), (29, 36, 41), (86, 97, 106))
_DARK: Final = _Colors((20, 24, 29), (34, 37, 40), (221, 218, 215), (237, 239, 240), (169, 178, 185))


def draw_card(strokes: Sequence[Stroke], size_wh: tuple[int, int], texts: CardTexts, *, is_dark: bool) -> bytes:
    """Draw the card.

    Args:
        strokes: the drawing, in pixels of the sheet.
        size_wh: width and height of the sheet.
        texts: what the card says.
        is_dark: whether it has the colours of the dark theme.

    Returns:
        A PNG of `CARD_WH`.
    """
    width, height = _fitted_wh(size_wh)
    scale = width / size_wh[0]
    scaled = [Stroke(stroke.points * scale, stroke.pen_px * scale) for stroke in strokes]
    return draw_picture_card(draw_strokes(scaled, (width, height)), texts, is_dark=is_dark)


def draw_picture_card(picture: UInt8Array, texts: CardTexts, *, is_dark: bool) -> bytes:
    """Draw a card with a picture in black and white, which gets the theme's colours of ink and paper.

    Args:
        picture: uint8 `(H, W)`, 0 for ink and 255 for paper; it is resized so that it fits.
        texts: what the card says.
        is_dark: as in `draw_card`.

    Returns:
        A PNG of `CARD_WH`.
    """
    colors = _DARK if is_dark else _LIGHT
    card = np.full((CARD_WH[1], CARD_WH[0], 3), colors.background, np.uint8)
    left, top, right, bottom = _DRAWING_BOX
    width, height = _fitted_wh(picture.shape[::-1])
    paper = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)[..., np.newaxis] / 255.0
    x, y = left + (right - left - width) // 2, top + (bottom - top - height) // 2
    card[y : y + height, x : x + width] = (paper * colors.paper + (1 - paper) * colors.ink).round()
    middle_y = (top + bottom) // 2
    _write(card, texts.read, middle_y + 30, (_MAX_FONT_PX, _BOLD), colors.text)
    _write(card, texts.confidence, middle_y + 130, (40, _REGULAR), colors.muted)
    _write(card, texts.app_name, bottom, (34, _REGULAR), colors.muted)
    return encode_image(card, "png")


def _fitted_wh(size_wh: tuple[int, int]) -> tuple[int, int]:
    """Return the largest width and height of a picture of this shape that fit into the card's box for it."""
    left, top, right, bottom = _DRAWING_BOX
    scale = min((right - left) / size_wh[0], (bottom - top) / size_wh[1])
    return round(size_wh[0] * scale), round(size_wh[1] * scale)


def _write(card: UInt8Array, text: str, baseline_y: int, size_and_weight: tuple[int, int], color_rgb: tuple[int, int, int]) -> None:
    """Write a line onto `card` itself, in the largest size up to a limit in which it fits."""
    font, (size_px, weight) = cv2.FontFace("sans"), size_and_weight
    _x, _y, width_px, _height = cv2.getTextSize((1, 1), text, (0, 0), font, size_px, weight)
    if width_px > _TEXT_WIDTH_PX:
        size_px = max(8, size_px * _TEXT_WIDTH_PX // width_px)
    cv2.putText(card, text, (_TEXT_LEFT_PX, baseline_y), color_rgb, font, size_px, weight)
