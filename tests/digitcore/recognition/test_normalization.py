import cv2
import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from digitcore.layout.ink import bounding_box, crop_to_ink
from digitcore.recognition.normalization import (
    centre_by_box,
    centre_by_mass,
    centre_of_mass,
    normalize_digit,
    relative_stroke_width,
    scale_to_fit,
    thicken_strokes,
)
from synthetic.hands import HANDS, strokes, write
from tests.properties import given

some_ink = arrays(np.uint8, st.tuples(st.integers(1, 24), st.integers(1, 24))).filter(np.any)


def written(digit, hand="round", *, height_px=120, pen_px=14, side_px=240, corner_xy=(60, 50)):
    return write(np.zeros((side_px, side_px), np.uint8), strokes(digit, hand), corner_xy, height_px, pen_px)


@given(some_ink)
def test_the_centre_of_mass_agrees_with_opencv(ink):
    moments = cv2.moments(ink)
    expected = moments["m10"] / moments["m00"], moments["m01"] / moments["m00"]
    assert centre_of_mass(ink) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("function", [bounding_box, crop_to_ink, centre_of_mass, centre_by_mass, normalize_digit])
def test_no_ink_is_a_value_error(function):
    with pytest.raises(ValueError, match="expected some ink"):
        function(np.zeros((5, 5), np.uint8))


@given(some_ink)
def test_any_ink_is_scaled_to_a_longer_side_of_20_with_its_brightest_pixel_white(ink):
    fitted = scale_to_fit(ink)
    assert max(fitted.shape) == 20
    assert fitted.max() in (0, 255)


def test_scaling_keeps_the_aspect_ratio():
    assert scale_to_fit(np.full((100, 50), 255, np.uint8)).shape == (20, 10)
    assert scale_to_fit(np.full((3, 300), 255, np.uint8)).shape == (1, 20)


def test_scaling_is_antialiased():
    ink = np.zeros((100, 100), np.uint8)
    cv2.line(ink, (0, 13), (99, 82), 255, 12)
    assert len(np.unique(scale_to_fit(ink))) > 8


@given(some_ink)
def test_any_ink_becomes_a_model_input(ink):
    picture = normalize_digit(ink).model_input
    assert picture.shape == (28, 28)
    assert picture.dtype == np.uint8
    assert picture.any()


def test_the_centre_of_mass_is_put_where_mnist_has_it():
    for digit in range(10):
        x, y = centre_of_mass(normalize_digit(written(digit)).model_input)
        assert abs(x - 14) <= 0.51
        assert abs(y - 14) <= 0.51


def test_ink_larger_than_the_square_is_a_value_error():
    with pytest.raises(ValueError, match="at most 28"):
        centre_by_mass(np.full((29, 3), 255, np.uint8))


def test_no_ink_is_lost_at_the_edge():
    lopsided = np.zeros((20, 20), np.uint8)
    lopsided[:, 0] = 255
    lopsided[10, :] = 40
    assert centre_by_mass(lopsided).sum() == lopsided.sum()


@given(st.integers(0, 90), st.integers(0, 90))
def test_translated_ink_gives_the_same_input(x, y):
    here, there = written(5, corner_xy=(20, 20)), written(5, corner_xy=(20 + x, 20 + y))
    assert (normalize_digit(here).model_input == normalize_digit(there).model_input).all()


@pytest.mark.parametrize("digit", range(10))
def test_scaled_ink_gives_nearly_the_same_input(digit):
    small, large = written(digit, height_px=60, pen_px=7), written(digit, height_px=180, pen_px=21)
    one, other = normalize_digit(small).model_input.astype(int), normalize_digit(large).model_input
    shifted = [np.roll(other, (dy, dx), (0, 1)) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]  # centring rounds to whole pixels
    assert min(np.abs(one - each).mean() for each in shifted) < 12


def test_the_stroke_of_a_bar_is_measured():
    bar = np.zeros((200, 60), np.uint8)
    bar[10:190, 20:40] = 255
    assert relative_stroke_width(crop_to_ink(bar)) == pytest.approx(20 / 180, rel=0.1)


@pytest.mark.parametrize("hand", HANDS)
@pytest.mark.parametrize("digit", range(10))
def test_thin_strokes_are_made_as_thick_as_mnists(digit, hand):
    thin = crop_to_ink(written(digit, hand, pen_px=3))
    assert relative_stroke_width(thin) < 0.06
    assert relative_stroke_width(thicken_strokes(thin)) == pytest.approx(0.12, abs=0.02)


def test_thick_strokes_are_left_alone():
    thick = crop_to_ink(written(3, pen_px=24))
    assert (thicken_strokes(thick) == thick).all()


def test_thickening_can_be_left_out():
    thin = written(3, pen_px=2)
    assert normalize_digit(thin, min_stroke_share=0).thickened.shape == crop_to_ink(thin).shape


def test_no_step_changes_its_input():
    ink = written(4)
    before = ink.copy()
    normalize_digit(ink)
    assert (ink == before).all()


def test_a_squashed_digit_fills_the_square():
    assert scale_to_fit(np.full((100, 50), 255, np.uint8), keep_aspect_ratio=False).shape == (20, 20)


def test_the_middle_of_the_box_can_be_centred_instead_of_the_mass():
    ink = np.zeros((20, 10), np.uint8)
    ink[:, 0], ink[0] = 255, 255
    by_box, by_mass = centre_by_box(ink), centre_by_mass(ink)
    assert bounding_box(by_box) == (9, 4, 10, 20)
    assert bounding_box(by_mass)[0] > 9


def test_the_steps_of_mnists_recipe_can_be_turned_off_one_by_one():
    ink = written(1)
    default = normalize_digit(ink)
    squashed, boxed = normalize_digit(ink, keep_aspect_ratio=False), normalize_digit(ink, centre_mass=False)
    assert squashed.fitted.shape == (20, 20)
    assert default.fitted.shape[1] < 20
    assert (boxed.fitted == default.fitted).all()
    assert (boxed.model_input == centre_by_box(default.fitted)).all()


def test_an_image_larger_than_the_square_is_a_value_error_with_both_sizes():
    for centring in (centre_by_mass, centre_by_box):
        with pytest.raises(ValueError, match="at most 28 pixels a side, received 30×5"):
            centring(np.full((5, 30), 255, np.uint8))
