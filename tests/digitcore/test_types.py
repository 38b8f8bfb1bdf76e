import pytest
from hypothesis import strategies as st

from digitcore.types import INK_LEVEL, Box
from tests.properties import given

boxes = st.builds(Box, st.integers(-9, 9), st.integers(-9, 9), st.integers(1, 9), st.integers(1, 9))


def pixels(box):
    return {(x, y) for x in range(box.x, box.x + box.width) for y in range(box.y, box.y + box.height)}


def test_a_box_is_left_top_width_and_height():
    box = Box(2, 3, 10, 20)
    assert box == (2, 3, 10, 20)
    assert (box.x, box.y, box.width, box.height) == (2, 3, 10, 20)


@pytest.mark.parametrize(("width", "height", "side"), [(10, 20, 20), (20, 10, 20), (7, 7, 7), (0, 1, 1), (0, 0, 0)])
def test_the_side_is_the_longer_one(width, height, side):
    assert Box(5, 6, width, height).side == side


@pytest.mark.parametrize(("box", "centre_xy"), [((0, 0, 1, 1), (0.5, 0.5)), ((2, 3, 10, 20), (7, 13)), ((4, -4, 3, 5), (5.5, -1.5))])
def test_the_centre_is_half_way_between_the_edges(box, centre_xy):
    assert (Box(*box).center_x, Box(*box).center_y) == centre_xy


@pytest.mark.parametrize(
    ("one", "other", "union"),
    [
        ((2, 3, 10, 20), (8, 0, 10, 5), (2, 0, 16, 23)),
        ((0, 0, 9, 9), (3, 3, 2, 2), (0, 0, 9, 9)),
        ((0, 0, 1, 1), (5, 7, 1, 1), (0, 0, 6, 8)),
        ((0, 5, 4, 4), (4, 5, 4, 4), (0, 5, 8, 4)),
        ((1, 2, 3, 4), (1, 2, 3, 4), (1, 2, 3, 4)),
    ],
)
def test_a_union_holds_both_boxes(one, other, union):
    assert Box(*one).union(Box(*other)) == union
    assert Box(*other).union(Box(*one)) == union


@given(boxes, boxes)
def test_a_union_is_the_smallest_box_around_all_pixels_of_both(one, other):
    together = pixels(one) | pixels(other)
    xs, ys = {x for x, _ in together}, {y for _, y in together}
    union = one.union(other)
    assert isinstance(union, Box)
    assert pixels(union) == {(x, y) for x in range(min(xs), max(xs) + 1) for y in range(min(ys), max(ys) + 1)}


@given(boxes, boxes, boxes)
def test_the_order_of_unions_does_not_matter(one, two, three):
    assert one.union(two).union(three) == one.union(two.union(three))
    assert one.union(one) == one


def test_ink_starts_a_little_under_half_of_white():
    assert 0.35 * 255 < INK_LEVEL < 0.5 * 255
