"""A drawing as the canvas describes it, stroke by stroke, turned into ink again."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]

_SPAN_POINTS: Final = 8
"""Straight pieces that stand for one quadratic curve: the canvas puts its points a few pixels apart."""

_FINE_BITS: Final = 4
"""OpenCV takes coordinates in sixteenths of a pixel."""


def draw_strokes(objects: Sequence[Mapping[str, Any]], size_wh: tuple[int, int]) -> npt.NDArray[np.uint8]:
    """Draw the canvas's paths with round pens, antialiased.

    Args:
        objects: the `objects` of the canvas's JSON (Fabric.js): `path`, a list of commands M, L and Q with coordinates in
            pixels of the canvas, and `strokeWidth` in pixels.
        size_wh: width and height of the canvas in pixels.

    Returns:
        uint8 `(H, W)`, black ink on white paper.
    """
    paper = np.full((size_wh[1], size_wh[0]), 255, np.uint8)
    for stroke in objects:
        points = np.concatenate(list(_pieces(stroke.get("path", []))) or [np.empty((0, 2))])
        draw_path(paper, points, float(stroke.get("strokeWidth", 1)), grey=0)
    return paper


def draw_path(paper: npt.NDArray[np.uint8], points: Points, pen_px: float, *, grey: int) -> None:
    """Draw straight lines from point to point with a round pen, antialiased, onto `paper` itself.

    Args:
        paper: uint8 `(H, W)`; written to.
        points: float64 `(N, 2)`, x and y in pixels.
        pen_px: width of the pen.
        grey: what the pen leaves, 0 to 255.
    """
    fine = np.round(points * 2**_FINE_BITS).astype(np.int32)
    cv2.polylines(paper, [fine], False, grey, max(1, round(pen_px)), cv2.LINE_AA, _FINE_BITS)


def _pieces(commands: Sequence[Sequence[Any]]) -> Iterator[Points]:
    at = np.zeros(2)
    for name, *numbers in commands:
        points = np.array(numbers, np.float64).reshape(-1, 2)
        if name in ("M", "L"):
            yield points
        elif name == "Q":
            yield _quadratic(at, points[0], points[1])
        at = points[-1] if len(points) else at


def _quadratic(start: Points, control: Points, end: Points) -> Points:
    t = np.linspace(0, 1, _SPAN_POINTS)[1:, np.newaxis]
    return (1 - t) ** 2 * start + 2 * t * (1 - t) * control + t**2 * end
