import numpy as np
import pytest

from digitcore.preprocessing.polarity import InkPolarity
from digitcore.preprocessing.thresholding import adaptive_threshold, otsu_threshold, paper_threshold
from digitcore.results import StageName


@pytest.mark.parametrize("polarity", InkPolarity)
def test_otsu_separates_two_greys_between_them(page, polarity, bar):
    threshold = otsu_threshold(page if polarity is InkPolarity.DARK else 255 - page, polarity)
    assert threshold.method == "otsu"
    assert 55 <= threshold.level < 200
    assert (threshold.ink == bar).all()


def test_adaptive_finds_ink_where_one_level_cannot(page, shaded, bar):
    assert (otsu_threshold(shaded, InkPolarity.DARK).ink == bar).mean() < 0.9
    assert (adaptive_threshold(shaded, InkPolarity.DARK, 0.5).ink == bar).mean() > 0.99


def test_ink_is_separated_above_the_noise_of_the_paper_and_only_outside_of_what_is_excluded(bar):
    noise = np.random.default_rng(5).integers(0, 11, (2, *bar.shape)).sum(axis=0)
    dark = np.where(bar, 150, noise).astype(np.uint8)
    threshold = paper_threshold(dark, np.zeros_like(bar))
    assert (threshold.ink == bar).all()
    assert not paper_threshold(dark, bar).ink.any()


def test_a_threshold_of_the_whole_image_is_shown_in_the_image_that_it_separates(page):
    otsu = otsu_threshold(page, InkPolarity.DARK)
    assert otsu.global_threshold == (StageName.POLARITY, otsu.level)
    assert paper_threshold(255 - page, np.zeros(page.shape, np.bool_)).global_threshold.stage is StageName.DARKNESS
    assert adaptive_threshold(page, InkPolarity.DARK, 0.5).global_threshold is None
