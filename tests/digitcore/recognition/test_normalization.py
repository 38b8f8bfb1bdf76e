import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from digitcore.recognition.normalization import (
    bounding_box,
    centre,
    centre_box,
    centre_of_mass,
    crop_to_ink,
    fit,
    shape_digit,
    stroke_share,
    thicken,
)
from synthetic.hands import HANDS, strokes, write

some_ink = arrays(np.uint8, st.tuples(st.integers(1, 24), st.integers(1, 24))).filter(np.any)


def written(digit, hand="round", *, height_px=120, pen_px=14, side_px=240, corner_xy=(60, 50)):
    return write(np.zeros((side_px, side_px), np.uint8), strokes(digit, hand), corner_xy, height_px, pen_px)


def test_the_bounding_box_is_tight():
    ink = np.zeros((9, 12), np.uint8)
    ink[2:5, 3:10] = 1
    assert bounding_box(ink) == (3, 2, 7, 3)
    assert (crop_to_ink(ink) == 1).all()


@given(some_ink)
def test_the_centre_of_mass_agrees_with_opencv(ink):
    moments = cv2.moments(ink)
    expected = moments["m10"] / moments["m00"], moments["m01"] / moments["m00"]
    assert centre_of_mass(ink) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("function", [bounding_box, crop_to_ink, centre_of_mass, centre, shape_digit])
def test_no_ink_is_a_value_error(function):
    with pytest.raises(ValueError, match="expected some ink"):
        function(np.zeros((5, 5), np.uint8))


@given(some_ink)
def test_every_ink_fits_with_its_longer_side_20_and_its_brightest_pixel_white(ink):
    fitted = fit(ink)
    assert max(fitted.shape) == 20
    assert fitted.max() in (0, 255)


def test_fitting_keeps_the_aspect_ratio():
    assert fit(np.full((100, 50), 255, np.uint8)).shape == (20, 10)
    assert fit(np.full((3, 300), 255, np.uint8)).shape == (1, 20)


def test_fitting_is_antialiased():
    ink = np.zeros((100, 100), np.uint8)
    cv2.line(ink, (0, 13), (99, 82), 255, 12)
    assert len(np.unique(fit(ink))) > 8


@given(some_ink)
def test_every_ink_becomes_a_centred_model_input(ink):
    picture = shape_digit(ink).model_input
    assert picture.shape == (28, 28)
    assert picture.dtype == np.uint8
    assert picture.any()


def test_the_centre_of_mass_comes_to_mnists_centre():
    for digit in range(10):
        x, y = centre_of_mass(shape_digit(written(digit)).model_input)
        assert abs(x - 14) <= 0.51
        assert abs(y - 14) <= 0.51


def test_what_is_larger_than_the_square_is_refused():
    with pytest.raises(ValueError, match="at most 28"):
        centre(np.full((29, 3), 255, np.uint8))


def test_ink_is_never_lost_at_the_rim():
    lopsided = np.zeros((20, 20), np.uint8)
    lopsided[:, 0] = 255
    lopsided[10, :] = 40
    assert centre(lopsided).sum() == lopsided.sum()


@given(st.integers(0, 90), st.integers(0, 90))
def test_moved_ink_gives_the_same_input(x, y):
    here, there = written(5, corner_xy=(20, 20)), written(5, corner_xy=(20 + x, 20 + y))
    assert (shape_digit(here).model_input == shape_digit(there).model_input).all()


@pytest.mark.parametrize("digit", range(10))
def test_scaled_ink_gives_nearly_the_same_input(digit):
    small, large = written(digit, height_px=60, pen_px=7), written(digit, height_px=180, pen_px=21)
    one, other = shape_digit(small).model_input.astype(int), shape_digit(large).model_input
    shifted = [np.roll(other, (dy, dx), (0, 1)) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]  # centring rounds to whole pixels
    assert min(np.abs(one - each).mean() for each in shifted) < 12


def test_the_stroke_of_a_bar_is_measured():
    bar = np.zeros((200, 60), np.uint8)
    bar[10:190, 20:40] = 255
    assert stroke_share(crop_to_ink(bar)) == pytest.approx(20 / 180, rel=0.1)


@pytest.mark.parametrize("hand", HANDS)
@pytest.mark.parametrize("digit", range(10))
def test_a_thin_pen_is_made_as_thick_as_mnists(digit, hand):
    thin = crop_to_ink(written(digit, hand, pen_px=3))
    assert stroke_share(thin) < 0.06
    assert stroke_share(thicken(thin)) == pytest.approx(0.12, abs=0.02)


def test_a_thick_pen_is_left_alone():
    thick = crop_to_ink(written(3, pen_px=24))
    assert (thicken(thick) == thick).all()


def test_thickening_can_be_left_out():
    thin = written(3, pen_px=2)
    assert shape_digit(thin, minimum_stroke=0).thickened.shape == crop_to_ink(thin).shape


def test_no_step_changes_its_input():
    ink = written(4)
    before = ink.copy()
    shape_digit(ink)
    assert (ink == before).all()


def test_a_squashed_digit_fills_the_square():
    assert fit(np.full((100, 50), 255, np.uint8), keep_aspect_ratio=False).shape == (20, 20)


def test_the_middle_of_the_box_can_be_centred_instead_of_the_mass():
    ink = np.zeros((20, 10), np.uint8)
    ink[:, 0], ink[0] = 255, 255
    by_box, by_mass = centre_box(ink), centre(ink)
    assert bounding_box(by_box) == (9, 4, 10, 20)
    assert bounding_box(by_mass)[0] > 9


def test_the_steps_of_mnists_recipe_can_be_turned_off_one_by_one():
    ink = written(1)
    usual = shape_digit(ink)
    squashed, boxed = shape_digit(ink, keep_aspect_ratio=False), shape_digit(ink, centre_mass=False)
    assert squashed.fitted.shape == (20, 20)
    assert usual.fitted.shape[1] < 20
    assert (boxed.fitted == usual.fitted).all()
    assert (boxed.model_input == centre_box(usual.fitted)).all()


def test_what_is_too_large_for_the_square_is_a_value_error():
    for place in (centre, centre_box):
        with pytest.raises(ValueError, match="at most 28 pixels a side, received 30×5"):
            place(np.full((5, 30), 255, np.uint8))
