"""Properties that every step of preprocessing has: pure functions of arrays, for pictures of any kind and memory layout."""

import cv2
import numpy as np
import pytest
from hypothesis import assume
from hypothesis import strategies as st

from digitcore.preprocessing.background import darkness, extrapolate_background, flatten, paper_brightness
from digitcore.preprocessing.border_artifacts import border_components, find_border_artifacts, remove_border_artifacts
from digitcore.preprocessing.enhancement import clahe, smooth
from digitcore.preprocessing.grayscale import best_contrast_channel, to_grey
from digitcore.preprocessing.histogram import cumulative_histogram, median, quantile, separability
from digitcore.preprocessing.ink_darkness import contrast, main_ink_darkness, scale_to_main_ink
from digitcore.preprocessing.ink_extraction import find_writing
from digitcore.preprocessing.line_detection import LineKind, horizontal_and_vertical_lines, horizontal_lines, thin_line_window_px
from digitcore.preprocessing.morphology import odd_size, open_by_rectangle, square_element
from digitcore.preprocessing.parameters import LineDetectionParams
from digitcore.preprocessing.polarity import InkPolarity, border_polarity
from digitcore.preprocessing.resampling import border_pixels, downscale_local_mean, enlarge, make_overview, pad_linear, subsample
from digitcore.preprocessing.ruled_lines import remove_ruled_lines
from digitcore.preprocessing.sheet import find_sheet, mask_outside_sheet
from digitcore.preprocessing.skew import estimate_skew
from digitcore.preprocessing.stroke_width import estimate_polarity_and_stroke_width
from digitcore.preprocessing.thresholding import adaptive_threshold, otsu_threshold, paper_threshold
from tests.properties import given, settings
from tests.strategies import SEEDS, grey_pictures, make_picture, masks, pictures

WINDOW = 1.0
"""The side of a window as a share of the short side, for pictures of any size."""

GREY_TO_GREY = {
    "clahe": lambda grey: clahe(grey, 2.0, 4),
    "smooth": lambda grey: smooth(grey, 0.8),
    "paper_brightness": lambda grey: paper_brightness(grey, WINDOW),
    "darkness": lambda grey: darkness(grey, np.full_like(grey, 200)),
}
MASK_TO_MASK = {
    "remove_ruled_lines": remove_ruled_lines,
    "remove_border_artifacts": lambda ink: remove_border_artifacts(ink, np.zeros_like(ink), np.zeros_like(ink)),
    "open_by_rectangle": lambda ink: open_by_rectangle(ink.view(np.uint8), (3, 5)).view(np.bool_),
    "border_components": lambda ink: border_components(ink.view(np.uint8), np.zeros_like(ink)),
}
working_pictures = grey_pictures(96, 140)
"""Pictures of a size to which the pipeline enlarges them."""


def of_size_96x128(*kinds):
    return st.builds(lambda kind, seed: make_picture(kind, 96, 128, 1, "contiguous", seed), st.sampled_from(kinds), SEEDS)


working_96x128 = of_size_96x128("constant", "noise", "two levels", "strokes", "digits")
some_outside = of_size_96x128("constant", "blots", "gradient").map(lambda picture: np.asarray(picture > 128))


@pytest.mark.parametrize("step", GREY_TO_GREY.values(), ids=GREY_TO_GREY.keys())
@given(picture=grey_pictures(min_side_px=2))
@settings(max_examples=20)
def test_a_step_gives_a_new_grey_picture_of_the_same_size_and_no_memory_layout_matters(step, picture):
    before = picture.copy()
    result = step(picture)
    assert result.dtype == np.uint8
    assert result.shape == picture.shape
    assert (result == step(np.ascontiguousarray(picture))).all()
    assert (picture == before).all()


@pytest.mark.parametrize("step", MASK_TO_MASK.values(), ids=MASK_TO_MASK.keys())
@given(mask=masks())
@settings(max_examples=20)
def test_a_step_keeps_a_part_of_a_mask(step, mask):
    before = mask.copy()
    kept = step(mask)
    assert kept.dtype == np.bool_
    assert kept.shape == mask.shape
    assert not (kept & ~mask).any()
    assert (mask == before).all()


