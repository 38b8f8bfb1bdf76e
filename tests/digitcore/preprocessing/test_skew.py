import pytest

from digitcore.preprocessing.resampling import downscale_local_mean
from digitcore.preprocessing.skew import estimate_skew


@pytest.mark.parametrize("tilt_deg", [0, 3, -6, 12])
def test_the_skew_of_squared_paper_is_found_within_half_a_degree(squared, tilt_deg):
    strokes = (downscale_local_mean(squared(tilt_deg), 2) < 212).view("uint8")
    assert estimate_skew(strokes) == pytest.approx(-tilt_deg, abs=0.5)
