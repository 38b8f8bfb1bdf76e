from collections import Counter

import numpy as np
import pytest

from digitcore.preprocessing.resampling import downscale_local_mean
from digitcore.preprocessing.skew import estimate_skew


def lines_turned_clockwise(angle_deg, shape=(150, 200), spacing_px=40, thickness_px=2, phase_px=0):
    """Draw lines turned out of the horizontal by an angle: uint8 0 or 1."""
    y, x = np.mgrid[: shape[0], : shape[1]]
    distance_px = y * np.cos(np.deg2rad(angle_deg)) - x * np.sin(np.deg2rad(angle_deg)) + phase_px
    return (distance_px % spacing_px < thickness_px).view(np.uint8)


def slow_sharpness(strokes, angle_deg):
    """Sum the squared differences of neighbouring bins of both projection profiles at an angle, point by point."""
    cos, sin = np.cos(np.deg2rad(angle_deg)), np.sin(np.deg2rad(angle_deg))
    rows, columns = Counter(), Counter()
    for y, x in zip(*np.nonzero(strokes), strict=True):
        rows[round(cos * y - sin * x)] += 1
        columns[round(sin * y + cos * x)] += 1
    return sum(
        (profile[index + 1] - profile[index]) ** 2 for profile in (rows, columns) for index in range(min(profile) - 1, max(profile) + 1)
    )


def slow_skew(strokes):
    """Search the sharpest of the whole degrees up to 14°, then of the half degrees up to 1° around it."""
    coarse = max(range(-14, 15), key=lambda angle: slow_sharpness(strokes, angle))
    return max((coarse + half / 2 for half in range(-2, 3)), key=lambda angle: slow_sharpness(strokes, angle))


@pytest.mark.parametrize("tilt_deg", [0, 3, -6, 12])
def test_the_skew_of_squared_paper_is_found_within_half_a_degree(squared, tilt_deg):
    strokes = (downscale_local_mean(squared(tilt_deg), 2) < 212).view("uint8")
    assert estimate_skew(strokes) == pytest.approx(-tilt_deg, abs=0.5)


@pytest.mark.parametrize("angle_deg", [-14, -13.5, -11, -8.3, -5, -2.5, -1, -0.5, 0, 0.5, 1, 1.7, 3, 6, 7.5, 9, 12.5, 14])
def test_the_skew_of_lines_of_known_slope_is_found_within_half_a_degree(angle_deg):
    strokes = lines_turned_clockwise(angle_deg)
    assert estimate_skew(strokes) == pytest.approx(angle_deg, abs=0.5)
    assert estimate_skew(strokes.T) == pytest.approx(-angle_deg, abs=0.5)
    assert estimate_skew(strokes[:, ::-1]) == pytest.approx(-angle_deg, abs=0.5)
    assert estimate_skew(strokes[::-1]) == pytest.approx(-angle_deg, abs=0.5)
    assert estimate_skew(strokes[::-1, ::-1]) == pytest.approx(angle_deg, abs=0.5)


@pytest.mark.parametrize("angle_deg", [-9, -2, 0, 3.5, 10])
def test_the_estimate_is_the_angle_of_the_sharpest_profiles(angle_deg):
    strokes = lines_turned_clockwise(angle_deg, (90, 120))
    strokes[np.random.default_rng(1).random(strokes.shape) < 0.02] = 1
    assert estimate_skew(strokes) == slow_skew(strokes)


def test_the_estimate_is_the_angle_of_the_sharpest_profiles_of_random_points():
    for seed in range(4):
        strokes = (np.random.default_rng(seed).random((40, 60)) < 0.05).view(np.uint8)
        assert slow_sharpness(strokes, estimate_skew(strokes)) == slow_sharpness(strokes, slow_skew(strokes))


@pytest.mark.parametrize("angle_deg", [-14.9, 15.2])
def test_lines_a_little_beyond_the_greatest_angle_are_still_found(angle_deg):
    assert estimate_skew(lines_turned_clockwise(angle_deg)) == pytest.approx(angle_deg, abs=0.5)


def test_lines_turned_by_a_quarter_are_vertical_and_not_skewed():
    assert estimate_skew(np.rot90(lines_turned_clockwise(0))) == 0
    assert estimate_skew(np.rot90(lines_turned_clockwise(6))) == 6


def test_the_skew_does_not_depend_on_where_the_lines_are():
    strokes = lines_turned_clockwise(4, (100, 150))
    for top, left in ((0, 0), (37, 0), (0, 41), (200, 300)):
        shifted = np.zeros((top + 110, left + 160), np.uint8)
        shifted[top : top + 100, left : left + 150] = strokes
        assert estimate_skew(shifted) == estimate_skew(strokes)


@pytest.mark.parametrize("angle_deg", [-7, 0, 7])
def test_lines_of_more_points_than_are_projected_are_found(angle_deg):
    strokes = lines_turned_clockwise(angle_deg, (300, 400), 40, 3)
    assert np.count_nonzero(strokes) > 2 * 3000
    assert estimate_skew(strokes) == pytest.approx(angle_deg, abs=0.5)


@pytest.mark.parametrize(("angle_deg", "spacing_px", "thickness_px"), [(-7, 8, 2), (-1, 8, 2), (3, 8, 2), (0.5, 12, 2), (5, 12, 2)])
def test_lines_at_narrow_spacing_are_found(angle_deg, spacing_px, thickness_px):
    strokes = lines_turned_clockwise(angle_deg, (192, 256), spacing_px, thickness_px)
    assert estimate_skew(strokes) == pytest.approx(angle_deg, abs=0.5)


def test_fine_lines_halfway_between_two_coarse_steps_are_found():
    strokes = lines_turned_clockwise(3, (220, 300), thickness_px=1, phase_px=15)
    assert slow_sharpness(strokes, 3) > 8 * slow_sharpness(strokes, -3)
    assert estimate_skew(strokes) == pytest.approx(3, abs=0.5)


@pytest.mark.parametrize("count", [1999, 2000, 2001, 2999, 3000, 3001, 3999, 4001])
def test_around_the_greatest_number_of_points_a_row_stays_horizontal(count):
    strokes = np.zeros((9, count), np.uint8)
    strokes[4] = 1
    assert estimate_skew(strokes) == 0
    assert estimate_skew(strokes.T) == 0


def test_every_value_but_zero_is_a_stroke():
    strokes = lines_turned_clockwise(5)
    assert estimate_skew(strokes * np.uint8(255)) == estimate_skew(strokes * np.uint8(2)) == estimate_skew(strokes)


def test_the_strokes_stay_as_they_are_and_need_not_be_contiguous():
    strokes = lines_turned_clockwise(-3)
    before = strokes.copy()
    wide = np.repeat(strokes, 2, axis=1)
    assert estimate_skew(wide[:, ::2]) == estimate_skew(strokes)
    assert (strokes == before).all()


@pytest.mark.parametrize("yx", [(0, 0), (0, 49), (39, 0), (39, 49), (20, 20)])
def test_a_single_point_has_an_angle_within_the_range_of_the_search(yx):
    strokes = np.zeros((40, 50), np.uint8)
    strokes[yx] = 1
    assert -15 <= estimate_skew(strokes) <= 15
