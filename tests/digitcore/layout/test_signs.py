from dataclasses import dataclass

import cv2
import numpy as np
import pytest

from digitcore.layout.components import Mark
from digitcore.layout.ink import crop_to_ink
from digitcore.layout.parameters import SignParams
from digitcore.layout.signs import is_parenthesis, is_plus_sign, is_times_sign, reject_signs
from digitcore.rejections import RejectionReason
from digitcore.types import Box
from synthetic.allographs import CATALOGUE
from synthetic.hands import HANDS, strokes, write
from synthetic.signs import SIGNS
from synthetic.writers import make_writer

WRITERS = range(3_000_000, 3_000_040)


@dataclass(frozen=True)
class Classified:
    confidence: float
    digit_score: float
    label: int = 1


def drawn(paths, pen, height_px=90):
    """Draw strokes in heights of the mark: uint8 `(200, 300)`, white ink on black."""
    return write(np.zeros((200, 300), np.uint8), paths, (90, 50), height_px, max(pen * height_px, 2))


def plus(height_px=60, width_px=60, stroke_px=8, row=0.5, column=0.5):
    ink = np.zeros((height_px, width_px), np.uint8)
    top, left = round(row * height_px - stroke_px / 2), round(column * width_px - stroke_px / 2)
    ink[top : top + stroke_px] = 255
    ink[:, left : left + stroke_px] = 255
    return ink


def is_upright_cross(mask, params):
    """The definition, pixel by pixel, for a mask that is cropped, and neither too small nor too long."""
    y, x = np.nonzero(mask)
    height, width = mask.shape
    stroke_width = len(y) / (height + width)
    window = np.ones(max(1, round(stroke_width)))
    dy, dx = (at - np.convolve(np.bincount(at), window, "same").argmax() for at in (y, x))
    half_band = params.band_strokes * stroke_width + params.band_sides * max(height, width)
    outside = np.mean((abs(dy) > half_band) & (abs(dx) > half_band))
    least_arm = min(np.sum(each > half_band) for each in (dy, -dy, dx, -dx))
    has_centre = bool(np.any((dy == 0) & (dx == 0)))
    has_arms = outside <= params.max_outside_share and least_arm >= params.min_arm_area * stroke_width * max(height, width)
    return bool(has_centre and has_arms and mask.mean() <= params.max_cross_fill)


@pytest.mark.parametrize("seed", range(40))
def test_a_plus_sign_is_what_its_definition_says(seed):
    rng = np.random.default_rng(seed)
    ink = plus(60, 60, int(rng.integers(3, 30)), *rng.uniform(0.2, 0.8, 2))
    ink[rng.random(ink.shape) < rng.choice([0.0, 0.01, 0.03])] = 255
    params = SignParams()
    assert is_plus_sign(ink) is is_upright_cross(crop_to_ink(ink) > 0, params)


@pytest.mark.parametrize("width_px", [1, 3, 8])
def test_a_diagonal_bar_is_no_times_sign_and_with_another_it_is(width_px):
    ink = cv2.line(np.zeros((200, 180), np.uint8), (5, 5), (174, 194), 255, width_px)
    assert not is_times_sign(ink)
    assert not is_times_sign(ink[:, ::-1].copy())
    assert is_times_sign(np.maximum(ink, ink[:, ::-1]))


def test_a_mark_with_empty_rows_is_no_diagonal_bar():
    """The two halves of a × that is broken in the middle of its arms."""
    ink = cv2.line(np.zeros((100, 100), np.uint8), (5, 5), (94, 94), 255, 7)
    ink = np.maximum(ink, ink[:, ::-1])
    ink[28:30] = 0
    assert is_times_sign(ink)


def bold_zero():
    ink = np.zeros((60, 60), np.uint8)
    cv2.ellipse(ink, (30, 30), (14, 17), 0, 0, 360, 255, 22, cv2.LINE_AA)
    return ink


def arc(sagitta, height_px=100, stroke_px=8):
    ink = np.zeros((height_px + 40, height_px + 40), np.uint8)
    y = np.linspace(-1, 1, 40)
    points = np.stack([20 + sagitta * height_px * y**2, 20 + height_px * (y + 1) / 2], axis=1)
    cv2.polylines(ink, [np.round(points).astype(np.int32)], False, 255, stroke_px, cv2.LINE_AA)
    return ink


def mark(ink, line=0, rejection=None):
    return Mark(ink, Box(0, 0, *ink.shape[::-1]), line, rejection)


