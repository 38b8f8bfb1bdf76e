import cv2
import numpy as np
import pytest
from hypothesis import strategies as st
from scipy import ndimage

from digitcore.preprocessing.background import darkness, extrapolate_background, flatten, paper_brightness
from digitcore.preprocessing.resampling import make_overview
from digitcore.preprocessing.stroke_width import estimate_polarity_and_stroke_width
from tests.properties import given

SEEDS = st.integers(0, 2**32 - 1)


def written_gradient(shape, ink=True):
    """Draw strokes a pixel or two thick on paper that darkens towards a corner: uint8."""
    y, x = np.mgrid[: shape[0], : shape[1]]
    grey = 230 - 90 * x / shape[1] - 50 * y / shape[0]
    if ink:
        grey[(x % 17 < 2) & (y % 23 < 12)] -= 60
    return grey.astype(np.uint8)


def slow_closing(grey, side_px):
    """Close an image by a square of an odd side, with nothing beyond its borders."""
    return ndimage.grey_closing(grey, (side_px, side_px), mode="nearest")


def slow_paper(closed, finely_closed, reach_px):
    """Correct a closing along its borders, by the formula of `extrapolate_background`."""
    if min(closed.shape) <= 4 * reach_px:
        return closed
    inner = closed[reach_px:-reach_px, reach_px:-reach_px].astype(int)
    extrapolated = np.pad(inner, ((reach_px, reach_px), (0, 0)), mode="reflect", reflect_type="odd")
    extrapolated = np.pad(extrapolated, ((0, 0), (reach_px, reach_px)), mode="reflect", reflect_type="odd").clip(0, 255)
    return np.minimum(closed, np.maximum(extrapolated, finely_closed)).astype(np.uint8)


def test_the_paper_is_the_page_without_its_writing(page, shaded):
    assert (paper_brightness(page, 0.15) == 200).all()
    assert np.abs(paper_brightness(shaded, 0.15).astype(int) - np.linspace(200, 50, 160)).max() < 12


@pytest.mark.parametrize(
    ("blocks", "factor", "window", "side_px", "small_side_px"),
    [
        pytest.param((120, 160), 1, 0.15, 19, 5, id="even side is made odd"),
        pytest.param((160, 127), 1, 0.15, 19, 5, id="upright"),
        pytest.param((240, 250), 2, 0.1, 25, 7, id="reduced by 2"),
        pytest.param((478, 600), 1, 0.05, 23, 7, id="short side below 480"),
        pytest.param((250, 240), 3, 0.1, 25, 7, id="reduced by 3"),
        pytest.param((240, 244), 4, 0.1, 25, 7, id="reduced by 4"),
        pytest.param((300, 301), 4, 0.2, 61, 19, id="reduced by no more than 4"),
        pytest.param((60, 80), 1, 0.6, 37, 11, id="window too wide to extrapolate"),
        pytest.param((60, 80), 1, 3.0, 181, 55, id="window wider than the image"),
    ],
)
def test_the_paper_is_a_closing_of_the_reduced_image(blocks, factor, window, side_px, small_side_px):
    small = written_gradient(blocks)
    filtered = ndimage.median_filter(small, 3, mode="nearest")
    expected = slow_paper(slow_closing(filtered, side_px), slow_closing(filtered, small_side_px), side_px // 2)
    grey = np.kron(small, np.ones((factor, factor), np.uint8))
    expected = cv2.resize(expected, grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
    before = grey.copy()
    paper = paper_brightness(grey, window)
    assert paper.dtype == np.uint8
    assert (paper == expected).all()
    assert (grey == before).all()


@pytest.mark.parametrize("shape", [(150, 200), (480, 500), (723, 960)])
def test_the_paper_of_a_gradient_is_the_gradient(shape):
    paper, true = paper_brightness(written_gradient(shape), 0.15), written_gradient(shape, ink=False)
    assert np.abs(paper.astype(int) - true).max() <= 3


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (7, 5), (96, 96), (481, 483)])
@pytest.mark.parametrize("level", [0, 1, 128, 255])
def test_constant_paper_stays_as_it_is(shape, level):
    paper = paper_brightness(np.full(shape, level, np.uint8), 0.3 if min(shape) > 9 else 3.0)
    assert paper.shape == shape
    assert (paper == level).all()


def test_a_window_of_a_single_pixel_leaves_the_paper_as_it_is():
    assert (paper_brightness(np.full((60, 60), 200, np.uint8), 0.02) == 200).all()


def test_the_paper_turns_and_mirrors_with_the_image():
    grey = written_gradient((130, 170))
    paper = paper_brightness(grey, 0.15)
    assert (paper_brightness(grey.T, 0.15) == paper.T).all()
    assert (paper_brightness(grey[::-1], 0.15) == paper[::-1]).all()
    assert (paper_brightness(grey[:, ::-1], 0.15) == paper[:, ::-1]).all()


def test_a_single_bright_pixel_is_no_paper():
    grey = np.full((100, 120), 100, np.uint8)
    grey[50, 60] = 255
    assert (paper_brightness(grey, 0.15) == 100).all()


def test_darkness_is_relative_to_the_paper(page, shaded, bar):
    for grey in (page, shaded):
        _, dark = flatten(grey, 0.04, 0.15)
        assert dark[bar] / 255 == pytest.approx(120 / 200, abs=0.08)
        assert dark[~bar].max() < 0.6 * dark[bar].min()


def test_nothing_is_darker_than_itself_and_what_is_brighter_than_the_paper_is_not_dark():
    grey = np.array([[0, 100, 200, 255]], np.uint8)
    assert not darkness(grey, grey).any()
    assert darkness(grey, np.full_like(grey, 200)).tolist() == [[255, 128, 0, 0]]


