"""Normalize the pen of a drawing: every digit is then drawn with the relative stroke width of MNIST."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from digitcore.io.strokes import Stroke
from digitcore.layout.boxes import estimate_writing_height, group_overlapping_columns, union_box
from digitcore.types import Box

MNIST_RELATIVE_STROKE_WIDTH: Final = 0.13
"""MNIST's median stroke width, as a share of the longer side of a digit (see `recognition.normalization`)."""

_MIN_STROKE_WIDTH_PX: Final = 2.0
"""No pen is thinner, so that antialiased lines stay connected."""

_MIN_RELATIVE_HEIGHT: Final = 0.5
"""A group of strokes counts as at least this share of the writing height: a dot is not drawn with a hair line."""


def with_uniform_pen(strokes: Sequence[Stroke], relative_width: float = MNIST_RELATIVE_STROKE_WIDTH) -> list[Stroke]:
    """Replace the pen of each stroke by one in proportion to the digit that it belongs to.

    Strokes whose columns overlap belong to one digit. The ink of a digit is higher than the paths of its strokes by the pen's own width:
    for a path of height h and a relative width r, the pen's width w fulfils w = r · (h + w), hence w = h · r / (1 − r).

    Args:
        strokes: of the whole drawing, in any order.
        relative_width: the pen's width as a share of the digit's height, in (0, 1).

    Returns:
        The same paths in the same order, with the new widths.
    """
    boxes = [_bounding_box(stroke) for stroke in strokes]
    min_height = estimate_writing_height(boxes) * _MIN_RELATIVE_HEIGHT
    heights = np.zeros(len(strokes))
    for group in group_overlapping_columns(boxes, 0.0):
        heights[group] = max(union_box(boxes[index] for index in group).height, min_height)
    widths_px = np.maximum(relative_width / (1 - relative_width) * heights, _MIN_STROKE_WIDTH_PX)
    return [Stroke(stroke.points, float(width_px)) for stroke, width_px in zip(strokes, widths_px, strict=True)]


def _bounding_box(stroke: Stroke) -> Box:
    left, top = (int(value) for value in np.floor(stroke.points.min(axis=0)))
    right, bottom = (int(value) for value in np.ceil(stroke.points.max(axis=0)))
    return Box(left, top, right - left, bottom - top)
