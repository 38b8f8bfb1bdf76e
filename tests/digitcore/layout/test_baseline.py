from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitcore.layout.baseline import Baseline
from digitcore.types import Box


def test_level_digits_stand_on_their_bottoms():
    baseline = Baseline.of_digits([Box(0, 10, 20, 40), Box(30, 12, 20, 38), Box(60, 8, 20, 42)])
    assert baseline == Baseline(slope=0.0, intercept_px=50.0, height_px=40.0)
    assert baseline.relative_y(0, 50) == 1
    assert baseline.relative_y(0, 10) == 0


@pytest.mark.parametrize("slope", [-0.2, 0.05, 0.2])
def test_a_long_line_gives_its_slope(slope):
    boxes = [Box(50 * index, round(100 + 50 * slope * index), 30, 40) for index in range(12)]
    baseline = Baseline.of_digits(boxes)
    assert baseline.slope == pytest.approx(slope, rel=0.1, abs=0.005)
    assert baseline.relative_y(boxes[-1].center_x, boxes[-1].y + 40) == pytest.approx(1, abs=0.15)


def test_two_digits_of_different_sizes_hardly_give_a_slope():
    assert abs(Baseline.of_digits([Box(0, 0, 30, 40), Box(40, 10, 30, 30)]).slope) < 0.06


@pytest.mark.parametrize("boxes", [[Box(5, 5, 10, 20)], [Box(5, 5, 10, 20), Box(6, 50, 10, 20)]])
def test_one_digit_and_digits_above_each_other_are_level(boxes):
    assert Baseline.of_digits(boxes).slope == 0


@given(st.lists(st.builds(Box, *[st.integers(0, 500)] * 2, *[st.integers(1, 100)] * 2), min_size=1, max_size=8))
def test_the_slope_is_limited_and_the_order_does_not_matter(boxes):
    baseline = Baseline.of_digits(boxes)
    assert abs(baseline.slope) <= 0.36
    assert astuple(Baseline.of_digits(boxes[::-1])) == pytest.approx(astuple(baseline))
