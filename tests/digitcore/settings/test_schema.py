import math
from typing import Literal

import numpy as np
import pytest

from digitcore import SettingsError
from digitcore.settings import Choices, Interval, NumberList, Range, Settings, allowed_values, parse_interval, setting_names
from digitcore.settings.schema import (
    allowed_in,
    check,
    choice_field,
    interval_field,
    is_allowed,
    list_field,
    number_field,
    shown_name,
    shown_value,
    stage_of,
)


def test_every_setting_has_allowed_values_and_a_default_among_them():
    for name in setting_names():
        allowed, default = allowed_values(name), getattr(Settings(), name)
        assert isinstance(allowed, Choices | Range | Interval | NumberList)
        assert is_allowed(default, allowed)
        assert not isinstance(allowed, Range) or allowed.low <= default <= allowed.high


@pytest.mark.parametrize(
    ("value", "allowed"),
    [
        (1, Range(1, 32, is_integer=True)),
        (32, Range(1, 32, is_integer=True)),
        (1, Range(0.0, 1.0, is_integer=False)),
        (0.0, Range(0.0, 1.0, is_integer=False)),
        ("a", Choices(("a", "b"))),
    ],
)
def test_values_within_the_bounds_are_allowed(value, allowed):
    assert is_allowed(value, allowed)
    check("any", value, allowed)


@pytest.mark.parametrize(
    ("value", "allowed", "message"),
    [
        (0, Range(1, 32, is_integer=True), "The setting 'any' must be an integer from 1 to 32, not 0."),
        (2.0, Range(1, 32, is_integer=True), "The setting 'any' must be an integer from 1 to 32, not 2.0."),
        (True, Range(1, 32, is_integer=True), "The setting 'any' must be an integer from 1 to 32, not True."),
        (np.nan, Range(0.0, 1.0, is_integer=False), "The setting 'any' must be a number from 0.0 to 1.0, not nan."),
        (None, Range(0.0, 1.0, is_integer=False), "The setting 'any' must be a number from 0.0 to 1.0, not None."),
        ("c", Choices(("a", "b")), "The setting 'any' can't be 'c'. Allowed: a, b."),
        (["a"], Choices(("a", "b")), r"The setting 'any' can't be \['a'\]. Allowed: a, b."),
        ("5-3", Interval(1, 40), "The setting 'any' must be like “3” or “3-5”, with integers from 1 to 40, not '5-3'."),
        (3, Interval(1, 40), "The setting 'any' must be like “3” or “3-5”, with integers from 1 to 40, not 3."),
        (["4.7"], NumberList(9, 5), r"The setting 'any' must be a list of at most 9 numbers of up to 5 digits, not \['4.7'\]."),
        ("c" * 50, Choices(("a",)), "The setting 'any' can't be 'c{39}…. Allowed: a."),
    ],
)
def test_any_other_value_is_rejected_with_what_is_allowed(value, allowed, message):
    assert not is_allowed(value, allowed)
    with pytest.raises(SettingsError, match=f"^{message}$"):
        check("any", value, allowed)


