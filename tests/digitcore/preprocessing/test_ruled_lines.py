import numpy as np
import pytest

from digitcore.preprocessing.ruled_lines import remove_ruled_lines


@pytest.mark.parametrize("tilt_deg", [0, 3, -6])
def test_squares_are_ruled_lines_their_crossings_too(squared, tilt_deg):
    lines = squared(tilt_deg) < 200
    removed = lines & ~remove_ruled_lines(lines)
    assert (removed & lines)[40:-40, 40:-40].sum() > 0.97 * lines[40:-40, 40:-40].sum()


def test_digits_are_no_ruled_lines(squared, written_on):
    grey, digits = written_on(squared().astype(float), contrast=150)
    ink = grey < 200
    removed = ink & ~remove_ruled_lines(ink)
    assert (removed & digits).sum() < 0.15 * digits.sum()


def test_a_dash_is_too_short_for_a_ruled_line():
    ink = np.zeros((300, 400), np.bool_)
    ink[150:153, 180:240] = True
    assert (remove_ruled_lines(ink) == ink).all()
