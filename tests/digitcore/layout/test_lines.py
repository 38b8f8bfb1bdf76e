import statistics
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import strategies as st

from digitcore.layout import lines as lines_module
from digitcore.layout.lines import MAX_COMPONENTS, _group_into_lines, estimate_slope, find_lines
from digitcore.layout.parameters import LayoutParams
from digitcore.rejections import RejectionReason
from digitcore.types import Box
from tests.properties import given

PARAMS = LayoutParams()


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


@pytest.mark.parametrize(
    ("x", "y", "width", "is_kept"),
    [
        pytest.param(100, 94, 60, True, id="above the digit"),
        pytest.param(100, 50, 60, False, id="too far above"),
        pytest.param(230, 94, 60, False, id="beside it"),
        pytest.param(60, 94, 210, False, id="wider than the digit is high"),
        pytest.param(100, 260, 30, True, id="below the digit"),
        pytest.param(100, 260, 60, False, id="a bar below the digit"),
        pytest.param(100, 290, 30, False, id="too far below"),
    ],
)
def test_of_low_lines_only_what_may_be_a_part_of_a_digit_is_kept(x, y, width, is_kept):
    ink = np.zeros((320, 320), np.uint8)
    ink[120:240, 80:180] = 255
    ink[130:230, 90:180] = 0
    ink[y : y + 14, x : x + width] = 255
    ((line,), _) = find_lines(ink, min_relative_height=0.35)
    assert len(line.components) == 1 + is_kept


def test_on_a_page_of_several_lines_a_low_mark_between_them_is_left_out():
    ink = np.zeros((320, 320), np.uint8)
    for top in (30, 180):
        ink[top : top + 100, 80:180] = 255
        ink[top + 10 : top + 90, 90:170] = 0
    ink[150:164, 100:160] = 255
    lines, _ = find_lines(ink, min_relative_height=0.35)
    assert [len(line.components) for line in lines] == [1, 1]


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


ROW = ((2, 100, 80, 40), (0, 160, 80, 40), (2, 220, 80, 40), (6, 280, 80, 40))


@pytest.mark.parametrize(
    "artifact",
    [
        pytest.param(np.s_[20:, -6:], id="an edge along the right side, down to the corner"),
        pytest.param(np.s_[:200, :6], id="an edge along the left side"),
        pytest.param(np.s_[-30:, 100:400], id="a keyboard at the bottom"),
        pytest.param(np.s_[:4, 150:350], id="a strip of desk at the top"),
        pytest.param(np.s_[-150:, -180:], id="a bag in the corner"),
        pytest.param(np.s_[60:160, 40:44], id="the side of a table"),
        pytest.param(np.s_[2:250, 20:60], id="a gutter close to the border"),
    ],
)
def test_a_large_mark_along_the_border_is_left_out_and_does_not_set_the_scale(paper, artifact):
    ink = paper(*ROW)
    expected = [mark.box for mark in marks_in(ink)]
    ink[artifact] = 255
    (line,), _ = find_lines(ink)
    assert [mark.box for mark in line.components] == expected
    assert all(mark.rejection is None for mark in line.components)


def test_a_large_mark_that_merely_touches_the_border_stays(paper):
    ink = paper(*ROW)
    ink[:120, 400:480] = 255
    assert len(marks_in(ink)) == 5


def test_a_row_that_the_border_cuts_off_is_left_out_but_not_the_end_of_a_line(paper):
    spiral = paper(*ROW)
    spiral[-40:, 60:400:60] = spiral[-40:, 61:400:60] = spiral[-40:, 62:400:60] = 255
    assert len(marks_in(spiral)) == 4
    cut_off = paper(*ROW)
    cut_off[80:120, -20:-16] = cut_off[80:84, -20:] = 255
    assert len(marks_in(cut_off)) == 5


def test_what_is_far_higher_than_the_writing_is_left_out(paper):
    ink = paper(*ROW)
    ink[:180, 400:480] = 255
    assert len(marks_in(ink)) == 4


def test_digits_that_reach_the_border_stay_where_nothing_else_is_written(paper):
    ink = paper((7, 100, 20, 90), (4, 180, 20, 90))
    left, top = ink.any(axis=0).argmax(), ink.any(axis=1).argmax()
    assert len(marks_in(np.ascontiguousarray(ink[top:, left:]))) == 2


def test_a_blot_as_high_as_the_writing_does_not_make_its_strokes_seem_thin(paper):
    ink = paper(*ROW)
    ink[200:250, 50:500] = 255
    digits = [mark for mark in marks_in(ink) if mark.box.y < 190]
    assert len(digits) == 4
    assert all(mark.rejection is None for mark in digits)


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


@pytest.mark.parametrize(("y", "slope"), [(12, 0.2), (-12, -0.2), (30, 0.0)])
def test_two_neighbours_have_a_slope_unless_it_is_too_steep_for_a_line(y, slope):
    assert estimate_slope([Box(0, 100, 40, 50), Box(60, 100 + y, 40, 50)], 50) == pytest.approx(slope)


