import pytest

from tuning.measures import Totals, answer_table, by_set, separators, total
from tuning.metrics import Ratio
from tuning.reader import Answer
from tuning.samples import Sample, evenly_spaced


def sample(name, expected, *, set_name="pages", is_written=False):
    return Sample(set_name, name, name, expected, is_written)


def answers(samples, *texts):
    return {each.key: Answer(text, text) for each, text in zip(samples, texts, strict=True)}


def test_pages_and_characters_are_counted_and_line_separators_are_none():
    samples = [sample("a", "12/34"), sample("b", "56")]
    assert total(samples, answers(samples, "1234", "57")) == Totals(2, 0, 6, 1)
    assert total(samples, answers(samples, "12/34", "56")) == Totals(2, 2, 6, 0)


def test_pictures_without_digits_are_counted_apart():
    samples = [sample("a", ""), sample("b", "")]
    assert total(samples, answers(samples, "", "7")) == Totals(without_digits=2, silent=1)


def test_separators_count_where_numbers_are_written():
    samples = [sample("a", "1/2 / 3.5", is_written=True)]
    assert total(samples, answers(samples, "1/2 / 35")) == Totals(1, 0, 6, 1)
    assert separators(samples, answers(samples, "1/2 / 35")) == Ratio(2, 3)


def test_totals_have_differences():
    assert Totals(2, 2, 6, 0).minus(Totals(2, 1, 6, 3)) == Totals(0, 1, 0, -3)
    assert total([], {}) == Totals()


def test_each_set_has_a_row():
    samples = [sample("a", "12"), sample("b", "", set_name="empty"), sample("c", "34")]
    assert {name: [each.name for each in members] for name, members in by_set(samples).items()} == {"pages": ["a", "c"], "empty": ["b"]}
    assert answer_table(samples, answers(samples, "12", "", "3")).splitlines()[2:] == [
        "| pages | 2 | 50.0 | 75.0 |  |  |",
        "| empty | 1 |  |  | 100.0 |  |",
    ]


@pytest.mark.parametrize(("count", "expected"), [(2, [0, 3]), (3, [0, 2, 4]), (6, [0, 1, 2, 3, 4, 5]), (9, [0, 1, 2, 3, 4, 5])])
def test_items_are_chosen_at_equal_distances(count, expected):
    assert evenly_spaced(range(6), count) == expected
