from dataclasses import dataclass

import numpy as np
import pytest

from digitcore import Stroke, read_strokes
from digitcore.layout.components import Mark
from digitcore.layout.loose_parts import join_loose_parts
from digitcore.rejections import RejectionReason
from digitcore.types import Box

DIGIT_SCORE = 0.5
"""From which on a mark is a digit."""


@dataclass(frozen=True)
class Classified:
    confidence: float
    digit_score: float
    label: int = 1


def mark(box, line=0, rejection=None):
    return Mark(np.full((box.height, box.width), 255, np.uint8), box, line, rejection)


TWO_STROKES = [
    (mark(Box(10, 30, 30, 50), rejection=RejectionReason.RELATIVELY_SMALL), Classified(0.4, 0.2)),
    (mark(Box(70, 10, 10, 90)), Classified(0.99, 0.9)),
]


def joined(marks, confidence=0.95, digit_score=0.9):
    """What becomes of the marks if they are classified together as given, and how often they were."""
    seen = []

    def classify(inks):
        seen.extend(inks)
        return [Classified(confidence, digit_score)] * len(inks)

    return join_loose_parts(marks, classify, DIGIT_SCORE), seen


def test_a_digit_and_a_loose_part_that_surely_are_one_digit_are_joined():
    ((together, candidate),), (ink,) = joined(TWO_STROKES)
    assert (together.box, together.rejection, together.line) == (Box(10, 10, 70, 90), None, 0)
    assert candidate == Classified(0.95, 0.9)
    assert together.ink is ink
    assert ink.shape == (90, 70)
    assert np.count_nonzero(ink) == 30 * 50 + 10 * 90


@pytest.mark.parametrize(("confidence", "digit_score", "are_joined"), [(0.8, 0.5, True), (0.79, 0.9, False), (0.99, 0.49, False)])
def test_parts_are_joined_only_if_they_surely_are_a_digit_together(confidence, digit_score, are_joined):
    assert (len(joined(TWO_STROKES, confidence, digit_score)[0]) == 1) is are_joined


def test_digits_of_one_line_stay_a_number_and_are_not_classified_again():
    number = [(mark(Box(10, 10, 30, 90)), Classified(0.9, 0.9)), (mark(Box(50, 10, 30, 90)), Classified(0.9, 0.5))]
    assert joined(number) == (number, [])


def test_digits_above_each_other_may_be_the_circles_of_an_8():
    circles = [(mark(Box(10, 50 * row, 40, 40), line=row), Classified(0.9, 0.9)) for row in range(2)]
    ((together, _),), _ = joined(circles)
    assert together.box == Box(10, 0, 40, 90)


def test_a_wide_mark_that_stands_alone_is_a_digit_where_the_network_is_sure():
    wide = [(mark(Box(0, 0, 200, 90), line=2, rejection=RejectionReason.TOO_WIDE), Classified(0.99, 0.9))]
    ((accepted, _),), (ink,) = joined(wide)
    assert (accepted.box, accepted.rejection, accepted.line) == (Box(0, 0, 200, 90), None, 2)
    assert ink is wide[0][0].ink
    assert joined(wide, confidence=0.5)[0] == wide


def test_a_digit_that_stands_alone_is_not_classified_again():
    digit = [(mark(Box(0, 0, 40, 90)), Classified(0.6, 0.5))]
    assert joined(digit) == (digit, [])


def test_what_is_no_digit_and_stands_alone_is_not_classified_again():
    scribble = [(mark(Box(0, 0, 40, 90)), Classified(0.95, 0.4))]
    assert joined(scribble) == (scribble, [])


@pytest.mark.parametrize("count", [0, 5])
def test_many_marks_stay_as_they_are(count):
    marks = [(mark(Box(10 * index, 0, 8, 80), rejection=RejectionReason.THIN_STROKE), Classified(0.9, 0.1)) for index in range(count)]
    assert joined(marks) == (marks, [])


@pytest.mark.parametrize(("right", "are_joined"), [(125, True), (127, False)])
def test_marks_that_are_too_far_apart_are_not_joined(right, are_joined):
    apart = [TWO_STROKES[0], (mark(Box(right, 10, 10, 90)), Classified(0.99, 0.9))]
    assert (len(joined(apart)[0]) == 1) is are_joined


def test_an_eight_of_two_circles_that_do_not_touch_is_read_on_the_canvas():
    angles = np.linspace(0, 2 * np.pi, 60)
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    circles = [Stroke(circle * radius + (140, y), 16) for radius, y in ((42, 80), (52, 200))]
    reading = read_strokes(circles, (280, 280))
    assert (reading.text, len(reading.digits)) == ("8", 1)


def test_a_four_whose_strokes_are_far_apart_is_read_on_the_canvas():
    left = np.array([[80.0, 60], [72, 150], [150, 150]])
    stem = np.array([[180.0, 50], [178, 240]])
    assert read_strokes([Stroke(left, 16), Stroke(stem, 16)], (280, 280)).text == "4"


def test_a_very_wide_zero_is_read_on_the_canvas():
    angles = np.linspace(-1.5, -1.5 - 2 * np.pi, 80)
    oval = np.stack([np.cos(angles) * 190 + 280, np.sin(angles) * 90 + 185], axis=1)
    assert read_strokes([Stroke(oval, 16)], (560, 370)).text == "0"
