import pytest
from hypothesis import strategies as st

from digitcore import Settings
from digitcore.settings import from_query, setting_names, to_query
from tests.digitcore.settings.strategies import valid_settings
from tests.properties import given


def as_parameters(query):
    return {name: [value] for name, value in query.items()}


@given(valid_settings)
def test_a_query_gives_the_same_settings_back(settings):
    assert from_query(as_parameters(to_query(settings))) == (settings, ())


def test_a_query_holds_only_what_differs_from_the_defaults():
    assert to_query(Settings()) == {}
    assert to_query(Settings(clahe_clip=2.5, centring="box")) == {"clahe_clip": "2.5", "centring": "box"}


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("sharpness", ["1"]),
        ("", [""]),
        ("__class__", ["x"]),
        ("clahe_clip", ["11"]),
        ("clahe_clip", ["-0.1"]),
        ("clahe_clip", ["nan"]),
        ("clahe_clip", ["inf"]),
        ("clahe_clip", ["1e999"]),
        ("clahe_clip", ["1_0"]),
        ("clahe_clip", ["٣"]),
        ("clahe_clip", [" 3"]),
        ("clahe_clip", ["9" * 100_000]),
        ("clahe_clip", ["2", "2"]),
        ("clahe_clip", []),
        ("clahe_tiles", ["2.5"]),
        ("threshold", ["<script>alert(1)</script>"]),
        ("threshold", [""]),
        ("version", ["1"]),
    ],
)
def test_an_invalid_parameter_is_ignored_by_name_and_the_others_are_used(name, values):
    assert from_query({"centring": ["box"], name: values}) == (Settings(centring="box"), (name,))


@given(st.dictionaries(st.sampled_from(setting_names()) | st.text(), st.lists(st.text() | st.floats().map(str) | st.integers().map(str))))
def test_no_query_is_an_error_and_every_name_is_used_or_ignored(parameters):
    settings, ignored = from_query(parameters)
    assert set(settings.changes()) <= set(parameters) - set(ignored)
    assert set(ignored) <= set(parameters)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("0", 0.0), ("10", 10.0), ("10.0", 10.0), ("-0", 0.0), ("-0.0", 0.0), ("3", 3.0), ("007", 7.0), ("0.1", 0.1), ("1e0", 1.0)),
        *(("5e-1", 0.5), ("2.5e-3", 0.0025), ("1e-300", 1e-300), ("000000001", 1.0), ("0." + "1" * 20, 1 / 9)),
    ],
)
def test_a_number_is_read_as_python_writes_it(text, value):
    settings, ignored = from_query({"clahe_clip": [text]})
    assert (settings.clahe_clip, ignored) == (pytest.approx(value), ())  # type: ignore[comparison-overlap]


@pytest.mark.parametrize(
    "text",
    [
        *("", "-", ".", ".5", "5.", "+5", "5 ", "5\n", "--5", "0x5", "1,5", "5e", "e5", "5E1", "5e+1", "5e1.0", "5.0.0", "True", "None"),
        *("0000000001", "0." + "1" * 21, "1e0000", "-1", "10.1", "11", "1e2", "infinity", "１"),
    ],
)
def test_any_other_number_is_ignored(text):
    assert from_query({"clahe_clip": [text]}) == (Settings(), ("clahe_clip",))


@pytest.mark.parametrize(("text", "tiles"), [("1", 1), ("32", 32), ("08", 8)])
def test_an_integer_is_read(text, tiles):
    settings, ignored = from_query({"clahe_tiles": [text]})
    assert (settings.clahe_tiles, type(settings.clahe_tiles), ignored) == (tiles, int, ())


@pytest.mark.parametrize("text", ["0", "33", "-1", "8.0", "8e0", "1e1", ""])
def test_any_other_integer_is_ignored(text):
    assert from_query({"clahe_tiles": [text]}) == (Settings(), ("clahe_tiles",))


@pytest.mark.parametrize("value", [5e-324, 1e-7, 0.1 + 0.2, 1 / 3, 9.999999999999998, 10])
def test_any_value_survives_being_written_and_read(value):
    settings = Settings(clahe_clip=value)
    assert from_query(as_parameters(to_query(settings))) == (settings, ())


def test_names_are_ignored_in_their_order():
    parameters = {"z": ["1"], "centring": ["mass"], "polarity": ["any"], "a": []}
    assert from_query(parameters) == (Settings(), ("z", "polarity", "a"))


def test_an_empty_query_gives_the_defaults():
    assert from_query({}) == (Settings(), ())


@given(valid_settings)
def test_a_query_is_the_text_of_each_changed_value(settings):
    query = to_query(settings)
    assert set(query) == {name for name in setting_names() if getattr(settings, name) != getattr(Settings(), name)}
    for name, text in query.items():
        value = getattr(settings, name)
        assert text == (",".join(value) if isinstance(value, tuple) else str(value))


def test_numbers_are_separated_by_commas_and_intervals_are_as_they_are():
    settings = Settings(allowed_numbers=("407", "007"), digit_count="3-5", number_range="1-120", check_digit="luhn")
    query = {"digit_count": "3-5", "number_range": "1-120", "check_digit": "luhn", "allowed_numbers": "407,007"}
    assert to_query(settings) == query
    assert from_query(as_parameters(query)) == (settings, ())


@pytest.mark.parametrize("text", ["", ",", "407,", "40 7", "407;401", "4e2", "1" * 41, ",".join(["1"] * 10_001)])
def test_a_list_with_anything_but_numbers_is_ignored(text):
    assert from_query({"allowed_numbers": [text]}) == (Settings(), ("allowed_numbers",))


def test_a_list_that_is_too_long_for_an_address_is_left_out():
    assert to_query(Settings(allowed_numbers=("4070",) * 401, centring="box")) == {"centring": "box"}
    assert len(to_query(Settings(allowed_numbers=("4070",) * 400))["allowed_numbers"]) == 1_999
