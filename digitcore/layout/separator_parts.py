"""Measure the connected components that may be separators, relative to the digits of their line."""

import math
from typing import NamedTuple, Self

import numpy as np

from digitcore.layout.baseline import Baseline
from digitcore.types import BoolArray, Box


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
        baseline = scale.baseline
        rows, columns = np.nonzero(mask)
        level_rows = rows - baseline.slope * columns
        moments = np.cov(np.stack([columns, -level_rows]), bias=True).reshape(2, 2) + np.eye(2) / 12  # of a pixel itself
        (minor, major), vectors = np.linalg.eigh(moments)
        x, y = vectors[:, 1] if vectors[1, 1] >= 0 else -vectors[:, 1]
        bar = math.sqrt(12) / baseline.height_px
        top = baseline.relative_y(box.x, box.y + float(level_rows.min()))
        bottom = baseline.relative_y(box.x, box.y + float(level_rows.max()) + 1)
        center_x = (box.x + float(columns.mean())) / baseline.height_px
        length, width, level = bar * math.sqrt(major), bar * math.sqrt(minor), peak_level / scale.ink_level
        return cls(box, length, width, (float(x), float(y)), top, bottom, center_x, level)

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

    @property
    def angle_deg(self) -> float:
        """Return its angle to the line, in [0, 90]."""
        return math.degrees(math.atan2(self.direction[1], abs(self.direction[0])))
