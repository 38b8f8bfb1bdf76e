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
