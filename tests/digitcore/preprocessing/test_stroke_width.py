from dataclasses import replace

import cv2
import numpy as np
import pytest
from scipy import ndimage

from digitcore.preprocessing.parameters import PreprocessingParams
from digitcore.preprocessing.polarity import InkPolarity, border_polarity
from digitcore.preprocessing.resampling import make_overview, pad_linear
from digitcore.preprocessing.stroke_width import (
    _extend_sheet,
    _index_of_stroke_width,
    _noise_level,
    _pad_for_closings,
    _PaddedImage,
    _polarity_of_thin_strokes,
    closing_residue,
    estimate_polarity_and_stroke_width,
)
from synthetic.hands import strokes, write

PARAMS = PreprocessingParams()
DARK, LIGHT = InkPolarity


def bars(*rectangles, shape=(150, 190), contrast=80):
    """Draw horizontal bars, each given as top, length and thickness, from an even column on: how much darker each pixel becomes."""
    drawn = np.zeros(shape, np.int16)
    for top, length, thickness in rectangles:
        drawn[top : top + thickness, 26 : 26 + length] = contrast
    return drawn


def paper(kind, shape=(150, 190)):
    """Draw paper without ink: lit evenly or not, smooth or rough."""
    y, x = np.mgrid[: shape[0], : shape[1]]
    return {
        "even": np.full(shape, 180),
        "light falling to the right": 120 + 110 * x // shape[1],
        "light falling downwards": 230 - 110 * y // shape[0],
        "light falling across": 120 + 50 * x // shape[1] + 60 * y // shape[0],
        "rough": 180 + np.random.default_rng(1).integers(-3, 4, shape),
        "wavy": np.rint(180 + 12 * np.sin(x / 30) * np.cos(y / 25)).astype(int),
        "rough, light falling": 120 + 110 * x // shape[1] + np.random.default_rng(2).integers(-3, 4, shape),
    }[kind]


PAPERS = ("even", "light falling to the right", "light falling downwards", "light falling across", "rough", "wavy", "rough, light falling")

WIDTHS = {1: 0.01, 2: 0.01, 3: 0.02, 4: 0.02, 5: 0.04, 6: 0.04, 7: 0.04, 8: 0.04, 9: 0.08, 10: 0.08, 12: 0.08, 13: 0.15, 14: 0.15, 15: 0.15}
"""Width in pixels of strokes on paper of 150 px, and the first candidate whose window (3, 5, 9, 14 and 26 px) is wider."""


