from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from stdnum import ean, iban, isbn, luhn

from digitcore import Settings
from digitcore.layout.hypotheses import Hypothesis, only
from digitcore.messages import Message
from digitcore.recognition.constraints import NumberConstraint, find_fulfilling, numeric_iban_countries
from tests.digitcore.recognition.test_alternatives import PARAMS, found, hypotheses


def constraint(**settings):
    return NumberConstraint.from_settings(Settings(**settings))


def line_of(*probabilities):
    """A line of marks that are surely digits, each given by the probabilities of some labels."""
    return hypotheses([only([found(each)]) for each in probabilities])[0]


def sure(text):
    return [{int(digit): 0.999} for digit in text]


def test_settings_that_tell_nothing_are_no_constraint():
    assert constraint() is None
    assert constraint(unsure_below=0.5, touching_digits="keep") is None


@pytest.mark.parametrize(
    ("settings", "fulfilling", "others"),
    [
        ({"digit_count": "3"}, ["407", "007"], ["40", "4070", "4"]),
        ({"digit_count": "2-3"}, ["40", "407"], ["4", "4070"]),
        ({"number_range": "7-31"}, ["7", "07", "31", "0031"], ["6", "32", "0", "100"]),
        ({"check_digit": "luhn"}, ["79927398713", "18"], ["79927398710", "19"]),
        ({"check_digit": "isbn"}, ["9783161484100", "0306406152"], ["9783161484101", "4006381333931", "030640615"]),
        ({"check_digit": "ean"}, ["4006381333931", "96385074"], ["4006381333932", "407"]),
        ({"check_digit": "iban"}, ["89370400440532013000"], ["88370400440532013000", "893704004405320130"]),
        ({"allowed_numbers": ("407", "401", "0")}, ["401", "407", "0"], ["40", "4", "00", "9"]),
        ({"allowed_numbers": ("407", "40", "0"), "digit_count": "2-3", "number_range": "1-99"}, ["40"], ["407", "0", "41"]),
    ],
)
def test_texts_fulfil_all_that_is_known(settings, fulfilling, others):
    known = constraint(**settings)
    assert all(known.is_fulfilled(text) for text in fulfilling)
    assert not any(known.is_fulfilled(text) for text in others)
    assert all(known.may_start(text[: length + 1]) for text in fulfilling for length in range(len(text)))


def test_ibans_of_countries_with_digits_alone_are_known_by_their_length():
    countries = numeric_iban_countries()
    assert "DE" in countries[20]
    assert "ES" in countries[22]
    assert not any("GB" in each or "FR" in each for each in countries.values())


def test_a_wrong_digit_is_corrected_by_the_check_digit():
    line = line_of({7: 0.999}, {9: 0.6, 4: 0.399}, {9: 0.999}, {2: 0.999})
    assert luhn.is_valid("7492")
    assert not luhn.is_valid("7992")
    first, *_ = find_fulfilling("7992", line, constraint(check_digit="luhn"), PARAMS)
    assert first.text == "7492"
    assert first.probability > 0.9


@pytest.mark.parametrize(("check", "text", "validator"), [("isbn", "9783161484100", isbn), ("ean", "4006381333931", ean)])
@pytest.mark.parametrize("position", [0, 6, 12])
def test_an_article_number_with_one_digit_in_doubt_is_read_right(check, text, validator, position):
    digit = int(text[position])
    wrong = (digit + 1) % 10
    rows = sure(text)
    rows[position] = {wrong: 0.7, digit: 0.299}
    misread = text[:position] + str(wrong) + text[position + 1 :]
    assert not validator.is_valid(misread)
    assert find_fulfilling(misread, line_of(*rows), constraint(check_digit=check), PARAMS)[0].text == text


def test_an_iban_is_found_by_a_deep_search():
    text = "89370400440532013000"
    assert iban.is_valid("DE" + text)
    rows = [{int(digit): 0.8, (int(digit) + 3) % 10: 0.1, (int(digit) + 5) % 10: 0.09} for digit in text]
    rows[16] = {8: 0.6, 3: 0.39}
    assert find_fulfilling("89370400440532018000", line_of(*rows), constraint(check_digit="iban"), PARAMS)[0].text == text


def test_a_text_that_fulfils_the_constraint_is_kept_though_another_is_likelier():
    line = hypotheses([[Hypothesis([found({6: 1.0})], 2.0), Hypothesis([found({1: 1.0}), found({0: 1.0})], 0.0)]])[0]
    assert [each.text for each in find_fulfilling("6", line, constraint(digit_count="1-2"), PARAMS)] == ["6", "10"]
    assert [each.text for each in find_fulfilling("6", line, constraint(digit_count="2"), PARAMS)] == ["10"]


