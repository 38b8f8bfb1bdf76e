import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from skimage.filters import threshold_local, threshold_otsu

from digitcore.preprocessing.parameters import ThresholdingParams
from digitcore.preprocessing.polarity import InkPolarity
from digitcore.preprocessing.thresholding import (
    Threshold,
    ThresholdMethod,
    _noise_limit,
    _separates_ink,
    adaptive_threshold,
    otsu_threshold,
    paper_threshold,
)
from digitcore.stages import StageName
from tests.properties import given

PARAMS = ThresholdingParams()
SHAPE = (100, 100)
NOTHING = np.zeros(SHAPE, np.bool_)


def two_normal_distributions(seed, shape=(40, 50), share=0.3):
    """Draw pixels of two classes of grey levels that overlap."""
    rng = np.random.default_rng(seed)
    return np.where(rng.random(shape) < share, rng.normal(70, 25, shape), rng.normal(160, 30, shape)).clip(0, 255).astype(np.uint8)


def slow_otsu_level(image):
    """Try every level and take the first with the greatest variance between the two classes."""
    pixels = image.ravel().astype(float)

    def between(level):
        below, above = pixels[pixels <= level], pixels[pixels > level]
        return below.size * above.size * (below.mean() - above.mean()) ** 2 if below.size and above.size else 0.0

    return max(range(256), key=between)


def image_of(counts):
    """Make an image of 100 × 100 px whose blocks of 2 × 2 px have these grey levels: one pixel in four is sampled."""
    pixels = np.repeat(np.array(list(counts), np.uint8), list(counts.values()))
    return np.kron(pixels.reshape(50, 50), np.ones((2, 2), np.uint8))


def cumulative_of(counts):
    """Compute the cumulative distribution of so many pixels of each grey level."""
    histogram = np.zeros(256)
    histogram[list(counts)] = list(counts.values())
    return histogram.cumsum() / histogram.sum()


@pytest.mark.parametrize("polarity", InkPolarity)
def test_otsu_separates_two_greys_between_them(page, polarity, bar):
    threshold = otsu_threshold(page if polarity is InkPolarity.DARK else 255 - page, polarity)
    assert threshold.method == "otsu"
    assert 55 <= threshold.level < 200
    assert (threshold.ink == bar).all()


@pytest.mark.parametrize("seed", range(6))
def test_otsus_level_is_scikit_images_and_that_of_a_search(seed):
    grey = two_normal_distributions(seed)
    before = grey.copy()
    dark, light = (otsu_threshold(grey, polarity) for polarity in (InkPolarity.DARK, InkPolarity.LIGHT))
    assert type(dark.level) is float
    assert dark.level == light.level == threshold_otsu(grey) == slow_otsu_level(grey)
    assert dark.ink.dtype == np.bool_
    assert (dark.ink == (grey <= dark.level)).all()
    assert (light.ink == (grey > dark.level)).all()
    assert (grey == before).all()


@given(arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9))))
def test_all_that_is_not_dark_ink_is_light_ink(grey):
    dark, light = (otsu_threshold(grey, polarity) for polarity in (InkPolarity.DARK, InkPolarity.LIGHT))
    assert dark.ink.shape == grey.shape
    assert (dark.ink ^ light.ink).all()
    assert (otsu_threshold(np.asfortranarray(grey), InkPolarity.DARK).ink == dark.ink).all()
    assert (otsu_threshold(np.repeat(grey, 2, axis=1)[:, ::2], InkPolarity.DARK).ink == dark.ink).all()


def test_adaptive_finds_ink_where_one_level_cannot(page, shaded, bar):
    assert (otsu_threshold(shaded, InkPolarity.DARK).ink == bar).mean() < 0.9
    assert (adaptive_threshold(shaded, InkPolarity.DARK, 0.5).ink == bar).mean() > 0.99


@pytest.mark.parametrize("polarity", InkPolarity)
@pytest.mark.parametrize(("window", "side_px"), [(0.05, 3), (0.1, 5), (0.12, 5), (0.125, 5), (0.15, 7), (0.5, 21), (0.9, 37)])
def test_adaptive_compares_with_the_mean_of_a_window(polarity, window, side_px):
    grey = two_normal_distributions(9, (40, 60))
    before = grey.copy()
    means = np.rint(threshold_local(grey.astype(float), side_px, method="mean", mode="mirror"))
    difference = grey - means
    level = threshold_otsu((difference + 128).clip(0, 255).astype(np.uint8)) - 128
    found = adaptive_threshold(grey, polarity, window)
    assert (found.ink == ((difference > level) == (polarity is InkPolarity.LIGHT))).all()
    assert found.level == abs(level)
    assert found.method is ThresholdMethod.ADAPTIVE
    assert (grey == before).all()


