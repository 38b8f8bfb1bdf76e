import numpy as np
import pytest
from scipy import ndimage

from digitcore.preprocessing.enhancement import clahe, smooth


def equalisation_table(tile, clip_limit):
    """Compute the grey level to which each level of a tile is raised: its histogram clipped, what is cut off spread evenly, and summed."""
    histogram = np.bincount(tile.ravel(), minlength=256)
    limit = max(int(clip_limit * tile.size / 256), 1)
    spare = int(np.maximum(histogram - limit, 0).sum())
    histogram = np.minimum(histogram, limit) + spare // 256
    rest = spare % 256
    if rest:
        histogram[:: max(256 // rest, 1)][:rest] += 1
    return np.rint(histogram.cumsum().astype(np.float32) * np.float32(255 / tile.size))


def slow_clahe(grey, clip_limit, tiles):
    """Interpolate each pixel bilinearly between the tables of the four tiles whose middles surround it."""
    tile_height, tile_width = grey.shape[0] // tiles, grey.shape[1] // tiles
    tables = [
        [equalisation_table(grey[r * tile_height :][:tile_height, c * tile_width :][:, :tile_width], clip_limit) for c in range(tiles)]
        for r in range(tiles)
    ]
    out = np.empty(grey.shape)
    for (y, x), level in np.ndenumerate(grey):
        down, right = y / tile_height - 0.5, x / tile_width - 0.5
        top, left = int(np.floor(down)), int(np.floor(right))
        rows, columns = np.clip([top, top + 1], 0, tiles - 1), np.clip([left, left + 1], 0, tiles - 1)
        upper, lower = ([tables[r][c][level] for c in columns] for r in rows)
        mixed = [pair[0] * (left + 1 - right) + pair[1] * (right - left) for pair in (upper, lower)]
        out[y, x] = mixed[0] * (top + 1 - down) + mixed[1] * (down - top)
    return out


def test_clahe_raises_a_faint_contrast():
    faint = np.full((128, 128), 120, np.uint8)
    faint[40:60, 40:60] = 112
    assert np.ptp(clahe(faint, 4.0, 8)) > np.ptp(faint)


@pytest.mark.parametrize(("clip_limit", "tiles"), [(1.0, 1), (2.0, 2), (4.0, 2), (4.0, 4), (40.0, 3)])
def test_clahe_interpolates_between_the_clipped_histograms_of_its_tiles(clip_limit, tiles):
    rng = np.random.default_rng(8)
    grey = (rng.normal(110, 12, (48, 72)) + np.linspace(0, 60, 72)).clip(0, 255).astype(np.uint8)
    found = clahe(grey, clip_limit, tiles)
    assert found.dtype == np.uint8
    assert np.abs(found - slow_clahe(grey, clip_limit, tiles)).max() < 0.51  # rounding, done in single precision


def test_the_contrast_grows_with_the_clip_limit():
    grey = np.random.default_rng(9).normal(120, 6, (64, 64)).astype(np.uint8)
    deviations = [clahe(grey, clip_limit, 4).std() for clip_limit in (1, 2, 4, 8)]
    assert deviations == sorted(deviations)
    assert deviations[0] < deviations[-1]


def test_clahe_is_transposed_with_its_image_and_leaves_it_as_it_is():
    grey = np.random.default_rng(10).integers(80, 160, (48, 64), np.uint8)
    before = grey.copy()
    assert (clahe(np.ascontiguousarray(grey.T), 3.0, 4) == clahe(grey, 3.0, 4).T).all()
    assert (clahe(np.asfortranarray(grey), 3.0, 4) == clahe(grey, 3.0, 4)).all()
    assert (grey == before).all()


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (50, 33)])
def test_clahe_keeps_the_shape_of_any_image(shape):
    assert clahe(np.full(shape, 90, np.uint8), 2.0, 8).shape == shape


def test_smoothing_lowers_noise_and_keeps_the_mean():
    noisy = np.random.default_rng(1).integers(100, 150, (80, 80), np.uint8)
    smoothed = smooth(noisy, 1.0)
    assert smoothed.std() < 0.5 * noisy.std()
    assert smoothed.mean() == pytest.approx(noisy.mean(), abs=1)


@pytest.mark.parametrize("sigma_px", [0.5, 0.8, 1.0, 2.0, 3.3])
def test_smoothing_is_the_convolution_with_a_gaussian(sigma_px):
    grey = np.random.default_rng(11).integers(0, 256, (40, 57), np.uint8)
    exact = ndimage.gaussian_filter(grey.astype(float), sigma_px, mode="mirror", radius=round(2.6 * sigma_px))
    smoothed = smooth(grey, sigma_px)
    assert smoothed.dtype == np.uint8
    assert np.abs(smoothed - exact).max() < 1.5  # OpenCV's weights for whole grey levels are multiples of 1/256
    assert abs((smoothed - exact).mean()) < 0.01


@pytest.mark.parametrize(("sigma_px", "reach_px"), [(0.1, 0), (0.5, 1), (1.0, 3), (1.35, 4), (1.7, 5), (2.0, 6), (5.0, 14)])
def test_the_kernel_reaches_as_far_as_its_weights_change_a_grey_level(sigma_px, reach_px):
    line = np.zeros((61, 61), np.uint8)
    line[:, 30] = 255
    lit = np.flatnonzero(smooth(line, sigma_px)[30])
    assert (lit.min(), lit.max()) == (30 - reach_px, 30 + reach_px)


@pytest.mark.parametrize("grey", [0, 1, 128, 255])
@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (9, 20)])
def test_smoothing_leaves_one_brightness_as_it_is(grey, shape):
    constant = np.full(shape, grey, np.uint8)
    assert (smooth(constant, 1.0) == constant).all()


def test_smoothing_commutes_with_flips_and_transposition_and_leaves_its_image_as_it_is():
    grey = np.random.default_rng(12).integers(0, 256, (20, 31), np.uint8)
    before = grey.copy()
    smoothed = smooth(grey, 1.2)
    for view in (np.flipud, np.fliplr, np.transpose):
        assert (smooth(np.ascontiguousarray(view(grey)), 1.2) == view(smoothed)).all()
    assert (smooth(np.repeat(grey, 2, axis=1)[:, ::2], 1.2) == smoothed).all()
    assert (grey == before).all()
