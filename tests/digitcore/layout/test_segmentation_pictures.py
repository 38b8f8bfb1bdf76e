import cv2
import numpy as np
import pytest

from digitcore import Settings, read_image
from synthetic.hands import HANDS, strokes, write


def number(text, *, hand="round", pitch=0.72, height=100, pen=0.1, slant=0.0):
    """A number on a canvas, dark on white: digits touch where the pitch, in heights, is small."""
    ink = np.zeros((int(1.8 * height), int((len(text) + 1.5) * pitch * height + height)), np.uint8)
    lean = np.array([[1.0, 0.0], [-slant, 1.0]])
    for index, digit in enumerate(text):
        paths = [path @ lean for path in strokes(int(digit), hand)]
        ink = write(ink, paths, (0.5 * height + index * pitch * height, 0.4 * height), height, pen * height)
    return 255 - ink


def read(picture):
    return read_image(picture, Settings(medium="drawing", polarity="dark_ink")).text


@pytest.mark.parametrize("hand", HANDS)
@pytest.mark.parametrize("text", ["2026", "31415", "80", "747"])
def test_digits_apart_are_read(text, hand):
    assert read(number(text, hand=hand, pitch=0.95)) == text


@pytest.mark.parametrize("text", ["00", "25", "530", "968", "3385"])
def test_digits_that_touch_are_cut(text):
    for pitch in np.arange(0.66, 0.4, -0.03):
        touching = number(text, pitch=pitch)
        labels = cv2.connectedComponents((touching < 128).astype(np.uint8))[0]  # the paper is one of them
        if labels - 1 < len(text):
            break
    assert labels - 1 < len(text)
    assert read(touching) == text


def test_leaning_digits_over_each_other_stay_apart():
    assert read(number("5724", pitch=0.85, slant=0.35)) == "5724"


def test_the_loose_bar_of_a_five_belongs_to_it():
    ink = np.full((200, 200), 255, np.uint8)
    cv2.line(ink, (66, 40), (122, 36), 0, 9)
    cv2.line(ink, (64, 54), (60, 92), 0, 9)
    cv2.ellipse(ink, (85, 122), (36, 34), 0, -135, 140, 0, 9)
    assert read(ink) == "5"


def test_an_open_four_is_one_digit():
    ink = np.full((200, 200), 255, np.uint8)
    cv2.polylines(ink, [np.array([(70, 40), (55, 110), (118, 110)])], False, 0, 9)
    cv2.line(ink, (126, 60), (122, 165), 0, 9)
    assert read(ink) == "4"


def test_letters_are_not_cut_into_digits():
    ink = np.full((160, 620), 255, np.uint8)
    cv2.putText(ink, "Hamwex", (20, 110), cv2.FONT_HERSHEY_SIMPLEX, 4, 0, 9, cv2.LINE_AA)
    assert len(read(ink)) <= 1
