"""A picture with its reading drawn onto it."""

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from digitcore.io.palette import BLUE_RGB, VERMILION_RGB
from digitcore.results import Digit, Reading
from digitcore.types import UInt8Array

ACCEPTED_RGB: Final = BLUE_RGB
REFUSED_RGB: Final = VERMILION_RGB
"""The colours of accepted and refused marks."""

_HALO_RGB: Final = (255, 255, 255)
_NEARLY_SURE: Final = 0.995
"""Confidence that would be rounded to a full hundred percent, which no network can promise."""

_TEXT: Final = 0.5
"""Height of a label, in heights of the digits."""

_LEAST_TEXT_PX: Final = 9
"""Nothing smaller can be read."""

_WEIGHT: Final = 2

_FONT: Final = cv2.FONT_HERSHEY_SIMPLEX
_FONT_HEIGHT_PX: Final = 22
"""Height of a digit of that font at scale 1."""


def annotate(image: UInt8Array, reading: Reading) -> UInt8Array:
    """Draw every mark's box with its digit and confidence, legibly on any background.

    Args:
        image: uint8 `(H, W, 3)` RGB: the upright original, or the same reduced.
        reading: what was read from it.

    Returns:
        A new picture of the same shape.
    """
    canvas = np.ascontiguousarray(image).copy()
    scale = image.shape[1] / reading.size_wh[0]
    text_px = _text_px(canvas, reading.digits, scale)
    for digit in reading.digits:
        _draw(canvas, digit, scale, text_px)
    return canvas


def _text_px(image: UInt8Array, digits: Sequence[Digit], scale: float) -> float:
    """Height of the labels: in proportion to the writing, so that they fit between its lines."""
    short = min(image.shape[:2])
    tall = float(np.median([digit.box_xywh[3] for digit in digits])) * scale if digits else short
    return float(np.clip(_TEXT * tall, _LEAST_TEXT_PX, max(short / 18, _LEAST_TEXT_PX)))


def _draw(canvas: UInt8Array, digit: Digit, scale: float, text_px: float) -> None:
    x, y, width, height = (round(value * scale) for value in digit.box_xywh)
    colour = ACCEPTED_RGB if digit.accepted else REFUSED_RGB
    line_px = max(1, round(min(canvas.shape[:2]) / 320))
    margin = 2 * line_px
    left, top, right, bottom = x - margin, y - margin, x + width + margin, y + height + margin
    for line_rgb, thickness in ((_HALO_RGB, 3 * line_px), (colour, line_px)):
        cv2.rectangle(canvas, (left, top), (right, bottom), line_rgb, thickness)
    label, font_scale = _label(digit, right - left, text_px)
    (wide, tall), below = cv2.getTextSize(label, _FONT, font_scale, _WEIGHT)
    tag_height = tall + below + 2
    tag_top = top - tag_height if top >= tag_height else bottom
    tag_left = int(np.clip(left, 0, max(0, canvas.shape[1] - wide - 4)))
    tag_top = min(tag_top, canvas.shape[0] - tag_height)
    cv2.rectangle(canvas, (tag_left, tag_top), (tag_left + wide + 3, tag_top + tag_height), colour, cv2.FILLED)
    cv2.putText(canvas, label, (tag_left + 2, tag_top + tall + 1), _FONT, font_scale, _HALO_RGB, _WEIGHT, cv2.LINE_AA)


def _label(digit: Digit, width_px: int, text_px: float) -> tuple[str, float]:
    """The digit, with its confidence where there is room above its box, and at what scale."""
    scale, least = text_px / _FONT_HEIGHT_PX, _LEAST_TEXT_PX / _FONT_HEIGHT_PX
    if not digit.accepted:
        return "?", scale
    both = f"{digit.label} {_confidence(digit.confidence)}"
    fitting = scale * width_px / max(cv2.getTextSize(both, _FONT, scale, _WEIGHT)[0][0], 1)
    return (both, min(scale, fitting)) if fitting >= least else (str(digit.label), scale)


def _confidence(confidence: float) -> str:
    return f"{confidence:.0%}" if confidence < _NEARLY_SURE else ">99%"