def test_adaptive_is_relative_to_the_neighbourhood():
    grey = two_normal_distributions(10, (40, 60)) // 2
    found, brighter = (adaptive_threshold(each, InkPolarity.DARK, 0.3) for each in (grey, grey + np.uint8(90)))
    assert found.level == brighter.level
    assert (found.ink == brighter.ink).all()
    transposed = adaptive_threshold(np.ascontiguousarray(grey.T), InkPolarity.DARK, 0.3)
    assert (transposed.ink == found.ink.T).all()


def test_the_greatest_differences_are_clipped_and_not_wrapped():
    grey = np.zeros((41, 41), np.uint8)
    grey[20, 20] = 255
    assert adaptive_threshold(grey, InkPolarity.LIGHT, 1.0).ink.sum() == 1
    assert adaptive_threshold(255 - grey, InkPolarity.DARK, 1.0).ink.sum() == 1


def test_ink_is_separated_above_the_noise_of_the_paper_and_only_outside_of_what_is_excluded(bar):
    noise = np.random.default_rng(5).integers(0, 11, (2, *bar.shape)).sum(axis=0)
    dark = np.where(bar, 150, noise).astype(np.uint8)
    threshold = paper_threshold(dark, np.zeros_like(bar))
    assert (threshold.ink == bar).all()
    assert not paper_threshold(dark, bar).ink.any()


@pytest.mark.parametrize(
    ("counts", "level"),
    [
        ({0: 2500}, 12),  # 0 + 6 · 0.7 is less than the least darkness of ink
        ({0: 2400, 12: 50, 13: 50}, 12),
        ({8: 400, 10: 900, 12: 700, 14: 400, 16: 100}, 26.2),  # 16 % lie at 8: 10 + 6 · (10 − 8 + 0.7)
        ({8: 399, 10: 901, 12: 700, 14: 400, 16: 100}, 14.2),  # fewer than 16 %: no noise but that of rounding
        ({10: 400, 20: 1850, 60: 250}, 20),  # Otsu's level, where the noise reaches 20 + 6 · 10.7 = 84.2 and would hide the ink of 60
        ({4: 400, 10: 1350, 60: 750}, 12),  # 30 % are ink, but far from the paper
    ],
)
def test_the_level_lies_above_the_noise_or_at_otsus_level(counts, level):
    threshold = paper_threshold(image_of(counts), NOTHING)
    assert type(threshold.level) is float
    assert threshold.level == pytest.approx(level, rel=1e-12)


@pytest.mark.parametrize(("grey", "is_ink"), [(12, False), (13, True)])
def test_ink_is_darker_than_the_least_darkness_of_ink(grey, is_ink):
    dark = image_of({0: 2400, grey: 100})
    assert paper_threshold(dark, NOTHING).ink.any() == is_ink


def test_ink_is_darker_than_the_noise():
    dark = image_of({6: 156, 8: 625, 10: 934, 12: 625, 14: 156, 26: 2, 27: 2})
    threshold = paper_threshold(dark, NOTHING)
    assert threshold.level == pytest.approx(26.2)
    assert (threshold.ink == (dark == 27)).all()


def test_a_level_of_otsu_that_cuts_noise_in_half_is_not_taken():
    # binomially distributed: half of it lies above the level
    counts = {20: 156, 25: 625, 30: 938, 35: 625, 40: 156}
    assert paper_threshold(image_of(counts), NOTHING).level == pytest.approx(30 + 6 * (5 + 0.7))


@pytest.mark.parametrize("seed", range(4))
def test_paper_is_separated_pixel_by_pixel(seed):
    rng = np.random.default_rng(seed)
    dark = np.where(rng.random((60, 81)) < 0.1, rng.normal(90, 15, (60, 81)), rng.normal(15, 3, (60, 81))).clip(0, 255).astype(np.uint8)
    excluded = rng.random((60, 81)) < 0.2
    before = dark.copy(), excluded.copy()
    ranked = sorted(int(dark[y, x]) for y in range(60) for x in range(81) if not excluded[y, x])
    middle, low = (ranked[int(np.ceil(share * len(ranked))) - 1] for share in (0.5, 0.16))
    level = max(min(middle + 6 * (middle - low + 0.7), slow_otsu_level(np.array(ranked))), 12)
    found = paper_threshold(dark, excluded)
    assert found.method is ThresholdMethod.PAPER
    assert found.level == pytest.approx(level)
    assert found.ink.tolist() == [[dark[y, x] > int(level) and not excluded[y, x] for x in range(81)] for y in range(60)]
    assert (dark == before[0]).all()
    assert (excluded == before[1]).all()


