"""Leave out the frames around writing: the lines of a table, the boxes of a form, the edges of a sheet."""

import math
from collections.abc import Sequence
from typing import Any, Final

import cv2
import numpy as np

from digitcore.layout.components import Component, ComponentContours, is_dot
from digitcore.layout.parameters import ComponentParams
from digitcore.types import BoolArray, Box

_MIN_SHARE: Final = (1 + math.pi / 4) / 2
"""Least share that a frame fills of the quadrilateral around it; an ellipse, such as a 0, fills π/4, a rectangle all of it."""


def without_frames(
    components: Sequence[Component], contours: ComponentContours, min_side_px: float, params: ComponentParams = ComponentParams()
) -> list[Component]:
    """Leave out the components that are outlines with four corners around others.

    Args:
        components: of one page.
        contours: in which they were found.
        min_side_px: smaller components don't make what is around them a frame, nor do dots.
        params: they tell what a dot is.

    Returns:
        The others, in the same order.
    """
    marks = [each for each in components if each.box.side >= min_side_px and not is_dot(each, params)]
    hollow = [each for each in components if contours.has_hole(each)]
    if len(marks) < 2 or not hollow:
        return list(components)
    contains_others = _contains([each.box for each in hollow], [each.box for each in marks]).sum(axis=1) > 1  # each contains itself
    frames = {
        each.contour_index
        for each, is_around in zip(hollow, contains_others, strict=True)
        if is_around and _is_outline(each, contours.contours[each.contour_index])
    }
    return [each for each in components if each.contour_index not in frames]


def _contains(outer: Sequence[Box], inner: Sequence[Box]) -> BoolArray:
    """Return which of N boxes contain which of M others: bool `(N, M)`."""
    x, y, width, height = np.array(outer).T[..., np.newaxis]
    other_x, other_y, other_width, other_height = np.array(inner).T
    is_right_below = (other_x >= x) & (other_y >= y)
    return np.asarray(is_right_below & (other_x + other_width <= x + width) & (other_y + other_height <= y + height))


def _is_outline(component: Component, contour: Any) -> bool:
    """Return whether a component is thin, with paper in most of what it encloses, and rather a quadrilateral than an ellipse.

    A rectangle that is seen from the side is a quadrilateral.
    """
    area = cv2.contourArea(contour)
    if 2 * component.area_px > area:
        return False
    hull = cv2.convexHull(contour)
    quadrilateral = cv2.approxPolyN(hull, 4) if len(hull) > 4 else hull
    return area > _MIN_SHARE * cv2.contourArea(quadrilateral)
