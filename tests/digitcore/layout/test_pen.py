import cv2
import numpy as np
import pytest
from hypothesis import strategies as st

from digitcore.io.strokes import Stroke, draw_strokes
from digitcore.layout.distance_transform import mean_stroke_width
from digitcore.layout.parameters import LayoutParams, PenParams
from digitcore.layout.pen import _MAX_GROUPED_STROKES, with_uniform_pen
from tests.properties import given

POINTS = st.lists(st.tuples(st.floats(0, 200), st.floats(0, 200)), min_size=1, max_size=4)

FIFTH = LayoutParams(pen=PenParams(relative_width=0.2))


def a_line(*points, pen_px=5.0):
    return Stroke(np.array(points, float), pen_px)


@pytest.mark.parametrize("height", [30, 100, 240])
@pytest.mark.parametrize("pen_px", [2, 16, 40])
def test_one_pen_is_in_proportion_to_the_digit(height, pen_px):
    (drawn,) = with_uniform_pen([a_line((50, 20), (60, 20 + height), pen_px=pen_px)])
    assert drawn.pen_px / (height + drawn.pen_px) == pytest.approx(0.13, rel=0.02)


def test_strokes_of_one_digit_get_the_same_pen():
    bar, stem = with_uniform_pen([a_line((20, 20), (80, 20)), a_line((50, 20), (50, 120))])
    assert bar.pen_px == stem.pen_px


def test_small_digits_get_a_finer_pen_and_dots_stay_small():
    large, small, dot = with_uniform_pen([a_line((20, 20), (20, 220)), a_line((120, 100), (120, 220)), a_line((180, 220), (180, 220))])
    assert small.pen_px == pytest.approx(large.pen_px * 0.6, rel=0.05)
    assert 0 < dot.pen_px < small.pen_px


def test_no_strokes_need_no_pen():
    assert with_uniform_pen([]) == []


@pytest.mark.parametrize(("relative_width", "height", "pen_px"), [(0.2, 100, 25.0), (0.5, 40, 40.0), (0.75, 10, 30.0), (0.1, 90, 10.0)])
def test_the_pen_is_the_wanted_share_of_the_path_and_the_pen_together(relative_width, height, pen_px):
    (stroke,) = with_uniform_pen([a_line((0, 0), (5, height))], LayoutParams(pen=PenParams(relative_width=relative_width)))
    assert stroke.pen_px == pytest.approx(pen_px)
    assert type(stroke.pen_px) is float


@pytest.mark.parametrize(("height", "pen_px"), [(1, 1.0), (3, 1.0), (4, 1.0), (9, 2.25), (12, 3.0)])
def test_no_pen_is_thinner_than_a_pixel(height, pen_px):
    assert with_uniform_pen([a_line((0, 0), (0, height))], FIFTH)[0].pen_px == pytest.approx(pen_px)


def test_a_single_point_gets_the_thinnest_pen():
    assert with_uniform_pen([a_line((7.5, 7.0))])[0].pen_px == 1.0


@pytest.mark.parametrize(("height", "counts_as"), [(0, 35), (34, 35), (35, 35), (36, 36), (100, 100)])
def test_low_digits_count_as_the_least_height_of_a_digit(height, counts_as):
    _, low = with_uniform_pen([a_line((0, 0), (0, 100)), a_line((50, 0), (60, height))], FIFTH)
    assert low.pen_px == pytest.approx(counts_as / 4)


@pytest.mark.parametrize(("x", "pens"), [(29, [30, 30]), (30, [30, 30]), (31, [25, 15])])
def test_strokes_belong_together_if_their_columns_touch(x, pens):
    """The first reaches from column 10 to 30, from row 0 to 100; the second from row 60 to 120."""
    drawn = with_uniform_pen([a_line((10, 0), (30, 100)), a_line((x, 60), (x + 5, 120))], FIFTH)
    assert [stroke.pen_px for stroke in drawn] == pytest.approx(pens)


@pytest.mark.parametrize(
    ("top", "bottom", "height"), [(10.0, 50.0, 40), (10.9, 50.0, 40), (10.0, 50.1, 41), (9.9, 50.1, 42), (-0.5, 50.0, 51)]
)
def test_a_path_is_as_high_as_the_rows_that_it_touches(top, bottom, height):
    (stroke,) = with_uniform_pen([a_line((20.3, top), (20.9, bottom))], FIFTH)
    assert stroke.pen_px == pytest.approx(height / 4)


