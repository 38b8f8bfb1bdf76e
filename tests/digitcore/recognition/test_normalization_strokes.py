"""Stroke widths: `relative_stroke_width` and `thicken_strokes` of `digitcore.recognition.normalization`, and the order of all its steps."""

import math

import numpy as np
import pytest
import scipy.ndimage
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from digitcore.layout.ink import crop_to_ink
from digitcore.recognition.normalization import (
    centre_by_box,
    centre_by_mass,
    normalize_digit,
    relative_stroke_width,
    scale_to_fit,
    thicken_strokes,
)
from synthetic.hands import strokes, write
from tests.properties import given

bars = st.tuples(st.integers(80, 120), st.integers(1, 8))


def bar(length_px, width_px):
    return np.full((length_px, width_px), 255, np.uint8)


def written(digit, pen_px=3):
    return crop_to_ink(write(np.zeros((240, 240), np.uint8), strokes(digit), (60, 50), 120, pen_px))


def exact_stroke_width(ink):
    """Measure four times the mean distance to the edge by SciPy's exact distance transform, as a share of the longer side."""
    stroke = np.pad(ink > 96, 1)
    distances = scipy.ndimage.distance_transform_edt(stroke)[stroke]
    return 4 * (distances.mean() - 0.5) / max(ink.shape)


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        *(((1, 1), 2), ((100, 1), 2 / 100), ((1, 100), 2 / 100), ((100, 2), 2 / 100)),
        ((50, 3), 4 * (1 + 48 / 150 - 0.5) / 50),  # 48 of 150 pixels lie two pixels from the edge, the others one
        ((3, 3), 4 * (1 + 1 / 9 - 0.5) / 3),
        ((4, 10), 4 * (1 + 16 / 40 - 0.5) / 10),
    ],
)
def test_the_stroke_width_of_a_bar_is_four_times_the_mean_distance_to_its_edge(shape, expected):
    assert relative_stroke_width(np.full(shape, 255, np.uint8)) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("digit", range(10))
@pytest.mark.parametrize("pen_px", [5, 20])
def test_the_stroke_width_of_a_digit_agrees_with_exact_distances(digit, pen_px):
    ink = written(digit, pen_px)
    assert relative_stroke_width(ink) == pytest.approx(exact_stroke_width(ink), rel=0.02)


@pytest.mark.parametrize(("level", "expected"), [(0, 0.0), (1, 0.0), (95, 0.0), (96, 0.0), (97, 0.02), (255, 0.02)])
def test_only_levels_above_the_ink_level_are_stroke(level, expected):
    assert relative_stroke_width(np.full((100, 2), level, np.uint8)) == pytest.approx(expected)


def test_a_stroke_in_a_larger_image_is_a_smaller_share():
    assert relative_stroke_width(np.pad(bar(50, 2), ((25, 25), (10, 10)))) == pytest.approx(2 / 100)


def test_strokes_that_are_just_thick_enough_are_returned_as_they_are():
    ink = bar(100, 10)
    width = relative_stroke_width(ink)
    assert thicken_strokes(ink, width) is ink
    assert thicken_strokes(ink, math.nextafter(width, 0)) is ink
    assert thicken_strokes(ink, width + 0.01) is not ink
    assert thicken_strokes(ink, 0) is ink


@pytest.mark.parametrize(("width_px", "is_thick"), [(11, False), (12, False), (13, True), (14, True), (20, True)])
def test_without_a_share_strokes_are_made_0_12_of_the_longer_side(width_px, is_thick):
    ink = bar(100, width_px)  # by the mean distance to the edge, bars are narrower than by their sides
    assert (thicken_strokes(ink) is ink) == (exact_stroke_width(ink) >= 0.12) == is_thick


def test_a_bar_grows_by_the_same_width_everywhere_with_an_antialiased_edge():
    # The bar's width is 0.02 of its length; to reach (2 + 2r) / (100 + 2r) = 0.12, r is 0.1 · 100 / (2 · 0.88) = 5.68 pixels.
    thickened = thicken_strokes(bar(100, 2), 0.12)
    assert thickened.shape == (100 + 2 * 6, 2 + 2 * 6)
    middle = thickened[56].tolist()
    assert middle == [173, *[255] * 12, 173]  # 0.68 · 255 where the sixth pixel is covered in part
    assert thickened[:, 6].tolist() == [173, *[255] * 110, 173]
    assert (thickened == thickened[::-1]).all()
    assert (thickened == thickened[:, ::-1]).all()
    assert thickened[0, 0] == 0  # the corners are round


