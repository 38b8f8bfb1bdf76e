import cv2
import numpy as np
import pytest

from digitcore.layout.components import Mark
from digitcore.recognition.classification import ClassifiedMark
from digitcore.recognition.consistency import is_bar, prefer_usual_shapes
from digitcore.recognition.normalization import normalize_digit
from digitcore.recognition.parameters import BarParams
from digitcore.recognition.prediction import Prediction
from digitcore.rejections import RejectionReason
from digitcore.types import Box
from synthetic.allographs import allographs
from synthetic.hands import write
from synthetic.writers import make_writer


def bar(slant_px=0, flag_px=0):
    """Draw a stroke with a flag at its top left: uint8 `(90, 80)`."""
    ink = np.zeros((90, 80), np.uint8)
    cv2.line(ink, (40 + slant_px, 10), (40 - slant_px, 80), 255, 8, cv2.LINE_AA)
    if flag_px:
        cv2.line(ink, (40 + slant_px, 10), (40 + slant_px - flag_px, 22), 255, 8, cv2.LINE_AA)
    return ink


def classified(ink, one, seven=0.0, rejection=None):
    """Classify ink as a 1 and as a 7 with these probabilities; the others share what is left."""
    probabilities = np.full(10, (1 - one - seven) / 8, np.float32)
    probabilities[[1, 7]] = one, seven
    return Mark(ink, Box(0, 0, *ink.shape[::-1]), 0, rejection), ClassifiedMark(normalize_digit(ink), Prediction(probabilities), 0.9)


PLAIN_ONE = classified(bar(), 0.95, 0.04)


@pytest.mark.parametrize("slant_px", [-20, 0, 8, 25])
def test_a_stroke_is_a_bar_however_it_leans_and_a_flag_makes_it_none(slant_px):
    assert is_bar(bar(slant_px))
    assert not is_bar(bar(slant_px, flag_px=25))


def test_a_dot_and_nothing_are_no_bar():
    assert not is_bar(np.full((20, 20), 255, np.uint8))
    assert not is_bar(np.zeros((20, 20), np.uint8))


@pytest.mark.parametrize(("slant_px", "slant_deg"), [(-20, 29.7), (8, 12.9), (25, 35.5)])
def test_a_bar_leans_up_to_the_greatest_slant(slant_px, slant_deg):
    upright = bar(slant_px)
    assert is_bar(upright, max_slant_deg=slant_deg + 2)
    assert not is_bar(upright, max_slant_deg=slant_deg - 2)
    lying = np.ascontiguousarray(upright.T)
    assert is_bar(lying, max_slant_deg=92 - slant_deg)
    assert not is_bar(lying, max_slant_deg=88 - slant_deg)


@pytest.mark.parametrize(("width_px", "is_long"), [(10, True), (15, True), (16, False)])
def test_a_bar_is_at_least_twice_as_long_as_wide(width_px, is_long):
    ink = np.zeros((40, 40), np.uint8)
    ink[5:35, 5 : 5 + width_px] = 255
    assert is_bar(ink) == is_long
    assert is_bar(ink.T) == is_long


@pytest.mark.parametrize(("hole_px", "is_full"), [(0, True), (118, True), (120, False)])
def test_a_bar_fills_its_rectangle(hole_px, is_full):
    """The rectangle has 30 times 10 pixels."""
    ink = np.zeros((40, 40), np.uint8)
    ink[5:35, 5:15] = 255
    ink[10:25, 6:14] = 255 * (np.arange(120) >= hole_px).reshape(15, 8)
    assert is_bar(ink, BarParams(min_fill=182 / 300)) == is_full


def test_most_plain_ones_by_many_writers_are_bars_and_no_seven_is():
    found = {1: [], 7: []}
    for seed in range(4_000_000, 4_000_030):
        writer, rng = make_writer(seed), np.random.default_rng(seed)
        for digit, shape in ((1, allographs(1)[0]), (7, allographs(7)[seed % len(allographs(7))])):
            paths = writer.write_paths(shape.make(rng), rng)
            found[digit].append(is_bar(write(np.zeros((200, 300), np.uint8), paths, (90, 50), 90, max(writer.pen * 90, 2))))
    assert np.mean(found[1]) > 0.7
    assert not any(found[7])


def test_a_flagged_mark_is_rather_a_seven_beside_a_plain_one():
    _, (_, changed) = prefer_usual_shapes([PLAIN_ONE, classified(bar(flag_px=25), 0.7, 0.28)])
    assert changed.prediction.label == 7
    p = changed.prediction.probabilities
    assert p.sum() == pytest.approx(1)
    assert p[1] / p[7] == pytest.approx(0.1 * 0.7 / 0.28, rel=1e-5)


def test_a_sure_one_with_a_flag_stays_a_one():
    _, (_, changed) = prefer_usual_shapes([PLAIN_ONE, classified(bar(flag_px=25), 0.99, 0.009)])
    assert changed.prediction.label == 1


@pytest.mark.parametrize(
    "others",
    [
        pytest.param([], id="alone"),
        pytest.param([classified(bar(flag_px=25), 0.95, 0.04)], id="the other 1 has a flag, too"),
        pytest.param([classified(bar(), 0.6, 0.3)], id="nobody is sure that the bar is a 1"),
        pytest.param([classified(bar(), 0.95, 0.04, RejectionReason.SIGN)], id="the bar is none"),
        pytest.param([classified(bar(), 0.04, 0.95)], id="the bar is a 7"),
    ],
)
def test_without_a_plain_one_nothing_changes(others):
    marks = [*others, classified(bar(flag_px=25), 0.7, 0.28)]
    assert prefer_usual_shapes(marks) == marks


def test_what_resembles_another_digit_is_left_alone():
    probabilities = np.full(10, 0.01, np.float32)
    probabilities[[1, 4]] = 0.5, 0.42
    mark, other = classified(bar(flag_px=25), 0.5)
    four = ClassifiedMark(other.normalized, Prediction(probabilities), 0.9)
    assert prefer_usual_shapes([PLAIN_ONE, (mark, four)])[1][1] is four
