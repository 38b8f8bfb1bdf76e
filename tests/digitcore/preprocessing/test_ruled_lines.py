import numpy as np
import pytest

from digitcore.preprocessing.ruled_lines import without_rulings


@pytest.mark.parametrize("tilt_deg", [0, 3, -6])
def test_squares_are_rulings_their_crossings_too(squared, tilt_deg):
    lines = squared(tilt_deg) < 200
    found = lines & ~without_rulings(lines)
    assert (found & lines)[40:-40, 40:-40].sum() > 0.97 * lines[40:-40, 40:-40].sum()


def test_digits_are_no_rulings(squared, written_on):
    grey, digits = written_on(squared().astype(float), contrast=150)
    ink = grey < 200
    found = ink & ~without_rulings(ink)
    assert (found & digits).sum() < 0.15 * digits.sum()


def test_a_dash_is_too_short_for_a_ruling():
    ink = np.zeros((300, 400), np.bool_)
    ink[150:153, 180:240] = True
    assert (without_rulings(ink) == ink).all()
