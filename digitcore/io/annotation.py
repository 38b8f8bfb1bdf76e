"""Annotation: the boxes and labels of a reading, drawn onto its picture."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final, NamedTuple

import cv2
import numpy as np

from digitcore.io.label_layout import LabelLayout, Labelled, PlacedText
from digitcore.io.palette import BLUE_RGB, GREY_RGB, ORANGE_RGB, VERMILION_RGB, Rgb
from digitcore.results import Digit, Reading
from digitcore.types import Box, UInt8Array

ACCEPTED_RGB: Final = BLUE_RGB
"""The colour of accepted digits."""

UNSURE_RGB: Final = ORANGE_RGB
"""The colour of accepted digits that are unsure."""

REJECTED_RGB: Final = VERMILION_RGB
"""The colour of rejected marks."""

SEPARATOR_RGB: Final = GREY_RGB
"""The colour of marks that are separators of a number."""

_LIGHT_RGB: Final = (255, 255, 255)
"""The colour of text, and of the outline around a box, which shows it on any background."""

_DARK_RGB: Final = (0, 0, 0)
"""The colour of text on a label of `UNSURE_RGB`, which is too light for white."""

_RELATIVE_TEXT_HEIGHT: Final = 0.4
"""Height of the labels as a share of the digits' median height, where there is space for them all."""

_MIN_TEXT_HEIGHT_PX: Final = 9
"""The least height of a label that is still legible."""

_TEXT_HEIGHT_RATIO: Final = 0.85
"""Where labels have no space, they are placed again with this share of their height."""

_MIN_TEXT_LINES_PER_SIDE: Final = 18
"""The picture's short side in heights of the largest label."""

_BOX_LINES_PER_SIDE: Final = 320
"""The picture's short side in widths of a box's line."""

_SHOWN_CONFIDENCES: Final = (0.01, 0.99)
"""The range of the confidences that are shown: no network can promise 100 %."""

_TEXT_THICKNESS_PX: Final = 2
_FONT: Final = cv2.FONT_HERSHEY_SIMPLEX
_FONT_HEIGHT_PX: Final = 22
"""Height of that font's digits at scale 1."""


class _Labels(NamedTuple):
    """The labels of a picture, all of one size."""

    text_height_px: float
    labels: list[tuple[PlacedText, Rgb]]
    """Each with its colour."""

    misplaced: int
    """How many of them cover something or are left out, since there is no space for them."""


def annotate(image: UInt8Array, reading: Reading) -> UInt8Array:
    """Draw a box around every mark with its digit, if unsure with its confidence, and next to a number with separators how it is written.

    Labels are as large as they can be without covering each other or the writing.

    Args:
        image: uint8 `(H, W, 3)` RGB: the upright original, or a copy of it in another size.
        reading: What was read from it.

    Returns:
        A new picture of the same shape, with accepted digits in blue, unsure ones in orange, separators in grey and rejected marks in
        vermilion.

    Examples:
        >>> import numpy as np
        >>> from digitcore import annotate, read_image
        >>> image = np.full((60, 80, 3), 255, np.uint8)
        >>> annotate(image, read_image(image)).shape
        (60, 80, 3)
    """
    canvas = np.ascontiguousarray(image).copy()
    scale = image.shape[1] / reading.size_wh[0]
    line_px = max(1, round(min(image.shape[:2]) / _BOX_LINES_PER_SIDE))
    boxes = [_outline(digit.box_xywh, scale, line_px) for digit in reading.digits]
    for digit, box in zip(reading.digits, boxes, strict=True):
        for rgb, width_px in ((_LIGHT_RGB, 3 * line_px), (_colour(digit), line_px)):
            cv2.rectangle(canvas, (box.x, box.y), (box.x + box.width, box.y + box.height), rgb, width_px)
    every_number = (number for line in reading.numbers for number in line)
    numbers = [Labelled(_outline(each.box_xywh, scale, line_px), (each.text,)) for each in every_number if not each.text.isdecimal()]
    size_wh = canvas.shape[1], canvas.shape[0]
    chosen = _choose_labels(reading.digits, boxes, numbers, line_px, size_wh)
    for label, rgb in chosen.labels:
        _draw_label(canvas, label, rgb, chosen.text_height_px)
    return canvas


def _outline(box_xywh: tuple[int, int, int, int], scale: float, line_px: int) -> Box:
    """Return the rectangle around a box, in pixels of the picture that is drawn on."""
    x, y, width, height = (round(value * scale) for value in box_xywh)
    margin = 2 * line_px
    return Box(x - margin, y - margin, width + 2 * margin, height + 2 * margin)


