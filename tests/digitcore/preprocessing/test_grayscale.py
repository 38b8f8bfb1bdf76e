from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import ndimage

from digitcore.preprocessing import grayscale
from digitcore.preprocessing.grayscale import _has_coloured_parts, _local_contrast_percent, best_contrast_channel, to_grey
from digitcore.preprocessing.parameters import GrayscaleParams
from tests.properties import given

PARAMS = GrayscaleParams()

WHITE = (255, 255, 255)


def page_with_bar(paper_rgb, ink_rgb):
    """Draw a bar of 12 × 120 px, two hundredths of the page."""
    page = np.full((240, 320, 3), paper_rgb, np.uint8)
    page[60:180, 150:162] = ink_rgb
    return page


def sample_with_ink(ink_px, ink_rgb, paper_rgb=WHITE):
    """Colour the first pixels of an image of 100 × 100."""
    pixels = np.full((10_000, 3), paper_rgb, np.uint8)
    pixels[:ink_px] = ink_rgb
    return pixels.reshape(100, 100, 3)


def test_grey_is_the_luma_of_the_colours():
    rgb = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]]], np.uint8)
    assert to_grey(rgb).tolist() == [[76, 150, 29, 255]]


def test_luma_is_rounded_to_the_nearest_grey():
    rgb = np.array([list(product(range(0, 256, 15), repeat=3))], np.uint8)
    grey = to_grey(rgb)
    assert grey.dtype == np.uint8
    assert np.abs(grey - rgb @ [0.299, 0.587, 0.114]).max() < 0.51


def test_greys_are_their_own_luma():
    greys = np.arange(256, dtype=np.uint8).reshape(16, 16)
    assert (to_grey(np.dstack([greys] * 3)) == greys).all()


def test_luma_of_a_view_leaves_the_image_as_it_is():
    rgb = np.random.default_rng(1).integers(0, 256, (8, 12, 3), np.uint8)
    before = rgb.copy()
    assert (to_grey(rgb[::2, ::-1]) == to_grey(rgb)[::2, ::-1]).all()
    assert (rgb == before).all()


@pytest.mark.parametrize(
    ("ink_rgb", "is_darkest"), [((30, 30, 36), False), ((32, 52, 148), False), ((255, 226, 60), True), ((255, 150, 190), True)]
)
def test_bright_coloured_ink_has_contrast_in_the_darkest_channel(ink_rgb, is_darkest):
    page = np.full((240, 320, 3), (244, 242, 235), np.uint8)
    page[60:180, 150:162] = ink_rgb
    grey, took_darkest = best_contrast_channel(page)
    assert took_darkest == is_darkest
    assert int(grey[20, 20]) - int(grey[120, 156]) > 80


@pytest.mark.parametrize(
    ("ink_rgb", "is_darkest"),
    [
        ((255, 255, 0), True),
        ((255, 0, 255), True),
        ((0, 255, 255), True),
        ((255, 0, 0), False),  # luma loses 70 %, and 1.5 × 70 % is more than the 100 % of the darkest channel
        ((0, 0, 255), False),
        ((0, 255, 0), True),
        ((0, 0, 0), False),
        ((255, 255, 196), False),  # a chroma of 59 is no colour
        ((255, 255, 195), True),
        ((255, 155, 190), True),  # luma 189: 1.5 × 25.9 % < 39.2 %
        ((255, 155, 182), False),  # luma 188: 1.5 × 26.3 % > 39.2 %
    ],
)
def test_the_darkest_channel_is_taken_where_it_has_half_as_much_contrast_again(ink_rgb, is_darkest):
    page = page_with_bar(WHITE, ink_rgb)
    before = page.copy()
    grey, took_darkest = best_contrast_channel(page)
    assert took_darkest is is_darkest
    assert grey.dtype == np.uint8
    assert (grey == (page.min(axis=2) if is_darkest else to_grey(page))).all()
    assert (page == before).all()


def test_contrast_is_relative_to_the_paper_around_the_ink():
    # the ink's darkest channel loses a tenth of the white, but nearly all of the dim light that luma leaves at the right
    page = page_with_bar((80, 80, 80), (80, 80, 10))
    page[:, :100] = WHITE
    assert best_contrast_channel(page)[1]


def test_luma_is_kept_under_a_yellow_lamp_on_a_brown_table():
    scene = np.full((240, 320, 3), (98, 70, 48), np.uint8)
    scene[20:220, 30:290] = (246, 206, 141)
    scene[60:180, 150:162] = (29, 25, 21)
    assert not best_contrast_channel(scene)[1]
    grey = np.repeat(to_grey(scene)[..., np.newaxis], 3, axis=2)
    assert (best_contrast_channel(grey)[0] == to_grey(grey)).all()


