"""Stroke paths of the ten digits in four handwriting styles, scalable to any size.

A path is a list of points `x,y` in hundredths of the digit's height, x to the right and y down. A point with `!` is a corner; between two
corners the path is a smooth curve through the other points (a centripetal Catmull–Rom spline; Catmull and Rom 1974).
"""

from itertools import pairwise
from typing import Final

import numpy as np

from digitcore.io.strokes import draw_path
from digitcore.types import Float64Array, UInt8Array

_ROUND: Final = {
    0: ["34,2! 14,14 5,48 14,86 34,98 54,86 63,50 54,14 34,2!"],
    1: ["14,22! 34,2! 34,98!"],
    2: ["8,24! 18,6 38,3 56,16 54,38 34,64 6,97! 62,97!"],
    3: ["8,12! 26,2 50,8 54,28 42,44 26,48! 50,52 60,72 50,93 26,99 6,86!"],
    4: ["44,2! 4,64! 66,64!", "48,36! 48,98!"],
    5: ["56,3! 16,3! 12,45! 34,38 56,50 60,72 46,94 22,98 6,86!"],
    6: ["50,4! 28,16 10,44 6,72 18,95 40,97 56,82 52,60 34,52 16,60 7,74!"],
    7: ["6,4! 60,4! 40,44 24,98!"],
    8: ["50,12! 34,2 14,10 14,30 34,46 56,64 56,88 34,99 12,88 12,66 34,46 52,30 50,12!"],
    9: ["56,18! 40,3 18,6 8,24 16,44 36,46 54,32 57,14! 56,50 48,98!"],
}
"""Upright and round, as taught in school."""

_SLANTED: Final = {
    0: ["48,3! 26,10 10,42 8,78 24,97 44,90 62,58 62,20 46,3!"],
    1: ["12,42! 30,26 48,2! 26,98!"],
    2: ["16,22! 30,5 52,4 60,20 46,46 22,72 4,96! 20,90 40,98 60,92!"],
    3: ["20,8! 40,2 60,8 58,26 36,44! 54,50 56,72 38,94 16,98 2,88!"],
    4: ["36,4! 24,34 10,58! 62,54!", "56,26! 46,62 38,98!"],
    5: ["22,8! 14,46! 36,42 52,56 48,80 28,97 2,92!", "22,8! 64,4!"],
    6: ["54,2! 32,20 12,54 8,82 22,98 42,92 52,72 42,58 24,64 10,82!"],
    7: ["14,10! 36,6 66,6! 46,40 22,98!", "20,52! 58,46!"],
    8: ["58,16! 46,3 26,8 22,26 40,44 50,66 40,92 18,98 6,84 14,64 38,46 58,28 58,14!"],
    9: ["58,20! 46,4 26,8 14,30 20,48 38,44 56,24! 50,56 34,98!"],
}
"""Slanted, as in quick writing; the 4 is open and the 7 is barred, as in continental Europe."""

_SQUARE: Final = {
    0: ["30,3! 10,10 6,30 6,72 14,93 34,98 54,92 60,70 60,28 52,8 28,3!"],
    1: ["32,2! 32,98!"],
    2: ["6,14! 22,4 46,6 56,22 50,40 28,62 6,94! 64,94!"],
    3: ["8,5! 56,5! 30,40! 52,48 60,70 48,92 24,98 4,88!"],
    4: ["10,4! 8,54! 60,54!", "48,4! 48,98!"],
    5: ["58,4! 12,4! 10,44! 40,42 58,56 58,78 42,96 8,95!"],
    6: ["44,2! 18,26 7,60 12,88 34,98 54,90 58,70 44,54 22,56 8,70!"],
    7: ["4,5! 62,5! 22,98!"],
    8: ["32,4! 12,12 12,34 32,45 54,56 58,80 44,96 20,96 6,80 10,58 32,45 52,34 52,12 32,4!"],
    9: ["54,30! 44,48 22,48 8,32 12,10 32,3 50,10 56,32 54,66 42,90 16,98!"],
}
"""Angular; the 1 is a plain vertical line."""

