from digitcore.layout.boxes import estimate_writing_height, group_overlapping_columns, union_box
from digitcore.types import Box


def test_a_union_contains_all_boxes():
    assert Box(0, 5, 10, 10).union(Box(20, 0, 5, 8)) == Box(0, 0, 25, 15)
    assert union_box([Box(4, 4, 2, 2), Box(0, 5, 10, 10), Box(20, 0, 5, 8)]) == Box(0, 0, 25, 15)
    assert union_box([Box(1, 2, 3, 4)]) == Box(1, 2, 3, 4)


def test_the_writing_is_as_high_as_most_of_it():
    digits, dust, dash = [Box(0, 0, 30, 50)] * 5, [Box(0, 0, 3, 3)] * 50, [Box(0, 0, 400, 20)]
    assert estimate_writing_height(digits + dust + dash) == 50
    assert estimate_writing_height(dash) == 20
    assert estimate_writing_height([]) == 0


def test_groups_hold_boxes_that_stand_above_each_other_or_close():
    boxes = [Box(50, 0, 10, 10), Box(0, 0, 10, 10), Box(5, 20, 8, 5), Box(62, 0, 10, 10)]
    assert group_overlapping_columns(boxes, 0) == [[1, 2], [0], [3]]
    assert group_overlapping_columns(boxes, 3) == [[1, 2], [0, 3]]
    assert group_overlapping_columns([], 3) == []
