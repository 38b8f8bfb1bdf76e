from itertools import product

import cv2
import numpy as np
import pytest

from digitcore.layout.seams import minimum_cost_paths, notch_seams, prominent_maxima

SIDESTEP_COST = 0.05


def brute_force_cost(ink, centre, max_offset):
    """The cost of the cheapest of all paths whose neighbouring rows differ by at most one column."""
    costs = []
    for path in product(range(-max_offset, max_offset + 1), repeat=len(ink)):
        steps = np.abs(np.diff(path))
        if steps.max() <= 1:
            columns = centre + np.array(path)
            crossed = [ink[y, x] / 255 if 0 <= x < ink.shape[1] else 0 for y, x in enumerate(columns)]
            costs.append(sum(crossed) + SIDESTEP_COST * steps.sum())
    return min(costs)


@pytest.mark.parametrize("seed", range(4))
def test_no_path_is_cheaper_than_the_minimum_cost_path(seed):
    ink = np.random.default_rng(seed).integers(0, 256, (6, 9)).astype(np.uint8)
    centres = np.array([1.0, 4.0, 7.0])
    paths, costs = minimum_cost_paths(ink, centres, 0.0, 2)
    assert costs == pytest.approx([brute_force_cost(ink, int(centre), 2) for centre in centres], abs=1e-5)
    for path, centre, cost in zip(paths, centres, costs, strict=True):
        assert np.abs(path - centre).max() <= 2
        crossed = sum(ink[y, int(x)] / 255 for y, x in enumerate(path) if 0 <= x < 9)
        assert crossed + SIDESTEP_COST * np.abs(np.diff(path)).sum() == pytest.approx(float(cost), abs=1e-5)


def test_a_path_leads_through_a_gap():
    ink = np.full((20, 21), 255, np.uint8)
    ink[:10, 8] = ink[10:, 9] = 0
    paths, costs = minimum_cost_paths(ink, np.array([10.0]), 0.0, 4)
    assert paths[0].tolist() == [8.0] * 10 + [9.0] * 10
    assert costs[0] == pytest.approx(SIDESTEP_COST)


def test_a_path_follows_the_slant_at_no_cost():
    slant, height = 0.5, 20
    ink = np.full((height, 41), 255, np.uint8)
    columns = np.rint(20 + slant * (height / 2 - np.arange(height))).astype(int)
    ink[np.arange(height), columns] = 0
    _, costs = minimum_cost_paths(ink, np.array([20.0]), slant, 3)
    assert costs[0] == 0


def prominence(profile, index):
    """The definition, step by step."""
    minima = []
    for step in (-1, 1):
        lowest, at = profile[index], index + step
        while 0 <= at < len(profile) and profile[at] <= profile[index]:
            lowest = min(lowest, profile[at])
            at += step
        minima.append(lowest)
    return profile[index] - max(minima)


@pytest.mark.parametrize("seed", range(5))
def test_prominent_maxima_are_those_of_the_definition(seed):
    profile = np.random.default_rng(seed).permutation(40)  # no two values are equal, so that there are no plateaus
    maxima = [index for index in range(1, 39) if profile[index] > max(profile[index - 1], profile[index + 1])]
    for least in (1, 5, 15):
        assert prominent_maxima(profile, least) == [index for index in maxima if prominence(profile, index) >= least]


def test_a_plateau_is_one_maximum_and_a_slope_none():
    assert prominent_maxima(np.array([0, 3, 3, 3, 0]), 1) == [1]
    assert prominent_maxima(np.array([0, 1, 2, 3, 4]), 1) == []


def test_a_seam_connects_the_notches_between_two_discs():
    ink = np.zeros((60, 110), np.uint8)
    cv2.circle(ink, (30, 30), 26, 255, -1)
    cv2.circle(ink, (78, 30), 26, 255, -1)
    (seam,) = notch_seams(ink, 0.0, 4.0, 15.0)
    assert seam.shape == (60,)
    assert np.abs(seam - 54).max() <= 2


def test_a_single_disc_has_no_notch():
    ink = cv2.circle(np.zeros((60, 60), np.uint8), (30, 30), 26, 255, -1)
    assert notch_seams(ink, 0.0, 4.0, 15.0) == []
