"""Drawings as stroke paths, from the canvas's own description to text."""

from decimal import Decimal

import numpy as np
import pytest

from digitcore import Stroke, read_strokes, strokes_of
from synthetic.hands import HANDS, strokes


def number(text, hand="round", *, height=120, pen_px=16.0, pitch=0.8, corner_xy=(30, 60)):
    """The strokes of a number on a canvas, digit beside digit."""
    return [
        Stroke(path * height + (corner_xy[0] + place * pitch * height, corner_xy[1]), pen_px)
        for place, digit in enumerate(text)
        for path in strokes(int(digit), hand)
    ]


@pytest.mark.parametrize("hand", HANDS)
@pytest.mark.parametrize("pen_px", [2, 16, 40])
def test_thin_and_broad_pens_read_the_same(hand, pen_px):
    wrong = [digit for digit in "123456789" if read_strokes(number(digit, hand, pen_px=pen_px), (280, 280)).text != digit]
    assert wrong == []


@pytest.mark.parametrize(("height", "tolerance"), [(30, 14), (80, 6), (200, 6)])
def test_small_and_large_digits_give_nearly_the_same_model_input(height, tolerance):
    inputs = [read_strokes(number("5", height=each, corner_xy=(20, 20)), (280, 280)).digits[0].model_input for each in (height, 120)]
    assert np.abs(inputs[0].astype(int) - inputs[1]).mean() < tolerance


@pytest.mark.parametrize("text", ["2026", "31415", "80", "747"])
@pytest.mark.parametrize("hand", ["round", "slanted", "hooked"])
def test_whole_numbers_are_read(text, hand):
    assert read_strokes(number(text, hand, height=90), (600, 280)).text == text


def test_two_lines_are_read_from_the_top():
    above, below = number("42", height=80, corner_xy=(40, 20)), number("17", height=80, corner_xy=(40, 160))
    assert read_strokes(below + above, (280, 280)).lines == ["42", "17"]


def test_boxes_are_in_pixels_of_the_drawing():
    (digit,) = read_strokes(number("8", height=100, corner_xy=(90, 70)), (280, 280)).digits
    x, y, width, height = digit.box_xywh
    assert 75 <= x <= 95
    assert 55 <= y <= 70
    assert 100 <= height <= 130
    assert width < height


def test_the_canvas_s_own_paths_are_read():
    objects = [{"path": [["M", 140, 50], ["Q", 138, 120, 140, 220]], "strokeWidth": 16}]
    assert read_strokes(strokes_of(objects), (280, 280)).text == "1"


def test_nothing_drawn_is_blank():
    assert read_strokes([], (280, 280)).status == "blank"


SEPARATORS = {
    ".": [[(0.1, 0.97), (0.1, 0.98)]],
    ",": [[(0.12, 0.9), (0.04, 1.16)]],
    "-": [[(0.0, 0.52), (0.4, 0.5)]],
    "/": [[(0.5, -0.08), (0.0, 1.12)]],
    ":": [[(0.1, 0.35), (0.1, 0.36)], [(0.1, 0.94), (0.1, 0.95)]],
}


def written(text, height=110, pen_px=14.0):
    """The strokes of a number with separators."""
    found, x = [], 60.0
    for character in text:
        paths = strokes(int(character)) if character.isdigit() else [np.array(path) for path in SEPARATORS[character]]
        found += [Stroke(path * height + (x, 60), pen_px) for path in paths]
        x += max(path[:, 0].max() for path in paths) * height + 0.22 * height
    return found


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("99.22", "99.22"),
        ("32,50", "32.50"),
        ("-347", "-347"),
        ("-3", "-3"),
        ("23/08", None),
        ("20:45", None),
        ("205-998", None),
        ("3,250.00", "3250.00"),
        ("2026", "2026"),
    ],
)
def test_numbers_are_read_as_they_are_written(text, value):
    reading = read_strokes(written(text), (960, 260))
    ((number,),) = reading.numbers
    assert number.text == text
    assert number.value == (None if value is None else Decimal(value))
    assert number.confidence > 0.5
    assert reading.text.replace("1", "") == "".join(character for character in text if character.isdigit())  # a slash may be read as a 1


@pytest.mark.parametrize("text", ["205-998", "32,50", "23/08"])
def test_a_mark_that_is_read_as_a_separator_tells_which(text):
    reading = read_strokes(written(text), (960, 260))
    (kind,) = {character for character in text if not character.isdigit()}
    assert {mark.separator for mark in reading.digits} == {None, kind}
    assert [mark.character for mark in reading.digits if mark.separator is None] == [each for each in text if each.isdigit()]


def test_a_refused_mark_in_a_number_is_a_hole():
    scribble = [Stroke(np.array([(x, y) for x in range(290, 370, 14) for y in (70, 160)], float), 14.0)]
    before = number("036", height=100, corner_xy=(20, 60))
    after = number("81", height=100, corner_xy=(400, 60))
    ((found,),) = read_strokes([*before, *scribble, *after], (600, 260)).numbers
    assert found.text == "036?81"
    assert found.value is None
    assert found.reason == "a mark in it is not a digit"


@pytest.mark.parametrize("gap", [0.1, 0.2])
def test_the_bar_of_a_five_may_float(gap):
    body = np.array([(0.1, 0.3), (0.1, 0.45), (0.35, 0.4), (0.5, 0.6), (0.45, 0.85), (0.2, 0.95), (0.0, 0.85)])
    bar = np.array([(0.12, 0.3 - gap), (0.6, 0.28 - gap)])
    drawn = [Stroke(path * 200 + (60, 40), pen_px=16) for path in (body, bar)]
    assert read_strokes(drawn, (280, 280)).text == "5"
