"""The connected components in and around one line of digits, among which its separators are."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final, Self

import cv2
import numpy as np

from digitcore.layout.baseline import Baseline
from digitcore.layout.boxes import union_box
from digitcore.layout.components import Mark
from digitcore.layout.distance_transform import mean_stroke_width
from digitcore.layout.parameters import BaselineParams, LineComponentParams
from digitcore.layout.separator_parts import LineScale, Part
from digitcore.preprocessing.component_labels import label_components
from digitcore.preprocessing.component_limit import limit_components
from digitcore.types import INK_LEVEL, BoolArray, Box, Int32Array, UInt8Array

MAX_TALL_PAIRS: Final = 5_000
"""Of more pairs of a high component with a digit, none is a slash: hatching, no line of writing. It bounds the time of the search."""


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
        params: which components may be separators.
    """

    labels: Int32Array
    stats: Int32Array
    origin_xy: tuple[int, int]
    ink: UInt8Array
    scale: LineScale
    digit_count: int
    params: LineComponentParams

    @classmethod
    def around(
        cls,
        ink: UInt8Array,
        digits: Sequence[Mark],
        params: LineComponentParams = LineComponentParams(),
        baseline_params: BaselineParams = BaselineParams(),
    ) -> Self:
        """Measure a line, and find the components around it.

        Args:
            ink: uint8 `(H, W)`, white on black: the whole page.
            digits: of the line, at least one.
            params: which components may be separators.
            baseline_params: the bounds of the line's slope.

        Returns:
            Its components.
        """
        baseline = Baseline.of_digits([_body(mark) for mark in digits], baseline_params)
        x, y, width, height = union_box(mark.box for mark in digits)
        reach = round(baseline.height_px)  # a minus sign stands as far before its number
        left, top = max(x - reach, 0), max(y - reach, 0)
        window = ink[top : y + height + reach, left : x + width + reach]
        labels, stats = label_components(limit_components((window > INK_LEVEL).view(np.uint8)))
        stroke_px = max(median(mean_stroke_width(mark.ink, cv2.DIST_MASK_3) for mark in digits), 1.0)
        scale = LineScale(baseline, stroke_px / baseline.height_px, median(_peak_level(mark.ink) for mark in digits))
        return cls(labels, stats, (left, top), window, scale, len(digits), params)

    def small_parts(self) -> dict[int, Part]:
        """Measure the small components at the height of the line, by label; none where there are too many."""
        labels = self._labels(0.0, self.params.max_small_height)
        is_few = len(labels) <= self.params.max_small_per_digit * self.digit_count
        return {label: self._measure(label) for label in labels} if is_few else {}

    def tall_parts(self) -> dict[int, Part]:
        """Measure the components that are about as high as the digits, or higher, by label; none where there are too many."""
        labels = self._labels(self.params.max_small_height, math.inf)
        return {label: self._measure(label) for label in labels} if len(labels) * self.digit_count <= MAX_TALL_PAIRS else {}

    def box(self, label: int) -> Box:
        """Return the box of a component on the page."""
        x, y, width, height = (int(value) for value in self.stats[label, :4])
        return Box(x + self.origin_xy[0], y + self.origin_xy[1], width, height)

    def other_ink(self, mark: Mark, labels: Sequence[int], mark_rows: slice = slice(None)) -> BoolArray:
        """Return the strokes in some rows of a mark without those of some components.

        Args:
            mark: anywhere on the page.
            labels: of the components.
            mark_rows: of the mark; ascending.

        Returns:
            bool `(h, w)`: the rows, over the mark's whole width.
        """
        other, top_px = mark.ink[mark_rows] > INK_LEVEL, mark.box.y + (mark_rows.start or 0)
        for label in labels:
            x, y, width, height = self.box(label)
            rows = slice(max(y - top_px, 0), max(y + height - top_px, 0))
            columns = slice(max(x - mark.box.x, 0), max(x + width - mark.box.x, 0))
            left, top = mark.box.x + columns.start - self.origin_xy[0], top_px + rows.start - self.origin_xy[1]
            window = other[rows, columns]
            window &= self.labels[top : top + window.shape[0], left : left + window.shape[1]] != label
        return np.asarray(other)

    def _labels(self, min_height: float, max_height: float) -> list[int]:
        """List the components of these relative heights that reach between the top of the digits and the baseline."""
        baseline, (left, top) = self.scale.baseline, self.origin_xy
        x, y, width, height, _ = self.stats[1:].T
        tops = y + top - baseline.slope * (x + left + width / 2) - baseline.intercept_px + baseline.height_px
        is_in_line = (tops + height > 0) & (tops < baseline.height_px)
        is_high = (height >= min_height * baseline.height_px) & (height < max_height * baseline.height_px)
        return [int(label) for label in 1 + np.flatnonzero(is_in_line & is_high)]

    def _measure(self, label: int) -> Part:
        x, y, width, height = (int(value) for value in self.stats[label, :4])
        mask = self.labels[y : y + height, x : x + width] == label
        return Part.measure(mask, self.box(label), self.scale, _peak_level(self.ink[y : y + height, x : x + width][mask]))


def _peak_level(ink: UInt8Array) -> float:
    """Return the level of the darkest ink, in the middle of its strokes."""
    level = int(ink.max(initial=0))
    return float(level if level > INK_LEVEL else 255)


def _body(mark: Mark) -> Box:
    """Return the box of a mark's largest component: a digit without the separator that was taken for a part of it."""
    mask = (mark.ink > INK_LEVEL).view(np.uint8)
    outlines, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    if len(outlines) <= 1:  # without labels, which take longer
        x, y, width, height = cv2.boundingRect(outlines[0]) if outlines else (0, 0, mark.box.width, mark.box.height)
    else:
        _, stats = label_components(mask)
        x, y, width, height = (int(value) for value in stats[1 + stats[1:, cv2.CC_STAT_AREA].argmax(), :4])
    return Box(mark.box.x + x, mark.box.y + y, width, height)
