import numpy as np
import pytest

from digitcore.preprocessing.resampling import make_overview
from digitcore.preprocessing.stroke_width import find_pen
from synthetic.hands import strokes, write


@pytest.mark.parametrize("picture", ["page", "shaded"])
@pytest.mark.parametrize("polarity", ["dark_ink", "light_ink"])
def test_the_pen_is_found_under_any_light(request, picture, polarity):
    grey = request.getfixturevalue(picture)
    pen = find_pen(make_overview(grey if polarity == "dark_ink" else 255 - grey))
    assert pen.polarity == polarity
    assert 0.02 <= pen.width <= 0.08  # 6 of 120 px are 0.05


def test_polarity_holds_for_a_bold_digit_that_fills_its_picture():
    digit = write(np.zeros((120, 90), np.uint8), strokes(5), (12, 10), 100, 20)
    assert find_pen(make_overview(255 - digit)).polarity == "dark_ink"
    assert find_pen(make_overview(digit)).polarity == "light_ink"
