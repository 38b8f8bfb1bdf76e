from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitcore.layout.separators import FoundSeparator
from digitcore.numbers import Separator
from digitcore.recognition.numbers import group_numbers
from digitcore.rejections import RejectionReason
from digitcore.results import Digit
from digitcore.types import Box

UNSURE_BELOW = 0.75


def digit(label, x, line=0, *, accepted=True, height=40, confidence=0.9, y=10):
    rejection = None if accepted else RejectionReason.NOT_A_DIGIT
    probabilities = np.full(10, 0.1, np.float32)
    model_input = np.zeros((28, 28), np.uint8)
    return Digit(label, confidence, probabilities, 0.9, accepted, "", (x, y, 20, height), line, model_input, rejection)


def row(text, gap=10, line=0):
    return [digit(int(character), 10 + index * (20 + gap), line) for index, character in enumerate(text)]


def separator(kind, position, *, x=0, confidence=0.95, line=0, digits=()):
    return FoundSeparator(Separator(kind), confidence, Box(x, 44, 5, 5), line, position, digits)


def texts(digits, separators=()):
    return [[number.text for number in line] for line in group_numbers(digits, separators, UNSURE_BELOW).lines]


def only(digits, separators=()):
    ((number,),) = group_numbers(digits, separators, UNSURE_BELOW).lines
    return number


def test_digits_alone_are_one_number():
    number = only(row("0369"))
    assert (number.text, number.value, number.confidence, number.reason) == ("0369", Decimal("369"), 0.9, "")
    assert number.box_xywh == (10, 10, 110, 40)


@pytest.mark.parametrize(
    ("text", "separators", "written", "value"),
    [
        ("9922", [separator(".", 2, x=66)], "99.22", Decimal("99.22")),
        ("1250", [separator(",", 2, x=66)], "12,50", Decimal("12.50")),
        ("3", [separator("-", 0, x=2)], "-3", Decimal(-3)),
        ("1402", [separator("/", 2, x=66)], "14/02", None),
        ("1230", [separator(":", 2, x=66)], "12:30", None),
    ],
)
def test_a_separator_stands_in_its_place(text, separators, written, value):
    number = only(row(text), separators)
    assert (number.text, number.value) == (written, value)


def test_a_slash_that_was_taken_for_a_digit_is_not_shown_twice():
    assert texts(row("14102"), [separator("/", 2, x=70, digits=(2,))]) == [["14/02"]]


def test_a_comma_that_was_taken_for_a_digit_of_its_own_line_leaves_that_line_empty():
    assert texts([*row("1250"), digit(1, 66, line=1)], [separator(",", 2, x=66, digits=(4,))]) == [["12,50"], []]


def test_the_confidence_is_that_of_the_least_sure_character():
    assert only(row("99"), [separator(".", 1, x=32, confidence=0.8)]).confidence == 0.8
    assert only([digit(1, 10, confidence=0.3), digit(2, 40)]).confidence == 0.3


def test_an_unsure_separator_is_shown_with_a_reason():
    number = only(row("99"), [separator(".", 1, x=32, confidence=0.6)])
    assert (number.text, number.value, number.reason) == ("9.9", Decimal("9.9"), "unsure about the “.”")


def test_a_separator_that_is_too_unsure_leaves_a_number_without_value():
    number = only(row("99"), [separator(".", 1, x=32, confidence=0.3)])
    assert (number.text, number.value, number.confidence) == ("99", None, 0.7)
    assert number.reason == "there may be a “.” in it"


@pytest.mark.parametrize(("x", "written"), [(-15, "?81"), (25, "8?1"), (70, "81?")])
def test_a_refused_mark_is_a_hole(x, written):
    number = only([*row("81", gap=20), digit(5, x, accepted=False)])
    assert (number.text, number.value, number.reason) == (written, None, "a mark in it is not a digit")


def test_dust_and_marks_that_are_separators_are_no_holes():
    dust = digit(5, 55, accepted=False, height=8)
    comma = digit(1, 60, accepted=False, height=20)
    assert texts([*row("1250"), dust, comma], [separator(",", 2, x=68)]) == [["12,50"]]


