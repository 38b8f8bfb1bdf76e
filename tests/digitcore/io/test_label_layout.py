from hypothesis import strategies as st

from digitcore.io.label_layout import LabelLayout, Labelled, PlacedText
from digitcore.types import Box
from tests.properties import given

SIZE_WH = (200, 100)


def measure(text):
    return 10 * len(text), 12


def layout(*writing):
    return LabelLayout(SIZE_WH, writing, measure)


def rectangles(placed):
    return [label and label.rectangle for label in placed]


def test_a_label_is_above_its_mark():
    assert layout(Box(50, 40, 20, 30)).place_marks([Labelled(Box(48, 38, 24, 34), ("3",))]) == [PlacedText("3", Box(48, 26, 10, 12))]


def test_a_label_that_would_cover_the_line_above_moves_along_its_box():
    placed = layout(Box(40, 0, 20, 30)).place_marks([Labelled(Box(50, 38, 30, 34), ("3",))])
    assert rectangles(placed) == [Box(60, 26, 10, 12)]


def test_a_label_is_below_where_there_is_no_space_above():
    placed = layout(Box(0, 0, 200, 30)).place_marks([Labelled(Box(50, 35, 30, 20), ("3",))])
    assert rectangles(placed) == [Box(50, 55, 10, 12)]


def test_no_label_is_right_above_the_next_line():
    lines = Box(0, 0, 200, 30), Box(0, 68, 200, 20)
    assert layout(*lines).place_marks([Labelled(Box(50, 35, 30, 20), ("3",))]) == [None]


def test_a_label_without_space_is_inside_its_box_and_the_picture():
    everywhere = layout(Box(0, 0, *SIZE_WH))
    assert everywhere.place_inside(Labelled(Box(50, 40, 20, 30), ("3",))).rectangle == Box(50, 40, 10, 12)
    assert everywhere.place_inside(Labelled(Box(-4, -4, 20, 30), ("3",))).rectangle == Box(0, 0, 10, 12)
    assert everywhere.place_inside(Labelled(Box(196, 95, 20, 30), ("3",))).rectangle == Box(190, 88, 10, 12)


def test_a_longer_text_is_shown_where_it_leaves_space_for_the_others():
    texts = ("3", "3 83%")
    next_line = Box(0, 75, 200, 25)
    placed = layout(next_line).place_marks([Labelled(Box(x, 40, 14, 30), texts) for x in (80, 96, 112)])
    assert [label.text for label in placed] == ["3 83%", "3", "3 83%"]


def test_a_number_is_written_below_it_or_beside_it_where_the_next_line_is_near():
    number = Labelled(Box(20, 20, 80, 30), ("3.14",))
    assert layout().place_number(number).rectangle == Box(20, 50, 40, 12)
    assert layout(Box(0, 60, 200, 30)).place_number(number).rectangle == Box(100, 29, 40, 12)
    assert layout(Box(0, 0, 200, 100)).place_number(number) is None


boxes = st.builds(Box, st.integers(-5, 190), st.integers(-5, 95), st.integers(2, 60), st.integers(2, 40))


@given(st.lists(boxes, max_size=8), st.lists(boxes, max_size=3))
def test_placed_labels_are_in_the_picture_and_cover_neither_the_writing_nor_each_other(marks, numbers):
    placer = layout(*marks)
    placed = placer.place_marks([Labelled(box, ("3", "3 83%")) for box in marks])
    placed += [placer.place_number(Labelled(box, ("3.14",))) for box in numbers]
    areas = [label.rectangle for label in placed if label]
    for index, area in enumerate(areas):
        assert min(area.x, area.y) >= 0
        assert area.x + area.width <= SIZE_WH[0]
        assert area.y + area.height <= SIZE_WH[1]
        assert not any(overlap(area, other) for other in (*areas[:index], *marks))


def overlap(first, second):
    shares_columns = first.x < second.x + second.width and second.x < first.x + first.width
    return shares_columns and first.y < second.y + second.height and second.y < first.y + first.height
