"""Connected components of ink, and which of them their geometry alone rules out as digits.

"Relative" lengths are multiples of the writing height of a component's line, so that a photograph's size and distance don't matter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import cv2
import numpy as np

from digitcore.layout.parameters import ComponentParams
from digitcore.layout.weighted_median import weighted_median
from digitcore.preprocessing.component_limit import limit_components
from digitcore.rejections import RejectionReason
from digitcore.types import INK_LEVEL, Box, UInt8Array

_NEXT, _FIRST_CHILD, _PARENT = 0, 2, 3
"""Columns of OpenCV's contour hierarchy."""


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """Ink that may be one digit.

    Attributes:
        ink: uint8 `(h, w)`, white on black: the ink of this mark alone, within its box.
        box: where it is on the page, in pixels.
        line: index of its line of writing, from the top.
        rejection: why its geometry alone rules out a digit; else None.
    """

    ink: UInt8Array
    box: Box
    line: int
    rejection: RejectionReason | None


@dataclass(frozen=True, slots=True, eq=False)
class Component:
    """A connected component of ink, measured by its contours.

    Attributes:
        box: its bounding box, in pixels.
        contour_index: of its outer contour in `ComponentContours`.
        stroke_width_px: its mean stroke width.
        area_px: how many pixels of ink it has.
    """

    box: Box
    contour_index: int
    stroke_width_px: float
    area_px: int


@dataclass(frozen=True, slots=True)
class ReferenceScale:
    """The sizes that a component is compared with.

    Attributes:
        writing_height: of its line, in pixels.
        min_legible_px: marks whose longer side is shorter can't be read.
        stroke_width_px: of the page's pen.
    """

    writing_height: float
    min_legible_px: float
    stroke_width_px: float


@dataclass(frozen=True, slots=True, eq=False)
class ComponentContours:
    """All contours of a page: the outer ones of its components, and those of their holes.

    Attributes:
        contours: int32 `(N, 1, 2)` each, x and y.
        hierarchy: int32 `(1, K, 4)`, OpenCV's: for each contour the next and previous sibling, the first child, and the parent.
    """

    contours: Sequence[Any]
    hierarchy: Any

    @classmethod
    def of_ink(cls, ink: UInt8Array) -> Self:
        """Find the 8-connected components of ink above `INK_LEVEL`; of too many, the largest, and likewise of their holes.

        Args:
            ink: uint8 `(H, W)`, white on black.

        Returns:
            Their contours (Suzuki and Abe 1985).
        """
        mask = limit_components((ink > INK_LEVEL).view(np.uint8))
        without_small_holes = 1 - limit_components(1 - mask, connectivity=4)
        return cls(*cv2.findContours(without_small_holes, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE))

    def components(self) -> list[Component]:
        """Measure all components, in OpenCV's order."""
        return [self._measure(index) for index in range(len(self.contours)) if self.hierarchy[0, index, _PARENT] < 0]

    def extract_mark(
        self, ink: UInt8Array, component: Component, line: int, scale: ReferenceScale, params: ComponentParams = ComponentParams()
    ) -> Mark:
        """Copy a component's ink, its soft edge included, without that of its neighbours.

        Args:
            ink: uint8 `(H, W)`: the page that the contours were found in.
            component: one of `components()`.
            line: index of its line.
            scale: of its line and page.
            params: the bounds of its geometry.

        Returns:
            The mark; its box is one pixel wider than the component's on each side, within the page.
        """
        x, y, width, height = component.box
        x0, y0 = max(x - 1, 0), max(y - 1, 0)
        window = ink[y0 : y + height + 1, x0 : x + width + 1]
        mask = np.zeros(window.shape, np.uint8)
        cv2.drawContours(mask, self._with_holes(component.contour_index), -1, 1, cv2.FILLED, offset=(-x0, -y0))
        with_edge = np.asarray(cv2.dilate(mask, np.ones((3, 3), np.uint8)), np.uint8)
        box = Box(x0, y0, *with_edge.shape[::-1])
        hole_count = self._count_holes(component)
        rejection = reject_by_geometry(component, scale, params, has_hole=hole_count > 0)
        is_narrow = component.box.width <= params.max_joined_width * component.box.height  # a wider one may be several digits
        is_scribble = is_narrow and hole_count >= params.min_scribble_holes
        if rejection is None and (is_scribble or _covers_most(component, ink)):
            rejection = RejectionReason.NOT_A_DIGIT
        return Mark(np.multiply(window, with_edge, out=with_edge), box, line, rejection)

    def has_hole(self, component: Component) -> bool:
        """Check whether a component encloses a hole; grains, smaller than the square of its stroke width, are none."""
        return self._count_holes(component) > 0

    def _count_holes(self, component: Component) -> int:
        """Count the holes of a component, without grains."""
        _, *holes = self._with_holes(component.contour_index)
        return sum(cv2.contourArea(hole) >= component.stroke_width_px**2 for hole in holes)

    def _measure(self, index: int) -> Component:
        outer, *holes = self._with_holes(index)
        perimeter = sum(cv2.arcLength(each, True) for each in (outer, *holes))
        inside = cv2.contourArea(outer) - sum(cv2.contourArea(hole) for hole in holes)  # between the middles of its outermost pixels
        edge_px = sum(len(each) for each in (outer, *holes)) if perimeter else 0  # a single pixel has no edge between two of them
        area_px = round(inside + edge_px / 2 + 1 - len(holes))  # Pick's theorem
        return Component(Box(*cv2.boundingRect(outer)), index, 2 * inside / max(perimeter, 1.0) + 1, area_px)

    def _with_holes(self, index: int) -> list[Any]:
        found, hole = [self.contours[index]], self.hierarchy[0, index, _FIRST_CHILD]
        while hole >= 0:
            found.append(self.contours[hole])
            hole = self.hierarchy[0, hole, _NEXT]
        return found