def test_a_mark_without_a_neighbour_has_no_slope():
    assert estimate_slope([Box(0, 0, 40, 50)], 50) == 0


BOXES = st.lists(st.builds(Box, st.integers(0, 200), st.integers(0, 60), st.integers(1, 30), st.integers(1, 30)), max_size=7)


def slope_by_pairs(boxes, writing_height):
    """The definition, pair by pair."""
    pairs = []
    for box in boxes:
        right = []
        for other in boxes:
            dx, dy = other.center_x - box.center_x, other.center_y - box.center_y
            if 0 < dx <= 2.5 * writing_height and abs(dy) <= 0.36 * dx:
                right.append((dx, dy))
        if right:
            pairs.append(min(right, key=lambda each: each[0]))
    if not pairs:
        return 0.0
    return statistics.median_low([dy / dx for dx, dy in pairs for _ in range(round(2 * dx))])  # distances are multiples of half a pixel


@given(BOXES, st.sampled_from([10, 20, 40]))
def test_the_slope_is_the_weighted_median_over_the_nearest_neighbours(boxes, writing_height):
    assert estimate_slope(boxes, writing_height) == pytest.approx(slope_by_pairs(boxes, writing_height), abs=1e-12)


@pytest.mark.parametrize(("distance", "slope"), [(99, 0.1), (100, 0.1), (101, 0.0)])
def test_neighbours_are_at_most_two_and_a_half_writing_heights_apart(distance, slope):
    row = [Box(distance * index, round(distance * index * 0.1), 20, 20) for index in range(3)]
    assert estimate_slope(row, 40) == pytest.approx(slope, abs=0.01)


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize(("rise", "slope"), [(35, 0.35), (36, 0.36), (37, 0.0)])
def test_neighbours_lie_within_the_steepest_slope(rise, slope, sign):
    row = [Box(100 * index, 500 + sign * rise * index, 20, 20) for index in range(3)]
    assert estimate_slope(row, 50) == pytest.approx(sign * slope)


def test_what_has_no_neighbour_does_not_change_the_slope():
    pair = [Box(0, 0, 20, 20), Box(50, 5, 20, 20)]
    assert estimate_slope([*pair, Box(1000, 0, 20, 20)], 40) == pytest.approx(0.1)
    assert estimate_slope([*pair, Box(100, 10, 20, 20)], 40) == pytest.approx(0.1)
    assert estimate_slope([], 40) == 0


def test_boxes_above_one_another_are_no_neighbours():
    assert estimate_slope([Box(10, 40 * index, 20, 20) for index in range(5)], 40) == 0


@pytest.mark.parametrize(
    ("boxes", "groups"),
    [
        ([], []),
        ([Box(5, 5, 9, 9)], [[0]]),
        ([Box(50, 0, 10, 40), Box(0, 60, 10, 40), Box(0, 0, 10, 40), Box(50, 60, 10, 40)], [[2, 0], [1, 3]]),
        ([Box(0, 100, 10, 40), Box(0, 0, 10, 40), Box(0, 50, 10, 40)], [[1], [2], [0]]),
        ([Box(0, 30, 6, 6), Box(20, 0, 20, 40), Box(60, 0, 20, 40)], [[0, 1, 2]]),
        ([Box(32, 0, 10, 40), Box(20, 0, 30, 40), Box(0, 0, 9, 40)], [[2, 1, 0]]),
    ],
)
def test_boxes_are_grouped_by_lines_and_sorted_by_their_centres(boxes, groups):
    assert _group_into_lines(boxes, 40.0, PARAMS) == groups


