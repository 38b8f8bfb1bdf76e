"""Annotation: the boxes and labels of a reading, drawn onto its picture."""

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from digitcore.io.palette import BLUE_RGB, VERMILION_RGB
from digitcore.numbers import Number
from digitcore.results import Digit, Reading
from digitcore.types import Box, UInt8Array

ACCEPTED_RGB: Final = BLUE_RGB
"""The colour of accepted digits."""

REJECTED_RGB: Final = VERMILION_RGB
"""The colour of rejected marks."""

_OUTLINE_RGB: Final = (255, 255, 255)
"""The colour of text, and of the outline around a box, which shows it on any background."""

_MAX_SHOWN_CONFIDENCE: Final = 0.995
"""The confidence from which ">99%" is shown: it would be rounded to 100 %, which no network can guarantee."""

_RELATIVE_TEXT_HEIGHT: Final = 0.5
"""Height of a label as a share of the digits' median height, so that labels fit between the lines."""

_MIN_TEXT_HEIGHT_PX: Final = 9
"""The least height of a label that is still legible."""

_MIN_TEXT_LINES_PER_SIDE: Final = 18
"""The picture's short side in heights of the largest label."""

_BOX_LINES_PER_SIDE: Final = 320
"""The picture's short side in widths of a box's line."""

_TEXT_THICKNESS_PX: Final = 2
_FONT: Final = cv2.FONT_HERSHEY_SIMPLEX
_FONT_HEIGHT_PX: Final = 22
"""Height of that font's digits at scale 1."""


def annotate(image: UInt8Array, reading: Reading) -> UInt8Array:
    """Draw the box of every mark with its digit and confidence; and below a number with separators, how it is written.

    Args:
        image: uint8 `(H, W, 3)` RGB: the upright original, or a copy of it in another size.
        reading: What was read from it.

    Returns:
        A new picture of the same shape, with accepted digits in blue and rejected marks in vermilion.

    Examples:
        >>> import numpy as np
        >>> from digitcore import annotate, read_image
        >>> image = np.full((60, 80, 3), 255, np.uint8)
        >>> annotate(image, read_image(image)).shape
        (60, 80, 3)
    """
    canvas = np.ascontiguousarray(image).copy()
    scale = image.shape[1] / reading.size_wh[0]
    text_height_px = _text_height_px(canvas, reading.digits, scale)
    for digit in reading.digits:
        _draw_mark(canvas, digit, scale, text_height_px)
    for number in (each for line in reading.numbers for each in line if not each.text.isdecimal()):
        _draw_number(canvas, number, scale, text_height_px)
    return canvas


def _text_height_px(image: UInt8Array, digits: Sequence[Digit], scale: float) -> float:
    """Choose the labels' height in proportion to the digits."""
    short_side = min(image.shape[:2])
    digit_height = float(np.median([digit.box_xywh[3] for digit in digits])) * scale if digits else short_side
    highest = max(short_side / _MIN_TEXT_LINES_PER_SIDE, _MIN_TEXT_HEIGHT_PX)
    return float(np.clip(_RELATIVE_TEXT_HEIGHT * digit_height, _MIN_TEXT_HEIGHT_PX, highest))


def _draw_mark(canvas: UInt8Array, digit: Digit, scale: float, text_height_px: float) -> None:
    x, y, width, height = (round(value * scale) for value in digit.box_xywh)
    colour = ACCEPTED_RGB if digit.accepted else REJECTED_RGB
    line_px = max(1, round(min(canvas.shape[:2]) / _BOX_LINES_PER_SIDE))
    margin = 2 * line_px
    box = Box(x - margin, y - margin, width + 2 * margin, height + 2 * margin)
    for line_rgb, thickness in ((_OUTLINE_RGB, 3 * line_px), (colour, line_px)):
        cv2.rectangle(canvas, (box.x, box.y), (box.x + box.width, box.y + box.height), line_rgb, thickness)
    label, font_scale = _label(digit, box.width, text_height_px)
    _draw_label(canvas, box, label, font_scale, colour)


def _draw_number(canvas: UInt8Array, number: Number, scale: float, text_height_px: float) -> None:
    """Draw a number's text below its box."""
    x, y, width, height = (round(value * scale) for value in number.box_xywh)
    margin = 2 * max(1, round(min(canvas.shape[:2]) / _BOX_LINES_PER_SIDE))
    box = Box(x - margin, y - margin, width + 2 * margin, height + 2 * margin)
    _draw_label(canvas, box, number.text, text_height_px / _FONT_HEIGHT_PX, ACCEPTED_RGB, below=True)


def _draw_label(canvas: UInt8Array, box: Box, label: str, font_scale: float, colour: tuple[int, int, int], *, below: bool = False) -> None:
    """Draw a label on a filled rectangle above the box, or below it where that is asked for or there is no space above."""
    (text_width, text_height), baseline = cv2.getTextSize(label, _FONT, font_scale, _TEXT_THICKNESS_PX)
    height = text_height + baseline + 2
    top = box.y - height if box.y >= height and not below else box.y + box.height
    left = int(np.clip(box.x, 0, max(0, canvas.shape[1] - text_width - 4)))
    top = min(top, canvas.shape[0] - height)
    cv2.rectangle(canvas, (left, top), (left + text_width + 3, top + height), colour, cv2.FILLED)
    cv2.putText(canvas, label, (left + 2, top + text_height + 1), _FONT, font_scale, _OUTLINE_RGB, _TEXT_THICKNESS_PX, cv2.LINE_AA)


def _label(digit: Digit, width_px: int, text_height_px: float) -> tuple[str, float]:
    """Choose a mark's text and font scale: the digit, with its confidence where both fit the width of its box."""
    scale, min_scale = text_height_px / _FONT_HEIGHT_PX, _MIN_TEXT_HEIGHT_PX / _FONT_HEIGHT_PX
    if not digit.accepted:
        return "?", scale
    text = f"{digit.label} {_shown_confidence(digit.confidence)}"
    fitting = scale * width_px / max(cv2.getTextSize(text, _FONT, scale, _TEXT_THICKNESS_PX)[0][0], 1)
    return (text, min(scale, fitting)) if fitting >= min_scale else (str(digit.label), scale)


def _shown_confidence(confidence: float) -> str:
    return f"{confidence:.0%}" if confidence < _MAX_SHOWN_CONFIDENCE else ">99%"
