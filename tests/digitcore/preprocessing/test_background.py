import numpy as np
import pytest

from digitcore.preprocessing.background import darkness, extrapolate_background, flatten, paper_brightness
from digitcore.preprocessing.resampling import make_overview
from digitcore.preprocessing.stroke_width import estimate_polarity_and_stroke_width


def test_the_paper_is_the_page_without_its_writing(page, shaded):
    assert (paper_brightness(page, 0.15) == 200).all()
    assert np.abs(paper_brightness(shaded, 0.15).astype(int) - np.linspace(200, 50, 160)).max() < 12


def test_darkness_is_relative_to_the_paper(page, shaded, bar):
    for grey in (page, shaded):
        _, dark = flatten(grey, 0.04, 0.15)
        assert dark[bar] / 255 == pytest.approx(120 / 200, abs=0.08)
        assert dark[~bar].max() < 0.6 * dark[bar].min()


def test_nothing_is_darker_than_itself_and_what_is_brighter_than_the_paper_is_not_dark():
    grey = np.array([[0, 100, 200, 255]], np.uint8)
    assert not darkness(grey, grey).any()
    assert darkness(grey, np.full_like(grey, 200)).tolist() == [[255, 128, 0, 0]]


def test_a_broad_stroke_is_not_hollowed():
    thick = np.full((120, 120), 220, np.uint8)
    thick[20:100, 40:80] = 30
    _, dark = flatten(thick, estimate_polarity_and_stroke_width(make_overview(thick)).width, 0.15)
    assert dark[25:95, 45:75].min() > 200


def test_extrapolation_lets_the_light_fall_on_at_the_borders_but_not_without_limit():
    falling = np.tile(np.arange(200, 140, -1, np.uint8), (60, 1))
    too_bright = falling.copy()
    too_bright[:, -10:] = falling[0, -11]
    extrapolated = extrapolate_background(too_bright, np.zeros_like(too_bright), 10)
    assert (extrapolated == falling).all()
    assert (extrapolate_background(too_bright, too_bright, 10) == too_bright).all()
