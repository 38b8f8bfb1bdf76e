import cv2
import numpy as np
import pytest
from hypothesis import strategies as st
from scipy import signal

from digitcore.layout.seams import _undo_slant, notch_seams, prominent_maxima
from tests.properties import example, given


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


@given(st.lists(st.integers(0, 6), min_size=3, max_size=16), st.integers(1, 6))
@example([0, 2, 2, 0, 2, 0], 1)
@example([3, 3, 1, 3, 3], 1)
@example([0, 5, 4, 5, 0, 5], 1)
def test_prominent_maxima_are_those_of_scipy_at_the_left_edges_of_plateaus(profile, least):
    _, properties = signal.find_peaks(np.array(profile), prominence=least, plateau_size=1)
    assert prominent_maxima(np.array(profile), least) == properties["left_edges"].tolist()


@given(st.lists(st.integers(0, 9), max_size=12))
def test_maxima_do_not_depend_on_the_level_and_fall_with_the_prominence_asked_for(values):
    profile = np.array(values, np.int64)
    found = [prominent_maxima(profile, least) for least in (1, 2, 4)]
    assert [prominent_maxima(profile - 50, least) for least in (1, 2, 4)] == found
    assert set(found[2]) <= set(found[1]) <= set(found[0])
    assert not {0, len(values) - 1} & set(found[0])


@pytest.mark.parametrize("length", [0, 1, 2])
def test_a_profile_without_an_inside_has_no_maximum(length):
    assert prominent_maxima(np.arange(length), 1) == []


@pytest.mark.parametrize(
    ("profile", "prominence"), [([0, 5, 0], 5), ([3, 5, 0], 2), ([0, 5, 4], 1), ([9, 1, 5, 3, 7], 2), ([0, 8, 2, 5, 1], 3)]
)
def test_the_prominence_asked_for_is_enough(profile, prominence):
    values = np.array(profile)
    index = profile.index(5)
    assert index in prominent_maxima(values, prominence)
    assert index in prominent_maxima(values, prominence - 0.01)
    assert index not in prominent_maxima(values, prominence + 0.01)


def block(*slits, height=20, width=31):
    """A block of ink with slits, one column wide: each a column and its depth, from below where negative."""
    ink = np.full((height, width), 255, np.uint8)
    for column, depth in slits:
        ink[slice(depth) if depth > 0 else slice(depth, None), column] = 0
    return ink


def test_a_seam_is_straight_between_its_notches_and_upright_beyond_them():
    """The upper notch ends above row 5, the lower one below row 14."""
    (seam,) = notch_seams(block((12, 5), (18, -5)), 0.0, 1.0, 10.0)
    between = [12 + 6 * (row - 5) / 9 for row in range(5, 15)]
    assert seam == pytest.approx([12] * 5 + between + [18] * 5)


def test_a_seam_is_the_same_in_ink_upside_down_or_mirrored():
    ink = block((12, 7), (18, -4), (25, 6))
    (seam,) = notch_seams(ink, 0.0, 1.0, 6.5)
    assert notch_seams(ink[:, ::-1], 0.0, 1.0, 6.5)[0] == pytest.approx(30 - seam)
    (turned,) = notch_seams(block((12, 7), (18, -4))[::-1], 0.0, 1.0, 6.5)
    assert turned[::-1] == pytest.approx(seam)


@pytest.mark.parametrize(("depth", "count"), [(3, 0), (4, 1), (5, 1)])
def test_both_notches_must_be_deep_enough(depth, count):
    assert len(notch_seams(block((15, depth), (15, -9)), 0.0, 4.0, 10.0)) == count
    assert len(notch_seams(block((15, 9), (15, -depth)), 0.0, 4.0, 10.0)) == count