def test_the_likeliest_listed_number_is_read():
    line = line_of({4: 0.9, 9: 0.09}, {0: 0.5, 6: 0.49}, {7: 0.6, 1: 0.39})
    texts = [each.text for each in find_fulfilling("407", line, constraint(allowed_numbers=("401", "967", "123", "4071")), PARAMS)]
    assert texts == ["401", "967"]


def test_a_list_of_ten_thousand_numbers_of_forty_digits_is_searched():
    numbers = tuple(f"{number:040d}" for number in range(9_999))
    line = line_of(*sure("407"))
    assert find_fulfilling("407", line, constraint(allowed_numbers=numbers), PARAMS) == ()
    assert find_fulfilling("407", line, constraint(allowed_numbers=(*numbers, "407")), PARAMS)[0].text == "407"


def test_what_contradicts_the_ink_is_not_read():
    line = line_of(*[{int(digit): 1.0} for digit in "407"])
    for settings in ({"digit_count": "5"}, {"digit_count": "2"}, {"allowed_numbers": ("123",)}, {"number_range": "500-600"}):
        assert find_fulfilling("407", line, constraint(**settings), PARAMS) == ()


def test_an_improbable_text_stays_improbable_though_it_alone_fulfils_the_constraint():
    (found_text,) = find_fulfilling("7", line_of({7: 0.9999, 1: 0.0001}), constraint(allowed_numbers=("1",)), PARAMS)
    assert found_text.text == "1"
    assert found_text.probability < 0.02


@pytest.mark.parametrize("share", [1e-7, 0.0])
def test_what_is_known_makes_no_number_of_any_ink(share):
    assert find_fulfilling("7", line_of({7: 1 - share, 1: share}), constraint(allowed_numbers=("1",)), PARAMS) == ()


def test_the_least_probability_of_other_texts_bounds_how_sure_one_is():
    line, allowed = line_of({7: 0.9999, 1: 0.0001}), constraint(allowed_numbers=("1",))
    plain, doubtful = (find_fulfilling("7", line, allowed, params)[0] for params in (PARAMS, replace(PARAMS, min_unknown=1.0)))
    assert doubtful.probability < plain.probability


@pytest.mark.parametrize(("share", "expected"), [(0.2, ["1", "4"]), (0.0005, ["1"])])
def test_texts_below_the_least_probability_are_not_told(share, expected):
    line = line_of({1: 0.9 - share, 4: share, 7: 0.1})
    assert [each.text for each in find_fulfilling("7", line, constraint(allowed_numbers=("1", "4")), PARAMS)] == expected


@pytest.mark.parametrize("seed", range(5))
def test_the_best_text_of_a_number_of_digits_is_found_as_by_trying_all(seed):
    rng = np.random.default_rng(seed)
    rows = [dict(enumerate(rng.dirichlet(np.full(10, 0.3)).tolist())) for _ in range(3)]
    line = line_of(*rows)
    known = constraint(number_range="100-299")
    text = "".join(str(max(row, key=row.get)) for row in rows)
    scores = {f"{a}{b}{c}": rows[0][a] * rows[1][b] * rows[2][c] for a, b, c in product(range(10), repeat=3)}
    best = max((each for each in scores if known.is_fulfilled(each)), key=scores.get)
    expected = text if known.is_fulfilled(text) else best
    assert find_fulfilling(text, line, known, PARAMS)[0].text == expected


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"digit_count": "5"}, "No reading of this line has 5 digits."),
        ({"digit_count": "1"}, "No reading of this line has 1 digit."),
        ({"digit_count": "3-5"}, "No reading of this line has 3 to 5 digits."),
        ({"number_range": "1-31"}, "No reading of this line is between 1 and 31."),
        ({"number_range": "7"}, "No reading of this line is 7."),
        ({"check_digit": "isbn"}, "No reading of this line passes the ISBN check."),
        ({"allowed_numbers": ("1",)}, "No reading of this line is in the list of allowed numbers."),
        ({"digit_count": "5", "check_digit": "luhn"}, "No reading of this line fits everything that is known about it."),
    ],
)
def test_a_note_tells_what_no_text_fulfils(settings, sentence):
    assert constraint(**settings).unfulfilled_note(Message("this line")) == sentence
