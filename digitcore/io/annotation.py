"""Annotation: the boxes and labels of a reading, drawn onto its picture."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from digitcore.io.palette import BLUE_RGB, ORANGE_RGB, VERMILION_RGB, Rgb
from digitcore.results import Digit, Reading
from digitcore.types import Box, Float64Array, UInt8Array

ACCEPTED_RGB: Final = BLUE_RGB
"""The colour of accepted digits."""

UNSURE_RGB: Final = ORANGE_RGB
"""The colour of accepted digits that are unsure."""

REJECTED_RGB: Final = VERMILION_RGB
"""The colour of rejected marks."""

_LIGHT_RGB: Final = (255, 255, 255)
"""The colour of text, and of the outline around a box, which shows it on any background."""

_DARK_RGB: Final = (0, 0, 0)
"""The colour of text on a label of `UNSURE_RGB`, which is too light for white."""

_RELATIVE_TEXT_HEIGHT: Final = 0.4
"""Height of the labels as a share of the digits' median height, where the space above the digits is enough for that."""

_MIN_TEXT_HEIGHT_PX: Final = 9
"""The least height of a label that is still legible."""

_MIN_TEXT_LINES_PER_SIDE: Final = 18
"""The picture's short side in heights of the largest label."""

_BOX_LINES_PER_SIDE: Final = 320
"""The picture's short side in widths of a box's line."""

_CLEARANCE: Final = 2
"""How many labels high the space below a mark must be for its label: it would seem to belong to what is just below."""

_SHOWN_CONFIDENCES: Final = (0.01, 0.99)
"""The range of the confidences that are shown: no network can promise 100 %."""

_TEXT_THICKNESS_PX: Final = 2
_FONT: Final = cv2.FONT_HERSHEY_SIMPLEX
_FONT_HEIGHT_PX: Final = 22
"""Height of that font's digits at scale 1."""


class _Style(NamedTuple):
    """The sizes of all boxes and labels of a picture."""

    text_height_px: float
    line_px: int


class _Label(NamedTuple):
    """A text on a filled rectangle."""

    text: str
    rectangle: Box
    colour: Rgb


def annotate(image: UInt8Array, reading: Reading) -> UInt8Array:
    """Draw the box of every mark with its digit, and its confidence if it is unsure; and below a number with separators, how it is written.

    Args:
        image: uint8 `(H, W, 3)` RGB: the upright original, or a copy of it in another size.
        reading: What was read from it.

    Returns:
        A new picture of the same shape, with accepted digits in blue, unsure ones in orange and rejected marks in vermilion.

    Examples:
        >>> import numpy as np
        >>> from digitcore import annotate, read_image
        >>> image = np.full((60, 80, 3), 255, np.uint8)
        >>> annotate(image, read_image(image)).shape
        (60, 80, 3)
    """
    canvas = np.ascontiguousarray(image).copy()
    scale = image.shape[1] / reading.size_wh[0]
    style = _choose_style(canvas, [digit.box_xywh for digit in reading.digits], scale)
    boxes = [_outline(digit.box_xywh, scale, style) for digit in reading.digits]
    for digit, box in zip(reading.digits, boxes, strict=True):
        for rgb, width_px in ((_LIGHT_RGB, 3 * style.line_px), (_colour(digit), style.line_px)):
            cv2.rectangle(canvas, (box.x, box.y), (box.x + box.width, box.y + box.height), rgb, width_px)
    numbers = [(number.text, _outline(number.box_xywh, scale, style)) for line in reading.numbers for number in line]
    size_wh = canvas.shape[1], canvas.shape[0]
    written = [
        _Label(text, _inside(_below(box, _label_size(text, style)), size_wh), ACCEPTED_RGB) for text, box in numbers if not text.isdecimal()
    ]
    for label in (*written, *_digit_labels(reading.digits, boxes, [label.rectangle for label in written], style, size_wh)):
        _draw_label(canvas, label, style)
    return canvas


def _choose_style(image: UInt8Array, boxes_xywh: Sequence[tuple[int, int, int, int]], scale: float) -> _Style:
    """Choose the sizes of labels and lines, in proportion to the digits and to the picture; labels fit the spaces above the digits."""
    short_side = min(image.shape[:2])
    line_px = max(1, round(short_side / _BOX_LINES_PER_SIDE))
    boxes = np.array(boxes_xywh, np.float64).reshape(-1, 4) * scale
    digit_height = float(np.median(boxes[:, 3])) if len(boxes) else short_side
    highest = max(short_side / _MIN_TEXT_LINES_PER_SIDE, _MIN_TEXT_HEIGHT_PX)
    height = float(np.clip(_RELATIVE_TEXT_HEIGHT * digit_height, _MIN_TEXT_HEIGHT_PX, highest))
    smallest = _label_size("0", _Style(_MIN_TEXT_HEIGHT_PX, line_px))[1]
    spaces = _spaces_above(boxes) - 2 * line_px
    fitting = spaces[spaces >= smallest]
    while fitting.size and height > _MIN_TEXT_HEIGHT_PX and _label_size("0", _Style(height, line_px))[1] > fitting.min():
        height = max(height - 1, _MIN_TEXT_HEIGHT_PX)
    return _Style(height, line_px)


