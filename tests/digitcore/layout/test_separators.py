import cv2
import numpy as np
import pytest

from digitcore.layout.components import Mark
from digitcore.layout.line_components import LineComponents
from digitcore.layout.separators import find_separators
from digitcore.types import Box

HEIGHT_PX = 60
PEN_PX = 7
SEPARATORS = {
    ".": [((0.1, 0.97), (0.1, 0.97))],
    ",": [((0.16, 0.88), (0.06, 1.16))],
    "-": [((0.0, 0.5), (0.4, 0.48))],
    ":": [((0.1, 0.35), (0.1, 0.35)), ((0.1, 0.95), (0.1, 0.95))],
    "/": [((0.5, -0.1), (0.0, 1.15))],
}


def page(text, gap=0.15, slope=0.0, line=0, top=60):
    """Draw digits as rings and upright bars (0 and 1), with separators, and return the ink with the marks of the digits."""
    ink = np.zeros((260, 80 + 60 * len(text)), np.uint8)
    marks, x = [], 50
    for character in text:
        layer = np.zeros_like(ink)
        y = top + slope * x
        if character == "0":
            cv2.ellipse(layer, (x + 18, round(y + HEIGHT_PX / 2)), (18, HEIGHT_PX // 2), 0, 0, 360, 255, PEN_PX, cv2.LINE_AA)
            width = 36
        elif character == "1":
            cv2.line(layer, (x, round(y)), (x, round(y + HEIGHT_PX)), 255, PEN_PX, cv2.LINE_AA)
            width = 0
        else:
            for start, end in SEPARATORS[character]:
                ends = [(round(x + u * HEIGHT_PX), round(y + v * HEIGHT_PX)) for u, v in (start, end)]
                cv2.line(layer, *ends, 255, PEN_PX, cv2.LINE_AA)
            width = round(max(u for each in SEPARATORS[character] for u, _ in each) * HEIGHT_PX)
        if character in "01":
            marks.append(as_mark(layer, line))
        ink = np.maximum(ink, layer)
        x += width + PEN_PX + round(gap * HEIGHT_PX)
    return ink, marks


def as_mark(layer, line=0):
    box = Box(*cv2.boundingRect(layer))
    return Mark(layer[box.y : box.y + box.height, box.x : box.x + box.width].copy(), box, line, None)


def without(ink, marks):
    """Return a copy of the ink in which the boxes of the marks are empty."""
    rest = ink.copy()
    for mark in marks:
        rest[mark.box.y : mark.box.y + mark.box.height, mark.box.x : mark.box.x + mark.box.width] = 0
    return rest


def found(ink, marks):
    return [(each.kind.value, each.position) for each in find_separators(ink, marks) if each.confidence >= 0.5]


def test_dots_that_are_far_apart_are_colons_of_their_own():
    assert found(*page("10:0001:10")) == [(":", 2), (":", 6)]


@pytest.mark.parametrize("slope", [-0.08, 0.0, 0.08])
@pytest.mark.parametrize(
    ("text", "separators"),
    [
        ("0101", []),
        ("00.10", [(".", 2)]),
        ("0,01", [(",", 1)]),
        ("-100", [("-", 0)]),
        ("100-001", [("-", 3)]),
        ("10:00", [(":", 2)]),
        ("10/00", [("/", 2)]),
        ("-10,001.10", [("-", 0), (",", 2), (".", 5)]),
        (".10", [(".", 0)]),
    ],
)
def test_each_separator_is_found_in_its_place(text, separators, slope):
    assert found(*page(text, slope=slope)) == separators


@pytest.mark.parametrize("text", ["00.", "00,", "00-", "/00", ":00", ",00", "00:"])
def test_nothing_but_a_minus_sign_and_a_point_stands_at_an_end(text):
    assert found(*page(text)) == []


def test_some_rows_of_the_other_ink_of_a_mark_are_those_of_the_whole():
    ink, marks = page("1-0")
    components = LineComponents.around(ink, marks)
    mark, labels = Mark(ink[40:], Box(0, 40, ink.shape[1], ink.shape[0] - 40), 0, None), range(1, len(components.stats))
    for chosen in ([], [*labels][:1], [*labels]):
        whole = components.other_ink(mark, chosen)
        for rows in (slice(0, 9), slice(30, 70), slice(50, 10_000), slice(70, 70)):
            assert np.array_equal(components.other_ink(mark, chosen, rows), whole[rows])


def test_no_digits_have_no_separators():
    assert find_separators(np.zeros((50, 50), np.uint8), []) == []


def test_a_slash_that_was_taken_for_a_digit_is_named():
    ink, marks = page("00/00")
    slash = without(ink, marks)
    (separator,) = find_separators(ink, [*marks[:2], as_mark(slash), *marks[2:]])
    assert (separator.kind, separator.position, separator.digits) == ("/", 2, (2,))


@pytest.mark.parametrize("kind", [*SEPARATORS])
def test_the_refused_marks_of_a_separator_are_named(kind):
    ink, marks = page(f"00{kind}00")
    layer = without(ink, marks)
    _, labels = cv2.connectedComponents(layer)
    parts = [as_mark(np.where(labels == label, layer, 0).astype(np.uint8)) for label in range(1, labels.max() + 1)]
    elsewhere = Mark(np.full((9, 9), 255, np.uint8), Box(20, 220, 9, 9), 1, None)
    (separator,) = find_separators(ink, marks, [elsewhere, *parts])
    assert (separator.kind, separator.digits) == (kind, ())
    assert separator.refused == tuple(range(1, len(parts) + 1))


def test_a_refused_mark_with_other_ink_than_the_separator_is_not_named():
    ink, marks = page("00/00")
    joined = as_mark(without(ink, marks))
    joined.ink[:, : joined.box.width // 2] = 255
    (separator,) = find_separators(ink, marks, [joined])
    assert (separator.kind, separator.refused) == ("/", ())


def test_a_comma_that_was_taken_for_a_digit_of_its_own_line_is_found_above():
    ink, marks = page("00,00")
    comma = without(ink, marks)
    (separator,) = find_separators(ink, [*marks, as_mark(comma, line=1)])
    assert (separator.kind, separator.line, separator.position, separator.digits) == (",", 0, 2, (4,))


def test_a_separator_that_was_taken_for_a_part_of_a_digit_is_found():
    ink, marks = page("0.0", gap=0.05)
    with_point = ink.copy()
    with_point[:, marks[1].box.x - 2 :] = 0
    assert found(ink, [as_mark(with_point), marks[1]]) == [(".", 1)]


def test_the_dot_in_a_zero_is_a_part_of_it():
    ink, marks = page("000")
    box = marks[1].box
    cv2.line(ink, (round(box.center_x) - 4, round(box.center_y)), (round(box.center_x) + 6, round(box.center_y)), 255, 5)
    assert find_separators(ink, marks) == []


def test_faint_marks_are_none():
    ink, marks = page("00.00")
    assert find_separators(np.where(without(ink, marks) > 0, ink // 2, ink).astype(np.uint8), marks) == []


def test_among_very_many_small_marks_none_is_a_separator():
    ink, marks = page("00.00")
    rng = np.random.default_rng(0)
    for x, y in rng.integers((10, 60), (ink.shape[1] - 10, 130), (60, 2)):
        cv2.circle(ink, (int(x), int(y)), 3, 255, cv2.FILLED)
    assert [each for each in find_separators(ink, marks) if each.kind != "/"] == []


def test_several_candidates_between_two_digits_are_pieces_of_a_broken_one():
    ink, marks = page("0.0", gap=0.5)
    single = find_separators(ink, marks)[0]
    for shift in (-16, 16):
        cv2.circle(ink, (round(single.box.center_x) + shift, round(single.box.center_y)), 4, 255, cv2.FILLED)
    assert [each.confidence < 0.5 < single.confidence for each in find_separators(ink, marks)] == [True]


def test_digits_of_the_next_line_are_no_separators():
    above, first = page("0101", top=40)
    below, second = page("1010", line=1, top=130)
    assert found(np.maximum(above, below), [*first, *second]) == []


def test_a_line_of_nothing_but_strokes_has_a_slant_of_its_own():
    assert found(*page("1/1")) == [("/", 1)]
    assert found(*page("111")) == []


def test_beside_another_separator_a_slanted_stroke_is_a_one():
    ink, marks = page("00/00")
    slash = without(ink, marks)
    marks.insert(2, as_mark(slash))
    cv2.circle(ink, (marks[3].box.x - 8, marks[3].box.y + marks[3].box.height - 6), 4, 255, cv2.FILLED)
    assert found(ink, marks) == [(".", 3)]


def test_beside_a_digit_without_ink_in_its_rows_the_middles_decide():
    ink, marks = page("00-00")
    box = marks[1].box
    top = np.zeros_like(marks[1].ink)
    top[: box.height // 5] = marks[1].ink[: box.height // 5]
    wide = Mark(np.pad(top, ((0, 0), (0, 20))), Box(box.x, box.y, box.width + 20, box.height), 0, None)
    ink[box.y : box.y + box.height, box.x : box.x + box.width] = top
    assert found(ink, [marks[0], wide, *marks[2:]]) == [("-", 2)]


def test_a_mark_without_strokes_has_no_separators():
    faint = Mark(np.full((40, 20), 30, np.uint8), Box(20, 20, 20, 40), 0, None)
    assert find_separators(np.zeros((100, 100), np.uint8), [faint]) == []
