import numpy as np
import pytest

from digitcore.recognition.normalization import normalize_digit
from model.augment import DEGRADATIONS
from model.corruptions import CORRUPTIONS, HELD_OUT, corrupt
from synthetic.hands import strokes, write


@pytest.fixture(scope="module")
def digits():
    """Ten digits as model inputs, uint8 (10, 28, 28)."""
    return np.stack([normalize_digit(write(np.zeros((120, 120), np.uint8), strokes(d), (20, 15), 90, 11)).model_input for d in range(10)])


def test_there_are_the_fifteen_of_the_paper():
    assert len(CORRUPTIONS) == 15


def test_at_least_five_stay_out_of_training():
    assert len(HELD_OUT) >= 5
    assert set(HELD_OUT) <= set(CORRUPTIONS)
    assert not set(HELD_OUT) & {step.__name__ for step in DEGRADATIONS}


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_each_spoils_every_digit_and_leaves_what_it_was_given(digits, name):
    before = digits.copy()
    spoilt = corrupt(digits, name, 1)
    assert (digits == before).all()
    assert spoilt.shape == digits.shape
    assert spoilt.dtype == np.uint8
    assert (spoilt != digits).any(axis=(1, 2)).all()


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_the_same_seed_gives_the_same_pictures(digits, name):
    assert (corrupt(digits, name, 1) == corrupt(digits, name, 1)).all()
    if name != "canny_edges":  # its chance is only in the detector's level, which clean digits are far above
        assert (corrupt(digits, name, 1) != corrupt(digits, name, 2)).any()


def test_brightness_lifts_the_dark_and_keeps_the_white(digits):
    bright = corrupt(digits, "brightness", 1)
    assert bright.min() > 100
    assert (bright[digits == 255] == 255).all()


def test_a_scaled_digit_is_smaller_and_a_translated_one_as_large(digits):
    def extent(images):
        return np.array([np.ptp(image.nonzero()[0]) for image in images])

    assert (extent(corrupt(digits, "scale", 1)) < 0.85 * extent(digits)).all()
    assert np.abs(extent(corrupt(digits, "translate", 1)) - extent(digits)).max() <= 4


def test_stripes_invert_the_outer_columns_alone(digits):
    striped = corrupt(digits, "stripe", 1)
    assert (striped[:, :, 0] == 255 - digits[:, :, 0]).all()
    assert (striped[:, :, 9:19] == digits[:, :, 9:19]).all()


def test_edges_are_outlines(digits):
    edges = corrupt(digits, "canny_edges", 1)
    assert set(np.unique(edges)) == {0, 255}
    assert edges[0, 4:24].any()


def test_an_unknown_corruption_is_named(digits):
    with pytest.raises(KeyError, match="sepia"):
        corrupt(digits, "sepia", 1)