def _spaces_above(boxes: Float64Array) -> Float64Array:
    """Return the space above each box, up to the next box or the edge of the picture: float64 `(N,)`."""
    left, top, width, height = boxes.T
    is_above = (left[None] < (left + width)[:, None]) & (left[:, None] < (left + width)[None]) & (top[None] < top[:, None])
    ends = np.where(is_above, (top + height)[None], 0.0)
    return np.asarray(top - ends.max(axis=1, initial=0.0))


def _outline(box_xywh: tuple[int, int, int, int], scale: float, style: _Style) -> Box:
    """Return the rectangle around a box, in pixels of the picture that is drawn on."""
    x, y, width, height = (round(value * scale) for value in box_xywh)
    margin = 2 * style.line_px
    return Box(x - margin, y - margin, width + 2 * margin, height + 2 * margin)


def _colour(digit: Digit) -> Rgb:
    if not digit.accepted:
        return REJECTED_RGB
    return UNSURE_RGB if digit.reason else ACCEPTED_RGB


def _digit_labels(
    digits: Sequence[Digit], boxes: Sequence[Box], others: Sequence[Box], style: _Style, size_wh: tuple[int, int]
) -> Iterator[_Label]:
    """Place the label of each mark where it covers no other mark or label."""
    margin = 2 * style.line_px
    inks = [Box(box.x + margin, box.y + margin, box.width - 2 * margin, box.height - 2 * margin) for box in boxes]
    taken = np.array([*inks, *others], np.int64).reshape(-1, 4)
    for index, digit in enumerate(digits):
        text, rectangle = _place(digit, boxes[index], np.delete(taken, index, axis=0), style, size_wh)
        taken = np.vstack([taken, rectangle])
        yield _Label(text, rectangle, _colour(digit))


def _place(digit: Digit, box: Box, taken: npt.NDArray[np.int64], style: _Style, size_wh: tuple[int, int]) -> tuple[str, Box]:
    """Choose the text and the place of a label: above the box, below it where no other mark is near, otherwise inside it."""
    texts = _texts(digit)
    for text in texts:
        width, height = _label_size(text, style)
        above, below = Box(box.x, box.y - height, width, height), _below(box, (width, height))
        near = below._replace(height=height if box.y < height else _CLEARANCE * height)
        for rectangle, clear in ((above, above), (below, near)):
            if _inside(rectangle, size_wh) == rectangle and not _overlaps(clear, taken):
                return text, rectangle
    return texts[-1], _inside(Box(box.x, box.y, *_label_size(texts[-1], style)), size_wh)


def _texts(digit: Digit) -> list[str]:
    """List the texts of a mark, the more informative first: an unsure digit with its confidence, any digit alone."""
    if not digit.accepted:
        return ["?"]
    share = float(np.clip(digit.confidence, *_SHOWN_CONFIDENCES))
    return [f"{digit.label} {share:.0%}", str(digit.label)] if digit.reason else [str(digit.label)]


def _label_size(text: str, style: _Style) -> tuple[int, int]:
    """Return the width and height of a label."""
    (width, height), baseline = cv2.getTextSize(text, _FONT, style.text_height_px / _FONT_HEIGHT_PX, _TEXT_THICKNESS_PX)
    return width + 4, height + baseline + 2


def _below(box: Box, size: tuple[int, int]) -> Box:
    return Box(box.x, box.y + box.height, *size)


def _inside(rectangle: Box, size_wh: tuple[int, int]) -> Box:
    """Move a rectangle into the picture."""
    x = min(max(rectangle.x, 0), max(size_wh[0] - rectangle.width, 0))
    y = min(max(rectangle.y, 0), max(size_wh[1] - rectangle.height, 0))
    return Box(x, y, rectangle.width, rectangle.height)


def _overlaps(rectangle: Box, others: npt.NDArray[np.int64]) -> bool:
    """Return whether a rectangle overlaps with others, each a row of left, top, width and height."""
    left, top, width, height = others.T
    return bool(
        (
            (left < rectangle.x + rectangle.width)
            & (rectangle.x < left + width)
            & (top < rectangle.y + rectangle.height)
            & (rectangle.y < top + height)
        ).any()
    )


def _draw_label(canvas: UInt8Array, label: _Label, style: _Style) -> None:
    x, y, width, height = label.rectangle
    scale = style.text_height_px / _FONT_HEIGHT_PX
    baseline = cv2.getTextSize(label.text, _FONT, scale, _TEXT_THICKNESS_PX)[1]
    cv2.rectangle(canvas, (x, y), (x + width - 1, y + height - 1), label.colour, cv2.FILLED)
    rgb = _DARK_RGB if label.colour == UNSURE_RGB else _LIGHT_RGB
    cv2.putText(canvas, label.text, (x + 2, y + height - baseline - 1), _FONT, scale, rgb, _TEXT_THICKNESS_PX, cv2.LINE_AA)