@given(masks())
def test_removing_border_artifacts_leaves_something_of_any_ink(ink):
    nothing = np.zeros_like(ink)
    assert remove_border_artifacts(ink, nothing, nothing).any() == ink.any()


@given(grey_pictures(min_side_px=2))
def test_the_paper_has_no_level_beyond_those_of_the_picture(picture):
    paper = paper_brightness(picture, WINDOW)
    assert paper.min() >= picture.min()
    assert paper.max() <= picture.max()


def test_a_window_of_one_pixel_changes_nothing():
    closed = np.full((9, 9), 200, np.uint8)
    assert (extrapolate_background(closed, closed, 0) == closed).all()


def test_an_even_rectangle_fits_where_it_lies():
    mask = np.zeros((6, 6), np.uint8)
    mask[1:3, 1:5] = 1
    assert (open_by_rectangle(mask, (2, 2)) == mask).all()


@given(grey_pictures(), st.integers(1, 8))
def test_extrapolation_only_darkens_and_no_further_than_the_fine_closing(picture, reach_px):
    closed = np.maximum(picture, 100)
    paper = extrapolate_background(closed, picture, reach_px)
    assert (paper <= closed).all()
    assert (paper >= np.minimum(picture, closed)).all()


@given(grey_pictures(), grey_pictures())
def test_darkness_is_the_documented_share(grey, paper):
    height, width = min(grey.shape[0], paper.shape[0]), min(grey.shape[1], paper.shape[1])
    grey, paper = grey[:height, :width].astype(int), paper[:height, :width].astype(int)
    expected = np.where(paper > 0, 255 * np.maximum(paper - grey, 0) / np.maximum(paper, 1), 0)
    assert np.abs(darkness(grey.astype(np.uint8), paper.astype(np.uint8)) - expected).max() <= 0.5


@given(working_pictures, st.floats(0.02, 0.4), st.floats(0.02, 1))
@settings(max_examples=20)
def test_flattening_gives_the_paper_and_the_darkness_relative_to_it(picture, stroke_width, window):
    paper, dark = flatten(picture, stroke_width, window)
    assert (dark == darkness(picture, paper)).all()
    assert (dark[picture >= paper] == 0).all()


@given(pictures(min_side_px=1, channels=[3]))
def test_the_best_channel_is_luma_or_the_darkest(picture):
    before = picture.copy()
    channel, is_darkest = best_contrast_channel(picture)
    expected = picture.min(axis=2) if is_darkest else cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    assert (channel == expected).all()
    assert (picture == before).all()


@given(grey_pictures())
def test_a_picture_without_colour_keeps_its_levels(picture):
    grey = np.dstack([picture] * 3)
    assert (to_grey(grey) == picture).all()
    channel, is_darkest = best_contrast_channel(grey)
    assert (channel == picture).all()
    assert not is_darkest


@given(grey_pictures(), st.floats(0, 1))
def test_the_histogram_gives_numpys_statistics(picture, share):
    picture = np.ascontiguousarray(picture)
    cumulative = cumulative_histogram(picture)
    assert cumulative == pytest.approx([(picture <= level).mean() for level in range(256)])
    assert cumulative[-1] == 1
    assert median(picture) == np.median(picture)
    level = quantile(cumulative, share)
    assert 0 <= level <= 255
    assert (picture <= level).mean() >= share
    assert level == 0 or (picture <= level - 1).mean() < share


