"""Array types and boxes that every layer shares.

Inside the package there is one convention for ink: white (255) on black (0), uint8, of shape `(H, W)`.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

UInt8Array = npt.NDArray[np.uint8]
"""Images: `(H, W)` grey, `(H, W, 3)` RGB or `(H, W, 4)` RGBA; and stacks of them."""

BoolArray = npt.NDArray[np.bool_]
"""Masks, `(H, W)`."""

Int32Array = npt.NDArray[np.int32]
Int64Array = npt.NDArray[np.int64]
Float32Array = npt.NDArray[np.float32]
Float64Array = npt.NDArray[np.float64]

INK_LEVEL: Final = 96
"""Levels of ink above this belong to a stroke: a little under half of 255, since the antialiased edge is part of it."""


class Box(NamedTuple):
    """An axis-aligned rectangle in pixels.

    Examples:
        >>> Box(2, 3, 10, 20).union(Box(8, 0, 10, 5))
        Box(x=2, y=0, width=16, height=23)
    """

    x: int
    """Column of the left edge."""

    y: int
    """Row of the top edge."""

    width: int
    height: int

    @property
    def side(self) -> int:
        """Return the length of the longer side in pixels."""
        return max(self.width, self.height)

    @property
    def center_x(self) -> float:
        """Return the column of the middle, in pixels."""
        return self.x + self.width / 2

    @property
    def center_y(self) -> float:
        """Return the row of the middle, in pixels."""
        return self.y + self.height / 2

    def union(self, other: "Box") -> "Box":
        """Return the smallest box that contains both.

        Args:
            other: another box in the same coordinates.

        Returns:
            The bounding box of the two.
        """
        x, y = min(self.x, other.x), min(self.y, other.y)
        right = max(self.x + self.width, other.x + other.width)
        bottom = max(self.y + self.height, other.y + other.height)
        return Box(x, y, right - x, bottom - y)
