import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from skimage.filters import threshold_otsu

from digitcore.preprocessing.histogram import cumulative_histogram, median, quantile, separability
from tests.properties import given

IMAGES = arrays(np.uint8, st.tuples(st.integers(1, 8), st.integers(1, 8)))


def variance_ratio(image, level):
    """Divide the variance between the two classes of pixels by the variance of all."""
    pixels = image.ravel().astype(float)
    below, above = pixels[pixels <= level], pixels[pixels > level]
    if not below.size or not above.size:
        return 0.0
    between = sum(part.size * (part.mean() - pixels.mean()) ** 2 for part in (below, above)) / pixels.size
    return between / pixels.var()


def test_the_cumulative_histogram_counts_pixels_that_are_no_brighter():
    image = np.random.default_rng(2).integers(0, 256, (30, 40), np.uint8)
    assert cumulative_histogram(image) == pytest.approx([(image <= level).mean() for level in range(256)])


@given(IMAGES)
def test_the_cumulative_histogram_is_numpys(image):
    cumulative = cumulative_histogram(image)
    assert cumulative.dtype == np.float64
    assert cumulative.tolist() == (np.bincount(image.ravel(), minlength=256).cumsum() / image.size).tolist()


def test_the_cumulative_histogram_of_one_pixel_is_a_step():
    assert cumulative_histogram(np.array([7], np.uint8)).tolist() == [0.0] * 7 + [1.0] * 249
    assert cumulative_histogram(np.zeros((1, 1), np.uint8)).tolist() == [1.0] * 256
    assert cumulative_histogram(np.full((1, 1), 255, np.uint8)).tolist() == [0.0] * 255 + [1.0]


@pytest.mark.parametrize("window", [np.s_[:], np.s_[::2, ::3], np.s_[::-1, ::-1], np.s_[3], np.s_[:, 5], np.s_[4:9, 2:20]])
def test_parts_of_an_image_have_their_own_statistics(window):
    part = np.random.default_rng(6).integers(0, 256, (20, 30), np.uint8)[window]
    assert cumulative_histogram(part).tolist() == cumulative_histogram(np.ascontiguousarray(part)).tolist()
    assert cumulative_histogram(part)[100] == (part <= 100).mean()
    assert median(part) == np.median(part)


@pytest.mark.parametrize("shape", [(4, 5, 3), (4, 5, 4)])
def test_all_axes_of_an_array_are_counted(shape):
    image = np.random.default_rng(7).integers(0, 256, shape, np.uint8)
    assert cumulative_histogram(image)[[99, 255]].tolist() == [(image <= 99).mean(), 1.0]


def test_all_pixels_of_a_very_large_image_are_counted():
    image = np.zeros((4097, 4097), np.uint8)  # more than 2**24 pixels, and an odd number
    assert cumulative_histogram(image)[-1] == 1


def test_a_quantile_is_the_lowest_level_that_reaches_the_share():
    cumulative = cumulative_histogram(np.array([10, 20, 30, 40], np.uint8))
    assert [quantile(cumulative, share) for share in (0.1, 0.25, 0.26, 1)] == [10, 10, 20, 40]


@given(arrays(np.uint8, 64), st.integers(1, 64))
def test_a_quantile_is_the_pixel_of_that_rank(image, rank):
    found = quantile(cumulative_histogram(image), rank / 64)
    assert type(found) is int
    assert found == sorted(image.tolist())[rank - 1] == np.quantile(image, rank / 64, method="inverted_cdf")


def test_the_quantile_of_no_share_is_black():
    assert quantile(cumulative_histogram(np.array([10, 20], np.uint8)), 0) == 0


@pytest.mark.parametrize("shape", [(1, 1), (1, 2), (7, 9), (8, 8), (30, 31)])
def test_the_median_is_numpys(shape):
    for seed in range(5):
        image = np.random.default_rng(seed).integers(0, 256, shape, np.uint8)
        assert median(image) == np.median(image)


@pytest.mark.parametrize(
    ("pixels", "expected"),
    [
        ([0], 0),
        ([255], 255),
        ([0, 255], 127.5),
        ([255, 255], 255),
        ([0, 0, 1], 0),
        ([0, 1, 1], 1),
        ([3, 9, 1, 8], 5.5),
        ([0, 0, 1, 1], 0.5),
    ],
)
def test_the_median_lies_between_the_two_pixels_in_the_middle(pixels, expected):
    found = median(np.array(pixels, np.uint8))
    assert type(found) is float
    assert found == expected


@given(IMAGES)
def test_the_median_of_the_negative_is_the_negative_of_the_median(image):
    assert median(255 - image) == 255 - median(image)


def test_two_levels_are_wholly_separable_and_half_a_normal_distribution_is_not():
    two = np.repeat(np.array([50, 200], np.uint8), (900, 100))
    noise = np.random.default_rng(3).normal(128, 20, 100_000).clip(0, 255).astype(np.uint8)
    assert separability(cumulative_histogram(two), 100) == pytest.approx(1)
    assert separability(cumulative_histogram(two), 20) == 0
    assert separability(cumulative_histogram(noise), 127) == pytest.approx(2 / np.pi, abs=0.01)


@pytest.mark.parametrize(
    ("level", "expected"), [(9, 0), (10, 0.6), (19, 0.6), (20, 0.8), (29, 0.8), (30, 0.6), (39, 0.6), (40, 0), (255, 0)]
)
def test_the_separability_of_four_levels_is_as_by_hand(level, expected):
    # the variance is 125; between {10} and the rest it is 3/16 · 20² = 75, between the halves 1/4 · 20² = 100
    cumulative = cumulative_histogram(np.array([10, 20, 30, 40], np.uint8))
    assert separability(cumulative, level) == pytest.approx(expected, rel=1e-12)


def test_separability_does_not_depend_on_the_unit():
    assert separability(cumulative_histogram(np.array([9, 11], np.uint8)), 9) == pytest.approx(1)  # the variance is 1


@given(IMAGES, st.integers(0, 255))
def test_separability_is_the_ratio_of_two_variances(image, level):
    found = separability(cumulative_histogram(image), level)
    assert found == pytest.approx(variance_ratio(image, level), rel=1e-9, abs=1e-12)
    assert 0 <= found <= 1 + 1e-12


@given(IMAGES, st.integers(0, 254))
def test_separability_is_that_of_the_negative(image, level):
    negative = separability(cumulative_histogram(255 - image), 254 - level)
    assert separability(cumulative_histogram(image), level) == pytest.approx(negative, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("grey", [0, 77, 255])
@pytest.mark.parametrize("level", [0, 77, 255])
def test_one_level_is_not_separable(grey, level):
    assert separability(cumulative_histogram(np.full(9, grey, np.uint8)), level) == 0


@pytest.mark.parametrize("seed", range(5))
def test_otsus_level_has_the_greatest_separability(seed):
    rng = np.random.default_rng(seed)
    image = np.where(rng.random((40, 50)) < 0.3, rng.normal(70, 25, (40, 50)), rng.normal(160, 30, (40, 50))).clip(0, 255).astype(np.uint8)
    cumulative = cumulative_histogram(image)
    assert np.argmax([separability(cumulative, level) for level in range(256)]) == threshold_otsu(image)
