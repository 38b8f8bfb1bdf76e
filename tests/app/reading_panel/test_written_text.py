import pytest

from app.reading_panel.written_text import Character, longest_line, with_separators, written_html, written_lines
from digitcore import Number, Reading, Status
from digitcore.results import lines_of
from tests.app.reading_panel.marks import mark


def no_correction(_mark):
    return None


def reading(marks, *numbers):
    """A reading of marks whose lines consist of these numbers."""
    written = [[Number(text, None, 1.0, (0, 0, 1, 1)) for text in line.split()] for line in numbers]
    return Reading(Status.OK, lines_of(marks), marks, [], (100, 100), 1.0, numbers=written)


def corrections(*pairs):
    """Return a function that finds the correction of some marks."""
    return lambda found: next((right for wrong, right in pairs if wrong is found), None)


def shown(lines):
    return ["".join(char.text for char in line) for line in lines]


def test_separators_spaces_and_refused_marks_are_in_their_places():
    marks = [mark(1), mark(2), mark(rejection="too_wide"), mark(5), mark(7, line=2)]
    assert shown(written_lines(reading(marks, "12.?5", "-7"), no_correction)) == ["12.?5", "-7"]


def test_without_numbers_the_lines_are_shown():
    marks = [mark(1), mark(2), mark(3, line=1)]
    assert shown(written_lines(Reading(Status.OK, ["12", "3"], marks, [], (9, 9), 1.0), no_correction)) == ["12", "3"]


def test_a_correction_belongs_to_the_character_of_its_mark():
    first, second, third = marks = [mark(7), mark(7), mark(7)]
    (line,) = written_lines(reading(marks, "7 7.7"), corrections((second, "1"), (third, "")))
    assert line == [Character("7"), Character(" "), Character("7", "1"), Character("."), Character("7", "")]
    assert written_html([line]) == "7 <del>7</del><ins>1</ins>.<del>7</del>"
    assert longest_line([line]) == 6
    assert first.accepted


def test_a_refused_mark_can_be_corrected_whether_it_is_shown_or_not():
    hole, dust = mark(rejection="too_wide"), mark(rejection="dot")
    marks = [mark(1), hole, mark(2), dust]
    (line,) = written_lines(reading(marks, "1?2"), corrections((hole, "5"), (dust, "6")))
    assert written_html([line]) == "1<del>?</del><ins>5</ins>2<ins>6</ins>"


def test_a_mark_that_is_a_separator_is_corrected_in_its_place():
    comma, slash = mark(rejection="relatively_small", separator=","), mark(1, separator="/")
    marks = [mark(3), comma, mark(4), slash, mark(5)]
    (line,) = written_lines(reading(marks, "3,4/5"), corrections((comma, "1"), (slash, "7")))
    assert line == [Character("3"), Character(",", "1"), Character("4"), Character("/", "7"), Character("5")]


def test_a_separator_without_a_mark_of_its_own_is_shown_before_the_next_digit():
    comma = mark(rejection="relatively_small", separator=",")
    (line,) = written_lines(reading([mark(3), mark(4), comma, mark(5)], "3,4,5"), corrections((comma, "1")))
    assert line == [Character("3"), Character(","), Character("4"), Character(",", "1"), Character("5")]


def test_a_digit_that_is_part_of_a_separator_is_skipped():
    marks = [mark(3), mark(1), mark(4)]
    (line,) = written_lines(reading(marks, "3/4"), corrections((marks[2], "9")))
    assert line == [Character("3"), Character("/"), Character("4", "9")]


def test_a_line_whose_digits_all_belong_to_another_line_is_left_out():
    marks = [mark(3), mark(1, line=1)]
    assert shown(written_lines(reading(marks, "3", ""), no_correction)) == ["3"]


@pytest.mark.parametrize(("digits", "shown"), [("1256", "-12.5 6"), ("125", "125"), ("12567", "12567")], ids=["same", "shorter", "longer"])
def test_another_text_of_a_line_has_its_separators_if_they_fit(digits, shown):
    (line,) = reading([], "-12.5 0").numbers
    assert with_separators(digits, line) == shown


def test_another_text_of_a_line_with_a_refused_mark_has_no_separators():
    (line,) = reading([], "1.?5").numbers
    assert with_separators("135", line) == "135"


def test_the_longest_line_is_at_least_one_character_long():
    assert longest_line([]) == 1
    assert longest_line([[Character("1")], [Character("2"), Character("3")]]) == 2
    assert written_html([[Character("1")], [Character("2")]]) == "1<br>\n2"
