import cv2
import numpy as np
import pytest

from digitcore.layout.ink import crop_to_ink
from digitcore.preprocessing.background import flatten
from digitcore.preprocessing.border_artifacts import find_border_artifacts
from digitcore.preprocessing.enhancement import smooth
from digitcore.preprocessing.ink_extraction import _first_with_marks, _Foreground, find_writing, with_faint_parts
from digitcore.preprocessing.parameters import PreprocessingParams
from digitcore.preprocessing.resampling import make_overview
from digitcore.preprocessing.sheet import find_sheet, mask_outside_sheet
from digitcore.preprocessing.stroke_width import estimate_polarity_and_stroke_width
from digitcore.preprocessing.thresholding import Threshold, ThresholdMethod
from synthetic.hands import strokes, write

PARAMS = PreprocessingParams()


def writing_in(grey):
    dark = flatten(grey, 0.04, 0.15)[1]
    return find_writing(dark, mask_outside_sheet(find_sheet(make_overview(grey), grey.shape), grey.shape))


def agreement(found, true):
    """Compute intersection over union."""
    return (found & true).sum() / (found | true).sum()


def test_writing_is_found_on_plain_paper(written_on):
    grey, true = written_on(np.full((300, 500), 220))
    _, writing, main = writing_in(grey)
    assert agreement(writing, true) > 0.8
    assert main == pytest.approx(255 * 100 / 220, rel=0.15)


@pytest.mark.parametrize("tilt_deg", [0, 4, -6])
def test_printed_squares_are_no_writing(tilt_deg, squared, written_on):
    grey, true = written_on(squared(tilt_deg).astype(float))
    _, writing, _ = writing_in(grey)
    assert agreement(writing, true) > 0.7


def test_print_that_shows_through_is_no_writing(written_on):
    paper = np.full((300, 500), 220, np.uint8)
    for y in range(20, 300, 30):
        cv2.putText(paper, "lorem ipsum dolor", (10, y), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 195, 2)
    grey, true = written_on(paper.astype(float), contrast=150)
    assert agreement(writing_in(grey).mask, true) > 0.7


def test_the_table_and_a_thumb_are_no_writing(written_on):
    paper = np.full((300, 500), 60.0)
    paper[25:275, 30:470] = 220
    cv2.ellipse(paper, (300, 275), (25, 35), 0, 0, 360, 130, -1)
    grey, true = written_on(paper)
    assert agreement(writing_in(grey).mask, true) > 0.8


@pytest.mark.parametrize("shadow", ["soft", "hard"])
def test_the_edge_of_a_shadow_is_no_writing(shadow, written_on):
    x, y = np.meshgrid(np.arange(500), np.arange(300))
    width = 40 if shadow == "soft" else 1.5
    paper = 220 * (1 - 0.5 / (1 + np.exp(-(x - 250 + 0.5 * (y - 150)) / width)))
    grey, true = written_on(paper, contrast=60)
    assert agreement(writing_in(grey).mask, true) > 0.6


@pytest.mark.parametrize("noise_sd", [2, 8, 20])
def test_noise_is_no_writing(noise_sd):
    noise = np.clip(np.random.default_rng(3).normal(190, noise_sd, (240, 320)), 0, 255).astype(np.uint8)
    _, writing, _ = writing_in(smooth(noise, 0.8))
    assert writing.mean() < 0.002


def test_a_digit_that_touches_the_borders_stays():
    digit = crop_to_ink(write(np.zeros((200, 200), np.uint8), strokes(7, "square"), (40, 30), 120, 14))
    dark = flatten(255 - digit, estimate_polarity_and_stroke_width(make_overview(255 - digit)).width, 0.15)[1]
    assert agreement(find_writing(dark, np.zeros(dark.shape, np.bool_)).mask, digit > 128) > 0.7


def marks(*rectangles, shape=(241, 321)):
    """Draw rectangles, each given as top, left, height, width and darkness."""
    dark = np.zeros(shape, np.uint8)
    for top, left, height, width, level in rectangles:
        dark[top : top + height, left : left + width] = level
    return dark


