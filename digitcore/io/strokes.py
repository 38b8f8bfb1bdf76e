"""Parse the strokes of a canvas's JSON, check them, and draw them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np

from digitcore.errors import DrawingError
from digitcore.io.canvas_path import describe, flatten_path, is_number_type
from digitcore.io.dense_lines import FRACTION_BITS, draw_dense_lines, to_fixed_point
from digitcore.io.picture_limits import check_pixel_count
from digitcore.messages import Message
from digitcore.types import Float64Array, UInt8Array

MAX_STROKES: Final = 10_000
"""The most strokes of a drawing that are read."""

MAX_POINTS: Final = 500_000
"""The most points of all strokes of a drawing that are read: those of twenty minutes of drawing without a pause."""

MAX_COORDINATE_PX: Final = 100_000
"""The greatest distance of a point from the left and from the upper edge of the paper."""

MAX_PEN_PX: Final = 32_767
"""The widest pen that OpenCV draws (`MAX_THICKNESS`)."""

_LINE_COST_PX: Final = 10_000
"""The pixels that OpenCV writes in the time that it needs for a short line, about 10 µs."""

_MAX_COST_PX: Final = 300_000_000
"""Drawings that cost more pixels are drawn by `draw_dense_lines`: about 0.3 s. A canvas full of writing costs a third of that."""


@dataclass(frozen=True, slots=True, eq=False)
class Stroke:
    """One stroke of a round pen.

    Attributes:
        points: float64 `(N, 2)`, N at least 1: x and y in pixels, at most `MAX_COORDINATE_PX`; neighbours are joined by straight lines.
        pen_px: the width of the pen in pixels, at most `MAX_PEN_PX`.

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
            pixels of the canvas, and `strokeWidth` in pixels. Objects without such a list are left out, and so are paths without points.

    Returns:
        The strokes in the order of the objects, each with at least one point.

    Raises:
        DrawingError: there are more than `MAX_STROKES` strokes or `MAX_POINTS` points.
        ValueError: the objects have another structure, or numbers that are not finite; the text gives what was expected and received.

    Examples:
        >>> (stroke,) = strokes_of([{"path": [["M", 20, 50], ["L", 80, 50]], "strokeWidth": 10}])
        >>> stroke.points.tolist(), stroke.pen_px
        ([[20.0, 50.0], [80.0, 50.0]], 10.0)
    """
    if not isinstance(objects, (list, tuple)):
        raise ValueError(f"expected a list of objects, received {type(objects).__name__}.")
    strokes: list[Stroke] = []
    point_count = 0
    for each in objects:
        if not isinstance(each, Mapping):
            raise ValueError(f"expected an object with a path, received {describe(each)}.")
        path = each.get("path")
        if not isinstance(path, (list, tuple)):
            continue
        _check_counts(len(strokes), len(path))
        points = flatten_path(path)
        if len(points):
            strokes.append(Stroke(points, _pen_width(each.get("strokeWidth", 1))))
            point_count += len(points)
            _check_counts(len(strokes), point_count)
    return strokes


def check_strokes(strokes: Sequence[Stroke]) -> None:
    """Check that strokes can be drawn.

    Args:
        strokes: the strokes of a drawing.

    Raises:
        DrawingError: there are more than `MAX_STROKES` strokes or `MAX_POINTS` points.
        ValueError: points or a pen that no stroke can have; the text gives what was expected and received.
    """
    _check_counts(len(strokes), 0)
    for stroke in strokes:
        _check_path(stroke.points, stroke.pen_px)
    _check_counts(len(strokes), sum(len(stroke.points) for stroke in strokes))


def draw_strokes(strokes: Sequence[Stroke], size_wh: tuple[int, int]) -> UInt8Array:
    """Draw strokes, antialiased, in black on white paper.

    Args:
        strokes: in the order in which they are drawn.
        size_wh: width and height of the paper in pixels.

    Returns:
        uint8 `(H, W)`, 0 where the ink is and 255 where the paper is.

    Raises:
        DrawingError: there are more than `MAX_STROKES` strokes or `MAX_POINTS` points.
        ImageTooLargeError: the paper has more pixels than a picture may have.
        ValueError: impossible points, pens or sizes; the text gives what was expected and received.
    """
    width, height = _checked_size(size_wh)
    check_strokes(strokes)
    if _cost_px(strokes, width * height) > _MAX_COST_PX:
        paths_by_width = defaultdict(list)
        for stroke in strokes:
            paths_by_width[_line_width(stroke.pen_px)].append(stroke.points)
        return draw_dense_lines(paths_by_width, (width, height))
    paper = np.full((height, width), 255, np.uint8)
    for stroke in strokes:
        _draw_lines(paper, stroke.points, stroke.pen_px, 0)
    return paper


def draw_path(paper: UInt8Array, points: Float64Array, pen_px: float, *, grey: int) -> None:
    """Draw straight lines from point to point with a round pen, antialiased, onto `paper` itself.

    Args:
        paper: uint8 `(H, W)`; written to.
        points: float64 `(N, 2)`, N at least 1: x and y in pixels, at most `MAX_COORDINATE_PX`.
        pen_px: the width of the pen in pixels, at most `MAX_PEN_PX`.
        grey: the level of the ink, 0 to 255.

    Raises:
        ValueError: impossible points or an impossible pen; the text gives what was expected and received.
    """
    _check_path(points, pen_px)
    _draw_lines(paper, points, pen_px, grey)


def _draw_lines(paper: UInt8Array, points: Float64Array, pen_px: float, grey: int) -> None:
    cv2.polylines(paper, [to_fixed_point(points)], False, grey, _line_width(pen_px), cv2.LINE_AA, FRACTION_BITS)


def _line_width(pen_px: float) -> int:
    """Return the width in whole pixels in which a pen is drawn."""
    return max(1, round(pen_px))


def _cost_px(strokes: Sequence[Stroke], paper_px: int) -> float:
    """Estimate the cost of drawing the lines of all strokes one by one, in pixels that are written."""
    cost_px = 0.0
    for stroke in strokes:
        count, length_px = len(stroke.points), float(np.abs(np.diff(stroke.points, axis=0)).sum())
        cost_px += count * _LINE_COST_PX + min(stroke.pen_px * (count * stroke.pen_px + length_px), count * paper_px)
    return cost_px


def _check_counts(stroke_count: int, point_count: int) -> None:
    """Raise an error where a drawing has more strokes or points than are read."""
    if stroke_count > MAX_STROKES or point_count > MAX_POINTS:
        raise DrawingError(
            Message(
                "There is too much to read: the limit is {strokes:,} strokes with {points:,} points in all. Undo some strokes.",
                strokes=MAX_STROKES,
                points=MAX_POINTS,
            )
        )


def _check_path(points: Float64Array, pen_px: float) -> None:
    """Raise an error where no stroke can have these points or this pen."""
    expected = "expected points as numbers of shape (N, 2), N at least 1"
    if not isinstance(points, np.ndarray):
        raise ValueError(f"{expected}, received {type(points).__name__}.")
    if points.dtype.kind not in "fiu" or points.ndim != 2 or points.shape[1] != 2 or not len(points):
        raise ValueError(f"{expected}, received {points.dtype} of shape {points.shape}.")
    farthest = max(float(points.max()), -float(points.min()))
    if not farthest <= MAX_COORDINATE_PX:
        raise ValueError(f"expected coordinates of at most {MAX_COORDINATE_PX:,} px, received {farthest:,g}.")
    _pen_width(pen_px)


def _pen_width(pen_px: Any) -> float:
    """Convert the width of a pen, or raise an error where no pen can have it."""
    if not is_number_type(type(pen_px)) or not 0 <= pen_px <= MAX_PEN_PX:
        raise ValueError(f"expected a pen of 0 to {MAX_PEN_PX:,} px, received {describe(pen_px)}.")
    return float(pen_px)


def _checked_size(size_wh: tuple[int, int]) -> tuple[int, int]:
    """Return the width and height of a paper as integers, or raise an error where no picture can have them."""
    if (
        not isinstance(size_wh, (tuple, list))
        or len(size_wh) != 2
        or not all(isinstance(side, (int, np.integer)) and side >= 0 for side in size_wh)
    ):
        raise ValueError(f"expected width and height in whole pixels, received {describe(size_wh)}.")
    width, height = (int(side) for side in size_wh)
    check_pixel_count(width, height)
    return width, height
