"""Draw very many lines at a cost that hardly depends on their number."""

import math
from collections.abc import Mapping, Sequence
from typing import Final

import cv2
import numpy as np

from digitcore.io.conversion import WORKING_SIDE_PX
from digitcore.types import Float64Array, Int32Array, UInt8Array

FRACTION_BITS: Final = 4
"""OpenCV draws at coordinates in sixteenths of a pixel."""

_EDGE_PX: Final = 1
"""Width of the edge over which ink fades: with it, lines have as much ink as those that OpenCV draws."""


def draw_dense_lines(paths_by_width: Mapping[int, Sequence[Float64Array]], size_wh: tuple[int, int]) -> UInt8Array:
    """Draw paths in black on white paper: as lines of one pixel, which are then dilated by the pen.

    The distance transform (Felzenszwalb and Huttenlocher 2012) dilates all lines of a width at once. Their edges are within
    two pixels of those of the lines that OpenCV draws. Where paper and pen together exceed the working size, the resolution is lower.

    Args:
        paths_by_width: for each width of the pen in pixels, at least 1, its paths: float64 `(N, 2)`, N at least 1, x and y in pixels.
        size_wh: width and height of the paper in pixels, at least 1.

    Returns:
        uint8 `(H, W)`, 0 where the ink is and 255 where the paper is.
    """
    scale = min(1.0, WORKING_SIDE_PX / (max(size_wh) + max(paths_by_width)))
    paper = np.full([math.ceil(side * scale) for side in reversed(size_wh)], 255, np.uint8)
    for width_px, paths in paths_by_width.items():
        _darken(paper, [(path + 0.5) * scale - 0.5 for path in paths], width_px * scale / 2)
    return paper if scale == 1 else np.asarray(cv2.resize(paper, size_wh, interpolation=cv2.INTER_LINEAR), np.uint8)


def to_fixed_point(points: Float64Array) -> Int32Array:
    """Convert points to the coordinates at which OpenCV draws.

    Args:
        points: float64 `(N, 2)`, x and y in pixels.

    Returns:
        int32 `(N, 2)`, in units of 2 to the power of -`FRACTION_BITS` pixels.
    """
    return np.round(points * 2**FRACTION_BITS).astype(np.int32)


def _darken(paper: UInt8Array, paths: Sequence[Float64Array], radius_px: float) -> None:
    """Draw paths with one pen onto `paper` itself.

    Only the pixels that the pen can reach are worked on; they include a margin around the paper, where paths may run that reach into it.
    """
    margin_px = math.ceil(radius_px) + _EDGE_PX
    points, size_wh = np.concatenate(paths), np.array(paper.shape[::-1])
    low = np.maximum(np.floor(points.min(axis=0)), 0).astype(int) - margin_px
    high = np.minimum(np.ceil(points.max(axis=0)) + 1, size_wh).astype(int) + margin_px
    (left, top), (right, bottom) = np.maximum(low, 0).tolist(), np.minimum(high, size_wh).tolist()
    if right <= left or bottom <= top:
        return
    lines = np.full((high - low)[::-1], 255, np.uint8)
    cv2.polylines(lines, [to_fixed_point(path - low) for path in paths], False, 0, 1, cv2.LINE_8, FRACTION_BITS)
    x, y = (-np.minimum(low, 0)).tolist()
    distance_px = cv2.distanceTransform(lines, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)[y : y + bottom - top, x : x + right - left]
    brightness = np.clip(distance_px - radius_px, 0, _EDGE_PX) * (255 / _EDGE_PX)
    reached = paper[top:bottom, left:right]
    np.minimum(reached, brightness.astype(np.uint8), out=reached)
