import numpy as np
import pytest
from hypothesis import strategies as st
from scipy import ndimage

from digitcore.preprocessing.resampling import (
    border_pixels,
    downscale_local_mean,
    enlarge,
    make_overview,
    overview_factor,
    pad_linear,
    subsample,
    subsampling_stride,
)
from tests.properties import given

SIDES = st.integers(1, 5000)


def noise(shape, seed=0):
    """Fill an image with random grey levels: uint8."""
    return np.random.default_rng(seed).integers(0, 256, shape, np.uint8)


def slow_block_means(image, factor):
    """Average the whole blocks of an image one by one: float64."""
    height, width = (side // factor for side in image.shape)
    means = np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            block = [int(image[y * factor + dy, x * factor + dx]) for dy in range(factor) for dx in range(factor)]
            means[y, x] = sum(block) / factor**2
    return means


def slow_cubic(image, factor):
    """Enlarge an image by cubic convolution with a = −0.75 (Keys 1981), its border replicated, pixel by pixel: float64."""

    def weight(distance, a=-0.75):
        distance = abs(distance)
        if distance <= 1:
            return (a + 2) * distance**3 - (a + 3) * distance**2 + 1
        return a * distance**3 - 5 * a * distance**2 + 8 * a * distance - 4 * a if distance < 2 else 0

    def along_rows(rows):
        length = rows.shape[1]
        enlarged = np.zeros((rows.shape[0], length * factor))
        for position in range(length * factor):
            source = (position + 0.5) / factor - 0.5
            for neighbour in range(int(np.floor(source)) - 1, int(np.floor(source)) + 3):
                enlarged[:, position] += weight(source - neighbour) * rows[:, min(max(neighbour, 0), length - 1)]
        return enlarged

    return along_rows(along_rows(image.astype(float)).T).T.clip(0, 255)


def slow_pad_linear(image, margin_px):
    """Extrapolate columns, then rows, with unbounded integers, pixel by pixel: uint8."""
    rows = [[int(value) for value in row] for row in image]

    def extrapolated(line):
        before = [2 * line[0] - line[distance] for distance in range(margin_px, 0, -1)]
        after = [2 * line[-1] - line[-1 - distance] for distance in range(1, margin_px + 1)]
        return before + line + after

    columns = [extrapolated(list(column)) for column in zip(*rows, strict=True)]
    return np.array([extrapolated(list(row)) for row in zip(*columns, strict=True)]).clip(0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    ("side", "expected"), [(1, 96), (8, 96), (28, 112), (47, 141), (48, 96), (50, 100), (95, 190), (96, 96), (97, 97), (300, 300)]
)
def test_small_images_are_enlarged_by_a_whole_factor(side, expected):
    assert enlarge(np.zeros((side, 2 * side), np.uint8)).shape == (expected, 2 * expected)
    assert enlarge(np.zeros((2 * side, side), np.uint8)).shape == (2 * expected, expected)


@pytest.mark.parametrize(
    ("shape", "enlarged"),
    [
        ((16, 1600), (96, 9600)),
        ((4, 1600), (80, 32_000)),
        ((1600, 4), (32_000, 80)),
        ((1, 1600), (40, 64_000)),
        ((40, 16_000), (80, 32_000)),
        ((40, 16_001), (40, 16_001)),
        ((90, 40_000), (90, 40_000)),
    ],
)
def test_a_thin_image_is_enlarged_to_no_more_pixels_than_the_largest_working_picture_has(shape, enlarged):
    assert enlarge(np.zeros(shape, np.uint8)).shape == enlarged


@given(st.integers(1, 100), st.integers(1, 1600))
def test_an_image_is_enlarged_by_the_greatest_factor_that_is_needed_and_possible(short, long):
    def is_possible(factor):
        return short * long * factor**2 <= 1600**2

    shape = enlarge(np.zeros((short, long), np.uint8)).shape
    factor = shape[0] // short
    assert shape == (short * factor, long * factor)
    assert factor == 1 or is_possible(factor)
    assert min(shape) >= 96 or not is_possible(factor + 1)


@pytest.mark.parametrize("shape", [(96, 96), (96, 500), (500, 96)])
def test_an_image_that_is_large_enough_is_returned_itself(shape):
    image = noise(shape)
    assert enlarge(image) is image


@pytest.mark.parametrize(("shape", "factor"), [((95, 100), 2), ((60, 33), 3), ((20, 24), 5)])
def test_enlarging_is_a_cubic_convolution(shape, factor):
    image = noise(shape)
    enlarged = enlarge(image)
    assert enlarged.dtype == np.uint8
    assert np.abs(enlarged - slow_cubic(image, factor)).max() <= 1


def test_enlarging_leaves_constant_images_and_its_input_unchanged():
    for level in (0, 93, 255):
        assert (enlarge(np.full((30, 20), level, np.uint8)) == level).all()
    image = noise((30, 20))
    before = image.copy()
    assert (enlarge(image.T) == enlarge(np.ascontiguousarray(image.T))).all()
    assert (image == before).all()


@pytest.mark.parametrize("shape", [(480, 640), (100, 100), (8, 3000), (3000, 4000), (96, 36000)])
def test_an_overview_is_reduced_by_a_whole_factor(shape):
    factor = overview_factor(shape)
    assert make_overview(np.zeros(shape, np.uint8)).shape == (shape[0] // factor, shape[1] // factor)
    assert min(shape) // factor >= min(64, *shape)


@pytest.mark.parametrize(
    ("shape", "factor"),
    [
        ((1, 1), 1),
        ((256, 256), 1),
        ((200, 257), 2),
        ((512, 512), 2),
        ((512, 513), 3),
        ((63, 3000), 1),
        ((64, 3000), 1),
        ((127, 3000), 1),
        ((128, 3000), 2),
        ((191, 600), 2),
        ((192, 600), 3),
    ],
)
def test_the_long_side_of_an_overview_is_short_unless_that_makes_the_short_side_too_short(shape, factor):
    assert overview_factor(shape) == factor
    assert overview_factor(shape[::-1]) == factor


@given(SIDES, SIDES)
def test_the_factor_of_an_overview_is_the_first_that_is_large_enough(height, width):
    factor = 1
    while max(height, width) > 256 * factor and min(height, width) >= 64 * (factor + 1):
        factor += 1
    assert overview_factor((height, width)) == factor


@pytest.mark.parametrize(("blocks", "factor"), [((70, 90), 1), ((100, 140), 2), ((130, 250), 3)])
def test_an_overview_is_the_median_of_its_blocks(blocks, factor):
    small = noise(blocks)
    overview = make_overview(np.kron(small, np.ones((factor, factor), np.uint8)))
    assert overview.dtype == np.uint8
    assert (overview == ndimage.median_filter(small, 3, mode="nearest")).all()


def test_downscaling_takes_means():
    assert downscale_local_mean(np.array([[0, 100, 9], [100, 200, 9]], np.uint8), 2).tolist() == [[100]]


@pytest.mark.parametrize("factor", [1, 2, 3, 4, 5, 6, 7, 8, 11])
def test_downscaling_by_any_factor_gives_the_means_of_the_blocks(factor):
    image = noise((37, 50), factor)
    before = image.copy()
    for view in (image, image.T, image[::-1, ::2]):
        small = downscale_local_mean(view, factor)
        assert small.dtype == np.uint8
        assert small.shape == (view.shape[0] // factor, view.shape[1] // factor)
        assert np.abs(small - slow_block_means(view, factor)).max() <= 0.5
    assert (image == before).all()


@pytest.mark.parametrize("factor", [2, 3, 4, 5, 6])
def test_what_fills_no_block_is_left_out(factor):
    image = noise((4 * factor, 3 * factor))
    padded = np.full((5 * factor - 1, 4 * factor - 1), 255, np.uint8)
    padded[: 4 * factor, : 3 * factor] = image
    assert (downscale_local_mean(padded, factor) == downscale_local_mean(image, factor)).all()


@pytest.mark.parametrize("factor", [2, 3, 4, 5, 6])
def test_downscaling_an_image_of_a_single_block_gives_its_mean(factor):
    block = noise((factor, factor))
    small = downscale_local_mean(block, factor)
    assert small.shape == (1, 1)
    assert abs(float(small[0, 0]) - block.mean()) <= 0.5


def test_downscaling_by_one_returns_the_image_itself():
    image = noise((5, 7))
    assert downscale_local_mean(image, 1) is image


@pytest.mark.parametrize(("side", "stride"), [(1, 1), (239, 1), (240, 1), (479, 1), (480, 2), (719, 2), (720, 3), (2400, 10)])
def test_the_stride_leaves_at_least_240_pixels_of_the_short_side(side, stride):
    assert subsampling_stride(np.empty((side, side + 300), np.uint8)) == stride
    assert subsampling_stride(np.empty((side + 300, side), np.bool_)) == stride


def test_the_stride_of_a_colour_image_is_that_of_its_height_and_width():
    assert subsampling_stride(np.empty((720, 960, 3), np.uint8)) == 3


@pytest.mark.parametrize(("side", "stride"), [(1, 1), (100, 1), (479, 1), (480, 2), (1000, 4)])
@pytest.mark.parametrize("dtype", [np.uint8, np.bool_])
def test_a_subsample_takes_pixels_at_a_stride_that_grows_with_the_image(side, stride, dtype):
    image = noise((side, side + 10)).astype(dtype)
    for view in (image, image.T):
        sample = subsample(view)
        assert sample.dtype == dtype
        assert sample.flags.c_contiguous
        assert (sample == view[::stride, ::stride]).all()


def test_a_subsample_is_a_copy():
    image = noise((9, 9))
    assert not np.shares_memory(subsample(image), image)


def test_a_subsample_of_a_single_pixel_is_a_copy():
    image = noise((2, 2))
    assert not np.shares_memory(subsample(image), image)


def test_the_border_is_the_outermost_row_and_column_of_each_side():
    image = np.arange(12, dtype=np.uint8).reshape(3, 4)
    assert border_pixels(image).tolist() == [0, 1, 2, 3, 8, 9, 10, 11, 0, 4, 8, 3, 7, 11]
    assert border_pixels(image[:1, :1]).tolist() == [0, 0, 0, 0]
    assert border_pixels(image[:1]).tolist() == [0, 1, 2, 3, 0, 1, 2, 3, 0, 3]


def test_a_gradient_goes_on_in_the_margin_until_it_reaches_black():
    falling = np.tile(np.arange(90, 0, -10, np.uint8), (9, 1))
    padded = pad_linear(falling, 3)
    assert padded.shape == (15, 15)
    assert (padded == [120, 110, 100, 90, 80, 70, 60, 50, 40, 30, 20, 10, 0, 0, 0]).all()


def test_a_gradient_goes_on_in_the_margin_until_it_reaches_white():
    rising = np.tile(np.arange(215, 255, 10, np.uint8)[:, np.newaxis], (1, 5))
    assert (pad_linear(rising, 3) == np.array([185, 195, 205, 215, 225, 235, 245, 255, 255, 255])[:, np.newaxis]).all()


def test_a_plane_goes_on_as_a_plane_at_sides_and_corners():
    y, x = np.mgrid[:12, :16]
    plane = (40 + 5 * y + 6 * x).astype(np.uint8)
    assert (pad_linear(plane[3:-3, 3:-3], 3) == plane).all()


@pytest.mark.parametrize(("shape", "margin_px"), [((1, 1), 0), ((7, 9), 0), ((2, 2), 1), ((6, 9), 1), ((6, 9), 5), ((9, 6), 5)])
def test_padding_mirrors_each_line_in_its_end(shape, margin_px):
    image = noise(shape, margin_px)
    before = image.copy()
    padded = pad_linear(image, margin_px)
    assert padded.dtype == np.uint8
    assert (padded == slow_pad_linear(image, margin_px)).all()
    assert (image == before).all()


@given(st.integers(0, 2**32 - 1), st.integers(4, 9), st.integers(4, 9), st.integers(0, 3))
def test_padding_keeps_the_image_and_its_symmetries(seed, height, width, margin_px):
    image = noise((height, width), seed)
    padded = pad_linear(image, margin_px)
    assert (padded[margin_px : margin_px + height, margin_px : margin_px + width] == image).all()
    assert (pad_linear(image.T, margin_px) == padded.T).all()
    assert (pad_linear(image[::-1], margin_px) == padded[::-1]).all()
    assert (pad_linear(image[:, ::-1], margin_px) == padded[:, ::-1]).all()
    assert (pad_linear(255 - image, margin_px) == 255 - padded).all()


def test_padding_agrees_with_the_odd_reflection_of_numpy_where_nothing_is_clipped():
    image = (100 + noise((8, 11)) // 16).astype(np.uint8)
    padded = np.pad(image.astype(int), 4, mode="reflect", reflect_type="odd")
    assert (pad_linear(image, 4) == padded).all()
