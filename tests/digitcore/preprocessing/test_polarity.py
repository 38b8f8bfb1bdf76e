import cv2
import numpy as np

from digitcore.preprocessing.polarity import InkPolarity, border_polarity
from synthetic.hands import strokes, write


def test_a_border_of_one_brightness_is_paper():
    digit = write(np.zeros((120, 120), np.uint8), strokes(5), (25, 15), 90, 16)
    assert border_polarity(255 - digit) is InkPolarity.DARK
    assert border_polarity(digit) is InkPolarity.LIGHT


def test_a_border_half_bright_and_half_dark_decides_nothing():
    half = np.full((120, 120), 200, np.uint8)
    half[:, :60] = 60
    assert border_polarity(half) is None


def test_the_surface_around_a_sheet_decides_nothing():
    sheet = np.full((120, 160), 60, np.uint8)
    cv2.rectangle(sheet, (25, 20), (135, 100), 220, -1)
    assert border_polarity(sheet) is None
