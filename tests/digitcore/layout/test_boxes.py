import statistics
from itertools import permutations

import numpy as np
import pytest
from hypothesis import strategies as st

from digitcore.layout.boxes import estimate_writing_height, group_overlapping_columns, union_box
from digitcore.types import Box
from tests.properties import given

BOXES = st.lists(st.builds(Box, st.integers(-20, 60), st.integers(-20, 60), st.integers(0, 12), st.integers(0, 12)), max_size=8)


def pixels_of(box):
    return {(x, y) for x in range(box.x, box.x + box.width) for y in range(box.y, box.y + box.height)}


def test_a_union_contains_all_boxes():
    assert Box(0, 5, 10, 10).union(Box(20, 0, 5, 8)) == Box(0, 0, 25, 15)
    assert union_box([Box(4, 4, 2, 2), Box(0, 5, 10, 10), Box(20, 0, 5, 8)]) == Box(0, 0, 25, 15)
    assert union_box([Box(1, 2, 3, 4)]) == Box(1, 2, 3, 4)


@given(st.lists(st.builds(Box, st.integers(-9, 9), st.integers(-9, 9), st.integers(1, 5), st.integers(1, 5)), min_size=1, max_size=4))
def test_a_union_is_the_smallest_box_around_all_pixels(boxes):
    columns, rows = zip(*set().union(*map(pixels_of, boxes)), strict=True)
    smallest = Box(min(columns), min(rows), max(columns) - min(columns) + 1, max(rows) - min(rows) + 1)
    assert union_box(boxes) == smallest
    assert union_box(iter(boxes)) == smallest
    assert union_box([*boxes, smallest]) == smallest


def test_a_union_needs_a_box():
    with pytest.raises(TypeError):
        union_box([])


def test_the_writing_is_as_high_as_most_of_it():
    digits, dust, dash = [Box(0, 0, 30, 50)] * 5, [Box(0, 0, 3, 3)] * 50, [Box(0, 0, 400, 20)]
    assert estimate_writing_height(digits + dust + dash) == 50
    assert estimate_writing_height(dash) == 20
    assert estimate_writing_height([]) == 0


@given(BOXES.filter(lambda boxes: any(box.height for box in boxes)))
def test_the_writing_height_is_the_median_of_heights_repeated_as_often_as_their_squares(boxes):
    heights = [box.height for box in boxes]
    height = estimate_writing_height(boxes)
    assert isinstance(height, float)
    assert height == statistics.median_low(np.repeat(heights, np.square(heights)).tolist())


def test_widths_and_places_do_not_count_for_the_writing_height():
    assert estimate_writing_height([Box(0, 0, 500, 9), Box(70, 3, 1, 30), Box(-5, -8, 1, 10)]) == 30


@pytest.mark.parametrize(("count", "height"), [(3, 10), (4, 5), (5, 5)])
def test_small_boxes_outweigh_a_large_one_from_the_square_of_the_ratio_on(count, height):
    assert estimate_writing_height([Box(0, 0, 1, 10)] + [Box(0, 0, 1, 5)] * count) == height


def test_boxes_without_height_have_a_writing_height_of_zero():
    assert estimate_writing_height([Box(0, 0, 9, 0), Box(5, 5, 3, 0)]) == 0


def test_groups_hold_boxes_that_stand_above_each_other_or_close():
    boxes = [Box(50, 0, 10, 10), Box(0, 0, 10, 10), Box(5, 20, 8, 5), Box(62, 0, 10, 10)]
    assert group_overlapping_columns(boxes, 0) == [[1, 2], [0], [3]]
    assert group_overlapping_columns(boxes, 3) == [[1, 2], [0, 3]]
    assert group_overlapping_columns([], 3) == []


@pytest.mark.parametrize(("max_gap_px", "groups"), [(1.9, [[0], [1]]), (2.0, [[0, 1]]), (2.1, [[0, 1]])])
def test_neighbours_are_one_group_up_to_the_gap_itself(max_gap_px, groups):
    assert group_overlapping_columns([Box(0, 0, 10, 5), Box(12, 0, 10, 5)], max_gap_px) == groups


def test_boxes_that_touch_are_one_group_without_any_gap():
    assert group_overlapping_columns([Box(0, 0, 10, 5), Box(10, 90, 10, 5)], 0.0) == [[0, 1]]
    assert group_overlapping_columns([Box(0, 0, 10, 5), Box(11, 0, 10, 5)], 0.0) == [[0], [1]]


def test_the_gap_is_measured_from_the_rightmost_box_of_a_group_not_from_the_last():
    assert group_overlapping_columns([Box(0, 0, 100, 5), Box(10, 9, 5, 5), Box(90, 9, 30, 5), Box(118, 0, 5, 5)], 0.0) == [[0, 1, 2, 3]]


def test_the_first_box_opens_a_group_however_far_to_the_left_it_is():
    assert group_overlapping_columns([Box(-500, 0, 10, 5)], 1e6) == [[0]]


def test_boxes_with_the_same_left_edge_stay_in_their_order():
    assert group_overlapping_columns([Box(3, 40, 2, 2), Box(3, 0, 9, 9), Box(3, 20, 1, 1)], 0.0) == [[0, 1, 2]]


def gap_px(one, other):
    """The columns between two boxes; negative where they overlap."""
    return max(one.x, other.x) - min(one.x + one.width, other.x + other.width)


def joined_pairwise(boxes, max_gap_px):
    """The groups by merging any two that have boxes with a small gap, until there are none."""
    groups = [{index} for index in range(len(boxes))]

    def are_close(one, other):
        return any(gap_px(boxes[first], boxes[second]) <= max_gap_px for first in one for second in other)

    while pair := next(((one, other) for one, other in permutations(groups, 2) if are_close(one, other)), None):
        groups = [group for group in groups if group not in pair] + [pair[0] | pair[1]]
    return sorted((sorted(group, key=lambda index: (boxes[index].x, index)) for group in groups), key=lambda group: boxes[group[0]].x)


@given(BOXES, st.sampled_from([0.0, 0.5, 1.0, 3.0]))
def test_groups_are_those_of_merging_pair_by_pair(boxes, max_gap_px):
    boxes = [box._replace(width=box.width + 1) for box in boxes]
    assert group_overlapping_columns(boxes, max_gap_px) == joined_pairwise(boxes, max_gap_px)


@given(BOXES, st.integers(-50, 50))
def test_groups_do_not_depend_on_where_the_boxes_are(boxes, shift):
    moved = [box._replace(x=box.x + shift, y=box.y - shift) for box in boxes]
    assert group_overlapping_columns(moved, 2.0) == group_overlapping_columns(boxes, 2.0)
