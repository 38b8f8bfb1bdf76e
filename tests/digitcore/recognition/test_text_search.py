from itertools import product

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st

from digitcore.recognition.text_search import NO_DIGIT, Choice, SearchLimits, TextPath, align, most_probable_texts, probabilities_of
from tests.properties import given

EVERYTHING = SearchLimits(width=10**9, min_ratio=0.0)


def options(*rows):
    """Make the options of a path, each mark given by the probabilities of some digits; the rest is for no digit."""
    table = np.zeros((len(rows), 11))
    for row, probabilities in zip(table, rows, strict=True):
        for digit, probability in probabilities.items():
            row[digit] = probability
        row[NO_DIGIT] = 1 - sum(probabilities.values())
    return table


def lone(probabilities):
    """A group of one mark that was segmented in one way."""
    return [TextPath(1.0, options(probabilities))]


@st.composite
def groups(draw, max_groups=3):
    """Small groups, of which each mark has up to three options."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    found = []
    for _ in range(draw(st.integers(0, max_groups))):
        weights = rng.dirichlet(np.ones(draw(st.integers(1, 3))))
        paths = []
        for weight in weights.tolist():
            table = np.zeros((draw(st.integers(0, 2)), 11))
            for row in table:
                row[rng.choice(11, 3, replace=False)] = rng.dirichlet(np.ones(3))
            paths.append(TextPath(weight, table))
        found.append(paths)
    return found


def choices_by_text(line):
    """Enumerate all paths and options: for each text the choices that spell it, with their probabilities."""
    found = {}
    for paths in product(*[range(len(group)) for group in line]):
        chosen = [group[index] for group, index in zip(line, paths, strict=True)]
        weight = float(np.prod([path.weight for path in chosen]))
        for picked in product(*[product((*range(10), NO_DIGIT), repeat=len(path.options)) for path in chosen]):
            probability = weight
            for path, taken in zip(chosen, picked, strict=True):
                probability *= float(np.prod(path.options[np.arange(len(taken)), list(taken)]))
            if probability > 0:
                text = "".join(str(option) for taken in picked for option in taken if option != NO_DIGIT)
                found.setdefault(text, []).append((probability, [Choice(*each) for each in zip(paths, picked, strict=True)]))
    return found


@given(groups(max_groups=2))
@settings(max_examples=25)
def test_all_texts_are_found_with_the_sum_over_all_their_choices(line):
    expected = {text: sum(probability for probability, _ in choices) for text, choices in choices_by_text(line).items()}
    found = most_probable_texts(line, EVERYTHING)
    assert found == pytest.approx(expected)
    assert sum(found.values()) == pytest.approx(1)
    assert probabilities_of(list(expected), line).tolist() == pytest.approx(list(expected.values()))


@given(groups(max_groups=2))
@settings(max_examples=25)
def test_a_text_is_spelled_by_its_likeliest_choice(line):
    for text, choices in choices_by_text(line).items():
        chosen = align(line, text)
        (probability,) = [probability for probability, each in choices if each == chosen]
        assert probability == pytest.approx(max(probability for probability, _ in choices))


@given(groups())
def test_other_classes_are_searched_like_digits(line):
    letters = "ABCDEFGHIJ"
    as_letters = str.maketrans("0123456789", letters)
    found = most_probable_texts(line, EVERYTHING)
    in_letters = {text.translate(as_letters): probability for text, probability in found.items()}
    assert most_probable_texts(line, EVERYTHING, classes=letters) == in_letters
    assert (probabilities_of(list(in_letters), line, letters) == probabilities_of(list(found), line)).all()
    best = next(iter(found))
    assert align(line, best.translate(as_letters), letters) == align(line, best)


@given(groups(), st.integers(1, 4))
def test_a_narrow_search_finds_no_more_than_a_wide_one_and_in_the_same_order(line, width):
    found, everything = most_probable_texts(line, SearchLimits(width, 0.0)), most_probable_texts(line, EVERYTHING)
    assert len(found) <= width
    assert list(found.values()) == sorted(found.values(), reverse=True)
    assert all(probability <= everything[text] * (1 + 1e-9) for text, probability in found.items())


def test_improbable_texts_and_options_are_dropped():
    line = [lone({1: 0.9, 7: 0.09, 4: 0.0009}), lone({2: 0.95, 3: 0.05})]
    found = most_probable_texts(line, SearchLimits(10, 0.02))
    assert list(found) == ["12", "72", "13"]
    assert found["12"] == pytest.approx(0.855)


def test_equally_probable_texts_are_in_ascending_order():
    assert list(most_probable_texts([lone({7: 0.5, 1: 0.5})], EVERYTHING)) == ["1", "7"]


def test_texts_that_may_not_start_so_are_dropped_early():
    line = [lone({1: 0.5, 7: 0.5}), lone({2: 0.5})]
    starts = []

    def may_start(text):
        starts.append(text)
        return text != "1"

    assert set(most_probable_texts(line, EVERYTHING, may_start)) == {"7", "72"}
    assert "12" not in starts
    assert most_probable_texts([lone({1: 1.0})], EVERYTHING, lambda _: False) == {}


def test_a_long_line_of_doubtful_digits_has_texts_though_their_probabilities_vanish():
    line = [lone({1: 0.5, 7: 0.5})] * 1500
    assert len(most_probable_texts(line, SearchLimits(4, 0.0))) == 4


def test_a_line_without_groups_is_empty():
    assert most_probable_texts([], EVERYTHING) == {"": 1.0}
    assert probabilities_of(["", "1"], []).tolist() == [1.0, 0.0]
    assert probabilities_of([], [lone({1: 1.0})]).shape == (0,)
    assert align([], "") == []


@pytest.mark.parametrize("text", ["2", "11", "1111"])
def test_a_text_that_the_marks_cannot_spell_is_refused(text):
    with pytest.raises(ValueError, match=f"received '{text}'"):
        align([lone({1: 1.0})], text)


def test_of_two_paths_the_likelier_one_that_spells_the_text_is_chosen():
    line = [[TextPath(0.9, options({6: 0.9, 0: 0.1})), TextPath(0.1, options({1: 1.0}, {0: 1.0}))], lone({5: 0.5})]
    assert align(line, "65") == [Choice(0, (6,)), Choice(0, (5,))]
    assert align(line, "105") == [Choice(1, (1, 0)), Choice(0, (5,))]
    assert align(line, "6") == [Choice(0, (6,)), Choice(0, (NO_DIGIT,))]