def slow_residue(padded, width, margin_px):
    """Close a whole image by SciPy and take the mean of what is above the noise, pixel by pixel."""
    short_side_px = min(padded.shape) - 2 * margin_px
    side_px = max(1, int(width * short_side_px + 1))
    side_px += 1 - side_px % 2
    closed = ndimage.grey_closing(padded, (side_px, side_px)).astype(int)
    border_px = margin_px + round(0.06 * short_side_px)
    inside = (slice(border_px, size - border_px) for size in padded.shape)
    residue = (closed - padded)[tuple(inside)]
    sample = sorted(residue.ravel().tolist())
    noise = min(max(3 * sample[(len(sample) - 1) // 2], 6), 255)
    return sum(max(value - noise, 0) for value in residue.ravel().tolist()) / residue.size


@pytest.mark.parametrize(
    ("changes", "widths"),
    [
        ({}, (0.01, 0.02, 0.04, 0.08, 0.15)),
        ({"max_width": 0.08}, (0.01, 0.02, 0.04, 0.08)),
        ({"min_width": 0.05, "max_width": 0.06}, (0.05, 0.06)),
        ({"min_width": 0.004, "max_width": 0.3, "width_ratio": 4.0}, (0.004, 0.016, 0.064, 0.256, 0.3)),
    ],
)
def test_each_candidate_is_a_multiple_of_the_one_before_up_to_the_greatest(changes, widths):
    assert replace(PARAMS.stroke_width, **changes).candidate_widths == widths


@pytest.mark.parametrize("picture", ["page", "shaded"])
@pytest.mark.parametrize("polarity", InkPolarity)
def test_polarity_and_stroke_width_are_found_under_any_light(request, picture, polarity):
    grey = request.getfixturevalue(picture)
    found = estimate_polarity_and_stroke_width(make_overview(grey if polarity is InkPolarity.DARK else 255 - grey))
    assert found.polarity is polarity
    assert 0.02 <= found.width <= 0.08  # 6 of 120 px are 0.05


@pytest.mark.parametrize("kind", PAPERS)
@pytest.mark.parametrize(("width_px", "expected"), list(WIDTHS.items()))
def test_strokes_of_known_width_are_measured_on_any_paper(kind, width_px, expected):
    drawn = bars((40, 130, width_px), (90, 130, width_px))
    dark = (paper(kind) - drawn).astype(np.uint8)
    before = dark.copy()
    assert estimate_polarity_and_stroke_width(dark) == (DARK, expected)
    assert estimate_polarity_and_stroke_width(255 - dark) == (LIGHT, expected)
    assert estimate_polarity_and_stroke_width(np.ascontiguousarray(dark.T)) == (DARK, expected)
    assert (dark == before).all()


def test_polarity_holds_for_a_bold_digit_that_fills_its_image():
    digit = write(np.zeros((120, 90), np.uint8), strokes(5), (12, 10), 100, 20)
    assert estimate_polarity_and_stroke_width(make_overview(255 - digit)).polarity is InkPolarity.DARK
    assert estimate_polarity_and_stroke_width(make_overview(digit)).polarity is InkPolarity.LIGHT


@pytest.mark.parametrize(("short_side_px", "expected"), [(100, 0.01), (99, 0.02)])
def test_no_stroke_is_thinner_than_a_pixel(short_side_px, expected):
    drawn = bars((40, 60, 1), (60, 60, 1), shape=(short_side_px, 130))
    assert estimate_polarity_and_stroke_width((180 - drawn).astype(np.uint8)).width == expected


@pytest.mark.parametrize(("fine_length", "expected"), [(61, 0.01), (59, 0.02)])
def test_the_first_width_with_three_fifths_of_the_greatest_residue_is_taken(fine_length, expected):
    # 2 px × 60 and 4 px × 20: 120 of 200
    overview = (180 - bars((40, fine_length, 2), (90, 20, 4))).astype(np.uint8)
    assert estimate_polarity_and_stroke_width(overview) == (DARK, expected)


@pytest.mark.parametrize(("length", "expected"), [(105, 0.3), (109, 0.15)])
def test_a_stroke_broader_than_all_candidates_is_tried_on_plain_paper(length, expected):
    # 30 px × 30 are 0.3 of two bars of 14 px × 107
    overview = (180 - bars((20, length, 14), (60, 30, 30), (116, length, 14))).astype(np.uint8)
    assert estimate_polarity_and_stroke_width(overview) == (DARK, expected)
    assert estimate_polarity_and_stroke_width(255 - overview) == (LIGHT, expected)


def test_a_broad_stroke_is_not_tried_where_the_border_is_not_plainly_paper():
    overview = (paper("light falling to the right") - bars((30, 100, 2), (80, 60, 28))).astype(np.uint8)
    assert border_polarity(overview) is None
    assert estimate_polarity_and_stroke_width(overview) == (DARK, 0.01)


def blot_with_scratches():
    """Draw a dark blot on bright paper, with bright scratches in it."""
    overview = np.full((120, 120), 220, np.uint8)
    overview[35:85, 35:85] = 40
    overview[40:80:8, 37:83] = 220
    return overview


def test_a_border_that_is_paper_decides_the_polarity_before_thin_strokes_do():
    overview = blot_with_scratches()
    outside = np.zeros(overview.shape, np.bool_)
    assert estimate_polarity_and_stroke_width(overview).polarity is DARK
    assert estimate_polarity_and_stroke_width(overview, outside).polarity is DARK
    outside[0, 0] = True
    assert estimate_polarity_and_stroke_width(overview, outside).polarity is LIGHT


@pytest.mark.parametrize("polarity", InkPolarity)
def test_what_is_outside_of_the_sheet_is_left_out(polarity):
    scene = (200 - bars((40, 120, 4), (90, 120, 4))).astype(np.uint8)
    outside = np.ones(scene.shape, np.bool_)
    outside[20:140, 15:180] = False
    expected = estimate_polarity_and_stroke_width(scene)
    scene[outside] = np.random.default_rng(3).integers(0, 256, int(outside.sum()))
    if polarity is LIGHT:
        scene = 255 - scene
    larger = np.kron(outside, np.ones((3, 3), np.bool_))
    assert estimate_polarity_and_stroke_width(scene, outside) == (polarity, expected.width)
    assert estimate_polarity_and_stroke_width(scene, larger) == (polarity, expected.width)


@pytest.mark.parametrize("shape", [(100, 100), (99, 130), (192, 256), (64, 64), (120, 160)])
def test_paper_without_ink_has_some_polarity_and_the_finest_width(shape):
    finest = min(width for width in (0.01, 0.02, 0.04, 0.08, 0.15) if width * shape[0] >= 1)
    assert estimate_polarity_and_stroke_width(np.full(shape, 180, np.uint8)) == (DARK, finest)


def test_a_closing_removes_a_stroke_as_soon_as_it_is_wider(page):
    padded = pad_linear(page, 10)
    assert closing_residue(padded, 4 / 120, 10) < 0.1
    assert closing_residue(padded, 8 / 120, 10) > 1


@pytest.mark.parametrize(("width_px", "is_removed"), [(2, True), (3, False), (4, False)])
def test_a_window_of_three_pixels_removes_strokes_of_two(width_px, is_removed):
    # 80 − 6 levels above the noise, of 2 × 40 pixels, in the 88 × 118 pixels that are no border
    padded = pad_linear((180 - bars((40, 40, width_px), shape=(100, 130))).astype(np.uint8), 9)
    assert closing_residue(padded, 0.02, 9) == (pytest.approx(74 * 80 / (88 * 118), rel=1e-12) if is_removed else 0)


@pytest.mark.parametrize("margin_px", [0, 2, 10])
@pytest.mark.parametrize("width", [0.0, 0.01, 0.035, 0.08, 0.15, 0.32])
def test_the_residue_is_that_of_a_closing_of_the_whole_image(width, margin_px):
    rng = np.random.default_rng(5)
    grey = (170 - 80 * ndimage.binary_dilation(rng.random((60, 83)) < 0.01, iterations=2) + rng.normal(0, 3, (60, 83))).astype(np.uint8)
    padded = pad_linear(grey, margin_px)
    before = padded.copy()
    assert closing_residue(padded, width, margin_px) == pytest.approx(slow_residue(padded, width, margin_px), rel=1e-9, abs=1e-9)
    assert (padded == before).all()


@pytest.mark.parametrize("shape", [(1, 1), (3, 8), (8, 8), (9, 20)])
def test_the_residue_of_a_small_image_is_that_of_a_closing(shape):
    grey = np.random.default_rng(6).integers(0, 256, shape, np.uint8)
    assert closing_residue(grey, 0.3, 0) == pytest.approx(slow_residue(grey, 0.3, 0), rel=1e-9, abs=1e-9)


def test_residues_grow_with_the_width_and_do_not_see_the_brightness():
    rng = np.random.default_rng(7)
    grey = np.where(ndimage.binary_dilation(rng.random((90, 120)) < 0.004, iterations=3), 60, 150).astype(np.uint8)
    residues = [closing_residue(grey, width, 0) for width in (0.01, 0.02, 0.05, 0.1, 0.2)]
    assert residues == sorted(residues)
    assert residues == [closing_residue(grey + np.uint8(90), width, 0) for width in (0.01, 0.02, 0.05, 0.1, 0.2)]
    assert residues == [closing_residue(np.ascontiguousarray(grey[::-1, ::-1].T), width, 0) for width in (0.01, 0.02, 0.05, 0.1, 0.2)]


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize(("top", "counts"), [(4, False), (5, True)])
def test_the_border_is_left_out(turns, top, counts):
    grey = np.full((100, 100), 180, np.uint8)
    grey[top : top + 2, 20:80] = 60
    assert (closing_residue(np.rot90(grey, turns).copy(), 0.02, 0) > 0) is counts


@pytest.mark.parametrize(
    ("sample", "noise"),
    [([0], 6), ([2], 6), ([3], 9), ([84], 252), ([85], 255), ([255], 255), ([3, 9], 9), ([1, 3, 9], 9), ([9, 1, 5, 3], 9), ([5, 4, 2], 12)],
)
def test_noise_is_three_times_the_lower_median(sample, noise):
    residue = np.array([sample], np.uint8)
    before = residue.copy()
    assert _noise_level(residue, PARAMS) == noise
    assert _noise_level(np.ascontiguousarray(residue.T), PARAMS) == noise
    assert (residue == before).all()


@pytest.mark.parametrize(("width", "is_fine"), [(0.02, True), (0.0599, True), (0.06, False), (0.1, False)])
def test_broad_strokes_are_measured_at_half_the_resolution(width, is_fine):
    padded = np.random.default_rng(8).choice(np.array([40, 200], np.uint8), (120, 140), p=[0.1, 0.9])
    image = _PaddedImage.from_padded(padded, 10)
    half = padded.reshape(60, 2, 70, 2).astype(float).mean(axis=(1, 3))
    assert image.full is padded
    assert (image.margin_px, image.short_side_px) == (10, 100)
    assert np.abs(image.half - half).max() <= 0.5
    fine, coarse = closing_residue(padded, width, 10), closing_residue(image.half, width, 5)
    assert fine != coarse
    assert image.residue(width, PARAMS) == (fine if is_fine else coarse)
    assert image.pattern_spectrum([width, 0.03], PARAMS).tolist() == [image.residue(width, PARAMS), image.residue(0.03, PARAMS)]


@pytest.mark.parametrize(("short_side_px", "margin_px"), [(20, 3), (40, 4), (100, 9), (150, 12)])
def test_images_are_padded_for_the_widest_closing_and_inverted_for_light_ink(short_side_px, margin_px):
    overview = np.random.default_rng(9).integers(0, 256, (short_side_px, short_side_px + 7), np.uint8)
    images = _pad_for_closings(overview, (DARK, LIGHT), PARAMS)
    assert list(images) == [DARK, LIGHT]
    assert (images[DARK].full == pad_linear(overview, margin_px)).all()
    assert (images[LIGHT].full == 255 - images[DARK].full).all()
    assert {image.margin_px for image in images.values()} == {margin_px}
    assert list(_pad_for_closings(overview, (LIGHT,), PARAMS)) == [LIGHT]


@pytest.mark.parametrize(
    ("dark", "light", "polarity"),
    [
        ([0, 0], [0, 0], DARK),
        ([1, 0], [0, 2.5], DARK),  # 1 / 0.1 = 10 and 1.3 × 10 > 2.5 / 0.2 = 12.5
        ([1, 0], [0, 2.7], LIGHT),
        ([0, 2], [1.29, 0], DARK),
        ([0, 2], [1.31, 0], LIGHT),
        ([0, 0], [0, 0.1], LIGHT),
        ([0.1, 0], [0, 0], DARK),
    ],
)
def test_thin_strokes_weigh_more_and_dark_ones_three_tenths_more_than_light_ones(dark, light, polarity):
    assert _polarity_of_thin_strokes({DARK: np.array(dark), LIGHT: np.array(light)}, [0.1, 0.2], PARAMS) is polarity


def test_equal_evidence_at_the_least_excess_is_dark():
    params = replace(PARAMS, stroke_width=replace(PARAMS.stroke_width, min_excess=1.25))
    assert _polarity_of_thin_strokes({DARK: np.array([4.0]), LIGHT: np.array([5.0])}, [0.5], params) is DARK


@pytest.mark.parametrize("scale", [1, 2, 5])
def test_a_rectangular_sheet_is_extended_by_its_own_edges(scale):
    overview = np.random.default_rng(10).integers(0, 256, (30, 43), np.uint8)
    outside = np.ones(overview.shape, np.bool_)
    outside[4:25, 7:33] = False
    before = overview.copy()
    extended = _extend_sheet(overview, np.kron(outside, np.ones((scale, scale), np.bool_)))
    assert extended.dtype == np.uint8
    assert (extended == np.pad(overview[4:25, 7:33], ((4, 5), (7, 10)), mode="edge")).all()
    assert (overview == before).all()


def test_each_pixel_outside_of_a_sheet_takes_the_brightness_of_one_nearby():
    overview = np.arange(144, dtype=np.uint8).reshape(12, 12)
    y, x = np.mgrid[:12, :12]
    inside = (y - 5) ** 2 + (x - 6) ** 2 < 12
    extended = _extend_sheet(overview, ~inside)
    assert (extended[inside] == overview[inside]).all()
    sheet = np.argwhere(inside)
    for row, column in np.argwhere(~inside):
        distances = np.hypot(*(sheet - (row, column)).T)
        taken = np.hypot(*(np.array(divmod(int(extended[row, column]), 12)) - (row, column)))
        assert inside[divmod(int(extended[row, column]), 12)]
        assert taken <= 1.1 * distances.min()  # the distance transform by 3 × 3 masks is an approximation


def test_a_broad_soft_shadow_is_not_taken_for_a_stroke():
    grey = np.full((200, 260), 220.0)
    for x in range(30, 220, 20):
        grey[40:80, x : x + 2] = 120
    thin = estimate_polarity_and_stroke_width(grey.astype(np.uint8)).width
    shadow = np.zeros_like(grey)
    shadow[120:150, 40:220] = 120
    shaded = estimate_polarity_and_stroke_width((grey - cv2.blur(shadow, (31, 31))).astype(np.uint8))
    assert shaded.width == thin
    assert shaded.polarity is InkPolarity.DARK


@pytest.mark.parametrize(
    ("spectrum", "sides_px", "index"),
    [
        pytest.param([0.1, 0.7, 1.0], [3, 5, 9], 1, id="the first with most of the largest residue"),
        pytest.param([0.2, 0.22, 1.0], [3, 5, 9], 0, id="a plateau before a broad shadow"),
        pytest.param([0.11, 0.12, 1.0], [3, 5, 9], 2, id="a plateau of noise"),
        pytest.param([0.2, 0.27, 1.0], [3, 5, 9], 2, id="no plateau"),
        pytest.param([0.2, 0.2, 1.0], [3, 3, 9], 2, id="the same element twice is no plateau"),
    ],
)
def test_the_stroke_width_is_read_off_the_pattern_spectrum(spectrum, sides_px, index):
    assert _index_of_stroke_width(np.array(spectrum), sides_px, PARAMS) == index
