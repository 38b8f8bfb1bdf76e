import numpy as np
import pytest

from digitcore.preprocessing.grayscale import (
    clahe,
    continued,
    enlarge,
    median,
    odd,
    reduced,
    reduction,
    separating_grey,
    shrunk,
    smooth,
    square,
    to_grey,
)


def test_grey_is_the_luma_of_the_colours():
    rgb = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]]], np.uint8)
    assert to_grey(rgb).tolist() == [[76, 150, 29, 255]]


@pytest.mark.parametrize(("side", "expected"), [(8, 96), (28, 112), (50, 100), (96, 96), (300, 300)])
def test_small_pictures_are_enlarged_by_a_whole_factor(side, expected):
    assert enlarge(np.zeros((side, 2 * side), np.uint8)).shape == (expected, 2 * expected)


def test_clahe_raises_a_faint_contrast():
    faint = np.full((128, 128), 120, np.uint8)
    faint[40:60, 40:60] = 112
    assert np.ptp(clahe(faint, 4.0, 8)) > np.ptp(faint)


def test_smoothing_lowers_noise_and_keeps_the_mean():
    noisy = np.random.default_rng(1).integers(100, 150, (80, 80), np.uint8)
    smoothed = smooth(noisy, 1.0)
    assert smoothed.std() < 0.5 * noisy.std()
    assert smoothed.mean() == pytest.approx(noisy.mean(), abs=1)


@pytest.mark.parametrize("shape", [(480, 640), (100, 100), (8, 3000), (3000, 4000), (96, 36000)])
def test_large_pictures_are_reduced_by_a_whole_factor(shape):
    factor = reduction(shape)
    assert reduced(np.zeros(shape, np.uint8)).shape == (shape[0] // factor, shape[1] // factor)
    assert min(shape) // factor >= min(64, *shape)


def test_shrinking_takes_means():
    assert shrunk(np.array([[0, 100, 9], [100, 200, 9]], np.uint8), 2).tolist() == [[100]]


@pytest.mark.parametrize("shape", [(1, 1), (1, 2), (7, 9), (8, 8), (30, 31)])
def test_the_median_is_numpys(shape):
    for seed in range(5):
        picture = np.random.default_rng(seed).integers(0, 256, shape, np.uint8)
        assert median(picture) == np.median(picture)


def test_light_that_falls_goes_on_falling_in_the_margin_until_there_is_none():
    falling = np.tile(np.arange(90, 0, -10, np.uint8), (9, 1))
    wide = continued(falling, 3)
    assert wide.shape == (15, 15)
    assert (wide == [120, 110, 100, 90, 80, 70, 60, 50, 40, 30, 20, 10, 0, 0, 0]).all()


def test_windows_have_a_middle():
    assert [odd(length) for length in (0.3, 1, 2, 3.9, 4)] == [1, 1, 3, 3, 5]
    assert square(4.2).shape == (5, 5)


@pytest.mark.parametrize(
    ("ink_rgb", "by_colour"), [((30, 30, 36), False), ((32, 52, 148), False), ((255, 226, 60), True), ((255, 150, 190), True)]
)
def test_bright_inks_are_seen_by_their_colour(ink_rgb, by_colour):
    page = np.full((240, 320, 3), (244, 242, 235), np.uint8)
    page[60:180, 150:162] = ink_rgb
    grey, coloured = separating_grey(page)
    assert coloured == by_colour
    assert int(grey[20, 20]) - int(grey[120, 156]) > 80


def test_a_yellow_lamp_and_a_brown_desk_are_no_ink():
    scene = np.full((240, 320, 3), (98, 70, 48), np.uint8)
    scene[20:220, 30:290] = (246, 206, 141)
    scene[60:180, 150:162] = (29, 25, 21)
    assert not separating_grey(scene)[1]
    grey = np.repeat(to_grey(scene)[..., np.newaxis], 3, axis=2)
    assert (separating_grey(grey)[0] == to_grey(grey)).all()
