import cv2
import numpy as np
import pytest

from digitcore.layout.boxes import estimate_writing_height, group_overlapping_columns
from digitcore.layout.lines import MAX_COMPONENTS, find_lines
from digitcore.results import RejectionReason
from digitcore.types import Box
from synthetic.hands import strokes, write


def paper(*digits, size_wh=(600, 300)):
    """Ink of digits, each `(digit, x, y, height)` in pixels."""
    ink = np.zeros((size_wh[1], size_wh[0]), np.uint8)
    for digit, x, y, height in digits:
        ink = write(ink, strokes(digit), (x, y), height, height / 9)
    return ink


def strokes_in(ink):
    return [stroke for line in find_lines(ink)[0] for stroke in line.components]


def test_no_ink_has_no_lines():
    assert find_lines(np.zeros((50, 50), np.uint8)) == ([], 0)


def test_digits_come_from_left_to_right_and_lines_from_the_top():
    ink = paper((2, 300, 170, 90), (0, 60, 160, 90), (7, 310, 20, 100), (5, 180, 25, 90))
    marks = strokes_in(ink)
    assert [mark.line for mark in marks] == [0, 0, 1, 1]
    assert [round(mark.box.x, -2) for mark in marks] == [200, 300, 100, 300]


def test_a_mark_holds_its_own_ink_alone():
    ink = paper((0, 100, 50, 150))
    ink[120:126, 146:152] = 255  # a speck inside the 0
    mark = strokes_in(ink)[0]
    assert mark.ink.shape[0] >= 150
    assert mark.ink[70 - 2 : 76 + 4, 46 : 52 + 6].max() == 0


def test_dust_is_left_out():
    ink = paper((3, 100, 50, 150))
    ink[20:24, 400:404] = 255
    assert len(strokes_in(ink)) == 1


def test_digits_above_one_another_stay_apart():
    assert len(strokes_in(paper((1, 100, 20, 80), (8, 95, 150, 80)))) == 2


@pytest.mark.parametrize("radius", [2, 3, 5, 8, 20, 60])
def test_a_dot_is_at_fault(radius):
    ink = np.zeros((200, 200), np.uint8)
    cv2.circle(ink, (100, 100), radius, 255, -1, cv2.LINE_AA)
    assert strokes_in(ink)[0].rejection is RejectionReason.DOT


def test_a_bar_may_be_a_one():
    ink = np.zeros((200, 200), np.uint8)
    cv2.line(ink, (100, 40), (100, 160), 255, 14)
    assert strokes_in(ink)[0].rejection is None


def test_a_comma_is_too_small_beside_digits():
    ink = paper((3, 100, 50, 150), (4, 300, 50, 150))
    cv2.line(ink, (250, 195), (245, 220), 255, 10)
    rejections = [mark.rejection for mark in strokes_in(ink)]
    assert rejections == [None, RejectionReason.RELATIVELY_SMALL, None]


def test_gravel_is_bounded_and_what_is_left_out_counted():
    gravel = np.zeros((600, 600), np.uint8)
    for y in range(0, 600, 20):
        for x in range(0, 600, 20):
            gravel[y : y + 12, x : x + 12] = 255
    lines, left_out = find_lines(gravel)
    assert sum(len(line.components) for line in lines) == MAX_COMPONENTS
    assert left_out == 900 - MAX_COMPONENTS


def test_what_is_too_small_to_be_read_is_at_fault():
    ink = np.zeros((100, 100), np.uint8)
    ink[50:57, 50:52] = 255
    assert [mark.rejection for mark in strokes_in(ink)] == [RejectionReason.TOO_SMALL]


def test_a_digit_within_a_ring_is_a_mark_of_its_own():
    ink = paper((5, 160, 110, 60))
    cv2.circle(ink, (180, 140), 80, 255, 6)
    assert len(strokes_in(ink)) == 2


def test_lines_much_smaller_than_the_writing_are_left_out():
    ink = paper((4, 60, 10, 160), (2, 60, 220, 30), (6, 100, 220, 30))
    assert len(find_lines(ink, 0.0)[0]) == 2
    assert len(find_lines(ink, 0.35)[0]) == 1


def test_a_union_holds_both_boxes():
    assert Box(0, 5, 10, 10).union(Box(20, 0, 5, 8)) == Box(0, 0, 25, 15)


@pytest.mark.parametrize("slope_deg", [-14, -8, 0, 8, 14])
def test_lines_may_rise_and_fall(slope_deg):
    slope = np.tan(np.deg2rad(slope_deg))
    digits = [
        (digit, 60 + 90 * place, 160 + 130 * line + slope * 90 * place, 70) for line in (0, 1) for place, digit in enumerate((3, 0, 9, 5))
    ]
    lines, _ = find_lines(paper(*digits, size_wh=(500, 560)))
    assert [len(line.components) for line in lines] == [4, 4]
    assert all(line.components[0].box.x < line.components[-1].box.x for line in lines)


def test_a_column_has_as_many_lines_as_numbers():
    lines, _ = find_lines(paper((4, 260, 10, 60), (1, 200, 90, 60), (2, 260, 90, 60), (7, 260, 170, 60)))
    assert [len(line.components) for line in lines] == [1, 2, 1]


def test_each_line_has_a_height_of_its_own():
    (high, low), _ = find_lines(paper((4, 60, 10, 140), (2, 200, 10, 140), (7, 60, 200, 60), (5, 120, 200, 60)))
    assert high.writing_height == pytest.approx(155, abs=12)
    assert low.writing_height == pytest.approx(67, abs=8)


def test_the_writing_is_as_high_as_most_of_it():
    digits, dust, dash = [Box(0, 0, 30, 50)] * 5, [Box(0, 0, 3, 3)] * 50, [Box(0, 0, 400, 20)]
    assert estimate_writing_height(digits + dust + dash) == 50
    assert estimate_writing_height(dash) == 20
    assert estimate_writing_height([]) == 0


def test_columns_hold_what_stands_above_each_other_or_close():
    boxes = [Box(50, 0, 10, 10), Box(0, 0, 10, 10), Box(5, 20, 8, 5), Box(62, 0, 10, 10)]
    assert group_overlapping_columns(boxes, 0) == [[1, 2], [0], [3]]
    assert group_overlapping_columns(boxes, 3) == [[1, 2], [0, 3]]
    assert group_overlapping_columns([], 3) == []