def rough(dark):
    """Give the paper a noise of up to 12 levels, the same in each call."""
    return np.maximum(dark, np.random.default_rng(1).integers(0, 13, dark.shape, np.uint8))


def nothing(dark):
    return np.zeros(dark.shape, np.bool_)


def found_by(ink):
    """Make a foreground of this ink, without border artifacts."""
    return _Foreground(Threshold(ink, ThresholdMethod.PAPER, 12.0), ink, np.zeros_like(ink))


@pytest.mark.parametrize("seed", range(4))
def test_marks_far_from_the_borders_are_found_pixel_by_pixel(seed):
    rng = np.random.default_rng(seed)
    rectangles = [(30 + 60 * (i // 4), 30 + 70 * (i % 4), *rng.integers(8, 30, 2), 150) for i in range(8)]
    faint = [(30 + 60 * (i // 4), 65 + 70 * (i % 4), 6, 6, int(rng.integers(20, 140))) for i in range(8)]
    dark = marks(*rectangles, *faint)
    before = dark.copy()
    threshold, mask, main_darkness = find_writing(dark, nothing(dark))
    assert main_darkness == 150
    assert mask.dtype == np.bool_
    assert mask.tolist() == [[level > 75 for level in row] for row in dark.tolist()]
    assert threshold.ink.tolist() == [[level > 12 for level in row] for row in dark.tolist()]
    assert (dark == before).all()


@pytest.mark.parametrize(
    ("main", "faint", "stays"), [(100, 50, False), (100, 51, True), (101, 50, False), (101, 51, True), (102, 51, False)]
)
def test_writing_is_at_least_half_as_dark_as_the_main_writing(main, faint, stays):
    dark = marks((60, 60, 60, 20, main), (60, 150, 20, 6, faint))
    _, mask, main_darkness = find_writing(dark, nothing(dark))
    assert main_darkness == main
    assert mask[60:120, 60:80].all()
    assert mask[60:80, 150:156].all() == mask[60:80, 150:156].any() == stays


def test_a_ruled_line_is_writing_only_where_lines_are_kept():
    dark = marks((60, 60, 60, 12, 150), (180, 10, 2, 300, 150))
    assert (find_writing(dark, nothing(dark)).mask == (marks((60, 60, 60, 12, 150)) > 0)).all()
    assert (find_writing(dark, nothing(dark), keep_ruled_lines=True).mask == (dark > 0)).all()
    assert (find_writing(dark, nothing(dark)).threshold.ink == (dark > 0)).all()


def test_a_thumb_is_left_out_of_the_threshold_and_of_the_writing():
    dark = rough(marks((90, 60, 60, 12, 150), (200, 150, 41, 60, 120)))
    threshold, mask, main_darkness = find_writing(dark, nothing(dark))
    assert main_darkness == 150
    assert not threshold.ink[200:, 150:210].any()
    assert (mask == (marks((90, 60, 60, 12, 150)) > 0)).all()


def test_what_is_outside_of_the_sheet_is_no_writing():
    dark = marks((90, 60, 60, 12, 150), (100, 280, 20, 8, 150), (0, 250, 241, 71, 90))
    outside = nothing(dark)
    outside[:, 250:] = True
    _, mask, main_darkness = find_writing(dark, outside)
    assert main_darkness == 150
    assert (mask == (marks((90, 60, 60, 12, 150)) > 0)).all()


def test_ink_that_touches_what_is_outside_of_the_sheet_is_removed():
    dark = marks((90, 60, 60, 12, 150), (100, 220, 10, 30, 150))
    outside = nothing(dark)
    outside[:, 250:] = True
    assert (find_writing(dark, outside).mask == (marks((90, 60, 60, 12, 150)) > 0)).all()


def test_a_digit_that_was_taken_for_a_border_artifact_is_found_again():
    dark = rough(marks((0, 100, 150, 40, 200)))
    assert find_border_artifacts(dark, nothing(dark)).any()
    _, mask, main_darkness = find_writing(dark, nothing(dark))
    assert main_darkness == 200
    assert (mask == (dark == 200)).all()


@pytest.mark.parametrize("level", [0, 12, 200])
@pytest.mark.parametrize("shape", [(1, 1), (40, 50), (120, 96)])
def test_an_image_without_ink_has_no_writing(shape, level):
    dark = np.full(shape, level, np.uint8)
    _, mask, main_darkness = find_writing(dark, nothing(dark))
    assert mask.shape == shape
    assert not mask.any()
    assert main_darkness == 0


@pytest.mark.parametrize("view", [np.flipud, np.fliplr, np.transpose])
def test_writing_is_flipped_and_transposed_with_its_image(view):
    drawn = marks((60, 40, 70, 12, 150), (60, 100, 12, 70, 140), (150, 200, 40, 9, 160), (200, 100, 41, 60, 120), (20, 10, 2, 300, 90))
    dark = rough(drawn)
    found = find_writing(dark, nothing(dark))
    turned = find_writing(np.ascontiguousarray(view(dark)), np.ascontiguousarray(view(nothing(dark))))
    assert found.mask.any()
    assert turned.main_darkness == found.main_darkness
    assert (turned.mask == view(found.mask)).all()


DIGIT = marks((60, 60, 60, 20, 100)) > 0
STRIP = marks((0, 0, 30, 321, 80)) > 0
EMPTY = marks() > 0
DARK = marks((60, 60, 60, 20, 100), (0, 0, 30, 321, 80))


@pytest.mark.parametrize(
    ("inks", "chosen", "main_darkness"),
    [
        ([DIGIT, STRIP], 0, 100),
        ([DIGIT, DIGIT], 0, 100),
        ([STRIP, DIGIT], 1, 100),
        ([EMPTY, DIGIT], 1, 100),
        ([STRIP, EMPTY], 0, 80),
        ([STRIP, STRIP], 0, 80),
        ([EMPTY, STRIP], 1, 80),
        ([EMPTY, EMPTY], 1, 0),
        ([STRIP], 0, 80),
        ([EMPTY, EMPTY, EMPTY], 2, 0),
    ],
)
def test_marks_that_could_be_digits_go_first_then_any_marks(inks, chosen, main_darkness):
    foregrounds = [found_by(ink) for ink in inks]
    found, darkness = _first_with_marks(DARK, iter(foregrounds), PARAMS)
    assert found is foregrounds[chosen]
    assert darkness == main_darkness


def test_no_foreground_is_computed_after_one_with_digits():
    foregrounds = iter([found_by(DIGIT), found_by(STRIP)])
    _first_with_marks(DARK, foregrounds, PARAMS)
    assert len(list(foregrounds)) == 1


@pytest.mark.parametrize(("dark_px", "is_whole"), [(20, True), (8, True), (7, False), (1, False)])
def test_the_faint_parts_of_a_mark_belong_to_it_if_enough_of_it_is_dark(dark_px, is_whole):
    dark = np.zeros((9, 30), np.uint8)
    dark[4, 5:25] = 30
    dark[4, 5 : 5 + dark_px] = 60
    kept = with_faint_parts(dark > 10, dark, 100.0)
    assert (kept == (dark >= (30 if is_whole else 60))).all()


def test_what_is_faint_by_itself_or_too_faint_is_left_out():
    dark = np.zeros((9, 30), np.uint8)
    dark[2, 2:20] = 45
    dark[6, 2:10] = 60
    dark[6, 10:14] = 25
    assert (with_faint_parts(dark > 10, dark, 100.0) == (dark == 60)).all()


def test_only_ink_is_a_part_of_a_mark():
    dark = np.full((5, 20), 60, np.uint8)
    ink = np.zeros((5, 20), np.bool_)
    ink[2, 3:9] = True
    assert (with_faint_parts(ink, dark, 100.0) == ink).all()
