from collections.abc import Callable

import numpy as np
import pytest

from digitcore.types import UInt8Array
from synthetic.hands import strokes, write

Paper = Callable[..., UInt8Array]


@pytest.fixture
def paper() -> Paper:
    """Return a function that draws the ink of digits, each `(digit, x, y, height)` in pixels."""

    def draw(*digits: tuple[int, float, float, float], size_wh: tuple[int, int] = (600, 300)) -> UInt8Array:
        ink = np.zeros((size_wh[1], size_wh[0]), np.uint8)
        for digit, x, y, height in digits:
            ink = write(ink, strokes(digit), (x, y), height, height / 9)
        return ink

    return draw