def _colour(digit: Digit) -> Rgb:
    if digit.separator is not None:
        return SEPARATOR_RGB
    if not digit.accepted:
        return REJECTED_RGB
    return UNSURE_RGB if digit.reason else ACCEPTED_RGB


def _choose_labels(
    digits: Sequence[Digit], boxes: Sequence[Box], numbers: Sequence[Labelled], line_px: int, size_wh: tuple[int, int]
) -> _Labels:
    """Place all labels in the largest size in which they have space; if there is none, in the one in which the fewest have none."""
    margin = 2 * line_px
    writing = [Box(box.x + margin, box.y + margin, box.width - 2 * margin, box.height - 2 * margin) for box in boxes]
    found: list[_Labels] = []
    for text_height_px in _text_heights([box.height for box in writing], min(size_wh)):
        layout = LabelLayout(size_wh, writing, partial(_label_size, text_height_px=text_height_px))
        found.append(_place_labels(digits, boxes, numbers, layout, text_height_px))
        if not found[-1].misplaced:
            break
    return min(found, key=lambda each: each.misplaced)


def _text_heights(mark_heights_px: Sequence[int], short_side_px: int) -> Iterator[float]:
    """Yield the heights of labels that are tried, from the largest, which is in proportion to the marks and to the picture."""
    median_px = float(np.median(mark_heights_px)) if mark_heights_px else short_side_px
    highest_px = max(short_side_px / _MIN_TEXT_LINES_PER_SIDE, _MIN_TEXT_HEIGHT_PX)
    height_px = float(np.clip(_RELATIVE_TEXT_HEIGHT * median_px, _MIN_TEXT_HEIGHT_PX, highest_px))
    while height_px > _MIN_TEXT_HEIGHT_PX:
        yield height_px
        height_px *= _TEXT_HEIGHT_RATIO
    yield _MIN_TEXT_HEIGHT_PX


def _place_labels(
    digits: Sequence[Digit], boxes: Sequence[Box], numbers: Sequence[Labelled], layout: LabelLayout, text_height_px: float
) -> _Labels:
    """Place the labels of digits and rejected marks, those of numbers, and last those of separators, which the numbers show as well."""
    pairs = list(zip(digits, boxes, strict=True))
    marks = [(Labelled(box, _texts(digit)), _colour(digit)) for digit, box in pairs if digit.separator is None]
    separators = [Labelled(box, (digit.character,)) for digit, box in pairs if digit.separator is not None]
    of_marks = layout.place_marks([mark for mark, _ in marks])
    of_numbers = [layout.place_number(number) for number in numbers]
    labels = [(label or layout.place_inside(mark), rgb) for label, (mark, rgb) in zip(of_marks, marks, strict=True)]
    labels += [(label, ACCEPTED_RGB) for label in of_numbers if label]
    labels += [(label, SEPARATOR_RGB) for label in layout.place_marks(separators) if label]
    return _Labels(text_height_px, labels, of_marks.count(None) + of_numbers.count(None))


def _texts(digit: Digit) -> tuple[str, ...]:
    """List the texts of a mark: its character, and that of an unsure digit with its confidence."""
    if not digit.accepted or not digit.reason:
        return (digit.character,)
    share = float(np.clip(digit.confidence, *_SHOWN_CONFIDENCES))
    return digit.character, f"{digit.character} {share:.0%}"


def _label_size(text: str, text_height_px: float) -> tuple[int, int]:
    """Return the width and height of a label."""
    (width, height), baseline = cv2.getTextSize(text, _FONT, text_height_px / _FONT_HEIGHT_PX, _TEXT_THICKNESS_PX)
    return width + 4, height + baseline + 2


def _draw_label(canvas: UInt8Array, label: PlacedText, colour: Rgb, text_height_px: float) -> None:
    """Draw a text on a rectangle filled with a colour."""
    x, y, width, height = label.rectangle
    scale = text_height_px / _FONT_HEIGHT_PX
    baseline = cv2.getTextSize(label.text, _FONT, scale, _TEXT_THICKNESS_PX)[1]
    cv2.rectangle(canvas, (x, y), (x + width - 1, y + height - 1), colour, cv2.FILLED)
    rgb = _DARK_RGB if colour == UNSURE_RGB else _LIGHT_RGB
    cv2.putText(canvas, label.text, (x + 2, y + height - baseline - 1), _FONT, scale, rgb, _TEXT_THICKNESS_PX, cv2.LINE_AA)