def test_darkness_is_the_missing_share_of_the_paper_for_every_pair_of_levels():
    paper, grey = (levels.astype(np.uint8) for levels in np.mgrid[:256, :256])
    dark = darkness(grey, paper)
    assert dark.dtype == np.uint8
    for level in range(1, 256):
        exact = np.array([255 * max(level - below, 0) / level for below in range(256)])
        assert np.abs(dark[level] - exact).max() <= 0.5


def test_on_black_paper_nothing_is_dark():
    assert not darkness(np.array([[0, 7, 255]], np.uint8), np.zeros((1, 3), np.uint8)).any()


def test_a_broad_stroke_is_not_hollowed():
    thick = np.full((120, 120), 220, np.uint8)
    thick[20:100, 40:80] = 30
    _, dark = flatten(thick, estimate_polarity_and_stroke_width(make_overview(thick)).width, 0.15)
    assert dark[25:95, 45:75].min() > 200


@pytest.mark.parametrize(
    ("stroke_width", "window", "is_closed"),
    [
        pytest.param(0.05, 41 / 200, True, id="window just wide enough"),
        pytest.param(0.05, 39 / 200, False, id="window too narrow"),
        pytest.param(41.5 / 300, 0.05, True, id="one and a half stroke widths just wide enough"),
        pytest.param(39.5 / 300, 0.05, False, id="one and a half stroke widths too narrow"),
        pytest.param(39.5 / 300, 0.3, True, id="the wider of both counts"),
        pytest.param(8.2 / 200, 0.3, True, id="five stroke widths just wide enough"),
        pytest.param(7.8 / 200, 0.3, False, id="five stroke widths too narrow"),
    ],
)
def test_a_bar_of_40_px_is_removed_from_the_paper_by_a_window_wider_than_it(stroke_width, window, is_closed):
    grey = np.full((200, 210), 220, np.uint8)
    grey[:, 80:120] = 110
    paper, dark = flatten(grey, stroke_width, window)
    assert (paper[:, 80:120] == (220 if is_closed else 110)).all()
    assert (dark[:, 80:120] == (128 if is_closed else 0)).all()
    assert (paper[:, :80] == 220).all()
    assert not dark[:, :80].any()
    assert not dark[:, 120:].any()


def test_extrapolation_lets_the_light_fall_on_at_the_borders_no_further_than_the_fine_closing():
    falling = np.tile(np.arange(200, 140, -1, np.uint8), (60, 1))
    too_bright = falling.copy()
    too_bright[:, -10:] = falling[0, -11]
    extrapolated = extrapolate_background(too_bright, np.zeros_like(too_bright), 10)
    assert (extrapolated == falling).all()
    assert (extrapolate_background(too_bright, too_bright, 10) == too_bright).all()


def steep_row():
    """Return a row that falls by 5 levels per pixel to 150, which a closing then keeps for its last 10 pixels: uint8 `(1, 60)`."""
    return np.array([[395 - 5 * min(x, 49) for x in range(60)]]).clip(0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    ("finely_closed", "last_10"),
    [
        (0, [145, 140, 135, 130, 125, 120, 115, 110, 105, 100]),
        (138, [145, 140, *[138] * 8]),
        (149, [149] * 10),
        (150, [150] * 10),
        (255, [150] * 10),
    ],
)
def test_the_extrapolation_lies_between_the_fine_closing_and_the_closing(finely_closed, last_10):
    closed = np.tile(steep_row(), (60, 1))
    paper = extrapolate_background(closed, np.full_like(closed, finely_closed), 10)
    assert paper.dtype == np.uint8
    assert (paper[:, -10:] == last_10).all()
    assert (paper[:, :-10] == closed[:, :-10]).all()
    assert (extrapolate_background(closed.T, np.full_like(closed.T, finely_closed), 10) == paper.T).all()


def test_the_light_rises_no_further_than_the_closing():
    closed = np.tile(np.minimum(np.arange(100, 160), 149).astype(np.uint8), (60, 1))
    assert (extrapolate_background(closed, np.zeros_like(closed), 10) == closed).all()


@pytest.mark.parametrize(
    ("shape", "is_corrected"), [((39, 90), False), ((40, 90), False), ((41, 90), True), ((90, 40), False), ((90, 41), True)]
)
def test_an_image_of_no_more_than_two_windows_is_not_corrected(shape, is_corrected):
    y, x = np.mgrid[: shape[0], : shape[1]]
    closed = (250 - np.minimum(x + y, sum(shape) - 12)).clip(60, 255).astype(np.uint8)
    paper = extrapolate_background(closed, np.zeros_like(closed), 10)
    assert (paper is closed) == (not is_corrected)
    assert (paper < closed).any() == is_corrected


@given(SEEDS, st.integers(1, 4))
def test_the_extrapolation_agrees_with_a_slow_one_and_keeps_the_inner_part(seed, reach_px):
    rng = np.random.default_rng(seed)
    closed, finely_closed = rng.integers(0, 256, (2, 4 * reach_px + 1, 4 * reach_px + 6), np.uint8)
    before = closed.copy(), finely_closed.copy()
    paper = extrapolate_background(closed, finely_closed, reach_px)
    inner = np.s_[reach_px:-reach_px, reach_px:-reach_px]
    assert (paper == slow_paper(closed, finely_closed, reach_px)).all()
    assert (paper <= closed).all()
    assert (paper[inner] == closed[inner]).all()
    assert (closed == before[0]).all()
    assert (finely_closed == before[1]).all()
