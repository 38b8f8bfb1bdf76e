import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitcore.video.association import MAX_CAMERA_SHIFT, MAX_RESIDUAL_DISTANCE, MAX_SIZE_RATIO, associate, box_centers, overlap_ratios

SIDE_PX = 40.0
PLACES = [(column * 1.1 * SIDE_PX, row * 1.6 * SIDE_PX) for row in range(4) for column in range(8)]

some_boxes = st.lists(st.tuples(*[st.floats(-50, 700)] * 2, *[st.floats(0, 200)] * 2), max_size=8).map(
    lambda boxes: np.array(boxes).reshape(-1, 4)
)


@st.composite
def writing(draw):
    """Boxes of marks of about one size, that stand apart."""
    places = draw(st.lists(st.sampled_from(PLACES), min_size=1, max_size=12, unique=True))
    sizes = draw(st.lists(st.tuples(st.floats(0.3, 0.9), st.floats(0.9, 1.0)), min_size=len(places), max_size=len(places)))
    return np.array([(x, y, SIDE_PX * width, SIDE_PX * height) for (x, y), (width, height) in zip(places, sizes, strict=True)])


def a_shift(farthest):
    """Any movement by less than so many sides of a mark."""
    polar = st.tuples(st.floats(0, farthest), st.floats(0, 2 * np.pi))
    return polar.map(lambda way: 0.9 * SIDE_PX * way[0] * np.array([np.cos(way[1]), np.sin(way[1])]))


def moved(boxes, shift_xy):
    return boxes + np.array([*shift_xy, 0, 0])


@given(writing(), a_shift(0.99 * MAX_CAMERA_SHIFT), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_any_common_movement_is_found_whatever_the_order_of_the_marks(before, shift_xy, random):
    order = list(range(len(before)))
    random.shuffle(order)
    pairs, found_xy = associate(before, moved(before, shift_xy)[order])
    assert sorted((row, order[column]) for row, column in pairs) == [(index, index) for index in range(len(before))]
    assert found_xy == pytest.approx(tuple(shift_xy), abs=1e-6)


@given(writing(), a_shift(0.4), st.integers(0, 2**32 - 1))
@settings(deadline=None)
def test_marks_may_tremble_each_for_itself(before, shift_xy, seed):
    tremble = np.random.default_rng(seed).uniform(-0.08, 0.08, (len(before), 2)) * SIDE_PX
    pairs, found_xy = associate(before, moved(before, shift_xy) + np.pad(tremble, ((0, 0), (0, 2))))
    assert sorted(pairs) == [(index, index) for index in range(len(before))]
    assert found_xy == pytest.approx(tuple(np.median(tremble + shift_xy, axis=0)), abs=1e-6)


@given(some_boxes, some_boxes)
@settings(deadline=None)
def test_a_mark_is_in_one_pair_at_most_with_one_of_its_size_near_where_the_movement_brings_it(before, after):
    pairs, shift_xy = associate(before, after)
    rows, columns = [row for row, _ in pairs], [column for _, column in pairs]
    assert len(set(rows)) == len(set(columns)) == len(pairs)
    for row, column in pairs:
        sides = [max(*box[2:], 1) for box in (before[row], after[column])]
        assert max(sides) <= MAX_SIZE_RATIO * min(sides) * (1 + 1e-9)
        apart = after[column, :2] + after[column, 2:] / 2 - before[row, :2] - before[row, 2:] / 2
        assert np.linalg.norm(apart) < (MAX_CAMERA_SHIFT + MAX_RESIDUAL_DISTANCE) * max(sides)
    if not pairs:
        assert np.linalg.norm(shift_xy) < MAX_CAMERA_SHIFT * max([1, *before[:, 2:].ravel()], default=1) * MAX_SIZE_RATIO


@given(some_boxes)
def test_without_marks_on_one_side_there_is_no_pair_and_no_movement(boxes):
    nothing = np.zeros((0, 4))
    assert associate(boxes, nothing) == associate(nothing, boxes) == ([], (0.0, 0.0))


def row_of(*lefts_px):
    return np.array([(left, 0.0, 20.0, SIDE_PX) for left in lefts_px])


def test_a_mark_that_went_and_one_that_came_are_in_no_pair():
    before, after = row_of(0, 50, 120, 170, 250), row_of(40, 90, 160, 210, 400)
    pairs, shift_xy = associate(before, after)
    assert sorted(pairs) == [(0, 0), (1, 1), (2, 2), (3, 3)]
    assert shift_xy == (40.0, 0.0)


def test_a_row_that_moves_by_a_whole_place_isnt_taken_for_one_that_stood():
    pairs, shift_xy = associate(row_of(0, 50, 100), row_of(50, 100, 150))
    assert sorted(pairs) == [(0, 0), (1, 1), (2, 2)]
    assert shift_xy == (50.0, 0.0)


def test_narrow_marks_close_together_arent_taken_for_their_neighbours():
    pairs, _ = associate(row_of(0, 24, 48, 72), row_of(17, 41, 65, 89))
    assert sorted(pairs) == [(0, 0), (1, 1), (2, 2), (3, 3)]


def test_a_mark_is_where_its_middle_is():
    assert box_centers(np.array([(10.0, 20.0, 4.0, 6.0), (-3.0, 0.0, 1.0, 0.0)])).tolist() == [[12, 23], [-2.5, 0]]


def test_what_jumps_farther_than_a_picture_moves_is_another_mark():
    assert associate(row_of(0), row_of(1.05 * MAX_CAMERA_SHIFT * SIDE_PX)) == ([], (0.0, 0.0))


def test_what_is_much_larger_is_another_mark():
    pairs, _ = associate(np.array([(100.0, 100.0, 20.0, 40.0)]), np.array([(90.0, 80.0, 40.0, 80.0)]))
    assert pairs == []


@given(*[st.lists(st.tuples(*[st.integers(0, 20)] * 2, *[st.integers(1, 20)] * 2), min_size=1, max_size=5)] * 2)
def test_overlaps_are_shares_of_the_smaller_box_counted_pixel_by_pixel(boxes, others):
    def covered(box):
        picture = np.zeros((40, 40), bool)
        left, top, width, height = box
        picture[top : top + height, left : left + width] = True
        return picture

    counted = [(covered(boxes[0]) & covered(other)).sum() / min(covered(boxes[0]).sum(), covered(other).sum()) for other in others]
    assert overlap_ratios(np.array(boxes[0], float), np.array(others, float)) == pytest.approx(counted)
