"""The connected components in and around one line of digits, among which its separators are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import cv2
import numpy as np

from digitcore.layout.baseline import Baseline
from digitcore.layout.boxes import union_box
from digitcore.layout.components import Mark
from digitcore.layout.distance_transform import mean_stroke_width
from digitcore.layout.separator_parts import LineScale, Part
from digitcore.preprocessing.component_limit import limit_components
from digitcore.types import INK_LEVEL, BoolArray, Box, Int32Array, UInt8Array

MAX_RELATIVE_SMALL_HEIGHT: Final = 0.6
"""Points, commas and dashes are lower than this, in heights of the digits; what is as high may be a slash."""

MAX_RELATIVE_SLASH_HEIGHT: Final = 2.0
"""What is higher is no slash either."""

MIN_RELATIVE_HEIGHT: Final = 0.03
"""What is lower is dust."""

MAX_SMALL_PER_DIGIT: Final = 3
"""Of more small components for each digit of a line none is a separator: they are dust, or print."""

MAX_TALL_PAIRS: Final = 5_000
"""Nor is a high component a slash where there are more pairs of one with a digit: hatching, and not a line of writing."""

HIGHEST: Final = 0.1
LOWEST: Final = 1.1
"""A separator reaches further down than the first, and further up than the second: 0 is the top of the digits, 1 the baseline."""

_PEAK_SHARE: Final = 0.9
"""The share of a mark's pixels that are fainter than its level."""

REACH: Final = 0.8
"""The search for separators extends this far to the left and right of a line, where a minus sign may be, and below it."""

REACH_ABOVE: Final = 0.3
"""And this far above."""


@dataclass(frozen=True, slots=True, eq=False)
class LineComponents:
    """The connected components in and around a line.

    Attributes:
        labels: int32 `(h, w)`: of each pixel, its component; 0 without ink.
        stats: int32 `(N, 5)`: OpenCV's measures of each component.
        origin_xy: the page's column and row of the upper left corner of `labels`.
        ink: uint8 `(h, w)`: the ink of the same place.
        scale: of the line.
        digit_count: how many digits the line has.
    """

    labels: Int32Array
    stats: Int32Array
    origin_xy: tuple[int, int]
    ink: UInt8Array
    scale: LineScale
    digit_count: int

    @classmethod
    def around(cls, ink: UInt8Array, digits: Sequence[Mark]) -> Self:
        """Measure a line, and find the components around it.

        Args:
            ink: uint8 `(H, W)`, white on black: the whole page.
            digits: of the line, at least one.

        Returns:
            Its components.
        """
        baseline = Baseline.of_digits([_body(mark) for mark in digits])
        x, y, width, height = union_box(mark.box for mark in digits)
        reach, above = round(REACH * baseline.height_px), round(REACH_ABOVE * baseline.height_px)
        left, top = max(x - reach, 0), max(y - above, 0)
        window = ink[top : y + height + reach, left : x + width + reach]
        _, labels, stats, _ = cv2.connectedComponentsWithStats(limit_components((window > INK_LEVEL).view(np.uint8)))
        stroke_px = max(float(np.median([mean_stroke_width(mark.ink, cv2.DIST_MASK_3) for mark in digits])), 1.0)
        scale = LineScale(baseline, stroke_px / baseline.height_px, float(np.median([_peak_level(mark.ink) for mark in digits])))
        return cls(np.asarray(labels, np.int32), np.asarray(stats, np.int32), (left, top), window, scale, len(digits))

    def small_parts(self) -> dict[int, Part]:
        """Measure the small components at the height of the line, by label; none where there are too many."""
        labels = self._labels(MIN_RELATIVE_HEIGHT, MAX_RELATIVE_SMALL_HEIGHT)
        return {label: self._measure(label) for label in labels} if len(labels) <= MAX_SMALL_PER_DIGIT * self.digit_count else {}

    def tall_parts(self) -> dict[int, Part]:
        """Measure the components that are about as high as the digits, by label; none where there are too many."""
        labels = self._labels(MAX_RELATIVE_SMALL_HEIGHT, MAX_RELATIVE_SLASH_HEIGHT)
        return {label: self._measure(label) for label in labels} if len(labels) * self.digit_count <= MAX_TALL_PAIRS else {}

    def box(self, label: int) -> Box:
        """Return the box of a component on the page."""
        x, y, width, height = (int(value) for value in self.stats[label, :4])
        return Box(x + self.origin_xy[0], y + self.origin_xy[1], width, height)

    def other_ink(self, mark: Mark, labels: Sequence[int]) -> BoolArray:
        """Return the strokes of a mark without those of some components.

        Args:
            mark: anywhere on the page.
            labels: of the components.

        Returns:
            bool `(h, w)` of the mark's size.
        """
        other = mark.ink > INK_LEVEL
        for label in labels:
            x, y, width, height = self.box(label)
            rows = slice(max(y - mark.box.y, 0), max(y + height - mark.box.y, 0))
            columns = slice(max(x - mark.box.x, 0), max(x + width - mark.box.x, 0))
            left, top = mark.box.x + columns.start - self.origin_xy[0], mark.box.y + rows.start - self.origin_xy[1]
            window = other[rows, columns]
            window &= self.labels[top : top + window.shape[0], left : left + window.shape[1]] != label
        return np.asarray(other)

    def _labels(self, min_height: float, max_height: float) -> list[int]:
        """List the components of these relative heights that lie in the line; those of its neighbours are left out."""
        baseline, (left, top) = self.scale.baseline, self.origin_xy
        x, y, width, height, _ = self.stats[1:].T
        tops = y + top - baseline.slope * (x + left + width / 2) - baseline.intercept_px + baseline.height_px
        is_in_line = (tops + height > HIGHEST * baseline.height_px) & (tops < LOWEST * baseline.height_px)
        is_high = (height >= min_height * baseline.height_px) & (height < max_height * baseline.height_px)
        return [int(label) for label in 1 + np.flatnonzero(is_in_line & is_high)]

    def _measure(self, label: int) -> Part:
        x, y, width, height = (int(value) for value in self.stats[label, :4])
        mask = self.labels[y : y + height, x : x + width] == label
        return Part.measure(mask, self.box(label), self.scale, _peak_level(self.ink[y : y + height, x : x + width][mask]))


def _peak_level(ink: UInt8Array) -> float:
    """Return the level that a tenth of the pixels of strokes exceed."""
    levels = ink[ink > INK_LEVEL]
    index = int(_PEAK_SHARE * levels.size)
    return float(np.partition(levels, index)[index]) if levels.size else 255.0


def _body(mark: Mark) -> Box:
    """Return the box of a mark's largest component: a digit without the separator that was taken for a part of it."""
    _, _, stats, _ = cv2.connectedComponentsWithStats((mark.ink > INK_LEVEL).view(np.uint8))
    if len(stats) < 2:
        return mark.box
    x, y, width, height = (int(value) for value in stats[1 + stats[1:, cv2.CC_STAT_AREA].argmax(), :4])
    return Box(mark.box.x + x, mark.box.y + y, width, height)
