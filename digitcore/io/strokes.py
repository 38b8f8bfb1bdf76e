"""Parse the strokes of a canvas's JSON and draw them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np

from digitcore.types import Float64Array, UInt8Array

_POINTS_PER_CURVE: Final = 8
"""A quadratic curve is drawn as straight lines between this many points: the canvas sets its points a few pixels apart."""

_FRACTION_BITS: Final = 4
"""OpenCV draws at coordinates in sixteenths of a pixel."""


@dataclass(frozen=True, slots=True, eq=False)
class Stroke:
    """One stroke of a round pen.

    Attributes:
        points: float64 `(N, 2)`, N at least 1: x and y in pixels; neighbours are joined by straight lines.
        pen_px: the width of the pen in pixels.

    Examples:
        >>> Stroke(np.array([[20.0, 50.0], [80.0, 50.0]]), pen_px=10.0).points.shape
        (2, 2)
    """

    points: Float64Array
    pen_px: float


def strokes_of(objects: Sequence[Mapping[str, Any]]) -> list[Stroke]:
    """Parse the strokes that a canvas describes.

    Args:
        objects: the `objects` of the canvas's JSON (Fabric.js): `path`, a list of commands M, L and Q with coordinates in
            pixels of the canvas, and `strokeWidth` in pixels. Objects without a path are left out.

    Returns:
        The strokes in the order of the objects.

    Examples:
        >>> (stroke,) = strokes_of([{"path": [["M", 20, 50], ["L", 80, 50]], "strokeWidth": 10}])
        >>> stroke.points.tolist(), stroke.pen_px
        ([[20.0, 50.0], [80.0, 50.0]], 10.0)
    """
    paths = ((list(_points_of(each.get("path", []))), float(each.get("strokeWidth", 1))) for each in objects)
    return [Stroke(np.concatenate(points), pen_px) for points, pen_px in paths if points]


def draw_strokes(strokes: Sequence[Stroke], size_wh: tuple[int, int]) -> UInt8Array:
    """Draw strokes, antialiased, in black on white paper.

    Args:
        strokes: in the order in which they are drawn.
        size_wh: width and height of the paper in pixels.

    Returns:
        uint8 `(H, W)`, 0 where the ink is and 255 where the paper is.
    """
    paper = np.full((size_wh[1], size_wh[0]), 255, np.uint8)
    for stroke in strokes:
        draw_path(paper, stroke.points, stroke.pen_px, grey=0)
    return paper


def draw_path(paper: UInt8Array, points: Float64Array, pen_px: float, *, grey: int) -> None:
    """Draw straight lines from point to point with a round pen, antialiased, onto `paper` itself.

    Args:
        paper: uint8 `(H, W)`; written to.
        points: float64 `(N, 2)`, x and y in pixels.
        pen_px: the width of the pen in pixels.
        grey: the level of the ink, 0 to 255.
    """
    fixed_point = np.round(points * 2**_FRACTION_BITS).astype(np.int32)
    cv2.polylines(paper, [fixed_point], False, grey, max(1, round(pen_px)), cv2.LINE_AA, _FRACTION_BITS)


def _points_of(commands: Sequence[Sequence[Any]]) -> Iterator[Float64Array]:
    """Return the points of each command of a path, float64 `(N, 2)`; curves are flattened."""
    current = np.zeros(2)
    for name, *numbers in commands:
        points = np.array(numbers, np.float64).reshape(-1, 2)
        if name in ("M", "L"):
            yield points
        elif name == "Q":
            yield _flatten_quadratic(current, points[0], points[1])
        current = points[-1] if len(points) else current


def _flatten_quadratic(start: Float64Array, control: Float64Array, end: Float64Array) -> Float64Array:
    """Return points on a quadratic Bézier curve, its start excluded."""
    t = np.linspace(0, 1, _POINTS_PER_CURVE)[1:, np.newaxis]
    return (1 - t) ** 2 * start + 2 * t * (1 - t) * control + t**2 * end
