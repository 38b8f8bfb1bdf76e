import numpy as np
import pytest

from digitcore import ink


@pytest.fixture
def page():
    """Paper of grey 200 with a bar of ink of grey 80, 40 px long and 6 px thick."""
    grey = np.full((120, 160), 200, np.uint8)
    grey[50:56, 60:100] = 80
    return grey


@pytest.fixture
def shaded(page):
    """The same page under light that falls to a quarter from left to right: its paper ends darker than its ink began."""
    return (page * np.linspace(1, 0.25, page.shape[1])).astype(np.uint8)


def ink_of(page):
    return page == 80


def test_grey_is_the_luma_of_the_colours():
    rgb = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]]], np.uint8)
    assert ink.to_grey(rgb).tolist() == [[76, 150, 29, 255]]


@pytest.mark.parametrize(("side", "expected"), [(8, 96), (28, 112), (50, 100), (96, 96), (300, 300)])
def test_small_pictures_are_enlarged_by_a_whole_factor(side, expected):
    assert ink.enlarge(np.zeros((side, 2 * side), np.uint8)).shape == (expected, 2 * expected)


def test_clahe_raises_a_faint_contrast():
    faint = np.full((128, 128), 120, np.uint8)
    faint[40:60, 40:60] = 112
    assert np.ptp(ink.clahe(faint, 4.0, 8)) > np.ptp(faint)


def test_smoothing_lowers_noise_and_keeps_the_mean():
    noisy = np.random.default_rng(1).integers(100, 150, (80, 80), np.uint8)
    smoothed = ink.smooth(noisy, 1.0)
    assert smoothed.std() < 0.5 * noisy.std()
    assert smoothed.mean() == pytest.approx(noisy.mean(), abs=1)


def test_otsu_splits_two_greys_between_them(page):
    split = ink.otsu_threshold(page)
    assert split.method == "otsu"
    assert 80 <= split.level < 200
    assert (split.bright == ~ink_of(page)).all()


def test_adaptive_finds_ink_where_one_level_cannot(page, shaded):
    assert (ink.otsu_threshold(shaded).bright == ~ink_of(page)).mean() < 0.9
    assert (ink.adaptive_threshold(shaded, 0.5).bright == ~ink_of(page)).mean() > 0.99


def test_the_choice_between_them_is_by_the_evenness_of_the_light(page, shaded):
    assert ink.choose_threshold(page, 0.5).method == "otsu"
    assert ink.choose_threshold(shaded, 0.5).method == "adaptive"
    assert ink.choose_threshold(np.full((50, 50), 7, np.uint8), 0.5).method == "otsu"


def test_the_background_is_the_paper_without_its_writing(page):
    assert (ink.background(page, 0.5) == 200).all()


def test_polarity_is_estimated_from_area_and_rim(page):
    assert ink.estimate_polarity(~ink_of(page)) == "dark_ink"
    assert ink.estimate_polarity(ink_of(page)) == "light_ink"


def test_polarity_holds_for_a_bold_digit_that_fills_its_picture():
    bright = np.ones((40, 30), bool)
    bright[3:37, 4:26] = False  # more than half is ink, but the rim is paper
    assert (~bright).mean() > 0.5
    assert ink.estimate_polarity(bright) == "dark_ink"
    assert ink.estimate_polarity(~bright) == "light_ink"


@pytest.mark.parametrize("inverted", [False, True])
def test_ink_is_measured_against_the_paper_around_it(page, inverted):
    grey = 255 - page if inverted else page
    measured = ink.measure_ink(grey, ink_of(page))
    assert measured.contrast == pytest.approx(120 / 255, abs=0.01)
    assert measured.noise < 0.01
    assert (measured.levels[ink_of(page)] > 250).all()
    assert (measured.levels[~ink_of(page)] < 5).all()


def test_ink_in_shade_is_measured_against_the_shaded_paper(page, shaded):
    measured = ink.measure_ink(shaded, ink_of(page))
    assert (measured.levels[ink_of(page)] > 180).all()


def test_no_ink_has_no_contrast(page):
    measured = ink.measure_ink(page, np.zeros(page.shape, bool))
    assert measured.contrast == 0
    assert not measured.visible(0.05)


def test_noise_split_in_two_is_not_ink():
    noise = np.clip(np.random.default_rng(3).normal(128, 20, (200, 200)), 0, 255).astype(np.uint8)
    split = ink.otsu_threshold(noise)
    assert not ink.measure_ink(noise, ~split.bright).visible(0.0)


def test_faint_pencil_in_a_photos_noise_is_ink(page):
    faint = np.where(ink_of(page), 165, 200) + np.random.default_rng(4).normal(0, 4, page.shape)
    measured = ink.measure_ink(np.clip(faint, 0, 255).astype(np.uint8), ink_of(page))
    assert measured.visible(0.08)