@pytest.mark.parametrize(("center_y", "is_same"), [(9.5, False), (10.0, True), (50.0, True), (50.5, False)])
def test_a_box_joins_the_line_whose_band_holds_its_centre(center_y, is_same):
    """The band of the higher box reaches from row 10 to 50."""
    boxes = [Box(0, 10, 20, 40), Box(30, round(center_y * 2) // 2 - 2, 8, 4 + round(center_y * 2) % 2)]
    assert boxes[1].center_y == center_y
    assert (len(_group_into_lines(boxes, 40.0, PARAMS)) == 1) is is_same


def test_the_higher_of_two_lines_takes_what_is_between_them():
    """The bands reach from row 0 to 60 and from row 40 to 70."""
    boxes = [Box(0, 55, 20, 30), Box(0, 0, 20, 60), Box(400, 46, 8, 8), Box(400, 66, 8, 8)]
    assert _group_into_lines(boxes, 60.0, PARAMS) == [[1, 2], [0, 3]]


def test_lines_that_fall_are_grouped_along_their_slope():
    """Two lines, 60 px apart, each of which falls by 60 px."""
    boxes = [Box(60 * column, 15 * column + 60 * row, 30, 40) for row in (1, 0) for column in range(5)]
    assert _group_into_lines(boxes, 40.0, PARAMS) == [[5, 6, 7, 8, 9], [0, 1, 2, 3, 4]]
    mirrored = [Box(300 - box.x, box.y, box.width, box.height) for box in boxes]
    assert _group_into_lines(mirrored, 40.0, PARAMS) == [[9, 8, 7, 6, 5], [4, 3, 2, 1, 0]]


@given(BOXES)
def test_each_box_is_in_one_line(boxes):
    groups = _group_into_lines(boxes, 20.0, PARAMS)
    assert sorted(index for group in groups for index in group) == list(range(len(boxes)))
    assert all(boxes[one].center_x <= boxes[other].center_x for group in groups for one, other in pairwise(group))


def page_of(*boxes, shape=(300, 400)):
    """A page with a white rectangle in each box."""
    ink = np.zeros(shape, np.uint8)
    for x, y, width, height in boxes:
        ink[y : y + height, x : x + width] = 255
    return ink


def boxes_in(lines):
    """The boxes of all marks, each without its margin of one pixel, line by line."""
    return [[Box(mark.box.x + 1, mark.box.y + 1, mark.box.width - 2, mark.box.height - 2) for mark in line.components] for line in lines]


@pytest.mark.parametrize(("side", "is_kept"), [(11, False), (12, True), (13, True)])
def test_components_below_a_share_of_the_writing_height_are_dust(side, is_kept):
    lines, left_out = find_lines(page_of((50, 50, 20, 100), (120, 90, 4, side)))
    assert [len(line.components) for line in lines] == [1 + is_kept]
    assert left_out == 0


@pytest.mark.parametrize(("shape", "least"), [((300, 400), 10), ((1000, 900), 14), ((2000, 1000), 15), ((1000, 2000), 15)])
def test_marks_must_be_legible_at_the_size_of_the_page(shape, least):
    """One and a half percent of the shorter side of the page, but at least 10 px."""
    for side in (least - 1, least, least + 1):
        lines, _ = find_lines(page_of((50, 50, 20, 60), (120, 70, 4, side), shape=shape))
        assert [len(line.components) for line in lines] == [1 + (side >= least)]


def test_the_only_marks_are_kept_however_small_but_rejected():
    lines, left_out = find_lines(page_of((50, 50, 2, 5), (60, 50, 2, 5), (70, 50, 2, 4)))
    assert boxes_in(lines) == [[Box(50, 50, 2, 5), Box(60, 50, 2, 5)]]
    assert [mark.rejection for mark in lines[0].components] == [RejectionReason.TOO_SMALL] * 2
    assert (lines[0].writing_height, left_out) == (5.0, 0)


@pytest.mark.parametrize(("share", "count"), [(0.29, 2), (0.3, 2), (0.31, 1)])
def test_lines_as_high_as_the_share_asked_for_are_kept_and_numbered_without_those_left_out(share, count):
    lines, _ = find_lines(page_of((50, 10, 10, 30), (50, 100, 30, 100), (90, 100, 30, 100)), share)
    assert [line.writing_height for line in lines] == [30.0, 100.0][-count:]
    assert [[mark.line for mark in line.components] for line in lines] == [[0], [1, 1]] if count == 2 else [[0, 0]]


def test_the_largest_components_are_read_and_only_others_of_their_size_are_counted(monkeypatch):
    monkeypatch.setattr(lines_module, "MAX_COMPONENTS", 3)
    boxes = [(20 + 40 * index, 50, 20, 60 + index) for index in range(5)]
    dust = [(20 + 40 * index, 150, 3, 3) for index in range(4)]
    lines, left_out = find_lines(page_of(*boxes, *dust))
    assert boxes_in(lines) == [[Box(*box) for box in boxes[2:]]]
    assert left_out == 2
    assert find_lines(page_of(*boxes[:3], *dust))[1] == 0


def test_marks_are_compared_with_the_height_of_their_own_line_and_the_pen_of_the_page():
    """A dash of 12 px is low in the line of 100 px, but not in that of 30 px."""
    boxes = [(50, 10, 20, 100), (80, 50, 60, 12), (50, 200, 12, 30), (80, 205, 50, 12)]
    lines, _ = find_lines(page_of(*boxes))
    assert boxes_in(lines) == [[Box(*box) for box in boxes[:2]], [Box(*box) for box in boxes[2:]]]
    assert [mark.rejection for line in lines for mark in line.components] == [None, RejectionReason.RELATIVELY_SMALL, None, None]


def test_finding_lines_leaves_the_page_as_it_is():
    ink = page_of((50, 10, 20, 100), (80, 50, 60, 12))
    before = ink.copy()
    find_lines(ink, 0.5)
    assert (ink == before).all()
    turned, _ = find_lines(np.asfortranarray(ink))
    assert boxes_in(turned) == boxes_in(find_lines(ink)[0])


def test_the_height_of_a_line_is_that_of_its_many_small_digits_beside_two_with_long_tails(paper):
    zeros = [(0, 60 + 50 * index, 100, 50) for index in range(7)]
    (line,), _ = find_lines(paper((7, 420, 60, 120), *zeros, (9, 500, 60, 120)))
    assert len(line.components) == 9
    assert line.writing_height < 70
