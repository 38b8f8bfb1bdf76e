import numpy as np
import pytest
from hypothesis import strategies as st

from digitcore.video.association import MAX_CAMERA_SHIFT, MAX_RESIDUAL_DISTANCE, MAX_SIZE_RATIO, associate, box_centers, overlap_ratios
from tests.properties import given, settings

SIDE_PX = 40.0
GRID_XY = [(column * 1.1 * SIDE_PX, row * 1.6 * SIDE_PX) for row in range(4) for column in range(8)]

some_boxes = st.lists(st.tuples(*[st.floats(-50, 700)] * 2, *[st.floats(0, 200)] * 2), max_size=8).map(
    lambda boxes: np.array(boxes).reshape(-1, 4)
)


@st.composite
def boxes_of_writing(draw):
    """Boxes of marks of similar size that do not overlap."""
    positions = draw(st.lists(st.sampled_from(GRID_XY), min_size=1, max_size=12, unique=True))
    sizes = draw(st.lists(st.tuples(st.floats(0.3, 0.9), st.floats(0.9, 1.0)), min_size=len(positions), max_size=len(positions)))
    return np.array([(x, y, SIDE_PX * width, SIDE_PX * height) for (x, y), (width, height) in zip(positions, sizes, strict=True)])


def shifts(max_sides):
    """Any shift shorter than this many sides of a mark."""
    polar = st.tuples(st.floats(0, max_sides), st.floats(0, 2 * np.pi))
    return polar.map(lambda shift: 0.9 * SIDE_PX * shift[0] * np.array([np.cos(shift[1]), np.sin(shift[1])]))


def moved(boxes, shift_xy):
    return boxes + np.array([*shift_xy, 0, 0])


@given(boxes_of_writing(), shifts(0.99 * MAX_CAMERA_SHIFT), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_any_common_shift_is_estimated_whatever_the_order_of_the_marks(before, shift_xy, random):
    order = list(range(len(before)))
    random.shuffle(order)
    pairs, found_xy = associate(before, moved(before, shift_xy)[order])
    assert sorted((row, order[column]) for row, column in pairs) == [(index, index) for index in range(len(before))]
    assert found_xy == pytest.approx(tuple(shift_xy), abs=1e-6)


@given(boxes_of_writing(), shifts(0.4), st.integers(0, 2**32 - 1))
@settings(deadline=None)
def test_each_mark_may_jitter_independently(before, shift_xy, seed):
    jitter = np.random.default_rng(seed).uniform(-0.08, 0.08, (len(before), 2)) * SIDE_PX
    pairs, found_xy = associate(before, moved(before, shift_xy) + np.pad(jitter, ((0, 0), (0, 2))))
    assert sorted(pairs) == [(index, index) for index in range(len(before))]
    assert found_xy == pytest.approx(tuple(np.median(jitter + shift_xy, axis=0)), abs=1e-6)


@given(some_boxes, some_boxes)
@settings(deadline=None)
def test_each_mark_is_in_at_most_one_pair_within_the_gate_and_of_similar_size(before, after):
    pairs, shift_xy = associate(before, after)
    rows, columns = [row for row, _ in pairs], [column for _, column in pairs]
    assert len(set(rows)) == len(set(columns)) == len(pairs)
    for row, column in pairs:
        sides = [max(*box[2:], 1) for box in (before[row], after[column])]
        assert max(sides) <= MAX_SIZE_RATIO * min(sides) * (1 + 1e-9)
        distance = after[column, :2] + after[column, 2:] / 2 - before[row, :2] - before[row, 2:] / 2
        assert np.linalg.norm(distance) < (MAX_CAMERA_SHIFT + MAX_RESIDUAL_DISTANCE) * max(sides)
    if not pairs:
        assert np.linalg.norm(shift_xy) < MAX_CAMERA_SHIFT * max([1, *before[:, 2:].ravel()], default=1) * MAX_SIZE_RATIO


@given(some_boxes)
def test_without_marks_in_one_frame_there_is_no_pair_and_no_shift(boxes):
    no_boxes = np.zeros((0, 4))
    assert associate(boxes, no_boxes) == associate(no_boxes, boxes) == ([], (0.0, 0.0))


def row_of(*lefts_px):
    return np.array([(left, 0.0, 20.0, SIDE_PX) for left in lefts_px])


def test_marks_that_disappear_or_appear_are_not_paired():
    before, after = row_of(0, 50, 120, 170, 250), row_of(40, 90, 160, 210, 400)
    pairs, shift_xy = associate(before, after)
    assert sorted(pairs) == [(0, 0), (1, 1), (2, 2), (3, 3)]
    assert shift_xy == (40.0, 0.0)


def test_a_row_shifted_by_one_mark_is_not_mistaken_for_a_still_row():
    pairs, shift_xy = associate(row_of(0, 50, 100), row_of(50, 100, 150))
    assert sorted(pairs) == [(0, 0), (1, 1), (2, 2)]
    assert shift_xy == (50.0, 0.0)


def test_narrow_marks_close_together_are_not_paired_with_their_neighbours():
    pairs, _ = associate(row_of(0, 24, 48, 72), row_of(17, 41, 65, 89))
    assert sorted(pairs) == [(0, 0), (1, 1), (2, 2), (3, 3)]


def test_box_centers_are_computed():
    assert box_centers(np.array([(10.0, 20.0, 4.0, 6.0), (-3.0, 0.0, 1.0, 0.0)])).tolist() == [[12, 23], [-2.5, 0]]


def test_a_mark_beyond_the_largest_camera_shift_is_not_paired():
    assert associate(row_of(0), row_of(1.05 * MAX_CAMERA_SHIFT * SIDE_PX)) == ([], (0.0, 0.0))


def test_a_much_larger_mark_is_not_paired():
    pairs, _ = associate(np.array([(100.0, 100.0, 20.0, 40.0)]), np.array([(90.0, 80.0, 40.0, 80.0)]))
    assert pairs == []


@given(*[st.lists(st.tuples(*[st.integers(0, 20)] * 2, *[st.integers(1, 20)] * 2), min_size=1, max_size=5)] * 2)
def test_overlap_ratios_agree_with_counted_pixels(boxes, others):
    def covered(box):
        picture = np.zeros((40, 40), bool)
        left, top, width, height = box
        picture[top : top + height, left : left + width] = True
        return picture

    counted = [(covered(boxes[0]) & covered(other)).sum() / min(covered(boxes[0]).sum(), covered(other).sum()) for other in others]
    assert overlap_ratios(np.array(boxes[0], float), np.array(others, float)) == pytest.approx(counted)
