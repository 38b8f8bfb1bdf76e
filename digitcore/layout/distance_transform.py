"""Mean stroke width by the distance transform."""

from typing import Final

import cv2
import numpy as np

from digitcore.types import INK_LEVEL, UInt8Array

_CENTRE_TO_EDGE_PX: Final = 0.5
"""OpenCV measures the distance to the centre of the nearest empty pixel; the edge of the stroke is half a pixel nearer."""


def mean_stroke_width(ink: UInt8Array, mask_size: int) -> float:
    """Measure the mean width of the strokes in a picture.

    Across a stroke of width w the distance to the nearest edge averages w / 4, hence w = 4 · mean distance.

    Args:
        ink: uint8 `(h, w)`, white on black; levels above `INK_LEVEL` are stroke.
        mask_size: of OpenCV's distance transform (Borgefors 1986): `cv2.DIST_MASK_3` is faster, `cv2.DIST_MASK_5` more precise.

    Returns:
        The width in pixels; below 0 without any stroke.
    """
    stroke = cv2.copyMakeBorder((ink > INK_LEVEL).view(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT)
    distance = cv2.distanceTransform(stroke, cv2.DIST_L2, mask_size)
    return float(4 * (cv2.mean(distance, stroke)[0] - _CENTRE_TO_EDGE_PX))
