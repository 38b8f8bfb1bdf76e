from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitcore.numbers import Number, Separator, join_numbers, parse_value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", "0"),
        ("007", "7"),
        ("12.50", "12.50"),
        ("12,50", "12.50"),
        ("-3", "-3"),
        ("-0.5", "-0.5"),
        (".5", "0.5"),
        ("-.5", "-0.5"),
        ("3.142", "3.142"),
        ("0,125", "0.125"),
        ("1234,567", "1234.567"),
        ("1,250.00", "1250.00"),
        ("1.250,00", "1250.00"),
        ("1,234,567", "1234567"),
        ("-1.234.567", "-1234567"),
    ],
)
def test_a_number_is_parsed_however_its_decimals_are_separated(text, value):
    assert parse_value(text) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["14/02", "12:30", "12-34", "1,250", "1.2.3", "1,25.0", "12,34,56", "0369?81", "?1", "1?", "--1", "1-", "", "-", "."]
)
def test_what_is_no_number_or_may_be_two_has_no_value(text):
    assert parse_value(text) is None


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9))
def test_a_decimal_is_parsed_as_itself(value):
    assert parse_value(f"{value:f}") == value


@given(st.text(alphabet="0123456789.,-/:?", max_size=12))
def test_the_value_has_the_digits_of_the_text(text):
    value = parse_value(text)
    if value is not None:
        digits = "".join(character for character in text if character.isdigit())
        assert "".join(map(str, value.as_tuple().digits)).lstrip("0") == digits.lstrip("0")
        assert "?" not in text


def test_lines_of_numbers_are_joined_with_spaces_around_the_slash():
    assert join_numbers([]) == ""
    assert join_numbers([["1/2"], [], ["3", "4"]]) == "1/2 / 3 4"


def test_a_number_as_json_has_its_value_as_text():
    number = Number("12,50", Decimal("12.50"), 0.12345678, (1, 2, 3, 4), "unsure")
    assert number.to_dict() == {"text": "12,50", "value": "12.50", "confidence": 0.123457, "box_xywh": [1, 2, 3, 4], "reason": "unsure"}
    assert Number("1/2", None, 1.0, (1, 2, 3, 4)).to_dict()["value"] is None


def test_separators_are_their_characters():
    assert [str(separator) for separator in Separator] == [".", ",", "-", "/", ":"]
