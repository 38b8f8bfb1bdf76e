import cv2
import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_np
from scipy import ndimage

from digitcore.layout.distance_transform import mean_stroke_width
from tests.properties import given


@pytest.mark.parametrize("mask_size", [cv2.DIST_MASK_3, cv2.DIST_MASK_5])
@pytest.mark.parametrize("width", [4, 8, 15])
def test_the_width_of_a_long_bar_is_found(width, mask_size):
    ink = np.zeros((200, 40), np.uint8)
    ink[:, 10 : 10 + width] = 255
    assert mean_stroke_width(ink, mask_size) == pytest.approx(width, rel=0.15)


def test_ink_up_to_the_border_counts_the_border_as_its_edge():
    ink = np.full((200, 8), 255, np.uint8)
    assert mean_stroke_width(ink, cv2.DIST_MASK_5) == pytest.approx(8, rel=0.15)


def exact_width(ink, level=96):
    """Four times the mean Euclidean distance to the nearest edge, by SciPy."""
    stroke = np.pad(ink > level, 1)
    return 4 * (ndimage.distance_transform_edt(stroke)[stroke].mean() - 0.5)


@given(st_np.arrays(np.uint8, st.tuples(st.integers(1, 12), st.integers(1, 12)), elements=st.sampled_from([0, 95, 96, 97, 255])))
def test_the_width_is_four_times_the_mean_of_the_euclidean_distance_transform(ink):
    ink[0, 0] = 255
    assert mean_stroke_width(ink, cv2.DIST_MASK_PRECISE) == pytest.approx(exact_width(ink), abs=1e-4)


@pytest.mark.parametrize(("mask_size", "rel"), [(cv2.DIST_MASK_3, 0.15), (cv2.DIST_MASK_5, 0.05)])
def test_a_larger_mask_is_nearer_to_the_exact_width(mask_size, rel):
    ink = cv2.ellipse(np.zeros((120, 90), np.uint8), (45, 60), (30, 45), 20, 0, 360, 255, 12)
    assert mean_stroke_width(ink, mask_size) == pytest.approx(exact_width(ink), rel=rel)
    errors = [abs(mean_stroke_width(ink, each) - exact_width(ink)) for each in (cv2.DIST_MASK_3, cv2.DIST_MASK_5)]
    assert errors[0] > errors[1]


@pytest.mark.parametrize(("side", "width"), [(1, 2.0), (2, 2.0), (3, 4 * (10 / 9 - 0.5)), (4, 4 * (20 / 16 - 0.5))])
def test_squares_have_the_width_that_is_counted_by_hand(side, width):
    """The distances of a square of 4 px are 1 in the outer ring of 12 pixels and 2 in the inner 4."""
    ink = np.zeros((9, 9), np.uint8)
    ink[3 : 3 + side, 2 : 2 + side] = 255
    assert mean_stroke_width(ink, cv2.DIST_MASK_PRECISE) == pytest.approx(width)


@pytest.mark.parametrize("mask_size", [cv2.DIST_MASK_3, cv2.DIST_MASK_5, cv2.DIST_MASK_PRECISE])
@pytest.mark.parametrize("shape", [(1, 1), (5, 7)])
def test_without_a_stroke_the_width_is_below_zero(shape, mask_size):
    assert mean_stroke_width(np.zeros(shape, np.uint8), mask_size) == -2
    assert mean_stroke_width(np.full(shape, 96, np.uint8), mask_size) == -2


def test_levels_above_the_ink_level_are_stroke_however_grey():
    grey, white = np.zeros((9, 20), np.uint8), np.zeros((9, 20), np.uint8)
    grey[3:7], white[3:7] = 97, 255
    assert mean_stroke_width(grey, cv2.DIST_MASK_5) == mean_stroke_width(white, cv2.DIST_MASK_5) > 0


def test_empty_space_around_a_stroke_does_not_matter():
    ink = np.zeros((9, 20), np.uint8)
    ink[3:7, 2:17] = 255
    assert mean_stroke_width(ink, cv2.DIST_MASK_3) == mean_stroke_width(np.pad(ink, 5), cv2.DIST_MASK_3)
    assert mean_stroke_width(ink, cv2.DIST_MASK_3) == mean_stroke_width(ink[3:7, 2:17], cv2.DIST_MASK_3)


@pytest.mark.parametrize("mask_size", [cv2.DIST_MASK_3, cv2.DIST_MASK_5])
def test_turning_and_flipping_do_not_change_the_width_nor_the_input(mask_size):
    ink = (np.random.default_rng(3).random((17, 23)) < 0.8).astype(np.uint8) * 255
    before = ink.copy()
    width = mean_stroke_width(ink, mask_size)
    for turned in (ink.T, ink[::-1], ink[:, ::-1], np.rot90(ink)):
        assert mean_stroke_width(turned, mask_size) == pytest.approx(width, abs=1e-3)
    assert type(width) is float
    assert (ink == before).all()
