import numpy as np
import pytest

from digitcore.preprocessing.polarity import InkPolarity
from digitcore.preprocessing.resampling import make_overview, pad_linear
from digitcore.preprocessing.stroke_width import closing_residue, estimate_polarity_and_stroke_width
from synthetic.hands import strokes, write


@pytest.mark.parametrize("picture", ["page", "shaded"])
@pytest.mark.parametrize("polarity", InkPolarity)
def test_polarity_and_stroke_width_are_found_under_any_light(request, picture, polarity):
    grey = request.getfixturevalue(picture)
    found = estimate_polarity_and_stroke_width(make_overview(grey if polarity is InkPolarity.DARK else 255 - grey))
    assert found.polarity is polarity
    assert 0.02 <= found.width <= 0.08  # 6 of 120 px are 0.05


def test_polarity_holds_for_a_bold_digit_that_fills_its_image():
    digit = write(np.zeros((120, 90), np.uint8), strokes(5), (12, 10), 100, 20)
    assert estimate_polarity_and_stroke_width(make_overview(255 - digit)).polarity is InkPolarity.DARK
    assert estimate_polarity_and_stroke_width(make_overview(digit)).polarity is InkPolarity.LIGHT


def test_a_closing_removes_a_stroke_as_soon_as_it_is_wider(page):
    padded = pad_linear(page, 10)
    assert closing_residue(padded, 4 / 120, 10) < 0.1
    assert closing_residue(padded, 8 / 120, 10) > 1