@given(bars, st.sampled_from([0.1, 0.12, 0.2, 0.3]))
def test_the_added_width_reaches_the_share_of_the_grown_side(bar_px, share):
    length_px, width_px = bar_px
    ink = bar(length_px, width_px)
    thickened = thicken_strokes(ink, share)
    missing_px = share * length_px - exact_stroke_width(ink) * length_px
    if missing_px <= 0:
        assert thickened is ink
        return
    radius_px = missing_px / (2 * (1 - share))
    profile = thickened[thickened.shape[0] // 2].astype(float)
    assert profile.sum() / 255 == pytest.approx(width_px + 2 * radius_px, abs=2 / 255)
    assert thickened[:, thickened.shape[1] // 2].sum(dtype=float) / 255 == pytest.approx(length_px + 2 * radius_px, abs=2 / 255)


@pytest.mark.parametrize("digit", range(10))
def test_grown_ink_agrees_with_exact_distances_to_the_nearest_stroke(digit):
    ink = written(digit)
    radius_px = (0.12 - relative_stroke_width(ink)) * max(ink.shape) / (2 * 0.88)
    margin_px = math.ceil(radius_px) + 1
    padded = np.pad(ink, margin_px)
    distances_px = scipy.ndimage.distance_transform_edt(padded <= 96)
    expected = crop_to_ink(np.maximum(padded, (255 * (radius_px + 1 - distances_px).clip(0, 1)).astype(np.uint8)))
    thickened = thicken_strokes(ink, 0.12)
    assert max(ink.shape) >= 80
    assert np.abs(np.subtract(thickened.shape, expected.shape)).max() <= 2
    assert thickened.mean() == pytest.approx(expected.mean(), rel=0.02)  # OpenCV's distances are off by two per cent at most


def test_thickening_never_makes_ink_lighter():
    ink = written(7)
    ink[ink > 0] = np.maximum(ink[ink > 0], 60)
    thickened = thicken_strokes(ink)
    top, left = ((np.array(thickened.shape) - ink.shape) // 2).tolist()
    assert (thickened[top : top + ink.shape[0], left : left + ink.shape[1]] >= ink).all()


@pytest.mark.parametrize(("length_px", "width_px", "factor"), [(40, 1, 2), (20, 1, 4), (16, 2, 5), (10, 1, 8)])
def test_small_ink_is_thickened_as_its_enlargement_to_80_pixels_is(length_px, width_px, factor):
    small, large = bar(length_px, width_px), bar(length_px * factor, width_px * factor)
    assert max(large.shape) == 80
    assert (thicken_strokes(small, 0.2) == thicken_strokes(large, 0.2)).all()
    assert thicken_strokes(small, 0.2).shape[0] > 80
    assert (thicken_strokes(small.T, 0.2) == thicken_strokes(small, 0.2).T).all()


@pytest.mark.parametrize(("length_px", "grown_px"), [(79, 80), (80, 80), (81, 81)])
def test_ink_of_80_pixels_and_more_is_not_enlarged(length_px, grown_px):
    # The radius is below half a pixel, so that one partly covered pixel is added on each side.
    ink = bar(length_px, 4)
    enlarged_width = 4 * max(1, 80 / length_px)
    share = relative_stroke_width(bar(grown_px, round(enlarged_width))) + 0.005
    assert thicken_strokes(ink, share).shape[0] == grown_px + 2


@pytest.mark.parametrize(("length_px", "width_px", "factor"), [(800, 8, 2), (8000, 80, 20), (1200, 3, 3)])
def test_long_ink_is_thickened_as_its_reduction_to_400_pixels_is(length_px, width_px, factor):
    long, reduced = bar(length_px, width_px), bar(length_px // factor, width_px // factor)
    assert max(reduced.shape) == 400
    assert (thicken_strokes(long, 0.2) == thicken_strokes(reduced, 0.2)).all()
    assert (thicken_strokes(long.T, 0.2) == thicken_strokes(long, 0.2).T).all()
    assert thicken_strokes(long, 0.001) is long


@pytest.mark.parametrize(("length_px", "grown_px"), [(399, 401), (400, 402), (401, 402)])
def test_ink_of_400_pixels_and_less_is_not_reduced(length_px, grown_px):
    # The radius is below half a pixel, so that one partly covered pixel is added on each side.
    ink = bar(length_px, 4)
    assert thicken_strokes(ink, relative_stroke_width(bar(min(length_px, 400), 4)) + 0.0016).shape[0] == grown_px


def test_a_thin_curve_stays_connected_where_it_is_reduced():
    x = np.arange(8000)
    ink = np.zeros((400, 8000), np.uint8)
    for row in range(5):
        ink[(200 + 190 * np.sin(x / 500)).astype(int) + row, x] = 255
    thickened = thicken_strokes(crop_to_ink(ink))
    assert thickened.shape[1] < 2000
    _, count = scipy.ndimage.label(thickened > 96, np.ones((3, 3)))
    assert count == 1


def test_small_ink_with_thick_strokes_keeps_its_size():
    ink = bar(10, 5)
    assert thicken_strokes(ink) is ink


@pytest.mark.parametrize("shape", [(1, 1), (1, 90), (90, 1), (100, 100)])
@pytest.mark.parametrize("level", [1, 96])
def test_ink_without_any_stroke_stays_as_light(shape, level):
    thickened = thicken_strokes(np.full(shape, level, np.uint8), 0.3)
    assert (thickened == level).all()
    assert max(thickened.shape) == max(80, *shape)


def test_strokes_are_grown_from_levels_above_the_ink_level_only():
    light, dark = (thicken_strokes(np.full((100, 2), level, np.uint8), 0.12) for level in (96, 97))
    assert light.shape == (100, 2)
    assert dark.shape == (112, 14)
    assert dark[56].tolist() == [173, *[255] * 12, 173]


@given(arrays(np.uint8, st.tuples(st.integers(80, 90), st.integers(1, 90)), elements=st.sampled_from([0, 0, 0, 200])).filter(np.any))
def test_turned_ink_is_thickened_turned(ink):
    assert (thicken_strokes(np.ascontiguousarray(ink.T)) == thicken_strokes(ink).T).all()


@pytest.mark.parametrize("share", [0.0, 0.12, 0.3])
@pytest.mark.parametrize("keep_aspect_ratio", [True, False])
@pytest.mark.parametrize("centre_mass", [True, False])
def test_each_step_takes_the_image_of_the_step_before(share, keep_aspect_ratio, centre_mass):
    ink = np.pad(written(4), ((9, 30), (4, 0)))
    steps = normalize_digit(ink, share, keep_aspect_ratio=keep_aspect_ratio, centre_mass=centre_mass)
    assert (steps.crop == written(4)).all()
    assert (steps.thickened == (thicken_strokes(steps.crop, share) if share else steps.crop)).all()
    assert (steps.fitted == scale_to_fit(steps.thickened, keep_aspect_ratio=keep_aspect_ratio)).all()
    assert (steps.model_input == (centre_by_mass if centre_mass else centre_by_box)(steps.fitted)).all()


def test_by_default_every_step_is_mnists():
    steps, explicit = normalize_digit(written(9)), normalize_digit(written(9), 0.12, keep_aspect_ratio=True, centre_mass=True)
    for step in ("crop", "thickened", "fitted", "model_input"):
        assert (getattr(steps, step) == getattr(explicit, step)).all()


def test_without_thickening_ink_of_20_pixels_is_only_centred():
    ink = np.zeros((20, 20), np.uint8)
    ink[:, 9], ink[4, 3:16] = 255, 120
    y, x = scipy.ndimage.center_of_mass(ink[:, 3:16].astype(float))
    left, top = round(14 - x), round(14 - y)
    model_input = normalize_digit(np.pad(ink, 40), 0).model_input
    assert (model_input[top : top + 20, left : left + 13] == ink[:, 3:16]).all()
    assert model_input.sum() == ink.sum()


@pytest.mark.parametrize("digit", range(10))
def test_turned_ink_gives_a_turned_input(digit):
    ink = written(digit)
    turned = normalize_digit(np.ascontiguousarray(ink.T)).model_input
    assert np.abs(turned.T.astype(int) - normalize_digit(ink).model_input).max() <= 1


@given(st.integers(1, 255))
def test_one_pixel_of_any_level_becomes_a_white_square(level):
    model_input = normalize_digit(np.pad(np.array([[level]], np.uint8), ((3, 9), (5, 0)))).model_input
    assert (model_input[4:24, 4:24] == 255).all()
    assert np.count_nonzero(model_input) == 400


def test_the_steps_are_frozen():
    with pytest.raises(AttributeError):
        normalize_digit(bar(30, 10)).crop = None  # type: ignore[misc]
