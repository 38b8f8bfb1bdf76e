from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_np

from digitcore.layout.seams import _sample_bands, minimum_cost_paths, upright_extent
from tests.properties import example, given

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
    columns = np.floor(20.5 + slant * (height / 2 - np.arange(height))).astype(int)
    ink[np.arange(height), columns] = 0
    _, costs = minimum_cost_paths(ink, np.array([20.0]), slant, 3)
    assert costs[0] == 0


def cost_along(ink, columns, offsets):
    """What the definition charges a path: the ink that it crosses, and its steps aside."""
    crossed = [ink[y, x] / 255 if 0 <= x < ink.shape[1] else 0.0 for y, x in enumerate(np.floor(columns + 0.5).astype(int))]
    return sum(crossed) + SIDESTEP_COST * np.abs(np.diff(offsets)).sum()


def all_offsets(height, max_offset):
    """The offsets of all paths whose neighbouring rows differ by at most one column."""
    for offsets in product(range(-max_offset, max_offset + 1), repeat=height):
        if all(abs(after - before) <= 1 for before, after in pairwise(offsets)):
            yield np.array(offsets)


TINY = st_np.arrays(np.uint8, st.tuples(st.integers(1, 5), st.integers(1, 6)), elements=st.sampled_from([0, 10, 96, 128, 200, 255]))


@given(TINY, st.integers(-3, 8), st.sampled_from([0.0, 0.2, -0.2, 0.4, 0.9]), st.integers(1, 2))
@example(np.full((3, 3), 255, np.uint8), 0, 0.0, 2)
@example(np.full((3, 3), 255, np.uint8), 2, 0.0, 2)
def test_paths_are_the_best_of_all_in_their_band_inside_the_picture_and_beyond_its_sides(ink, centre, slant, max_offset):
    height = len(ink)
    lean = slant * (height / 2 - np.arange(height))
    ((path,), (cost,)) = minimum_cost_paths(ink, np.array([float(centre)]), slant, max_offset)
    offsets = path - centre - lean
    assert offsets == pytest.approx(np.rint(offsets), abs=1e-9)
    assert np.abs(np.rint(offsets)).max() <= max_offset
    assert np.abs(np.diff(np.rint(offsets))).max(initial=0) <= 1
    assert cost_along(ink, path, np.rint(offsets)) == pytest.approx(float(cost), abs=1e-5)
    assert float(cost) == pytest.approx(
        min(cost_along(ink, centre + lean + each, each) for each in all_offsets(height, max_offset)), abs=1e-5
    )


def test_outside_of_the_picture_there_is_no_ink():
    full = np.full((4, 5), 255, np.uint8)
    paths, costs = minimum_cost_paths(full, np.array([-3.0, 1.0, 2.0, 3.0, 8.0]), 0.0, 2)
    assert costs.tolist() == [0, 0, 4, 0, 0]
    assert (paths[1] == -1).all()
    assert (paths[3] == 5).all()


def test_a_step_aside_costs_a_twentieth_of_a_pixel_of_ink():
    ink = np.full((2, 3), 255, np.uint8)
    ink[0, 0], ink[1, 1] = 0, 0
    assert minimum_cost_paths(ink, np.array([1.0]), 0.0, 1)[1][0] == pytest.approx(0.05)
    ink[1, 1], ink[1, 0] = 0, 12  # straight on through 12 / 255 of a pixel is cheaper
    assert minimum_cost_paths(ink, np.array([1.0]), 0.0, 1)[1][0] == pytest.approx(12 / 255)
    ink[1, 0] = 13
    assert minimum_cost_paths(ink, np.array([1.0]), 0.0, 1)[1][0] == pytest.approx(0.05)


@pytest.mark.parametrize("step", [-1, 1])
def test_a_path_moves_by_at_most_one_column_a_row(step):
    ink = np.full((5, 21), 255, np.uint8)
    ink[np.arange(5), 10 + step * np.arange(5)] = 0
    paths, costs = minimum_cost_paths(ink, np.array([10.0]), 0.0, 6)
    assert paths[0].tolist() == [10.0 + step * y for y in range(5)]
    assert costs[0] == pytest.approx(4 * SIDESTEP_COST)
    ink = np.full((2, 21), 255, np.uint8)
    ink[0, 10] = ink[1, 10 + 2 * step] = 0
    assert minimum_cost_paths(ink, np.array([10.0]), 0.0, 6)[1][0] == pytest.approx(1)


@pytest.mark.parametrize(("gap", "cost"), [(7, 10.0), (8, 0.0), (12, 0.0), (13, 10.0)])
def test_a_path_strays_from_its_centre_up_to_the_largest_offset(gap, cost):
    ink = np.full((10, 21), 255, np.uint8)
    ink[:, gap] = 0
    assert minimum_cost_paths(ink, np.array([10.0]), 0.0, 2)[1].tolist() == [cost]