def median_stroke_width(components: Sequence[Component]) -> float:
    """Compute the stroke width of the page's pen: the median over all components, weighted by their areas.

    Args:
        components: of one page.

    Returns:
        The width in pixels; 0 without components.
    """
    return weighted_median([each.stroke_width_px for each in components], [each.area_px for each in components])


def reject_by_geometry(
    component: Component, scale: ReferenceScale, params: ComponentParams = ComponentParams(), *, has_hole: bool = False
) -> RejectionReason | None:
    """Decide whether the geometry of a component alone rules out a digit.

    Args:
        component: with its box and stroke width.
        scale: what it is compared with.
        params: the bounds.
        has_hole: whether it encloses a hole, as no point, comma or dash does: it may be a small 0 among digits with long tails.

    Returns:
        The reason, or None if it may be a digit.
    """
    box = component.box
    if box.height < params.min_mark_height * scale.writing_height and not has_hole:
        return RejectionReason.RELATIVELY_SMALL
    if is_dot(component, params):
        return RejectionReason.DOT
    if box.side < scale.min_legible_px:
        return RejectionReason.TOO_SMALL
    if component.stroke_width_px < params.min_stroke_width * scale.stroke_width_px:
        return RejectionReason.THIN_STROKE
    return None


def is_dot(component: Component, params: ComponentParams = ComponentParams()) -> bool:
    """Decide whether a component is a dot.

    The stroke width of a full rectangle of a × b pixels, a ≤ b, is about a·b / (a + b); its longer side then measures b / a + 1 of them. A
    dot's longer side measures no more of its stroke widths than that of a full rectangle with the greatest ratio of a dot.

    Args:
        component: with its box and stroke width.
        params: the bounds.

    Returns:
        Whether it is one.
    """
    return component.box.side <= (params.max_round_aspect_ratio + 1) * component.stroke_width_px


def _covers_most(component: Component, ink: UInt8Array) -> bool:
    """Return whether a component covers more than half of the page: a shadow or a photograph, since writing leaves most paper free."""
    return 2 * component.area_px > ink.size
