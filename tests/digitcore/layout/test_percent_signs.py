from dataclasses import dataclass

import cv2
import numpy as np
import pytest

from digitcore import Stroke, read_strokes
from digitcore.layout.components import Mark
from digitcore.layout.parameters import LayoutParams
from digitcore.layout.percent_signs import is_joined_percent_sign
from digitcore.layout.signs import reject_signs
from digitcore.rejections import RejectionReason
from digitcore.types import Box


@dataclass(frozen=True)
class Classified:
    confidence: float
    digit_score: float
    label: int = 1


def classified(label, xy, size_wh=(30, 40)):
    """Return a mark of solid ink that is taken for a digit."""
    return Mark(np.full(size_wh[::-1], 255, np.uint8), Box(*xy, *size_wh), 0, None), Classified(0.9, 0.9, label)


SLASH = classified(1, (32, 0), (26, 100))


def rejections(left=0, right=0, left_xy=(0, 5), right_xy=(60, 55), right_height=40):
    """Return the rejections of what is taken for digits at the left and at the right of a slash."""
    marks = [classified(right, right_xy, (30, right_height)), SLASH, classified(left, left_xy)]
    return [mark.rejection for mark in reject_signs(marks)]


def test_a_slash_between_two_zeros_is_a_percent_sign():
    assert rejections() == [RejectionReason.SIGN] * 3


@pytest.mark.parametrize(
    "marks",
    [
        pytest.param({"left": 1}, id="a fraction with a 1"),
        pytest.param({"left": 6}, id="a fraction with a 6"),
        pytest.param({"right": 9}, id="a fraction with a 9"),
        pytest.param({"left_xy": (0, 55)}, id="zeros at the same height"),
        pytest.param({"left_xy": (0, 55), "right_xy": (60, 5)}, id="a backslash"),
        pytest.param({"right_height": 61}, id="a high zero"),
        pytest.param({"right_xy": (111, 55)}, id="a wide mark"),
    ],
)
def test_other_marks_on_both_sides_of_a_stroke_are_no_percent_sign(marks):
    assert rejections(**marks) == [None] * 3


def test_the_parts_of_percent_signs_stand_alone_in_a_number():
    """A third zero, further to the right, belongs to none."""
    marks = reject_signs([classified(0, (0, 5)), SLASH, classified(0, (60, 55)), classified(0, (110, 0), (30, 100))])
    assert [mark.rejection for mark in marks] == [RejectionReason.SIGN] * 3 + [None]


def drawn_part(label, *, ring_xy=None, stem=None, is_digit=True):
    """Draw a ring, a stem or both with a pen of 10 px, and return the mark, taken for a digit."""
    ink = np.zeros((260, 300), np.uint8)
    if ring_xy:
        cv2.ellipse(ink, ring_xy, (28, 32), 0, 0, 360, 255, 10)
    if stem:
        cv2.line(ink, *stem, 255, 10)
    box = Box(*cv2.boundingRect(ink))
    own = ink[box.y : box.y + box.height, box.x : box.x + box.width]
    return Mark(own, box, 0, None if is_digit else RejectionReason.LEFT_OVER), Classified(0.9, 0.9, label)


LOWER_HALF, UPPER_HALF = ((90, 230), (140, 130)), ((140, 130), (190, 30))
NINE = drawn_part(9, ring_xy=(80, 70), stem=LOWER_HALF)
SIX = drawn_part(6, ring_xy=(200, 190), stem=UPPER_HALF)
UPRIGHT_NINE = drawn_part(9, ring_xy=(60, 70), stem=((90, 60), (90, 230)))
UPRIGHT_SIX = drawn_part(6, ring_xy=(200, 190), stem=((170, 30), (170, 200)))
LEANING_NINE = drawn_part(9, ring_xy=(80, 70), stem=((90, 230), (190, 30)))
BESIDE_NINE = drawn_part(0, ring_xy=(230, 190))
UNDER_SLASH = drawn_part(0, ring_xy=(190, 200))


@pytest.mark.parametrize(
    ("parts", "is_sign"),
    [
        pytest.param([NINE, SIX], True, id="a slash that was split between its rings"),
        pytest.param([UPRIGHT_NINE, UPRIGHT_SIX], False, id="a 9 and a 6 with stems of their own"),
        pytest.param([NINE, drawn_part(0, ring_xy=(200, 190), stem=UPPER_HALF)], False, id="a 9 and a 0 that touch"),
        pytest.param([LEANING_NINE, UNDER_SLASH], True, id="a zero under a leaning stem"),
        pytest.param([LEANING_NINE, BESIDE_NINE], False, id="a zero next to a leaning 9"),
        pytest.param([LEANING_NINE, drawn_part(3, ring_xy=(190, 200))], False, id="another digit under a leaning stem"),
        pytest.param([LEANING_NINE, drawn_part(0, ring_xy=(230, 190), is_digit=False)], True, id="a ring that was left over"),
        pytest.param([LEANING_NINE, drawn_part(0, ring_xy=(240, 60))], False, id="a zero that is raised"),
        pytest.param([NINE, drawn_part(6, ring_xy=(290, 190), stem=((270, 30), (270, 190)))], False, id="too wide for a sign"),
        pytest.param([SIX], False, id="one digit"),
    ],
)
def test_touching_strokes_are_a_percent_sign_where_one_slash_has_both_rings(parts, is_sign):
    assert is_joined_percent_sign(parts, LayoutParams()) is is_sign


def ring(center_xy, radii):
    """Return the path of an oval."""
    turn = np.linspace(0, 2 * np.pi, 40)
    return np.add(np.stack([np.cos(turn), -np.sin(turn)], axis=1) * radii, center_xy)


def read(*paths):
    return read_strokes([Stroke(path, pen_px=16) for path in paths], (560, 370))


@pytest.mark.parametrize("gap_px", [-14, -6, 2, 10])
def test_a_drawn_percent_sign_is_refused_whether_or_not_its_rings_touch_the_slash(gap_px):
    slash = np.array([[300.0, 60.0], [190.0, 290.0]])
    reading = read(ring((200 - gap_px, 100), (26, 30)), slash, ring((290 + gap_px, 250), (26, 30)))
    assert (reading.text, reading.status) == ("", "no_digit")


def test_a_nine_and_a_small_zero_are_read():
    nine = np.concatenate([ring((150, 110), (40, 40)), [[180.0, 290.0]]])
    assert read(nine, ring((250, 240), (34, 45))).text == "90"
