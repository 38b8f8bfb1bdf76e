import cv2
import numpy as np
import pytest

from digitcore.recognition.normalization import centre_of_mass, normalize_digit
from model import augment, drawn_marks, negatives
from model.data import LabelledDigits
from model.handwritten import handwritten
from synthetic.hands import strokes, write


@pytest.fixture
def digit():
    return normalize_digit(write(np.zeros((100, 100), np.uint8), strokes(5), (20, 10), 80, 9)).model_input


@pytest.mark.parametrize("step", [augment.warp, augment.change_stroke, *augment.DEGRADATIONS], ids=lambda step: step.__name__)
def test_each_step_gives_a_new_picture_of_the_same_kind(digit, step):
    before = digit.copy()
    changed = [step(digit, np.random.default_rng(seed)) for seed in range(20)]
    assert (digit == before).all()
    for picture in changed:
        assert picture.shape == (28, 28)
        assert picture.dtype == np.uint8
        assert picture.any()
    assert any((picture != digit).any() for picture in changed)


def test_the_same_seed_gives_the_same_picture(digit):
    first, second, other = (augment.augment(digit, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert (first == second).all()
    assert (first != other).any()


def test_about_half_of_the_pictures_are_degraded(digit, monkeypatch):
    monkeypatch.setattr(augment, "WARPED_SHARE", 0)
    monkeypatch.setattr(augment, "STROKE_CHANGED_SHARE", 0)
    rng = np.random.default_rng(1)
    changed = [(augment.augment(digit, rng) != digit).any() for _ in range(1_000)]
    assert 0.4 < np.mean(changed) <= 0.55


def test_an_outline_leaves_the_strokes_hollow():
    stroke = np.zeros((28, 28), np.uint8)
    stroke[4:24, 10:18] = 255
    for seed in range(20):
        drawn = augment.outline(stroke, np.random.default_rng(seed))
        assert drawn[12:16, 13:15].max() == 0
        assert drawn[14, 8:13].max() > 60


def test_inverted_edges_leave_the_middle_alone(digit):
    for seed in range(20):
        inverted = augment.invert_edges(digit, np.random.default_rng(seed))
        assert (inverted[9:19, 9:19] == digit[9:19, 9:19]).all()
        assert inverted.max() == 255


def test_a_coarse_scan_goes_the_way_of_every_mark(digit):
    for seed in range(10):
        scanned = augment.scan_coarsely(digit, np.random.default_rng(seed))
        assert np.abs(np.array(centre_of_mass(scanned)) - 14).max() < 1
        rows = np.flatnonzero(scanned.any(axis=1))
        assert 18 <= np.ptp(rows) + 1 <= 22
    assert not augment.scan_coarsely(np.zeros((28, 28), np.uint8), np.random.default_rng(1)).any()


def test_warping_leaves_the_digit_near_its_place(digit):
    places = [centre_of_mass(augment.warp(digit, np.random.default_rng(seed))) for seed in range(50)]
    assert np.abs(np.array(places) - 14).max() < 6
    assert np.abs(np.mean(places, axis=0) - 14).max() < 1


def test_a_pen_may_become_thicker_and_thinner(digit):
    weights = [int(augment.change_stroke(digit, np.random.default_rng(seed)).sum()) for seed in range(40)]
    assert min(weights) < digit.sum() < max(weights)


@pytest.mark.parametrize("kind", sorted({kind.__name__ for kind in drawn_marks.DRAWN}))
def test_each_kind_of_negative_is_a_picture_of_its_own(kind):
    pictures = [getattr(drawn_marks, kind)(np.random.default_rng(seed)) for seed in range(30)]
    assert all(picture.dtype == np.uint8 and picture.ndim == 2 for picture in pictures)
    assert sum(picture.any() for picture in pictures) >= 25
    assert len({picture.tobytes() for picture in pictures}) >= 20


@pytest.mark.parametrize("kind", sorted({kind.__name__ for kind in negatives.FROM_DIGITS}))
def test_torn_digits_are_no_longer_the_digit(digit, kind):
    two = np.stack([digit, digit])
    for seed in range(20):
        torn = getattr(negatives, kind)(two, np.random.default_rng(seed))
        assert torn.shape != digit.shape or (torn != digit).any()


def test_every_sign_of_every_script_is_in_a_font():
    unknown = np.zeros((80, 80), np.uint8)
    cv2.putText(unknown, "\U0010ffff", (16, 60), (255,), drawn_marks.OUTLINE_FONTS[0], 50, 400)
    assert unknown.any()  # what OpenCV draws for a sign it doesn't have
    for sign in "".join(drawn_marks.SCRIPTS) + "".join(map(chr, (*drawn_marks.HANGUL, *drawn_marks.IDEOGRAPHS)[::2])):
        drawn = np.zeros((80, 80), np.uint8)
        cv2.putText(drawn, sign, (16, 60), (255,), drawn_marks.OUTLINE_FONTS[0], 50, 400)
        assert drawn.any(), sign
        assert (drawn != unknown).any(), sign


@pytest.mark.parametrize("angle_deg", [-40, -20, 0, 15, 30])
@pytest.mark.parametrize("pen_px", [6, 14, 24])
def test_a_plain_stroke_that_stands_or_leans_is_never_a_negative(angle_deg, pen_px):
    bar = np.zeros((120, 120), np.uint8)
    reach = 42 * np.array([np.sin(np.deg2rad(angle_deg)), np.cos(np.deg2rad(angle_deg))])
    ends = np.round(60 + np.stack([-reach, reach])).astype(int)
    cv2.line(bar, tuple(map(int, ends[0])), tuple(map(int, ends[1])), 255, pen_px, cv2.LINE_AA)
    assert negatives.may_be_one(bar)


def test_a_pair_holds_both_digits_beside_each_other(digit):
    one = np.zeros_like(digit)
    one[4:24, 13:15] = 255
    for seed in range(20):
        both = negatives.pair(np.stack([digit, one]), np.random.default_rng(seed))
        assert both.astype(int).sum() == digit.astype(int).sum() + one.astype(int).sum()
        assert both[-20:, -2:].min() == 255


def test_other_marks_are_no_bars(digit):
    lying, cross = np.zeros((2, 120, 120), np.uint8)
    cv2.line(lying, (10, 60), (110, 70), 255, 10)
    cv2.line(cross, (30, 30), (90, 90), 255, 10)
    cv2.line(cross, (90, 30), (30, 90), 255, 10)
    for mark in (lying, cross, digit, np.full((20, 20), 255, np.uint8), np.zeros((20, 20), np.uint8)):
        assert not negatives.may_be_one(mark)


def test_a_part_of_a_1_is_never_a_negative(digit, monkeypatch):
    monkeypatch.setattr(negatives, "FROM_DIGITS", tuple({*negatives.FROM_DIGITS} - {negatives.pair}))
    digits = LabelledDigits(np.stack([digit, digit, np.zeros_like(digit)]), np.array([5, 6, 1]))
    torn = [negatives.from_digits(digits, np.random.default_rng(seed)) for seed in range(60)]
    assert all(picture.any() for picture in torn)


def test_negatives_go_the_way_of_every_mark(digit):
    digits = LabelledDigits(np.stack([digit] * 3), np.array([5, 6, 7]))
    pictures = [negatives.negative(digits, np.random.default_rng(seed)) for seed in range(60)]
    assert {picture.shape for picture in pictures} == {(28, 28)}
    assert {picture.dtype for picture in pictures} == {np.dtype(np.uint8)}


def test_handwritten_digits_are_model_inputs_of_all_ten():
    written = [handwritten(np.random.default_rng(seed)) for seed in range(120)]
    assert {label for _, label in written} == set(range(10))
    assert all(image.shape == (28, 28) and image.max() == 255 for image, _ in written)
