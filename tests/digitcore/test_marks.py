import cv2
import numpy as np
import pytest

from digitcore.marks import MAXIMUM_COMPONENTS, Box, find_marks
from factory.hands import strokes, write


def paper(*digits, size_wh=(600, 300)):
    """Ink of digits, each `(digit, x, y, height)` in pixels."""
    ink = np.zeros((size_wh[1], size_wh[0]), np.uint8)
    for digit, x, y, height in digits:
        ink = write(ink, strokes(digit), (x, y), height, height / 9)
    return ink


def test_no_ink_has_no_marks():
    assert find_marks(np.zeros((50, 50), np.uint8)) == []


def test_digits_come_from_left_to_right_and_lines_from_the_top():
    ink = paper((2, 300, 170, 90), (0, 60, 160, 90), (7, 310, 20, 100), (5, 180, 25, 90))
    marks = find_marks(ink)
    assert [mark.line for mark in marks] == [0, 0, 1, 1]
    assert [round(mark.box.x, -2) for mark in marks] == [200, 300, 100, 300]


def test_a_mark_holds_its_own_ink_alone():
    ink = paper((0, 100, 50, 150))
    ink[120:126, 146:152] = 255  # a speck inside the 0
    mark = find_marks(ink)[0]
    assert mark.ink.shape[0] >= 150
    assert mark.ink[70 - 2 : 76 + 4, 46 : 52 + 6].max() == 0


def test_dust_is_left_out():
    ink = paper((3, 100, 50, 150))
    ink[20:24, 400:404] = 255
    assert len(find_marks(ink)) == 1


def test_the_loose_bar_of_a_five_belongs_to_it():
    ink = np.zeros((200, 200), np.uint8)
    cv2.line(ink, (60, 40), (120, 40), 255, 8)
    cv2.line(ink, (62, 52), (58, 90), 255, 8)
    cv2.ellipse(ink, (85, 120), (35, 35), 0, -120, 150, 255, 8)
    assert len(find_marks(ink)) == 1


def test_digits_above_one_another_stay_apart():
    assert len(find_marks(paper((1, 100, 20, 80), (8, 95, 150, 80)))) == 2


@pytest.mark.parametrize("radius", [2, 3, 5, 8, 20, 60])
def test_a_dot_is_at_fault(radius):
    ink = np.zeros((200, 200), np.uint8)
    cv2.circle(ink, (100, 100), radius, 255, -1, cv2.LINE_AA)
    assert find_marks(ink)[0].fault == "it is a dot or a blot"


def test_a_bar_may_be_a_one():
    ink = np.zeros((200, 200), np.uint8)
    cv2.line(ink, (100, 40), (100, 160), 255, 14)
    assert find_marks(ink)[0].fault == ""


def test_a_comma_is_too_small_beside_digits():
    ink = paper((3, 100, 50, 150), (4, 300, 50, 150))
    cv2.line(ink, (250, 195), (245, 220), 255, 10)
    faults = [mark.fault for mark in find_marks(ink)]
    assert faults == ["", "it is too small beside the other marks", ""]


def test_gravel_is_bounded():
    gravel = np.zeros((400, 400), np.uint8)
    gravel[::4, ::4] = 255
    assert 0 < len(find_marks(gravel)) <= MAXIMUM_COMPONENTS


def test_a_union_holds_both_boxes():
    assert Box(0, 5, 10, 10).union(Box(20, 0, 5, 8)) == Box(0, 0, 25, 15)
