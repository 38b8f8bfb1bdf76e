import numpy as np
import pytest

from digitcore.preprocessing.resampling import (
    border_pixels,
    downscale_local_mean,
    enlarge,
    make_overview,
    overview_factor,
    pad_linear,
    subsample,
)


@pytest.mark.parametrize(("side", "expected"), [(8, 96), (28, 112), (50, 100), (96, 96), (300, 300)])
def test_small_images_are_enlarged_by_a_whole_factor(side, expected):
    assert enlarge(np.zeros((side, 2 * side), np.uint8)).shape == (expected, 2 * expected)


@pytest.mark.parametrize("shape", [(480, 640), (100, 100), (8, 3000), (3000, 4000), (96, 36000)])
def test_an_overview_is_reduced_by_a_whole_factor(shape):
    factor = overview_factor(shape)
    assert make_overview(np.zeros(shape, np.uint8)).shape == (shape[0] // factor, shape[1] // factor)
    assert min(shape) // factor >= min(64, *shape)


def test_downscaling_takes_means():
    assert downscale_local_mean(np.array([[0, 100, 9], [100, 200, 9]], np.uint8), 2).tolist() == [[100]]


@pytest.mark.parametrize("factor", [1, 2, 3, 4, 5, 6])
def test_downscaling_by_any_factor_gives_the_means_of_the_blocks(factor):
    image = np.random.default_rng(factor).integers(0, 256, (37, 50), np.uint8)
    height, width = 37 // factor, 50 // factor
    blocks = image[: height * factor, : width * factor].reshape(height, factor, width, factor)
    assert np.abs(downscale_local_mean(image, factor) - blocks.mean(axis=(1, 3))).max() <= 0.5


@pytest.mark.parametrize(("side", "stride"), [(100, 2), (479, 2), (480, 4), (1000, 8)])
def test_a_subsample_takes_pixels_at_a_stride_that_grows_with_the_image(side, stride):
    image = np.random.default_rng(1).integers(0, 256, (side, side + 10), np.uint8)
    assert (subsample(image) == image[::stride, ::stride]).all()


def test_the_border_is_the_outermost_row_and_column_of_each_side():
    image = np.arange(12, dtype=np.uint8).reshape(3, 4)
    assert border_pixels(image).tolist() == [0, 1, 2, 3, 8, 9, 10, 11, 0, 4, 8, 3, 7, 11]


def test_a_gradient_goes_on_in_the_margin_until_it_reaches_black():
    falling = np.tile(np.arange(90, 0, -10, np.uint8), (9, 1))
    padded = pad_linear(falling, 3)
    assert padded.shape == (15, 15)
    assert (padded == [120, 110, 100, 90, 80, 70, 60, 50, 40, 30, 20, 10, 0, 0, 0]).all()
