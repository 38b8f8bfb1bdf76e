import cv2
import numpy as np
import pytest

from digitcore.layout.components import Component, ComponentContours, median_stroke_width
from digitcore.layout.lines import find_lines
from digitcore.results import RejectionReason
from digitcore.types import Box


def marks_in(ink):
    return [mark for line in find_lines(ink)[0] for mark in line.components]


def test_a_mark_holds_its_own_ink_alone(paper):
    ink = paper((0, 100, 50, 150))
    ink[120:126, 146:152] = 255  # a speck inside the 0
    mark = marks_in(ink)[0]
    assert mark.ink.shape[0] >= 150
    assert mark.ink[70 - 2 : 76 + 4, 46 : 52 + 6].max() == 0


@pytest.mark.parametrize("radius", [2, 3, 5, 8, 20, 60])
def test_a_dot_is_rejected(radius):
    ink = np.zeros((200, 200), np.uint8)
    cv2.circle(ink, (100, 100), radius, 255, -1, cv2.LINE_AA)
    assert marks_in(ink)[0].rejection is RejectionReason.DOT


def test_a_bar_may_be_a_one():
    ink = np.zeros((200, 200), np.uint8)
    cv2.line(ink, (100, 40), (100, 160), 255, 14)
    assert marks_in(ink)[0].rejection is None


def test_a_comma_is_too_small_among_digits(paper):
    ink = paper((3, 100, 50, 150), (4, 300, 50, 150))
    cv2.line(ink, (250, 195), (245, 220), 255, 10)
    rejections = [mark.rejection for mark in marks_in(ink)]
    assert rejections == [None, RejectionReason.RELATIVELY_SMALL, None]


def test_a_mark_too_small_to_be_read_is_rejected():
    ink = np.zeros((100, 100), np.uint8)
    ink[50:57, 50:52] = 255
    assert [mark.rejection for mark in marks_in(ink)] == [RejectionReason.TOO_SMALL]


def test_a_digit_within_a_ring_is_a_mark_of_its_own(paper):
    ink = paper((5, 160, 110, 60))
    cv2.circle(ink, (180, 140), 80, 255, 6)
    assert len(marks_in(ink)) == 2


def test_a_ring_has_the_stroke_width_and_area_of_its_pen():
    ink = cv2.circle(np.zeros((200, 200), np.uint8), (100, 100), 60, 255, 10)
    (ring,) = ComponentContours.of_ink(ink).components()
    assert ring.stroke_width_px == pytest.approx(10, rel=0.15)
    assert ring.area_px == pytest.approx(np.count_nonzero(ink), rel=0.05)


def test_the_median_stroke_width_is_that_of_most_of_the_ink():
    thin, thick = Component(Box(0, 0, 9, 9), 0, 1.0, 50.0), Component(Box(0, 0, 90, 90), 1, 8.0, 900.0)
    assert median_stroke_width([thin] * 5 + [thick]) == 8.0
    assert median_stroke_width([]) == 0.0


def test_a_stroke_much_thinner_than_the_others_is_rejected():
    ink = np.zeros((300, 400), np.uint8)
    cv2.line(ink, (100, 50), (100, 250), 255, 30)
    cv2.line(ink, (250, 50), (250, 250), 255, 2)
    assert [mark.rejection for mark in marks_in(ink)] == [None, RejectionReason.THIN_STROKE]
