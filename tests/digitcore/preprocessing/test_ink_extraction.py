import cv2
import numpy as np
import pytest

from digitcore.preprocessing.background import around_sheet, find_sheet, flatten
from digitcore.preprocessing.enhancement import smooth
from digitcore.preprocessing.ink_extraction import adaptive_threshold, contrast, find_writing, otsu_threshold, shade
from digitcore.preprocessing.resampling import make_overview
from digitcore.preprocessing.stroke_width import find_pen
from digitcore.recognition.normalization import crop_to_ink
from synthetic.hands import strokes, write


def nothing(picture):
    return np.zeros(picture.shape, np.bool_)


def writing_in(grey):
    dark = flatten(grey, 0.04, 0.15)[1]
    return find_writing(dark, around_sheet(find_sheet(make_overview(grey), grey.shape), grey.shape))


def agreement(found, true):
    return (found & true).sum() / (found | true).sum()


@pytest.mark.parametrize("polarity", ["dark_ink", "light_ink"])
def test_otsu_splits_two_greys_between_them(page, polarity, bar):
    split = otsu_threshold(page if polarity == "dark_ink" else 255 - page, polarity)
    assert split.method == "otsu"
    assert 55 <= split.level < 200
    assert (split.ink == bar).all()


def test_adaptive_finds_ink_where_one_level_cannot(page, shaded, bar):
    assert (otsu_threshold(shaded, "dark_ink").ink == bar).mean() < 0.9
    assert (adaptive_threshold(shaded, "dark_ink", 0.5).ink == bar).mean() > 0.99


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
    assert agreement(writing_in(grey)[1], true) > 0.7


def test_the_desk_and_a_thumb_are_no_writing(written_on):
    paper = np.full((300, 500), 60.0)
    paper[25:275, 30:470] = 220
    cv2.ellipse(paper, (300, 275), (25, 35), 0, 0, 360, 130, -1)
    grey, true = written_on(paper)
    assert agreement(writing_in(grey)[1], true) > 0.8


@pytest.mark.parametrize("shadow", ["soft", "hard"])
def test_the_edge_of_a_shadow_is_no_writing(shadow, written_on):
    x, y = np.meshgrid(np.arange(500), np.arange(300))
    width = 40 if shadow == "soft" else 1.5
    paper = 220 * (1 - 0.5 / (1 + np.exp(-(x - 250 + 0.5 * (y - 150)) / width)))
    grey, true = written_on(paper, contrast=60)
    assert agreement(writing_in(grey)[1], true) > 0.6


@pytest.mark.parametrize("noise_sd", [2, 8, 20])
def test_noise_is_no_writing(noise_sd):
    noise = np.clip(np.random.default_rng(3).normal(190, noise_sd, (240, 320)), 0, 255).astype(np.uint8)
    _, writing, _ = writing_in(smooth(noise, 0.8))
    assert writing.mean() < 0.002


def test_a_digit_that_touches_the_picture_s_sides_stays():
    digit = crop_to_ink(write(np.zeros((200, 200), np.uint8), strokes(7, "square"), (40, 30), 120, 14))
    dark = flatten(255 - digit, find_pen(make_overview(255 - digit)).width, 0.15)[1]
    assert agreement(find_writing(dark, nothing(dark))[1], digit > 128) > 0.7


def test_ink_keeps_its_greys():
    dark = np.zeros((40, 40), np.uint8)
    dark[10:30, 10:20], dark[10:30, 20:30] = 100, 50
    shaded = shade(dark, dark > 20, 100)
    assert shaded[20, 15] == 255
    assert shaded[20, 25] == pytest.approx(128, abs=2)
    assert shaded[0, 0] == 0


def test_contrast_is_a_share_of_the_brighter_one_s_light():
    bright, dark = np.full((9, 9), 200, np.uint8), np.full((9, 9), 20, np.uint8)
    assert contrast(bright, 0.6 * 255, inverted=False) == pytest.approx(0.6)
    assert contrast(bright, 0.5 * 255, inverted=True) == pytest.approx(100 / 155)  # chalk of 155 on a board of 55
    assert contrast(dark, 0.5 * 255, inverted=True) < 0.05  # noise on white paper