@pytest.mark.parametrize(("distance", "count"), [(5, 1), (6, 1), (7, 0)])
def test_the_notches_of_a_seam_must_be_close_enough(distance, count):
    assert len(notch_seams(block((12, 5), (12 + distance, -5)), 0.0, 1.0, 6.0)) == count
    assert len(notch_seams(block((22, 5), (22 - distance, -5)), 0.0, 1.0, 6.0)) == count


def test_each_upper_notch_is_joined_to_the_nearest_lower_one():
    seams = notch_seams(block((8, 5), (16, 5), (5, -5), (9, -5), (14, -5), (27, -5)), 0.0, 1.0, 10.0)
    assert [(seam[0], seam[-1]) for seam in seams] == [(8, 9), (16, 14)]


def test_without_a_lower_notch_there_is_no_seam():
    assert notch_seams(block((12, 5)), 0.0, 1.0, 100.0) == []
    assert notch_seams(block((12, -5)), 0.0, 1.0, 100.0) == []


@pytest.mark.parametrize("shape", [(1, 1), (1, 5), (5, 1), (6, 6)])
@pytest.mark.parametrize("level", [0, 96, 255])
@pytest.mark.parametrize("slant", [0.0, 0.6])
def test_constant_ink_has_no_notches(shape, level, slant):
    assert notch_seams(np.full(shape, level, np.uint8), slant, 1.0, 5.0) == []


def test_a_gap_is_a_notch_on_both_sides():
    ink = block()
    ink[:, 13:17] = 0
    (seam,) = notch_seams(ink, 0.0, 1.0, 0.0)
    assert seam.tolist() == [13] * 20


def test_faint_ink_does_not_fill_a_notch():
    ink = block((15, 5), (15, -5))
    ink[ink == 0] = 96
    assert len(notch_seams(ink, 0.0, 5.0, 1.0)) == 1
    ink[ink == 96] = 97
    assert notch_seams(ink, 0.0, 1.0, 1.0) == []


@pytest.mark.parametrize("slant", [-1.0, -0.2, 0.2, 0.25, 0.4, 0.5, 1.0])
def test_seams_lean_with_the_writing(slant):
    """Rows are moved by the nearest number of columns."""
    upright = np.pad(block((12, 5), (18, -5)), ((0, 0), (12, 12)))
    lean = slant * (10 - np.arange(20))
    leaning = np.array([np.roll(row, round(shift + 1e-6)) for row, shift in zip(upright, lean, strict=True)])
    (expected,) = notch_seams(upright, 0.0, 4.0, 10.0)
    (seam,) = notch_seams(leaning, slant, 4.0, 10.0)
    assert seam - lean == pytest.approx(expected, abs=0.51)


@pytest.mark.parametrize("slant", [-2.0, -1.0, 0.0, 1.0, 3.0])
def test_undoing_a_slant_moves_rows_back_and_loses_no_ink(slant):
    ink = np.random.default_rng(0).integers(0, 256, (6, 5)).astype(np.uint8)
    lean = slant * (3 - np.arange(6))
    margin = int(np.abs(lean).max())
    upright = _undo_slant(ink, lean, margin)
    assert upright.shape == (6, 5 + 2 * margin)
    for row, (before, after) in enumerate(zip(ink, upright, strict=True)):
        assert (np.flatnonzero(after) - margin + lean[row]).tolist() == np.flatnonzero(before > 96).tolist()


def test_undoing_a_slant_by_half_columns_loses_no_ink():
    ink = np.array([[255, 255, 255, 255, 255], [0, 255, 0, 255, 0], [255, 0, 255, 0, 255]], np.uint8)
    upright = _undo_slant(ink, np.array([0.5, 0.5, 1.5]), 2)
    assert upright.sum(axis=1).tolist() == [5, 2, 3]


def test_a_seam_enters_through_the_upper_notch_and_leaves_through_the_lower_one_even_if_they_pass_each_other():
    (seam,) = notch_seams(block((12, 14), (18, -14)), 0.0, 1.0, 10.0)
    assert seam[:6].tolist() == [12] * 6
    assert seam[14:].tolist() == [18] * 6
