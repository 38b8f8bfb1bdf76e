import numpy as np
import pytest

from synthetic.hands import HANDS, strokes, write


@pytest.mark.parametrize("hand", HANDS)
@pytest.mark.parametrize("digit", range(10))
def test_each_digit_is_one_high_and_starts_near_the_origin(digit, hand):
    points = np.concatenate(strokes(digit, hand))
    assert points.min() > -0.05
    assert 0.9 <= points[:, 1].max() <= 1.05
    assert points[:, 0].max() <= 0.75


def test_a_smooth_curve_passes_through_its_points():
    path = strokes(0, "round")[0]
    for x, y in [(0.34, 0.02), (0.05, 0.48), (0.63, 0.50), (0.34, 0.98)]:
        assert np.linalg.norm(path - (x, y), axis=1).min() < 1e-6


def test_an_unknown_hand_is_a_key_error():
    with pytest.raises(KeyError):
        strokes(1, "cursive")


def test_writing_leaves_the_paper_it_was_given():
    blank = np.zeros((50, 50), np.uint8)
    assert write(blank, strokes(1), (10, 5), 40, 4).any()
    assert not blank.any()