def test_black_writing_on_a_red_sheet_is_not_lost_in_a_black_channel():
    scene = np.zeros((240, 320, 3), np.uint8)
    scene[20:220, 80:240] = (200, 0, 0)
    scene[60:180, 150:162] = 0
    grey, _ = best_contrast_channel(scene)
    assert grey[120, 120] > grey[120, 156]


@pytest.mark.parametrize(("ink_px", "is_coloured"), [(0, False), (100, False), (101, True), (5000, True), (5001, False)])
def test_coloured_parts_cover_more_than_a_hundredth_and_no_more_than_half(ink_px, is_coloured):
    assert _has_coloured_parts(sample_with_ink(ink_px, (255, 200, 190)), 1, PARAMS) is is_coloured


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize(("chroma", "is_coloured"), [(59, False), (60, True)])
def test_chroma_is_the_spread_between_any_two_channels(order, chroma, is_coloured):
    ink_rgb = np.array([200, 180, 200 - chroma])[list(order)]
    assert _has_coloured_parts(sample_with_ink(200, ink_rgb), 1, PARAMS) is is_coloured


@pytest.mark.parametrize(("chroma", "is_coloured"), [(109, False), (110, True)])
def test_chroma_is_relative_to_that_of_the_paper(chroma, is_coloured):
    assert _has_coloured_parts(sample_with_ink(200, (240, 240, 240 - chroma), (200, 180, 150)), 1, PARAMS) is is_coloured


def test_chroma_is_sampled_at_the_stride_along_both_axes():
    rgb = np.full((120, 120, 3), 255, np.uint8)
    rgb[::3, ::3, 2] = 0
    assert _has_coloured_parts(rgb, 1, PARAMS)
    assert not _has_coloured_parts(np.roll(rgb, 1, axis=0), 3, PARAMS)
    assert not _has_coloured_parts(np.roll(rgb, 1, axis=1), 3, PARAMS)
    half = np.full((120, 120, 3), 255, np.uint8)
    half[:60:3, ::3, 2] = 0
    assert _has_coloured_parts(half, 3, PARAMS)


@pytest.mark.parametrize(("shape", "stride"), [((30, 40), 1), ((240, 320), 1), ((479, 500), 1), ((480, 500), 2)])
def test_the_larger_a_picture_the_fewer_of_its_pixels_are_sampled(monkeypatch, shape, stride):
    strides = []
    monkeypatch.setattr(grayscale, "_has_coloured_parts", lambda _, stride, __: strides.append(stride))
    best_contrast_channel(np.full((*shape, 3), 255, np.uint8))
    assert strides == [stride]


def slow_contrast(overview, side_px):
    """Close an image by SciPy: a window that ends at the borders gives the same as their mirror image."""
    closed = ndimage.grey_closing(overview, (side_px, side_px)).astype(float)
    return 100 * (closed - overview) / closed


@pytest.mark.parametrize(("short_side_px", "side_px"), [(7, 1), (13, 1), (14, 3), (26, 3), (27, 5), (46, 7), (47, 7)])
def test_the_window_is_wider_than_any_stroke(short_side_px, side_px):
    overview = np.random.default_rng(13).integers(1, 256, (short_side_px, short_side_px + 9), np.uint8)
    assert _local_contrast_percent(overview, 0.15) == pytest.approx(slow_contrast(overview, side_px), abs=1e-4)


@given(arrays(np.uint8, st.tuples(st.integers(7, 30), st.integers(7, 30)), elements=st.integers(1, 255)))
def test_local_contrast_is_the_share_that_a_closing_adds(overview):
    side = 2 * (max(1, int(0.15 * min(overview.shape))) // 2) + 1
    found = _local_contrast_percent(overview, 0.15)
    assert found.dtype == np.float32
    assert found == pytest.approx(slow_contrast(overview, side), abs=1e-4)


def test_black_ink_has_all_contrast_and_paper_has_none():
    overview = np.full((40, 40), 200, np.uint8)
    overview[10:30, 20:23] = 0
    contrast = _local_contrast_percent(overview, 0.15)
    assert contrast[20, 21] == 100
    assert contrast[20, 10] == 0


def test_an_all_black_image_has_no_contrast():
    assert not _local_contrast_percent(np.zeros((20, 20), np.uint8), 0.15).any()
