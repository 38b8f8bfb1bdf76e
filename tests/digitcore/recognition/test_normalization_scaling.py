"""Scaling of marks: `scale_to_fit` of `digitcore.recognition.normalization`."""

import math

import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from digitcore.recognition.normalization import scale_to_fit
from tests.properties import given

some_ink = arrays(np.uint8, st.tuples(st.integers(1, 24), st.integers(1, 24)), elements=st.sampled_from([0, 0, 0, 1, 255])).filter(np.any)
large_ink = arrays(np.uint8, st.tuples(st.integers(20, 60), st.integers(20, 60)), elements=st.sampled_from([0, 100, 255]))


def mean_over(length, count, index):
    """Return the weights, over `length` pixels, of the one of `count` equal parts that has this index."""
    start, end = index * length / count, (index + 1) * length / count
    overlaps = [max(0.0, min(end, pixel + 1) - max(start, pixel)) for pixel in range(length)]
    return np.array(overlaps) / math.fsum(overlaps)


def area_means(ink, size_wh):
    """Average an image over the area of each pixel of a smaller one."""
    width, height = size_wh
    means = np.empty((height, width))
    for y in range(height):
        for x in range(width):
            means[y, x] = mean_over(ink.shape[0], height, y) @ ink @ mean_over(ink.shape[1], width, x)
    return means


def stretched(means):
    """Multiply levels so that the brightest is 255."""
    return means * 255 / means.max()


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        *(((100, 50), (20, 10)), ((50, 100), (10, 20)), ((20, 20), (20, 20)), ((20, 7), (20, 7)), ((10, 5), (20, 10)), ((1, 1), (20, 20))),
        *(((40, 1), (20, 1)), ((1, 400), (1, 20)), ((400, 29), (20, 1)), ((400, 31), (20, 2)), ((19, 18), (20, 19)), ((21, 20), (20, 19))),
    ],
)
def test_the_longer_side_becomes_20_and_the_other_the_nearest_whole_number(shape, expected):
    fitted = scale_to_fit(np.full(shape, 255, np.uint8))
    assert fitted.shape == expected
    assert (fitted == 255).all()


@pytest.mark.parametrize(("shape", "side_px", "expected"), [((100, 50), 10, (10, 5)), ((30, 60), 28, (14, 28)), ((5, 5), 1, (1, 1))])
def test_another_side_can_be_asked_for(shape, side_px, expected):
    ink = np.full(shape, 255, np.uint8)
    assert scale_to_fit(ink, side_px).shape == expected
    assert scale_to_fit(ink, side_px, keep_aspect_ratio=False).shape == (side_px, side_px)


@pytest.mark.parametrize("shape", [(60, 60), (100, 40), (30, 120)])
def test_scaling_down_by_a_whole_number_averages_blocks(shape):
    factor = max(shape) // 20
    ink = np.random.default_rng(7).integers(0, 256, shape, np.uint8)
    blocks = ink.reshape(shape[0] // factor, factor, shape[1] // factor, factor).mean(axis=(1, 3))
    fitted = scale_to_fit(ink)
    assert fitted.shape == blocks.shape
    assert np.abs(fitted - stretched(blocks)).max() <= 2  # levels are rounded before they are stretched, and after


@given(large_ink)
def test_scaling_down_averages_areas(ink):
    ink[: ink.shape[0] // 2, : ink.shape[1] // 2] = 255  # so that some area is white, and nothing is stretched
    fitted = scale_to_fit(ink)
    assert np.abs(fitted - area_means(ink, fitted.shape[::-1])).max() <= 1


def test_squashing_averages_areas_where_both_sides_are_longer():
    ink = np.zeros((90, 50), np.uint8)
    ink[::2], ink[:30, :30] = 200, 255
    fitted = scale_to_fit(ink, keep_aspect_ratio=False)
    assert fitted.shape == (20, 20)
    assert np.abs(fitted - area_means(ink, (20, 20))).max() <= 1


@pytest.mark.parametrize("is_turned", [False, True])
def test_squashing_averages_areas_where_only_the_longer_side_is_longer_than_20(is_turned):
    ink = np.zeros((100, 10), np.uint8)
    ink[::2] = 255
    fitted = scale_to_fit(ink.T if is_turned else ink, keep_aspect_ratio=False)
    expected = stretched(area_means(ink, (20, 20)))  # each row averages five: three white and two black, or the reverse
    assert np.abs(fitted - (expected.T if is_turned else expected)).max() <= 2


@given(arrays(np.uint8, st.tuples(st.just(20), st.integers(1, 20))))
def test_a_side_of_20_is_only_stretched(ink):
    peak = max(int(ink.max()), 1)
    assert (scale_to_fit(ink) == np.rint(ink * (255 / peak))).all()
    assert (scale_to_fit(ink.T) == scale_to_fit(ink).T).all()


@given(large_ink.filter(np.any))
def test_what_is_fitted_stays_as_it_is(ink):
    fitted = scale_to_fit(ink)
    assert (scale_to_fit(fitted) == fitted).all()


@given(large_ink)
def test_turned_and_mirrored_ink_is_fitted_turned_and_mirrored(ink):
    fitted = scale_to_fit(ink)
    for turn in (np.flipud, np.fliplr, np.transpose):
        assert np.abs(scale_to_fit(turn(ink)) - turn(fitted).astype(int)).max() <= 3  # a rounded level, stretched


@pytest.mark.parametrize("level", [1, 2, 100, 254, 255])
@pytest.mark.parametrize("side_px", [20, 40, 60])
def test_the_brightest_level_becomes_255_and_the_others_in_proportion(level, side_px):
    ink = np.full((side_px, side_px), level, np.uint8)
    ink[:, side_px // 2 :] = level // 2
    fitted = scale_to_fit(ink)
    assert fitted.dtype == np.uint8
    assert fitted.max() == 255
    assert abs(int(fitted[10, 19]) - 255 * (level // 2) / level) <= 0.5


def test_nothing_stays_nothing():
    for shape in ((3, 5), (20, 20), (50, 90)):
        assert not scale_to_fit(np.zeros(shape, np.uint8)).any()


def keys(distance, a=-0.75):
    """Return the kernel of cubic convolution (Keys 1981) with OpenCV's parameter."""
    if distance <= 1:
        return (a + 2) * distance**3 - (a + 3) * distance**2 + 1
    return a * distance**3 - 5 * a * distance**2 + 8 * a * distance - 4 * a


def cubic_weights(length, count):
    """Return the weights of `length` pixels in each of `count` interpolated ones, the outermost pixels being repeated."""
    weights = np.zeros((count, length))
    for index in range(count):
        position = (index + 0.5) * length / count - 0.5
        for pixel in range(math.floor(position) - 1, math.floor(position) + 3):
            weights[index, min(max(pixel, 0), length - 1)] += keys(abs(position - pixel))
    return weights


@pytest.mark.parametrize("shape", [(10, 10), (10, 5), (4, 10), (19, 12), (13, 17), (1, 3), (1, 1)])
def test_enlarging_is_cubic_convolution(shape):
    ink = np.random.default_rng(11).integers(0, 256, shape, np.uint8)
    fitted = scale_to_fit(ink)
    height, width = fitted.shape
    cubic = (cubic_weights(shape[0], height) @ ink @ cubic_weights(shape[1], width).T).clip(0, 255)
    assert np.abs(fitted - stretched(cubic)).max() <= 2  # levels are rounded before they are stretched, and after
