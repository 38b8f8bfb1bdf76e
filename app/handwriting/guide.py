"""The ten fields in which the visitor writes: their size, and their picture behind the canvas."""

from functools import lru_cache
from typing import Final

import cv2
import numpy as np

from app.draw.sheet import PIXEL_RATIO, Shape
from app.image_urls import data_url
from digitcore.recognition.model_input import CLASS_COUNT
from digitcore.recognition.teaching import FIELD_COLUMNS, FieldGrid

SIZES_WH: Final = {Shape.WIDE: (760, 304), Shape.NARROW: (380, 243)}
"""Width and height of all fields together, in pixels of the sheet. On a phone a field is higher than wide: a finger needs the space."""

_RELATIVE_PEN_WIDTH: Final = 0.07
"""The pen's width as a share of a field's."""

_PAPER: Final = 255
_LINE: Final = 206
_LABEL: Final = 150
"""Grey levels. The digits that label the fields are light, so that they aren't traced."""

_LABEL_SCALE: Final = 0.9
_LABEL_XY_PX: Final = (10, 32)
"""The size of the labels, and their lower left corner from that of their field, in pixels of the picture."""


def pen_px_for(size_wh: tuple[int, int]) -> int:
    """Return the width of the pen in pixels of the sheet, for fields of this width and height together."""
    return max(round(_RELATIVE_PEN_WIDTH * size_wh[0] / FIELD_COLUMNS), 1)


@lru_cache(maxsize=8)
def guide_url(size_wh: tuple[int, int]) -> str:
    """Draw the fields with the digits that belong into them.

    Args:
        size_wh: their width and height together, in pixels of the sheet.

    Returns:
        The picture as a `data:` URL, with `PIXEL_RATIO` pixels for each pixel of the sheet.
    """
    width, height = (side * PIXEL_RATIO for side in size_wh)
    grid, picture = FieldGrid((width, height)), np.full((height, width), _PAPER, np.uint8)
    for digit in range(CLASS_COUNT):
        box = grid.box(digit)
        cv2.rectangle(picture, (box.x, box.y), (box.x + box.width, box.y + box.height), _LINE, PIXEL_RATIO)
        corner_xy = box.x + _LABEL_XY_PX[0], box.y + _LABEL_XY_PX[1]
        cv2.putText(picture, str(digit), corner_xy, cv2.FONT_HERSHEY_SIMPLEX, _LABEL_SCALE, _LABEL, PIXEL_RATIO, cv2.LINE_AA)
    return data_url(picture)
