import numpy as np
import pytest

from digitcore.layout.lines import MAX_COMPONENTS, estimate_slope, find_lines
from digitcore.types import Box


def marks_in(ink):
    return [mark for line in find_lines(ink)[0] for mark in line.components]


def test_no_ink_has_no_lines():
    assert find_lines(np.zeros((50, 50), np.uint8)) == ([], 0)


def test_digits_come_from_left_to_right_and_lines_from_the_top(paper):
    ink = paper((2, 300, 170, 90), (0, 60, 160, 90), (7, 310, 20, 100), (5, 180, 25, 90))
    marks = marks_in(ink)
    assert [mark.line for mark in marks] == [0, 0, 1, 1]
    assert [round(mark.box.x, -2) for mark in marks] == [200, 300, 100, 300]


def test_dust_is_left_out(paper):
    ink = paper((3, 100, 50, 150))
    ink[20:24, 400:404] = 255
    assert len(marks_in(ink)) == 1


def test_digits_above_one_another_stay_apart(paper):
    assert len(marks_in(paper((1, 100, 20, 80), (8, 95, 150, 80)))) == 2


def test_components_are_bounded_and_those_left_out_are_counted():
    gravel = np.zeros((600, 600), np.uint8)
    for y in range(0, 600, 20):
        for x in range(0, 600, 20):
            gravel[y : y + 12, x : x + 12] = 255
    lines, left_out = find_lines(gravel)
    assert sum(len(line.components) for line in lines) == MAX_COMPONENTS
    assert left_out == 900 - MAX_COMPONENTS


def test_lines_much_smaller_than_the_writing_are_left_out(paper):
    ink = paper((4, 60, 10, 160), (2, 60, 220, 30), (6, 100, 220, 30))
    assert len(find_lines(ink, 0.0)[0]) == 2
    assert len(find_lines(ink, 0.35)[0]) == 1


@pytest.mark.parametrize("slope_deg", [-14, -8, 0, 8, 14])
def test_lines_may_rise_and_fall(paper, slope_deg):
    slope = np.tan(np.deg2rad(slope_deg))
    digits = [
        (digit, 60 + 90 * index, 160 + 130 * line + slope * 90 * index, 70) for line in (0, 1) for index, digit in enumerate((3, 0, 9, 5))
    ]
    lines, _ = find_lines(paper(*digits, size_wh=(500, 560)))
    assert [len(line.components) for line in lines] == [4, 4]
    assert all(line.components[0].box.x < line.components[-1].box.x for line in lines)


def test_a_column_has_as_many_lines_as_numbers(paper):
    lines, _ = find_lines(paper((4, 260, 10, 60), (1, 200, 90, 60), (2, 260, 90, 60), (7, 260, 170, 60)))
    assert [len(line.components) for line in lines] == [1, 2, 1]


def test_each_line_has_a_height_of_its_own(paper):
    (high, low), _ = find_lines(paper((4, 60, 10, 140), (2, 200, 10, 140), (7, 60, 200, 60), (5, 120, 200, 60)))
    assert high.writing_height == pytest.approx(155, abs=12)
    assert low.writing_height == pytest.approx(67, abs=8)


@pytest.mark.parametrize("slope", [-0.2, 0.0, 0.15])
def test_the_slope_is_that_of_neighbours_despite_an_outlier(slope):
    row = [Box(60 * index, round(100 + slope * 60 * index), 40, 50) for index in range(8)]
    assert estimate_slope([*row, Box(200, 400, 40, 50)], 50) == pytest.approx(slope, abs=0.02)


def test_two_marks_have_no_slope():
    assert estimate_slope([Box(0, 0, 40, 50), Box(60, 10, 40, 50)], 50) == 0
