import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitcore import Settings
from digitcore.io.query import from_query, to_query
from digitcore.settings import names
from tests.digitcore.test_settings import valid


def as_parameters(query):
    return {name: [value] for name, value in query.items()}


@given(valid)
def test_an_address_gives_the_same_settings_back(settings):
    assert from_query(as_parameters(to_query(settings))) == (settings, ())


def test_an_address_says_only_what_differs():
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
def test_what_is_not_understood_is_ignored_by_name_and_the_rest_goes_on(name, values):
    assert from_query({"centring": ["box"], name: values}) == (Settings(centring="box"), (name,))


@given(st.dictionaries(st.sampled_from(names()) | st.text(), st.lists(st.text() | st.floats().map(str) | st.integers().map(str))))
def test_no_address_is_an_error_and_every_name_is_used_or_ignored(parameters):
    settings, ignored = from_query(parameters)
    assert set(settings.changes()) <= set(parameters) - set(ignored)
    assert set(ignored) <= set(parameters)