@pytest.mark.parametrize("stroke_px", [3, 8, 12])
@pytest.mark.parametrize(("height_px", "width_px"), [(60, 60), (80, 55), (50, 80)])
def test_two_bars_that_cross_are_a_plus_sign(height_px, width_px, stroke_px):
    assert is_plus_sign(plus(height_px, width_px, stroke_px))


@pytest.mark.parametrize(
    "ink",
    [
        pytest.param(plus(row=0.1), id="T"),
        pytest.param(plus(row=0.9), id="a 1 with a foot"),
        pytest.param(plus(column=0.1), id="a bar on a stem"),
        pytest.param(plus(110, 60), id="a dagger"),
        pytest.param(np.full((60, 60), 255, np.uint8), id="a block"),
        pytest.param(np.zeros((60, 60), np.uint8), id="nothing"),
        pytest.param(bold_zero(), id="a bold 0"),
        pytest.param(plus(6, 6, 2), id="too small"),
    ],
)
def test_other_marks_are_no_plus_sign(ink):
    assert not is_plus_sign(ink)


@pytest.mark.parametrize(("sagitta", "is_arc"), [(0.0, False), (0.1, False), (0.2, True), (0.3, True), (0.6, True)])
def test_a_bent_stroke_is_a_parenthesis_on_either_side(sagitta, is_arc):
    assert is_parenthesis(arc(sagitta)) == is_arc
    assert is_parenthesis(np.ascontiguousarray(arc(sagitta)[:, ::-1])) == is_arc


def test_nothing_is_no_parenthesis():
    assert not is_parenthesis(np.zeros((60, 20), np.uint8))
    assert not is_parenthesis(np.full((5, 2), 255, np.uint8))


def test_plus_signs_by_many_writers_are_recognized():
    found = []
    for seed in WRITERS:
        writer, rng = make_writer(seed), np.random.default_rng(seed)
        found.append(is_plus_sign(drawn(writer.write_paths(SIGNS["+"](rng), rng), writer.pen)))
    assert np.mean(found) >= 0.5
    assert not is_times_sign(np.zeros((60, 60), np.uint8))


def test_digits_by_many_writers_are_rarely_taken_for_signs():
    taken = []
    for shape in CATALOGUE:
        for seed in list(WRITERS)[:8]:
            writer, rng = make_writer(seed), np.random.default_rng(seed)
            ink = drawn(writer.write_paths(shape.make(rng), rng), writer.pen)
            taken.append(is_plus_sign(ink) or is_times_sign(ink) or is_parenthesis(ink))
    assert np.mean(taken) <= 0.03


def test_the_tests_own_digits_are_no_signs():
    for hand in HANDS:
        for digit in range(10):
            ink = drawn(strokes(digit, hand), 0.1)
            assert not is_parenthesis(ink)
            assert not is_times_sign(ink)
            assert digit == 4 or not is_plus_sign(ink)


def test_a_plus_sign_is_rejected_unless_the_network_is_sure_of_a_digit():
    sure, unsure = Classified(0.9, 0.55), Classified(0.9, 0.54)
    found = reject_signs([(mark(plus()), sure), (mark(plus()), unsure)])
    assert [each.rejection for each in found] == [None, RejectionReason.SIGN]


def test_a_parenthesis_is_higher_than_the_digits_of_its_line():
    digit, parenthesis = mark(plus(60, 60)), mark(arc(0.25, height_px=90))
    candidate = Classified(0.9, 0.9)
    found = reject_signs([(digit, candidate), (digit, candidate), (parenthesis, candidate)])
    assert [each.rejection for each in found] == [None, None, RejectionReason.SIGN]
    assert reject_signs([(parenthesis, candidate)])[0].rejection is None


def test_what_is_rejected_already_keeps_its_reason():
    dot = mark(plus(), rejection=RejectionReason.DOT)
    assert reject_signs([(dot, Classified(0.9, 0.1))])[0].rejection is RejectionReason.DOT
    assert reject_signs([]) == []


@pytest.mark.parametrize(("width_px", "height_px", "is_times"), [(60, 60, True), (45, 70, True), (30, 90, False)])
def test_two_diagonals_are_a_multiplication_sign(width_px, height_px, is_times):
    ink = np.zeros((120, 120), np.uint8)
    cv2.line(ink, (10, 10), (10 + width_px, 10 + height_px), 255, 8, cv2.LINE_AA)
    cv2.line(ink, (10 + width_px, 10), (10, 10 + height_px), 255, 8, cv2.LINE_AA)
    assert is_times_sign(ink) == is_times
    assert not is_plus_sign(ink)
    ink[8:20, 10 : 10 + width_px] = 255  # an 8 whose lower loop is open
    assert not is_times_sign(ink)
