"""Every prompt can be won by a drawing of a synthetic writer, and is not won by an empty or a lazy one."""

from itertools import pairwise

import numpy as np
import pytest

from app.challenge.prompts import BASE_POINTS, MAX_POINTS, PROMPTS, Attempt
from digitcore import Stroke, read_strokes
from synthetic.allographs import allographs
from synthetic.hands import strokes
from synthetic.signs import SIGNS

SIZE_WH = (560, 370)
BY_NAME = {prompt.name: prompt for prompt in PROMPTS}


def attempt(*paths, height_px=200, corner_xy=(150, 80)):
    drawn = [Stroke(path * height_px + corner_xy, pen_px=16) for path in paths]
    return Attempt(read_strokes(drawn, SIZE_WH), drawn, SIZE_WH)


def shape(digit, name, seed=1):
    """Return the strokes of a shape of the catalogue."""
    (found,) = (each for each in allographs(digit) if each.name == name)
    return found.make(np.random.default_rng(seed))


def number(text, pitch=0.62):
    return [np.add(path, (pitch * place, 0)) for place, digit in enumerate(text) for path in strokes(int(digit))]


def dot(x, y):
    return np.array([[x, y], [x + 0.01, y + 0.01]])


def between_four_and_nine(share):
    """Return a closed 4 whose corner is round: more so, the greater a share is."""
    angle = np.linspace(0, 2 * np.pi, 30)
    circle = np.stack([0.26 + 0.24 * np.cos(angle), 0.28 - 0.26 * np.sin(angle)], axis=1)
    side = np.linspace(0, 1, 10)[:, np.newaxis]
    corners = np.array([[0.5, 0.02], [0.02, 0.52], [0.5, 0.52], [0.5, 0.02]])
    triangle = np.concatenate([one + (other - one) * side for one, other in pairwise(corners)])
    return [(1 - share) * triangle + share * circle, np.array([[0.5, 0.02], [0.5, 1.0]])]


WON = {
    "zero": lambda: attempt(*shape(0, "slashed")),
    "seven": lambda: attempt(*shape(7, "two bars")),
    "one": lambda: attempt(*shape(1, "flag and foot")),
    "eight": lambda: attempt(*strokes(8)),
    "point": lambda: attempt(*number("31", pitch=1.0), dot(0.78, 0.97), height_px=150),
    "smallest": lambda: attempt(*strokes(3), height_px=50),
    "longest": lambda: attempt(*number("360258"), height_px=110, corner_xy=(30, 120)),
    "no_digit": lambda: attempt(*SIGNS["#"](np.random.default_rng(3))),
}


@pytest.mark.parametrize("name", WON)
def test_a_prompt_is_won_by_what_it_asks_for(name):
    made = WON[name]()
    assert BASE_POINTS <= BY_NAME[name].score(made) <= MAX_POINTS, made.reading.text


@pytest.mark.parametrize("name", ["four_nine", "unsure"])
def test_a_prompt_about_doubt_is_won_somewhere_between_two_digits(name):
    scores = [BY_NAME[name].score(attempt(*between_four_and_nine(share))) for share in np.linspace(0, 1, 41)]
    assert max(scores) >= BASE_POINTS
    assert min(scores) == 0


LAZY = {
    "nothing": [],
    "a dot": [dot(0.3, 0.3)],
    "a line": [np.array([[0.3, 0.0], [0.3, 1.0]])],
    "a clear 5": strokes(5),
}


@pytest.mark.parametrize("prompt", PROMPTS, ids=lambda prompt: prompt.name)
@pytest.mark.parametrize("drawing", LAZY)
def test_no_prompt_is_won_by_a_lazy_drawing(prompt, drawing):
    assert prompt.score(attempt(*LAZY[drawing])) == 0


def test_a_smaller_digit_and_a_longer_number_have_more_points():
    small, smaller = (BY_NAME["smallest"].score(attempt(*strokes(3), height_px=height)) for height in (50, 40))
    assert BASE_POINTS <= small < smaller
    assert BY_NAME["longest"].score(attempt(*number("36025"), height_px=110, corner_xy=(30, 120))) == 100
    assert BY_NAME["longest"].score(WON["longest"]()) == 120


def test_other_marks_do_not_count_as_the_digit_alone():
    assert BY_NAME["zero"].score(attempt(*shape(0, "slashed"), *(np.add(path, (1.2, 0)) for path in strokes(7)))) == 0