def test_columns_that_a_path_touches_in_part_are_its_own():
    first, second = with_uniform_pen([a_line((10, 0), (19.2, 100)), a_line((20.8, 0), (30, 200))], FIFTH)
    assert (first.pen_px, second.pen_px) == (50, 50)


@given(st.lists(POINTS, max_size=5))
def test_paths_and_their_order_stay_and_pens_do_not_depend_on_it(paths):
    strokes = [a_line(*path, pen_px=3.0 + index) for index, path in enumerate(paths)]
    drawn = with_uniform_pen(strokes)
    assert [new.points is old.points for new, old in zip(drawn, strokes, strict=True)] == [True] * len(paths)
    assert [old.pen_px for old in strokes] == [3.0 + index for index in range(len(paths))]
    assert [new.pen_px for new in with_uniform_pen(strokes[::-1])] == [new.pen_px for new in drawn[::-1]]
    assert all(new.pen_px >= 1.0 for new in drawn)


@given(st.lists(POINTS, min_size=1, max_size=4), st.integers(-30, 30))
def test_pens_do_not_depend_on_the_old_ones_nor_on_the_place(paths, shift):
    moved = [Stroke(np.round(np.array(path)) + np.array([shift, -shift]), 40.0) for path in paths]
    unmoved = [Stroke(np.round(np.array(path)), 1.0) for path in paths]
    assert [each.pen_px for each in with_uniform_pen(moved)] == [each.pen_px for each in with_uniform_pen(unmoved)]


@pytest.mark.parametrize("height", [140, 300])
def test_drawn_digits_have_the_relative_stroke_width_of_mnist(height):
    strokes = with_uniform_pen([a_line((80, 60), (100, 60 + height), pen_px=1.0)])
    ink = 255 - draw_strokes(strokes, (200, 420))
    _, _, _, ink_height = cv2.boundingRect((ink > 96).astype(np.uint8))
    assert mean_stroke_width(ink, cv2.DIST_MASK_PRECISE) / ink_height == pytest.approx(0.13, rel=0.06)


def a_digit(x, top, height):
    return a_line((x, top), (x + 10, top + height))


def pens(*strokes):
    return [stroke.pen_px for stroke in with_uniform_pen(strokes, FIFTH)]


@pytest.mark.parametrize("gap", [-15, 0, 5, 60])
def test_digits_in_rows_get_the_pen_of_one_digit(gap):
    rows = [a_digit(x, row * (100 + gap), 100) for row in range(3) for x in (0, 50, 100)]
    assert pens(*rows) == [25] * 9


def test_high_strokes_that_share_rows_are_one_digit():
    assert pens(a_digit(0, 0, 100), a_digit(5, 50, 100), a_digit(100, 0, 150)) == [37.5] * 3


def test_two_strokes_above_each_other_are_one_digit():
    """An 8 of two circles, without any other digit that would tell how high one is."""
    assert pens(a_digit(0, 0, 50), a_digit(0, 52, 48)) == [25, 25]


@pytest.mark.parametrize(("gap", "height"), [(0, 100), (20, 120), (35, 135), (36, 100)])
def test_a_part_near_a_digit_belongs_to_it(gap, height):
    digit, _, _ = pens(a_digit(0, 0, 100), a_line((0, -gap), (20, -gap)), a_digit(100, 0, 100))
    assert digit == height / 4


@pytest.mark.parametrize(("y", "upper", "lower"), [(110, 110, 100), (130, 100, 110)])
def test_a_part_between_two_rows_belongs_to_the_nearer_digit(y, upper, lower):
    first, _, second = pens(a_digit(0, 0, 100), a_line((0, y), (20, y)), a_digit(0, 140, 100))
    assert (first, second) == (upper / 4, lower / 4)


def test_of_very_many_strokes_those_above_each_other_belong_together():
    assert set(pens(*[a_digit(0, 50 * index, 40) for index in range(_MAX_GROUPED_STROKES + 1)])) == {(50 * _MAX_GROUPED_STROKES + 40) / 4}
