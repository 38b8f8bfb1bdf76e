import numpy as np
import pytest

from digitcore.preprocessing.histogram import cumulative_histogram, median, quantile, separability


def test_the_cumulative_histogram_counts_pixels_that_are_no_brighter():
    image = np.random.default_rng(2).integers(0, 256, (30, 40), np.uint8)
    assert cumulative_histogram(image) == pytest.approx([(image <= level).mean() for level in range(256)])


def test_a_quantile_is_the_lowest_level_that_reaches_the_share():
    cumulative = cumulative_histogram(np.array([10, 20, 30, 40], np.uint8))
    assert [quantile(cumulative, share) for share in (0.1, 0.25, 0.26, 1)] == [10, 10, 20, 40]


@pytest.mark.parametrize("shape", [(1, 1), (1, 2), (7, 9), (8, 8), (30, 31)])
def test_the_median_is_numpys(shape):
    for seed in range(5):
        image = np.random.default_rng(seed).integers(0, 256, shape, np.uint8)
        assert median(image) == np.median(image)


def test_two_levels_are_wholly_separable_and_half_a_normal_distribution_is_not():
    two = np.repeat(np.array([50, 200], np.uint8), (900, 100))
    noise = np.random.default_rng(3).normal(128, 20, 100_000).clip(0, 255).astype(np.uint8)
    assert separability(cumulative_histogram(two), 100) == pytest.approx(1)
    assert separability(cumulative_histogram(two), 20) == 0
    assert separability(cumulative_histogram(noise), 127) == pytest.approx(2 / np.pi, abs=0.01)
