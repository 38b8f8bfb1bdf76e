import cv2
import numpy as np
import pytest

from digitcore.layout.components import Mark
from digitcore.layout.slant import estimate_slant
from digitcore.types import Box


def bars(slant):
    """Three parallel bars, 80 px high."""
    ink = np.zeros((100, 260), np.uint8)
    for x in (60, 110, 160):
        cv2.line(ink, (round(x - 40 * slant), 90), (round(x + 40 * slant), 10), 255, 7)
    return Mark(ink, Box(0, 0, 260, 100), 0, None)


@pytest.mark.parametrize("slant", [-0.3, 0.0, 0.3, 0.6, 0.9])
def test_the_slant_of_parallel_bars_is_found(slant):
    assert estimate_slant([bars(slant)]) == pytest.approx(slant, abs=0.16)


def test_a_hair_line_has_no_slant():
    assert estimate_slant([Mark(np.full((200, 3), 255, np.uint8), Box(0, 0, 3, 200), 0, None)]) == 0
