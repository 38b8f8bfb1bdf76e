"""Shapes that people draw in one closed stroke: a triangle, a square and a star."""

from types import MappingProxyType
from typing import Final

import numpy as np

from synthetic.allographs import Paths, polyline

_CORNERS: Final = MappingProxyType(
    {
        "△": ((0.5, 0.0), (1.0, 1.0), (0.0, 1.0)),
        "□": ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)),
        "☆": ((0.5, 0.0), (0.8, 1.0), (0.0, 0.37), (1.0, 0.37), (0.2, 1.0)),
    }
)
"""The corners of each shape in the order in which they are drawn, in heights of the shape."""

SHAPES: Final = "".join(_CORNERS)
"""The characters that stand for the shapes."""

_CORNER_SD: Final = 0.05
"""Standard deviation of the place of a corner, in heights of the shape."""


def draw_shape(shape: str, rng: np.random.Generator) -> Paths:
    """Draw a shape whose corners are slightly misplaced, and whose end may miss its beginning.

    Args:
        shape: one of `SHAPES`.
        rng: random generator.

    Returns:
        Its stroke, in heights of the shape.

    Examples:
        >>> (stroke,) = draw_shape("△", np.random.default_rng(1))
        >>> stroke.shape[1]
        2
    """
    corners = np.array(_CORNERS[shape])
    closed = np.roll(corners, int(rng.integers(len(corners))), axis=0).take(range(len(corners) + 1), axis=0, mode="wrap")
    return [polyline([(float(x), float(y)) for x, y in closed + rng.normal(0, _CORNER_SD, closed.shape)])]
