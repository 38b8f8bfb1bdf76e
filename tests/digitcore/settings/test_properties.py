"""Properties of settings: any values, any recipe, any query."""

import json

import pytest
from hypothesis import strategies as st

from digitcore import Settings, SettingsError
from tests.digitcore.invariants import attempt
from tests.properties import given, settings
from tests.strategies import damaged, json_values, nested_json, valid_settings

any_values = json_values | st.sampled_from(sorted({"paper", "otsu", "keep", "auto"})) | st.floats() | st.integers()


@given(st.dictionaries(st.sampled_from([*Settings.__slots__]), any_values, max_size=3))
@settings(max_examples=20)
def test_any_values_are_settings_or_a_settings_error(values):
    chosen, error = attempt(lambda: Settings(**values), SettingsError)
    if error is None:
        assert chosen.changes().items() <= values.items()
    else:
        assert any(name in error.message for name in values)


def test_a_huge_integer_is_a_settings_error():
    with pytest.raises(SettingsError):
        Settings(clahe_tiles=10**5_000)


@given(json_values.map(json.dumps) | st.text(max_size=30) | st.binary(max_size=30))
@settings(max_examples=20)
def test_any_recipe_is_read_or_a_settings_error(recipe):
    chosen, error = attempt(lambda: Settings.from_json(recipe), SettingsError)
    assert error is not None or Settings.from_json(chosen.to_json()) == chosen


@given(valid_settings, st.data())
@settings(max_examples=20)
def test_a_damaged_recipe_is_read_or_a_settings_error(chosen, data):
    recipe = data.draw(damaged([chosen.to_json().encode()]))
    _, error = attempt(lambda: Settings.from_json(recipe), SettingsError)
    assert error is None or error.message


@given(valid_settings)
def test_a_recipe_is_strict_json_and_gives_the_same_settings_back(chosen):
    fields = json.loads(chosen.to_json(), parse_constant=pytest.fail)
    assert Settings.from_json(chosen.to_json()) == chosen
    assert set(fields) == {*Settings.__slots__, "version"}


@pytest.mark.parametrize("brackets", [("[", "]"), ('{"a":', "}")], ids=["arrays", "objects"])
@pytest.mark.parametrize("name", ["clahe_tiles", "threshold"])
def test_no_depth_of_nesting_is_more_than_a_settings_error(name, brackets):
    for depth in range(850, 1_050):
        with pytest.raises(SettingsError):
            Settings.from_json(f'{{"{name}": {nested_json(depth, *brackets)}}}')
