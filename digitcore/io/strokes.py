"""A drawing as the canvas describes it, stroke by stroke, turned into ink again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np

from digitcore.types import Float64Array, UInt8Array

_SPAN_POINTS: Final = 8
"""Straight pieces that stand for one quadratic curve: the canvas puts its points a few pixels apart."""

_FINE_BITS: Final = 4
"""OpenCV takes coordinates in sixteenths of a pixel."""


@dataclass(frozen=True, slots=True, eq=False)
class Stroke:
    """One stroke of a round pen."""

    points: Float64Array
    """float64 `(N, 2)`, N at least 1: x and y in pixels; neighbours are joined by straight lines."""

    pen_px: float


def strokes_of(objects: Sequence[Mapping[str, Any]]) -> list[Stroke]:
    """The strokes that a canvas describes.

    Args:
        objects: the `objects` of the canvas's JSON (Fabric.js): `path`, a list of commands M, L and Q with coordinates in
            pixels of the canvas, and `strokeWidth` in pixels. What has no path is left out.
    """
    paths = ((list(_pieces(each.get("path", []))), float(each.get("strokeWidth", 1))) for each in objects)
    return [Stroke(np.concatenate(pieces), pen_px) for pieces, pen_px in paths if pieces]


def draw_strokes(strokes: Sequence[Stroke], size_wh: tuple[int, int]) -> UInt8Array:
    """Draw strokes, antialiased: uint8 `(H, W)`, black ink on white paper of that width and height in pixels."""
    paper = np.full((size_wh[1], size_wh[0]), 255, np.uint8)
    for stroke in strokes:
        draw_path(paper, stroke.points, stroke.pen_px, grey=0)
    return paper


def draw_path(paper: UInt8Array, points: Float64Array, pen_px: float, *, grey: int) -> None:
    """Draw straight lines from point to point with a round pen, antialiased, onto `paper` itself.

    Args:
        paper: uint8 `(H, W)`; written to.
        points: float64 `(N, 2)`, x and y in pixels.
        pen_px: width of the pen.
        grey: what the pen leaves, 0 to 255.
    """
    fine = np.round(points * 2**_FINE_BITS).astype(np.int32)
    cv2.polylines(paper, [fine], False, grey, max(1, round(pen_px)), cv2.LINE_AA, _FINE_BITS)


def _pieces(commands: Sequence[Sequence[Any]]) -> Iterator[Float64Array]:
    at = np.zeros(2)
    for name, *numbers in commands:
        points = np.array(numbers, np.float64).reshape(-1, 2)
        if name in ("M", "L"):
            yield points
        elif name == "Q":
            yield _quadratic(at, points[0], points[1])
        at = points[-1] if len(points) else at


def _quadratic(start: Float64Array, control: Float64Array, end: Float64Array) -> Float64Array:
    t = np.linspace(0, 1, _SPAN_POINTS)[1:, np.newaxis]
    return (1 - t) ** 2 * start + 2 * t * (1 - t) * control + t**2 * end