_HOOKED: Final = {
    0: ["38,4! 18,10 6,40 12,80 32,98 54,84 62,44 50,10 30,3! 44,14!"],
    1: ["4,44! 20,26 36,2! 36,98!", "16,98! 58,98!"],
    2: ["10,24! 16,6 38,2 54,16 48,44 26,76 10,92! 18,84 30,90! 44,100 62,90!"],
    3: ["6,16! 20,2 46,4 50,22 36,40 22,46! 46,48 58,68 50,92 26,99 6,84!"],
    4: ["12,4! 6,30 8,52 26,58 48,50!", "52,14! 50,50 46,98!"],
    5: ["50,3! 18,6! 12,42! 32,36 54,48 58,70 44,92 24,98 8,90!", "18,6! 62,2!"],
    6: ["46,4! 30,8 14,34 8,66 16,92 34,99 52,88 54,68 40,56 22,62 12,80!"],
    7: ["6,20! 10,4! 34,8 60,4! 44,34 32,66 28,98!", "18,50! 52,46!"],
    8: ["52,8! 30,2 14,14 18,32 40,46 56,66 50,90 28,99 10,88 12,68 34,48 52,32 56,14 44,4!"],
    9: ["54,16! 36,3 14,10 8,30 24,44 44,36 56,16! 58,50 52,82 34,99 10,90!"],
}
"""The 1 has a long flag and a foot, the 4 is round and open, the 7 is barred, and the 9 ends in a hook."""

HANDS: Final = {"round": _ROUND, "slanted": _SLANTED, "square": _SQUARE, "hooked": _HOOKED}
"""Paths by handwriting style, then by digit."""

_POINTS_PER_SPAN: Final = 10
"""Number of points that are sampled between two neighbouring points of the notation."""


def strokes(digit: int, hand: str = "round") -> list[Float64Array]:
    """Return the stroke paths of one digit.

    Args:
        digit: 0 to 9.
        hand: the handwriting style, a key of `HANDS`.

    Returns:
        One path per stroke, float64 `(N, 2)`: x and y in heights of the digit, from its top left corner. A digit is about 0.65 wide.

    Raises:
        KeyError: the digit or the style is unknown.
    """
    return [parse_path(notation) for notation in HANDS[hand][digit]]


def write(ink: UInt8Array, paths: list[Float64Array], corner_xy: tuple[float, float], height_px: float, pen_px: float) -> UInt8Array:
    """Draw stroke paths with a round pen, antialiased, onto a copy of `ink`.

    Args:
        ink: uint8 `(H, W)`, white ink on black; it isn't changed.
        paths: stroke paths as `strokes` returns them.
        corner_xy: top left corner of the digit in pixels.
        height_px: height of the digit in pixels.
        pen_px: width of the pen in pixels.

    Returns:
        The copy with the digit, uint8 `(H, W)`.
    """
    written = ink.copy()
    for path in paths:
        draw_path(written, path * height_px + corner_xy, pen_px, grey=255)
    return written


def parse_path(notation: str) -> Float64Array:
    """Parse the notation of a path and sample points, float64 `(N, 2)`, close enough to be joined by straight lines."""
    tokens = notation.split()
    points = np.array([[float(value) for value in token.rstrip("!").split(",")] for token in tokens]) / 100
    corners = [index for index, token in enumerate(tokens) if token.endswith("!")]
    curves = [_sample_curve(points[start : end + 1]) for start, end in pairwise(corners)]
    return np.concatenate(curves)


def _sample_curve(points: Float64Array) -> Float64Array:
    """Sample a straight line between two points, or a spline through more of them."""
    if len(points) == 2:
        return np.linspace(points[0], points[1], _POINTS_PER_SPAN)
    extended = np.concatenate([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])  # a reflected point at each end
    return np.concatenate([_sample_span(extended[i : i + 4]) for i in range(len(extended) - 3)])


def _sample_span(control: Float64Array) -> Float64Array:
    """Sample a centripetal Catmull–Rom spline between the second and third of four points, float64 `(4, 2)` (Barry and Goldman 1988)."""
    k = np.concatenate([[0], np.cumsum(np.sqrt(np.linalg.norm(np.diff(control, axis=0), axis=1)) + 1e-9)])
    t = np.linspace(k[1], k[2], _POINTS_PER_SPAN)[:, np.newaxis]
    low, middle, high = (_interpolate(control[i], control[i + 1], k[i], k[i + 1], t) for i in range(3))
    return _interpolate(_interpolate(low, middle, k[0], k[2], t), _interpolate(middle, high, k[1], k[3], t), k[1], k[2], t)


def _interpolate(a: Float64Array, b: Float64Array, from_knot: float, to_knot: float, t: Float64Array) -> Float64Array:
    """Interpolate linearly from `a` at one knot to `b` at another, for the parameters `t`, float64 `(N, 1)`."""
    weight = (t - from_knot) / (to_knot - from_knot)
    return (1 - weight) * a + weight * b
