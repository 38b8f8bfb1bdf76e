import cv2
import numpy as np
import pytest

from digitcore.layout.baseline import Baseline
from digitcore.layout.separator_parts import LineScale, Part
from digitcore.types import Box

SCALE = LineScale(Baseline(slope=0.0, intercept_px=100.0, height_px=50.0), stroke_width=0.12, ink_level=200.0)


def measure(mask, x=10, y=90, scale=SCALE, peak_level=200.0):
    return Part.measure(mask, Box(x, y, *mask.shape[::-1]), scale, peak_level)


def test_a_bar_has_its_own_length_width_and_direction():
    part = measure(np.ones((5, 25), np.bool_))
    assert (part.length, part.width) == (pytest.approx(0.5), pytest.approx(0.1))
    assert part.elongation == pytest.approx(5)
    assert part.direction[1] == pytest.approx(0)
    assert (part.top, part.bottom, part.center) == (pytest.approx(0.8), pytest.approx(0.9), pytest.approx(0.85))
    assert part.ink_level == 1


def test_a_single_pixel_is_a_square():
    part = measure(np.ones((1, 1), np.bool_), peak_level=100.0)
    assert part.length == part.width == pytest.approx(1 / 50)
    assert part.ink_level == 0.5


@pytest.mark.parametrize(("start", "end", "lean"), [((0, 40), (20, 0), 0.5), ((0, 0), (20, 40), -0.5), ((10, 0), (10, 40), 0.0)])
def test_the_lean_is_to_the_right_per_length_upwards(start, end, lean):
    canvas = np.zeros((41, 21), np.uint8)
    cv2.line(canvas, start, end, 1, 3)
    assert measure(canvas > 0).lean == pytest.approx(lean, abs=0.05)


def test_a_dash_along_a_sloping_line_is_level():
    canvas = np.zeros((16, 51), np.uint8)
    cv2.line(canvas, (0, 2), (50, 12), 1, 3)
    sloping = LineScale(Baseline(slope=0.2, intercept_px=100.0, height_px=50.0), 0.12, 200.0)
    assert measure(canvas > 0, scale=sloping).direction[1] < 0.035 < measure(canvas > 0).direction[1]
