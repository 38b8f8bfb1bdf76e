import numpy as np
import pytest

from digitcore.io import strokes
from digitcore.io.strokes import PEN, Stroke, strokes_of, with_one_pen


def draw_strokes(objects, size_wh):
    return strokes.draw_strokes(strokes_of(objects), size_wh)


def test_a_line_is_black_on_white_and_as_wide_as_its_pen():
    paper = draw_strokes([{"path": [["M", 20, 50], ["L", 80, 50]], "strokeWidth": 10}], (100, 100))
    assert paper.shape == (100, 100)
    assert paper[0, 0] == 255
    assert (paper[:, 50] < 128).sum() == pytest.approx(10, abs=1)


def test_a_quadratic_curve_passes_where_it_should():
    paper = draw_strokes([{"path": [["M", 10, 10], ["Q", 50, 90, 90, 10]], "strokeWidth": 4}], (100, 100))
    assert paper[50, 50] < 128  # a quarter of both ends and half the control point
    assert paper[89, 50] == 255


def test_no_strokes_leave_the_paper_white():
    assert (draw_strokes([], (30, 20)) == 255).all()
    assert draw_strokes([], (30, 20)).shape == (20, 30)


def test_objects_without_a_path_draw_nothing():
    assert (draw_strokes([{"type": "rect"}, {"path": []}], (30, 20)) == 255).all()


def test_a_dot_is_drawn():
    paper = draw_strokes([{"path": [["M", 15, 10], ["L", 15.001, 10]], "strokeWidth": 8}], (30, 20))
    assert np.count_nonzero(paper < 128) > 30


def a_line(*points, pen_px=5.0):
    return Stroke(np.array(points, float), pen_px)


@pytest.mark.parametrize("height", [30, 100, 240])
@pytest.mark.parametrize("pen_px", [2, 16, 40])
def test_one_pen_is_in_proportion_to_the_digit(height, pen_px):
    (drawn,) = with_one_pen([a_line((50, 20), (60, 20 + height), pen_px=pen_px)])
    assert drawn.pen_px / (height + drawn.pen_px) == pytest.approx(PEN, rel=0.02)


def test_strokes_of_one_digit_get_the_same_pen():
    bar, stem = with_one_pen([a_line((20, 20), (80, 20)), a_line((50, 20), (50, 120))])
    assert bar.pen_px == stem.pen_px


def test_small_digits_get_a_finer_pen_and_dots_stay_small():
    large, small, dot = with_one_pen([a_line((20, 20), (20, 220)), a_line((120, 100), (120, 220)), a_line((180, 220), (180, 220))])
    assert small.pen_px == pytest.approx(large.pen_px * 0.6, rel=0.05)
    assert 0 < dot.pen_px < small.pen_px


def test_no_strokes_need_no_pen():
    assert with_one_pen([]) == []
