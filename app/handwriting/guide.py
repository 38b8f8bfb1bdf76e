"""The ten fields in which the visitor writes: their size, and their picture behind the canvas."""

from functools import lru_cache
from typing import Final

import cv2
import numpy as np

from app.image_urls import data_url
from digitcore.recognition.model_input import CLASS_COUNT
from digitcore.recognition.teaching import FIELD_COLUMNS, FIELD_ROWS, FieldGrid

MAX_WIDTH_PX: Final = 760
"""The width of all fields together on a wide screen, in CSS pixels."""

_NARROW_FIELD_PX: Final = 100
"""The width below which a field is higher than wide, so that a finger has enough space on a phone."""

_WIDE_FIELD_RATIO: Final = 1.0
_NARROW_FIELD_RATIO: Final = 1.6
"""A field's height divided by its width."""

_RELATIVE_PEN_WIDTH: Final = 0.07
"""The pen's width as a share of a field's."""

_PIXELS_PER_CSS_PX: Final = 2
_PAPER: Final = 255
_LINE: Final = 206
_LABEL: Final = 150
"""Grey levels. The digits that label the fields are light, so that they aren't traced."""

_LABEL_SCALE: Final = 0.9
_LABEL_XY_PX: Final = (10, 32)
"""The size of the labels, and their lower left corner from that of their field, in pixels of the picture."""


def size_for(available_px: int) -> tuple[int, int]:
    """Return the width and height of all fields together.

    Args:
        available_px: the available width, in CSS pixels like the result.
    """
    width = min(available_px, MAX_WIDTH_PX)
    field_width = width / FIELD_COLUMNS
    ratio = _NARROW_FIELD_RATIO if field_width < _NARROW_FIELD_PX else _WIDE_FIELD_RATIO
    return width, round(FIELD_ROWS * ratio * field_width)


def pen_px_for(size_wh: tuple[int, int]) -> int:
    """Return the width of the pen in CSS pixels, for fields of this width and height together."""
    return max(round(_RELATIVE_PEN_WIDTH * size_wh[0] / FIELD_COLUMNS), 1)


@lru_cache(maxsize=8)
def guide_url(size_wh: tuple[int, int]) -> str:
    """Draw the fields with the digits that belong into them.

    Args:
        size_wh: their width and height together, in CSS pixels.

    Returns:
        The picture as a `data:` URL, with two pixels for each CSS pixel.
    """
    width, height = (side * _PIXELS_PER_CSS_PX for side in size_wh)
    grid, picture = FieldGrid((width, height)), np.full((height, width), _PAPER, np.uint8)
    for digit in range(CLASS_COUNT):
        box = grid.box(digit)
        cv2.rectangle(picture, (box.x, box.y), (box.x + box.width, box.y + box.height), _LINE, _PIXELS_PER_CSS_PX)
        corner_xy = box.x + _LABEL_XY_PX[0], box.y + _LABEL_XY_PX[1]
        cv2.putText(picture, str(digit), corner_xy, cv2.FONT_HERSHEY_SIMPLEX, _LABEL_SCALE, _LABEL, _PIXELS_PER_CSS_PX, cv2.LINE_AA)
    return data_url(picture)