@given(grey_pictures(), st.integers(0, 255))
def test_separability_is_a_share_and_greatest_at_otsus_level(picture, level):
    cumulative = cumulative_histogram(np.ascontiguousarray(picture))
    found = separability(cumulative, level)
    assert 0 <= found <= 1 + 1e-9
    best = separability(cumulative, int(cv2.threshold(picture, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[0]))
    assert found <= best + 1e-6


@given(st.floats(0, 1e6))
def test_an_odd_size_is_the_least_odd_number_from_the_whole_part_on(length_px):
    size = odd_size(length_px)
    assert size % 2 == 1
    assert size - 2 < max(int(length_px), 1) <= size
    assert square_element(min(length_px, 60)).shape == (odd_size(min(length_px, 60)),) * 2


@given(grey_pictures(max_side_px=130))
def test_enlarging_keeps_the_aspect_ratio_and_reaches_the_least_side(picture):
    enlarged = enlarge(picture)
    factor = enlarged.shape[0] / picture.shape[0]
    assert min(enlarged.shape) >= 96
    assert factor == int(factor) == enlarged.shape[1] / picture.shape[1]
    assert (enlarged is picture) == (min(picture.shape) >= 96)


@given(grey_pictures(), st.integers(1, 6))
def test_a_reduced_picture_has_the_means_of_its_blocks(picture, factor):
    height, width = picture.shape[0] // factor, picture.shape[1] // factor
    if not height or not width:
        return
    blocks = picture[: height * factor, : width * factor].reshape(height, factor, width, factor)
    assert np.abs(downscale_local_mean(picture, factor) - blocks.mean(axis=(1, 3))).max() <= 0.51


@given(grey_pictures(min_side_px=2), st.integers(1, 20))
def test_padding_keeps_the_picture_in_its_middle(picture, margin_px):
    margin_px = min(margin_px, min(picture.shape) - 1)
    padded = pad_linear(picture, margin_px)
    assert padded.shape == tuple(side + 2 * margin_px for side in picture.shape)
    assert (padded[margin_px:-margin_px, margin_px:-margin_px] == picture).all()


@given(grey_pictures(max_side_px=300))
@settings(max_examples=15)
def test_samples_hold_pixels_of_the_picture_only(picture):
    levels = set(np.unique(picture))
    assert set(np.unique(subsample(picture))) <= levels
    assert set(np.unique(border_pixels(picture))) <= levels
    assert border_pixels(picture).shape == (2 * sum(picture.shape),)
    assert make_overview(picture).min() >= picture.min()


@given(working_96x128)
def test_the_polarity_of_an_inverted_picture_is_the_other_one(picture):
    overview = make_overview(picture)
    assume(overview.min() < overview.max())
    here, there = border_polarity(overview), border_polarity(255 - overview)
    assert (here is None) or (there is None) or here is not there


@given(working_pictures)
@settings(max_examples=20)
def test_a_stroke_width_is_one_of_few_shares(picture):
    estimate = estimate_polarity_and_stroke_width(make_overview(picture))
    assert isinstance(estimate.polarity, InkPolarity)
    assert 0 < estimate.width <= 0.32


@given(working_96x128)
@settings(max_examples=20)
def test_a_sheet_is_a_polygon_around_the_picture_at_most(picture):
    outline = find_sheet(make_overview(picture), picture.shape)
    outside = mask_outside_sheet(outline, picture.shape)
    assert outside.dtype == np.bool_
    assert outside.shape == picture.shape
    assert outside.any() == (outline is not None)
    if outline is not None:
        assert outline.dtype == np.int32
        assert outline.shape[1] == 2
        assert ((outline >= 0) & (outline <= picture.shape[::-1])).all()
        assert not outside.all()


@given(working_96x128, some_outside)
@settings(max_examples=20)
def test_border_artifacts_include_what_is_outside_of_the_sheet(dark, outside):
    before = dark.copy(), outside.copy()
    artifacts = find_border_artifacts(dark, outside)
    assert not (outside & ~artifacts).any()
    assert not (remove_border_artifacts(dark > 100, outside, artifacts) & outside).any()
    assert (dark == before[0]).all()
    assert (outside == before[1]).all()


@given(working_96x128, some_outside, st.booleans())
@settings(max_examples=20)
def test_writing_is_ink_of_the_sheet(dark, outside, keep):
    writing = find_writing(dark, outside, keep_ruled_lines=keep)
    assert not (writing.mask & (dark == 0)).any()
    assert not (writing.mask & outside).any()
    assert 0 <= writing.main_darkness <= 255
    scaled = scale_to_main_ink(dark, writing.mask, writing.main_darkness)
    assert scaled.shape == dark.shape
    assert (scaled[writing.mask] >= dark[writing.mask]).all()
    near = cv2.dilate(writing.mask.view(np.uint8), square_element(3)) > 0
    assert (scaled[~near] == 0).all()


@given(grey_pictures(), masks(), st.booleans())
def test_the_darkness_of_the_main_ink_is_between_that_of_its_pixels(dark, ink, any_size):
    height, width = min(dark.shape[0], ink.shape[0]), min(dark.shape[1], ink.shape[1])
    dark, ink = dark[:height, :width], np.ascontiguousarray(ink[:height, :width])
    found = main_ink_darkness(dark, ink, any_size=any_size)
    if any_size and ink.any():
        assert dark[ink].min() - 1e-9 <= found <= dark[ink].max() + 1e-9
    else:
        assert 0 <= found <= 255


@given(grey_pictures(), st.floats(0, 255), st.booleans())
def test_a_contrast_is_a_share(paper, main_darkness, inverted):
    assert 0 <= contrast(np.ascontiguousarray(paper), main_darkness, inverted=inverted) <= 1


@given(masks(min_side_px=20), st.integers(1, 9), st.floats(0.1, 1), st.booleans())
def test_lines_are_a_part_of_the_strokes_and_turn_with_the_picture(mask, thickness_px, visible, is_thick):
    strokes, kind = mask.view(np.uint8), LineKind(thickness_px, visible, is_thick)
    inside = np.ones((1, 1), np.uint8)
    horizontal = horizontal_lines(strokes, inside, kind)
    assert not (horizontal & ~strokes).any()
    if mask.shape[0] == mask.shape[1]:
        without_stems = LineDetectionParams(min_crossing_length=0.0)  # only vertical lines may be the stems of digits
        both = horizontal_and_vertical_lines(strokes, inside, kind, without_stems)
        turned = horizontal_and_vertical_lines(np.ascontiguousarray(strokes.T), inside, kind, without_stems)
        assert (turned == both.T).all()
    assert thin_line_window_px(mask.shape) % 2 == 1


@given(masks(min_side_px=2))
def test_a_skew_is_within_the_range_of_a_camera_held_by_hand(mask):
    if not mask.any():
        return
    assert -15 <= estimate_skew(mask.view(np.uint8)) <= 15


@given(grey_pictures(), st.sampled_from(list(InkPolarity)), st.floats(0.05, 1))
def test_thresholds_separate_every_pixel_and_swap_with_the_polarity(picture, polarity, window):
    other = InkPolarity.LIGHT if polarity is InkPolarity.DARK else InkPolarity.DARK
    for threshold in (lambda each: otsu_threshold(picture, each), lambda each: adaptive_threshold(picture, each, window)):
        found = threshold(polarity)
        assert found.ink.dtype == np.bool_
        assert found.ink.shape == picture.shape
        assert (found.ink ^ threshold(other).ink).all()
        assert 0 <= found.level <= 255
        assert found.note.endswith(".")


@given(grey_pictures(), masks())
def test_the_threshold_of_paper_leaves_out_what_is_excluded(dark, excluded):
    height, width = min(dark.shape[0], excluded.shape[0]), min(dark.shape[1], excluded.shape[1])
    dark, excluded = dark[:height, :width], excluded[:height, :width]
    threshold = paper_threshold(dark, excluded)
    assert (threshold.ink == (dark > int(threshold.level)) & ~excluded).all()
    assert threshold.level >= 12


def test_the_threshold_of_paper_is_a_level():
    assert paper_threshold(np.full((4, 4), 255, np.uint8), np.zeros((4, 4), np.bool_)).level <= 255
