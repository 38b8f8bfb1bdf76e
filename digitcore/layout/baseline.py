"""The baseline of a line of digits, and how high its digits are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from digitcore.layout.boxes import estimate_writing_height
from digitcore.layout.parameters import BaselineParams
from digitcore.types import Box


@dataclass(frozen=True, slots=True)
class Baseline:
    """The straight line on which the digits of a line of writing stand.

    Attributes:
        slope: how far it falls towards the right, in pixels a pixel.
        intercept_px: the row at which it crosses column 0.
        height_px: the height of the digits.
    """

    slope: float
    intercept_px: float
    height_px: float

    @classmethod
    def of_digits(cls, boxes: Sequence[Box], params: BaselineParams = BaselineParams()) -> Self:
        """Fit the baseline to the digits of one line: a median of slopes (Theil 1950; Sen 1968), and of intercepts.

        The slope is shrunk by v / (v + 1), v being the variance of the columns in squared heights of the digits: of two or three digits,
        sizes differ as much.

        Args:
            boxes: of the digits, at least one.
            params: the bounds of its slope.

        Returns:
            The baseline; it is level where one digit, or digits above each other, give no slope.

        Examples:
            >>> Baseline.of_digits([Box(40 * index, 4 * index, 20, 40) for index in range(10)]).slope
            0.09...
        """
        height = estimate_writing_height(boxes)
        columns, bottoms, widths = np.array([(box.center_x, box.y + box.height, box.width) for box in boxes]).T
        dx, dy = np.subtract.outer(columns, columns), np.subtract.outer(bottoms, bottoms)
        is_pair = dx >= np.add.outer(widths, widths) / 2  # digits above each other have no slope
        median = float(np.median(dy[is_pair] / dx[is_pair])) if is_pair.any() else 0.0
        spread = float(columns.var()) / height**2
        slope = float(np.clip(median, -params.max_slope, params.max_slope)) * spread / (spread + 1)
        return cls(slope, float(np.median(bottoms - slope * columns)), height)

    def relative_y(self, x: float, y: float) -> float:
        """Measure how far down a point is: 0 at the top of the digits, 1 on the baseline.

        Args:
            x: column, in pixels.
            y: row, in pixels.

        Returns:
            The distance below the digits' top, in heights of the digits.
        """
        return (y - self.slope * x - self.intercept_px) / self.height_px + 1
