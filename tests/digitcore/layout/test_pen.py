import numpy as np
import pytest

from digitcore.io.strokes import Stroke
from digitcore.layout.pen import MNIST_RELATIVE_STROKE_WIDTH, with_uniform_pen


def a_line(*points, pen_px=5.0):
    return Stroke(np.array(points, float), pen_px)


@pytest.mark.parametrize("height", [30, 100, 240])
@pytest.mark.parametrize("pen_px", [2, 16, 40])
def test_one_pen_is_in_proportion_to_the_digit(height, pen_px):
    (drawn,) = with_uniform_pen([a_line((50, 20), (60, 20 + height), pen_px=pen_px)])
    assert drawn.pen_px / (height + drawn.pen_px) == pytest.approx(MNIST_RELATIVE_STROKE_WIDTH, rel=0.02)


def test_strokes_of_one_digit_get_the_same_pen():
    bar, stem = with_uniform_pen([a_line((20, 20), (80, 20)), a_line((50, 20), (50, 120))])
    assert bar.pen_px == stem.pen_px


def test_small_digits_get_a_finer_pen_and_dots_stay_small():
    large, small, dot = with_uniform_pen([a_line((20, 20), (20, 220)), a_line((120, 100), (120, 220)), a_line((180, 220), (180, 220))])
    assert small.pen_px == pytest.approx(large.pen_px * 0.6, rel=0.05)
    assert 0 < dot.pen_px < small.pen_px


def test_no_strokes_need_no_pen():
    assert with_uniform_pen([]) == []