def test_the_statistics_leave_out_what_is_excluded():
    dark = image_of({0: 2400, 60: 100})
    desk = np.zeros(SHAPE, np.bool_)
    desk[:60] = True
    dark[desk] = 120
    assert (paper_threshold(dark, desk).ink == ((dark == 60) & ~desk)).all()
    assert paper_threshold(dark, desk).level == 12
    assert paper_threshold(dark, NOTHING).level > 12


def test_an_image_that_is_excluded_has_a_level_but_no_ink():
    dark = image_of({6: 156, 8: 625, 10: 938, 12: 625, 14: 156})
    threshold = paper_threshold(dark, ~NOTHING)
    assert threshold.level == pytest.approx(26.2)
    assert not threshold.ink.any()


def test_where_every_sampled_pixel_is_excluded_the_whole_image_decides():
    dark = image_of({0: 2400, 60: 100})
    sampled = NOTHING.copy()
    sampled[::2, ::2] = True
    assert (paper_threshold(dark, sampled).ink == ((dark == 60) & ~sampled)).all()


@pytest.mark.parametrize(("shape", "value"), [((1, 1), 0), ((1, 1), 255), ((1, 7), 90), ((30, 2), 200)])
def test_paper_of_one_darkness_has_no_ink(shape, value):
    threshold = paper_threshold(np.full(shape, value, np.uint8), np.zeros(shape, np.bool_))
    assert threshold.ink.shape == shape
    assert not threshold.ink.any()


@pytest.mark.parametrize(
    ("counts", "limit"),
    [
        ({0: 100}, 0 + 6 * 0.7),
        ({40: 16, 50: 84}, 50 + 6 * 10.7),
        ({40: 15, 50: 85}, 50 + 6 * 0.7),
        ({10: 20, 20: 30, 90: 50}, 20 + 6 * 10.7),
        ({10: 20, 20: 29, 90: 51}, 90 + 6 * 80.7),
    ],
)
def test_noise_is_measured_in_the_lower_half_of_the_distribution(counts, limit):
    assert _noise_limit(cumulative_of(counts), PARAMS) == pytest.approx(limit, rel=1e-12)


@pytest.mark.parametrize(
    ("counts", "level", "separates"),
    [
        ({36: 25, 64: 25, 86: 25, 114: 25}, 64, True),  # 25² / (25² + 14²) = 0.761
        ({35: 25, 65: 25, 85: 25, 115: 25}, 65, False),  # 25² / (25² + 15²) = 0.735
        ({30: 21, 45: 52, 50: 27}, 45, True),  # 27 % are ink
        ({30: 20, 45: 52, 50: 28}, 45, False),
        ({40: 72, 50: 28}, 40, True),
        ({40: 100}, 40, True),
        ({40: 100}, 39, False),
    ],
)
def test_ink_covers_little_or_is_far_from_the_paper(counts, level, separates):
    assert _separates_ink(cumulative_of(counts), level, PARAMS) is separates


@pytest.mark.parametrize(
    ("method", "note"),
    [
        (ThresholdMethod.PAPER, "Ink is more than 41 levels darker than the paper."),
        (ThresholdMethod.OTSU, "Ink is darker than grey level 41, one threshold for the whole picture (Otsu)."),
        (ThresholdMethod.ADAPTIVE, "Ink is more than 41 levels darker than its neighbourhood (adaptive threshold)."),
    ],
)
def test_the_note_names_the_level(method, note):
    assert Threshold(NOTHING, method, 40.9).note == note


def test_a_threshold_of_the_whole_image_is_shown_in_the_image_that_it_separates(page):
    otsu = otsu_threshold(page, InkPolarity.DARK)
    assert otsu.global_threshold == (StageName.POLARITY, otsu.level)
    assert paper_threshold(255 - page, np.zeros(page.shape, np.bool_)).global_threshold.stage is StageName.DARKNESS
    assert adaptive_threshold(page, InkPolarity.DARK, 0.5).global_threshold is None


def test_the_methods_are_those_of_the_setting():
    assert [str(method) for method in ThresholdMethod] == ["paper", "otsu", "adaptive"]
