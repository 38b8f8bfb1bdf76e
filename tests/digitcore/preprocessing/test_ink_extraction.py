import cv2
import numpy as np
import pytest

from digitcore.preprocessing.background import flatten
from digitcore.preprocessing.enhancement import smooth
from digitcore.preprocessing.ink_extraction import find_writing
from digitcore.preprocessing.resampling import make_overview
from digitcore.preprocessing.sheet import find_sheet, mask_outside_sheet
from digitcore.preprocessing.stroke_width import estimate_polarity_and_stroke_width
from digitcore.recognition.normalization import crop_to_ink
from synthetic.hands import strokes, write


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