def test_of_equally_cheap_paths_a_straight_one_on_the_left_is_taken():
    paths, costs = minimum_cost_paths(np.zeros((6, 9), np.uint8), np.array([4.0]), 0.0, 3)
    assert costs.tolist() == [0]
    assert paths.tolist() == [[1.0] * 6]


def test_paths_and_costs_have_their_types_and_shapes_and_the_ink_stays():
    ink = np.random.default_rng(1).integers(0, 256, (7, 12)).astype(np.uint8)
    before = ink.copy()
    for count in (0, 1, 5):
        paths, costs = minimum_cost_paths(ink, np.linspace(0, 11, count), 0.3, 2)
        assert (paths.shape, paths.dtype) == ((count, 7), np.float64)  # type: ignore[comparison-overlap]
        assert (costs.shape, costs.dtype) == ((count,), np.float32)  # type: ignore[comparison-overlap]
    assert (ink == before).all()


def test_bands_do_not_influence_each_other():
    ink = np.random.default_rng(2).integers(0, 256, (8, 15)).astype(np.uint8)
    centres = np.arange(0.0, 15.0, 1.25)
    paths, costs = minimum_cost_paths(ink, centres, 0.45, 3)
    for index, centre in enumerate(centres):
        path, cost = minimum_cost_paths(ink, np.array([centre]), 0.45, 3)
        assert path[0].tolist() == paths[index].tolist()
        assert cost[0] == costs[index]


@pytest.mark.parametrize("seed", range(5))
def test_mirrored_ink_with_the_opposite_slant_costs_the_same(seed):
    ink = np.random.default_rng(seed).integers(0, 256, (9, 14)).astype(np.uint8)
    centres = np.arange(14.0)
    for slant in (0.0, 0.3, -0.7):
        _, costs = minimum_cost_paths(ink, centres, slant, 2)
        assert minimum_cost_paths(ink[:, ::-1], 13 - centres, -slant, 2)[1] == pytest.approx(costs, abs=1e-5)
    assert minimum_cost_paths(ink[::-1], centres, 0.0, 2)[1] == pytest.approx(minimum_cost_paths(ink, centres, 0.0, 2)[1], abs=1e-5)


@given(TINY, TINY, st.integers(0, 5))
def test_more_ink_costs_no_less_and_a_wider_band_no_more(ink, other, centre):
    centres = np.array([float(centre)])
    height, width = np.minimum(ink.shape, other.shape)
    more = np.maximum(ink[:height, :width], other[:height, :width])
    cost = minimum_cost_paths(ink[:height, :width], centres, 0.0, 1)[1][0]
    assert minimum_cost_paths(more, centres, 0.0, 1)[1][0] >= cost - 1e-5
    assert minimum_cost_paths(ink[:height, :width], centres, 0.0, 2)[1][0] <= cost + 1e-5


def test_a_band_leans_with_the_slant_around_half_the_height():
    ink = np.arange(1, 10, dtype=np.uint8)[np.newaxis].repeat(4, axis=0)
    lean = 1.0 * (4 / 2 - np.arange(4))
    sampled = _sample_bands(ink, np.array([3.0, 8.0]), lean, np.array([-1, 0, 1]))
    assert sampled.dtype == np.float32
    assert np.rint(sampled[:, 0] * 255).tolist() == [[5, 6, 7], [4, 5, 6], [3, 4, 5], [2, 3, 4]]
    assert np.rint(sampled[:, 1] * 255).tolist() == [[0, 0, 0], [9, 0, 0], [8, 9, 0], [7, 8, 9]]


@pytest.mark.parametrize("shift", [1, 2, 7])
@pytest.mark.parametrize("fraction", [0.0, 0.25, 0.8])
def test_ink_moved_to_the_right_moves_the_paths(shift, fraction):
    ink = np.random.default_rng(4).integers(0, 256, (8, 20)).astype(np.uint8)
    centres = np.arange(4.0, 16.0) + fraction
    paths, costs = minimum_cost_paths(ink, centres, 0.0, 2)
    moved_paths, moved_costs = minimum_cost_paths(np.pad(ink, ((0, 0), (shift, 0))), centres + shift, 0.0, 2)
    assert moved_paths == pytest.approx(paths + shift)
    assert moved_costs == pytest.approx(costs)


def test_a_band_half_way_between_columns_samples_each_column_once():
    ink = np.arange(0, 20, dtype=np.uint8)[np.newaxis]
    sampled = _sample_bands(ink, np.array([6.5]), np.zeros(1), np.arange(-3, 4))
    assert np.diff(np.rint(sampled[0, 0] * 255)).tolist() == [1] * 6


@given(
    st_np.arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 12)), elements=st.sampled_from([0, 96, 97, 255])),
    st.sampled_from([-1.0, 0.0, 0.5, 2.0]),
)
def test_the_upright_extent_is_that_of_the_ink_moved_back_by_whole_columns(ink, slant):
    y, x = np.nonzero(ink > 96)
    moved = x - np.floor(slant * (len(ink) / 2 - y) + 0.5)
    assert upright_extent(ink, slant) == ((moved.min(), moved.max() + 1) if len(y) else (0, 0))