def test_a_hole_beyond_a_space_is_no_part_of_the_number():
    assert texts([*row("81"), digit(5, 200, accepted=False)]) == [["81"]]


@pytest.mark.parametrize(("gap", "expected"), [(25, [["1234"]]), (60, [["12", "34"]])])
def test_numbers_end_at_wide_gaps(gap, expected):
    second = [replace(each, box_xywh=(each.box_xywh[0] + 60 + gap - 10, *each.box_xywh[1:])) for each in row("34")]
    assert texts([*row("12"), *second]) == expected


def test_evenly_spaced_digits_are_one_number():
    assert texts(row("1234", gap=40)) == [["1234"]]


def test_a_minus_sign_belongs_to_the_number_that_follows_it():
    second = [replace(each, box_xywh=(each.box_xywh[0] + 120, *each.box_xywh[1:])) for each in row("34")]
    assert texts([*row("12"), *second], [separator("-", 2, x=118)]) == [["12", "-34"]]


def test_separators_at_the_end_of_a_number_are_left_out():
    second = [replace(each, box_xywh=(each.box_xywh[0] + 120, *each.box_xywh[1:])) for each in row("34")]
    assert texts([*row("12"), *second], [separator(",", 2, x=64)]) == [["12", "34"]]


def test_only_the_separators_that_are_shown_are_returned():
    second = [replace(each, box_xywh=(each.box_xywh[0] + 120, *each.box_xywh[1:])) for each in row("34")]
    shown, unsure, at_the_end = separator("-", 0, x=2), separator(".", 1, x=32, confidence=0.3), separator(",", 2, x=64)
    grouped = group_numbers([*row("12"), *second], [shown, unsure, at_the_end], UNSURE_BELOW)
    assert [number.text for number in grouped.lines[0]] == ["-12", "34"]
    assert grouped.separators == [shown]


def test_lines_have_their_own_numbers():
    assert texts([*row("12"), *row("3", line=2)], [separator("-", 0, x=2, line=2)]) == [["12"], ["-3"]]
    assert texts([]) == []
    assert texts([digit(1, 10, accepted=False)]) == []


@given(
    st.lists(st.tuples(st.integers(0, 9), st.booleans(), st.integers(0, 60)), max_size=8),
    st.lists(st.tuples(st.sampled_from([*Separator]), st.integers(0, 8), st.floats(0.1, 1)), max_size=4, unique_by=lambda each: each[1]),
)
def test_no_digit_is_lost_and_a_value_has_no_hole(marks, separators):
    xs = np.cumsum([20 + gap for _, _, gap in marks]).tolist()
    digits = [digit(label, x, accepted=accepted) for (label, accepted, _), x in zip(marks, xs, strict=True)]
    count = sum(each.accepted for each in digits)
    placed = [separator(kind, position, x=100, confidence=confidence) for kind, position, confidence in separators if position <= count]
    numbers = [number for line in group_numbers(digits, placed, UNSURE_BELOW).lines for number in line]
    read = "".join(character for number in numbers for character in number.text if character.isdigit())
    assert read == "".join(str(each.label) for each in digits if each.accepted)
    assert all(number.value is None for number in numbers if "?" in number.text)
    assert all(0 <= number.confidence <= 1 for number in numbers)


def test_a_sign_ends_a_number_and_is_no_hole_in_it():
    """As in 27+(15)."""
    sign = [replace(digit(1, x, accepted=False), rejection=RejectionReason.SIGN) for x in (70, 100, 190)]
    marks = [digit(2, 10), digit(7, 40), *sign[:2], digit(1, 130), digit(5, 160), sign[2]]
    numbers = group_numbers(marks, [], UNSURE_BELOW).lines[0]
    assert [(number.text, number.value, number.reason) for number in numbers] == [("27", Decimal(27), ""), ("15", Decimal(15), "")]


def test_signs_alone_are_no_number():
    sign = replace(digit(1, 40, accepted=False), rejection=RejectionReason.SIGN)
    assert texts([sign, digit(3, 70), replace(sign, box_xywh=(100, 10, 20, 40))]) == [["3"]]
    assert texts([sign]) == []