@pytest.mark.parametrize(
    ("allowed", "value", "expected"),
    [
        *((Range(1, 32, is_integer=True), value, 1 <= value <= 32) for value in (-1, 0, 1, 2, 31, 32, 33, 10**400, -(10**400))),
        *((Range(0.25, 0.5, is_integer=False), value, True) for value in (0.25, math.nextafter(0.25, 1), 0.4, math.nextafter(0.5, 0), 0.5)),
        *((Range(0.25, 0.5, is_integer=False), value, False) for value in (math.nextafter(0.25, 0), math.nextafter(0.5, 1), 0, 1, -0.3)),
        *((Range(0.0, 10.0, is_integer=False), value, True) for value in (0, 10, -0.0, np.float64(3))),
        *((Range(0.0, 10.0, is_integer=False), value, False) for value in (math.inf, -math.inf, math.nan, "3", b"3", [3], 3j, False, True)),
        *((Range(0, 1, is_integer=True), value, False) for value in (False, True, 0.0, 1.0, "1", None)),
        *((Choices(("a", "b")), value, value in {"a", "b"}) for value in ("a", "b", "", "A", "ab", " a", 0, None, b"a")),
        *((Interval(1, 40), value, True) for value in ("", "1", "40", "1-40", "3-3", "03-005")),
        *(
            (Interval(1, 40), value, False)
            for value in ("0", "41", "1-41", "5-3", "-", "3-", "-3", "1-2-3", "3 - 5", " 3", "3\n", "a", "٣", "1" * 5_000)
        ),
        *((Interval(1, 40), value, False) for value in (3, 3.0, None, b"3", ["3"], True)),
        *((NumberList(2, 3), value, True) for value in ((), [], ("0",), ["007", "407"])),
        *(
            (NumberList(2, 3), value, False)
            for value in (("1", "2", "3"), ("4070",), ("",), ("-1",), ("4.7",), ("٣",), ("²",), (" 1",), (407,), (None,))
        ),
        *((NumberList(2, 3), value, False) for value in ("407", b"407", {"1"}, {"1": "2"}, None, 407, [["1"]], iter(["1"]))),
        *((Choices(()), value, False) for value in ("", "a", None)),
        *((Choices(("a", "b")), value, False) for value in ({}, {"a"}, ("a", "b"))),
    ],
)
def test_a_value_is_allowed_within_its_range_and_among_its_choices(allowed, value, expected):
    assert is_allowed(value, allowed) == expected


def test_an_array_is_no_choice():
    assert not is_allowed(np.array(["a", "b"]), Choices(("a", "b")))


@pytest.mark.parametrize(
    ("text", "shown"),
    [("", ""), ("x" * 39, "x" * 39), ("x" * 40, "x" * 40), ("x" * 41, "x" * 40 + "…"), ("é" * 99, "é" * 40 + "…")],
)
def test_a_name_of_more_than_40_characters_is_cut(text, shown):
    assert shown_name(text) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a", "'a'"),
        (None, "None"),
        (1.5, "1.5"),
        ("x" * 38, f"'{'x' * 38}'"),
        ("x" * 39, f"'{'x' * 39}…"),
        ([1] * 99, "[1, " + "1, " * 12 + "…"),
    ],
)
def test_a_value_is_shown_as_python_writes_it_cut_like_a_name(value, shown):
    assert shown_value(value) == shown


@pytest.mark.parametrize("default", [3, 3.0])
def test_a_number_field_allows_integers_alone_where_its_default_is_one(default):
    declared = number_field(default, 1, 5, stage="ink")
    assert declared.default == default
    assert allowed_in(declared) == Range(1, 5, is_integer=isinstance(default, int))
    assert stage_of(declared) == "ink"


def test_a_choice_field_allows_the_words_of_its_literal():
    declared = choice_field("b", Literal["a", "b", "c"], stage="fit")
    assert declared.default == "b"
    assert allowed_in(declared) == Choices(("a", "b", "c"))
    assert stage_of(declared) == "fit"


def test_an_error_can_be_translated():
    with pytest.raises(SettingsError) as caught:
        check("any", 7, Range(1.0, 5.0, is_integer=False))
    (message,) = caught.value.args
    assert message.template == "The setting '{name}' must be a number from {low} to {high}, not {value}."
    assert message.values == {"name": "any", "low": 1.0, "high": 5.0, "value": "7"}


def test_a_field_for_an_interval_or_a_list_is_empty_by_default():
    interval, numbers = interval_field(1, 5, stage="ink"), list_field(3, 4, stage="crop")
    assert (interval.default, allowed_in(interval), stage_of(interval)) == ("", Interval(1, 5), "ink")
    assert (numbers.default, allowed_in(numbers), stage_of(numbers)) == ((), NumberList(3, 4), "crop")


def test_an_interval_is_parsed():
    assert [parse_interval(text) for text in ("", "7", "07", "3-5")] == [None, (7, 7), (7, 7), (3, 5)]
