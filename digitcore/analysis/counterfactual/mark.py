"""The mark that is changed, as strokes: those of a drawing, or those that its ink shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from digitcore.analysis.counterfactual.skeleton import trace_strokes
from digitcore.errors import DrawingError
from digitcore.io.strokes import Stroke
from digitcore.layout.distance_transform import mean_stroke_width
from digitcore.layout.ink import crop_to_ink
from digitcore.layout.parameters import PenParams
from digitcore.messages import Message
from digitcore.results import Digit

STROKES_NOT_FOLLOWED: Final = Message("The strokes of this mark can't be followed well enough to tell what would change it.")

_ENLARGEMENT: Final = 6
"""Ink is thinned at this multiple of the network's 28 pixels, so that its antialiased edges count."""

_INK_MARGIN_PX: Final = 60
"""Around the ink, in enlarged pixels, for strokes that are longer after a change: half of the height of a digit."""

_INK_THRESHOLD: Final = 127
"""The edge of a stroke is where its antialiased ink has half of its level."""

_MIN_PEN_SHARE: Final = 0.04
_MAX_PEN_SHARE: Final = 0.3
"""Of the height of a mark; a bolder pen would close the holes of most digits."""


@dataclass(frozen=True, slots=True, eq=False)
class MarkStrokes:
    """The strokes of one mark in a drawing.

    Attributes:
        label: the digit as which the mark is read; None where it is rejected.
        strokes: of the mark, at least one.
        others: the rest of the drawing.
        size_wh: width and height of the drawing in pixels.
        pen: with which the drawing is drawn again.
    """

    label: int | None
    strokes: tuple[Stroke, ...]
    others: tuple[Stroke, ...]
    size_wh: tuple[int, int]
    pen: PenParams = PenParams()


def mark_of_drawing(strokes: Sequence[Stroke], size_wh: tuple[int, int], digit: Digit) -> MarkStrokes:
    """Take the strokes of a mark from the drawing in which it was read.

    Args:
        strokes: of the whole drawing.
        size_wh: width and height of the drawing in pixels.
        digit: the mark.

    Returns:
        Its strokes: those with more than half of their points in its box.

    Raises:
        DrawingError: it has no stroke of its own, since one goes on through several digits.
    """
    low = np.array(digit.box_xywh[:2])
    high = low + digit.box_xywh[2:]
    is_own = [bool(((stroke.points >= low) & (stroke.points <= high)).all(axis=1).mean() > 0.5) for stroke in strokes]
    own = tuple(stroke for stroke, belongs in zip(strokes, is_own, strict=True) if belongs)
    if not own:
        raise DrawingError(Message("This digit is written in one stroke with others. Lift the pen between them."))
    others = tuple(stroke for stroke, belongs in zip(strokes, is_own, strict=True) if not belongs)
    return MarkStrokes(_label(digit), own, others, size_wh)


def mark_of_ink(digit: Digit) -> MarkStrokes:
    """Follow the strokes in the ink of a mark, as the network sees it.

    Args:
        digit: the mark.

    Returns:
        Its strokes, in a drawing of the mark alone, with the pen that its ink was written with.

    Raises:
        DrawingError: the ink is a dot, without a stroke.
    """
    side = _ENLARGEMENT * max(digit.model_input.shape)
    ink = crop_to_ink(np.asarray(cv2.resize(digit.model_input, (side, side), interpolation=cv2.INTER_CUBIC), np.uint8))
    width_px = max(mean_stroke_width(ink, cv2.DIST_MASK_5), 1.0)
    pen = PenParams(relative_width=float(np.clip(width_px / ink.shape[0], _MIN_PEN_SHARE, _MAX_PEN_SHARE)))
    paths = trace_strokes(ink > _INK_THRESHOLD, width_px / 2)
    if not paths:
        raise DrawingError(STROKES_NOT_FOLLOWED)
    size_wh = (ink.shape[1] + 2 * _INK_MARGIN_PX, ink.shape[0] + 2 * _INK_MARGIN_PX)
    return MarkStrokes(_label(digit), tuple(Stroke(path + _INK_MARGIN_PX, width_px) for path in paths), (), size_wh, pen)


def _label(digit: Digit) -> int | None:
    return digit.label if digit.accepted else None
