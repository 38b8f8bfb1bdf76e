import numpy as np
import pytest

from digitcore.preprocessing.ink_darkness import contrast, main_ink_darkness, scale_to_main_ink


def test_the_main_writing_is_as_dark_as_its_largest_marks():
    dark = np.zeros((100, 200), np.uint8)
    dark[20:80, 20:40], dark[20:80, 60:80], dark[40:50, 120:130] = 150, 150, 60
    assert main_ink_darkness(dark, dark > 0, any_size=False) == pytest.approx(150)


def test_a_mark_as_large_as_the_image_counts_only_where_any_size_does():
    dark = np.full((100, 200), 90, np.uint8)
    assert main_ink_darkness(dark, dark > 0, any_size=False) == 0
    assert main_ink_darkness(dark, dark > 0, any_size=True) == pytest.approx(90)


def test_ink_keeps_its_greys():
    dark = np.zeros((40, 40), np.uint8)
    dark[10:30, 10:20], dark[10:30, 20:30] = 100, 50
    scaled = scale_to_main_ink(dark, dark > 20, 100)
    assert scaled[20, 15] == 255
    assert scaled[20, 25] == pytest.approx(128, abs=2)
    assert scaled[0, 0] == 0


def test_contrast_is_relative_to_the_brighter_one_of_ink_and_paper():
    bright, dark = np.full((9, 9), 200, np.uint8), np.full((9, 9), 20, np.uint8)
    assert contrast(bright, 0.6 * 255, inverted=False) == pytest.approx(0.6)
    assert contrast(bright, 0.5 * 255, inverted=True) == pytest.approx(100 / 155)  # chalk of 155 on a board of 55
    assert contrast(dark, 0.5 * 255, inverted=True) < 0.05  # noise on white paper
