"""Measure the connected components that may be separators, relative to the digits of their line."""

import math
from typing import Final, NamedTuple, Self

import cv2
import numpy as np

from digitcore.layout.baseline import Baseline
from digitcore.types import BoolArray, Box

_PIXEL_VARIANCE: Final = 1 / 12
"""The variance of the columns, and of the rows, within a pixel."""


class LineScale(NamedTuple):
    """What the marks of a line are compared with."""

    baseline: Baseline

    stroke_width: float
    """Of the digits, in their heights."""

    ink_level: float
    """The level, in (0, 255], that a tenth of the digits' ink exceeds."""


class Part(NamedTuple):
    """The measures of a connected component, relative to the digits of its line."""

    box: Box
    """In pixels."""

    length: float
    """Of the bar that has the same moments, in heights of the digits; likewise the next."""

    width: float

    direction: tuple[float, float]
    """The bar's unit vector in the line's coordinates, x along the line and y upwards, which isn't negative."""

    top: float
    """0 at the top of the digits, 1 on the baseline; like the next."""

    bottom: float

    center_x: float
    """Along the line, in heights of the digits."""

    ink_level: float
    """Of its darkest pixels, relative to that of the digits."""

    @classmethod
    def measure(cls, mask: BoolArray, box: Box, scale: LineScale, peak_level: float) -> Self:
        """Measure a component by the second moments of its pixels.

        Args:
            mask: bool `(h, w)` of its pixels, at least one.
            box: where it is on the page.
            scale: of its line.
            peak_level: of its ink, see `LineScale.ink_level`.

        Returns:
            Its measures.
        """
        baseline, moments = scale.baseline, cv2.moments(mask.view(np.uint8), binaryImage=True)
        var_x, var_y, cov_xy = (moments[name] / moments["m00"] for name in ("mu20", "mu02", "mu11"))
        var_x, var_y = var_x + _PIXEL_VARIANCE, var_y + _PIXEL_VARIANCE
        cov_up = baseline.slope * var_x - cov_xy  # upwards from a line that falls towards the right
        var_up = var_y - 2 * baseline.slope * cov_xy + baseline.slope**2 * var_x
        half_sum, half_difference = (var_x + var_up) / 2, math.hypot((var_x - var_up) / 2, cov_up)
        angle = math.atan2(2 * cov_up, var_x - var_up) / 2
        x, y = math.cos(angle), math.sin(angle)
        bar = math.sqrt(12) / baseline.height_px
        center_x = box.x + moments["m10"] / moments["m00"] + 0.5
        return cls(
            box,
            length=bar * math.sqrt(half_sum + half_difference),
            width=bar * math.sqrt(max(half_sum - half_difference, _PIXEL_VARIANCE)),
            direction=(x, y) if y >= 0 else (-x, -y),
            top=baseline.relative_y(center_x, box.y),
            bottom=baseline.relative_y(center_x, box.y + box.height),
            center_x=center_x / baseline.height_px,
            ink_level=peak_level / scale.ink_level,
        )

    @property
    def center(self) -> float:
        """Return how far down its middle is, 0 at the top of the digits and 1 on the baseline."""
        return (self.top + self.bottom) / 2

    @property
    def elongation(self) -> float:
        """Return its length by its width."""
        return self.length / self.width

    @property
    def lean(self) -> float:
        """Return how far its top leans to the right, in lengths per length upwards, at most 100 to either side."""
        return self.direction[0] / max(self.direction[1], 0.01)
