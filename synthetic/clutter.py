"""What people draw and cameras see that is no digit: scribbles, dots, lines, blocks, noise, gradients.

For measuring what is refused. Each takes a seeded generator and gives uint8 `(280, 280)`, white ink on black. The training's own
negatives (`model/negatives.py`) are made by other code.
"""

from collections.abc import Callable
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from digitcore.types import UInt8Array

SIDE_PX: Final = 280
_MARGIN_PX: Final = 40


def scribbles(rng: np.random.Generator) -> UInt8Array:
    """Draw a pen that moves back and forth, a dozen turns or more."""
    turns = int(rng.integers(12, 30))
    across = rng.uniform(_MARGIN_PX, SIDE_PX - _MARGIN_PX, (turns, 2)).astype(np.float32)
    smooth = cv2.resize(across, (2, 8 * turns), interpolation=cv2.INTER_CUBIC)
    return _stroke(_blank(), np.asarray(smooth), int(rng.integers(6, 20)))


def dots(rng: np.random.Generator) -> UInt8Array:
    """Draw one dot, or up to five far from each other."""
    picture = _blank()
    for place in rng.permutation(9)[: rng.integers(1, 6)]:
        centre = (60 + 80 * int(place % 3), 60 + 80 * int(place // 3))
        cv2.circle(picture, centre, int(rng.integers(6, 20)), 255, -1, cv2.LINE_AA)
    return picture


def lines(rng: np.random.Generator) -> UInt8Array:
    """Draw a lying straight line (an upright one is a 1), or two to five that cross."""
    picture = _blank()
    count = int(rng.integers(1, 6))
    tilt = rng.uniform(-0.5, 0.5) if count == 1 else rng.uniform(0, np.pi)
    for angle in tilt + np.pi * np.arange(count) / count:
        half = rng.uniform(60, 100) * np.array([np.cos(angle), np.sin(angle)])
        _stroke(picture, np.stack([-half, half]) + SIDE_PX / 2 + rng.uniform(-10, 10, 2), int(rng.integers(6, 18)))
    return picture


def blocks(rng: np.random.Generator) -> UInt8Array:
    """Draw a filled rectangle, triangle or pentagon."""
    corners = int(rng.integers(3, 6))
    angles = rng.uniform(0, 2 * np.pi) + 2 * np.pi * (np.arange(corners) + rng.uniform(-0.15, 0.15, corners)) / corners
    outline = rng.uniform(50, 90) * np.stack([np.cos(angles), np.sin(angles)], axis=1) + SIDE_PX / 2
    picture = _blank()
    cv2.fillPoly(picture, [np.round(outline).astype(np.int32)], 255, cv2.LINE_AA)
    return picture


def noise(rng: np.random.Generator) -> UInt8Array:
    """Fill every pixel, or every square of up to 20 pixels, with a random brightness."""
    cells = SIDE_PX // int(rng.choice([1, 2, 5, 10, 20]))
    values = rng.integers(0, 256, (cells, cells)).astype(np.uint8)
    return np.asarray(cv2.resize(values, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_NEAREST), np.uint8)


def gradients(rng: np.random.Generator) -> UInt8Array:
    """Draw a gradient from dark to light, along a line or from a point."""
    y, x = np.mgrid[0:SIDE_PX, 0:SIDE_PX] / SIDE_PX
    angle, centre = rng.uniform(0, 2 * np.pi), rng.uniform(0, 1, 2)
    values = x * np.cos(angle) + y * np.sin(angle) if rng.random() < 0.5 else np.hypot(x - centre[0], y - centre[1])
    return np.asarray(np.round(255 * (values - values.min()) / np.ptp(values)), np.uint8)


CLUTTER: Final[dict[str, Callable[[np.random.Generator], UInt8Array]]] = {
    each.__name__: each for each in (scribbles, dots, lines, blocks, noise, gradients)
}


def clutter(name: str, count: int, seed: int) -> UInt8Array:
    """Draw uint8 `(count, 280, 280)` pictures of one kind; the same name and seed give the same pictures.

    Raises:
        KeyError: no such kind.
    """
    if name not in CLUTTER:
        raise KeyError(f"There is no clutter '{name}'. Known: {', '.join(CLUTTER)}.")
    rng = np.random.default_rng((seed, list(CLUTTER).index(name)))
    return np.stack([CLUTTER[name](rng) for _ in range(count)])


def _blank() -> UInt8Array:
    return np.zeros((SIDE_PX, SIDE_PX), np.uint8)


def _stroke(picture: UInt8Array, points: npt.NDArray[Any], pen_px: int) -> UInt8Array:
    cv2.polylines(picture, [np.round(points).astype(np.int32)], False, 255, pen_px, cv2.LINE_AA)
    return picture
