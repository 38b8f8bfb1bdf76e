import numpy as np
import pytest

from digitcore.io import strokes
from digitcore.io.strokes import strokes_of


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
