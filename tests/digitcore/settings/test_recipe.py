import json
import re

import pytest

from digitcore import Settings, SettingsError
from digitcore.settings import RECIPE_VERSION, Choices, Range
from digitcore.settings.recipe import parse_recipe, write_recipe
from tests.digitcore.settings.strategies import valid_settings
from tests.properties import given


@given(valid_settings)
def test_a_recipe_gives_the_same_settings_back(settings):
    assert Settings.from_json(settings.to_json()) == settings


def test_settings_that_a_recipe_leaves_out_keep_their_defaults():
    assert Settings.from_json('{"clahe_clip": 3}') == Settings(clahe_clip=3)


@pytest.mark.parametrize(
    ("recipe", "message"),
    [
        ('{"sharpness": 1}', "sharpness.*Allowed: medium"),
        ('{"clahe_clip": 11}', "clahe_clip.*from 0.0 to 10.0"),
        ('{"clahe_clip": "high"}', "clahe_clip.*a number"),
        ('{"clahe_clip": NaN}', "clahe_clip"),
        ('{"clahe_clip": true}', "clahe_clip"),
        ('{"clahe_tiles": 2.5}', "clahe_tiles.*an integer"),
        ('{"threshold": "magic"}', "threshold.*Allowed: paper, otsu, adaptive"),
        ('{"threshold": ["otsu"]}', "threshold"),
        ('{"polarity": null}', "polarity"),
        ("[]", "JSON object"),
        ("not json", "isn't JSON"),
        ("", "isn't JSON"),
        ("[" * 100_000, "isn't JSON"),
        ('{"clahe_tiles": ' + "9" * 5_000 + "}", "isn't JSON"),
        (b"\xff\xfe\x00", "isn't JSON"),
        ('{"' + "x" * 500 + '": 1}', "no setting 'x{40}…'"),
        ('{"centring": "' + "x" * 500 + '"}', "centring.*…"),
    ],
)
def test_an_unknown_name_or_a_bad_value_is_rejected_by_name(recipe, message):
    with pytest.raises(SettingsError, match=message):
        Settings.from_json(recipe)


def test_the_recipe_is_an_object_with_every_setting_and_its_version():
    recipe = json.loads(Settings().to_json())
    assert recipe.pop("version") == RECIPE_VERSION
    assert set(recipe) == set(Settings.__slots__)


def another_version(**changes):
    recipe = {**json.loads(Settings().to_json()), "version": 1, **changes}
    return json.dumps({name: value for name, value in recipe.items() if value is not None})


@pytest.mark.parametrize(
    ("recipe", "differences"),
    [
        (another_version(sharpness=3), "Unknown settings: sharpness. Missing: –. No longer allowed: –."),
        (another_version(centring=None, aspect_ratio=None), "Unknown settings: –. Missing: aspect_ratio, centring."),
        (another_version(threshold="magic", clahe_tiles=99), "No longer allowed: clahe_tiles, threshold."),
        (another_version(), "same names"),
        (another_version(version="<b>2</b>"), "version '<b>2</b>'"),
        (another_version(version=[1] * 500), "version .{1,60}…"),
    ],
)
def test_a_recipe_of_another_version_is_rejected_with_the_differences(recipe, differences):
    with pytest.raises(SettingsError, match=rf"This recipe has version .*; only version {RECIPE_VERSION} can be read.*") as caught:
        Settings.from_json(recipe)
    assert re.search(differences, str(caught.value))


def test_a_recipe_without_a_version_is_read():
    recipe = json.loads(Settings(clahe_clip=3).to_json())
    del recipe["version"]
    assert Settings.from_json(json.dumps(recipe)) == Settings(clahe_clip=3)


@pytest.mark.parametrize("name", ["clahe_clip", "threshold"])
def test_a_value_nested_to_any_depth_is_rejected(name):
    for depth in range(600, 1100):
        with pytest.raises(SettingsError, match=f"{name}|isn't JSON"):
            Settings.from_json(f'{{"{name}": {"[" * depth}{"]" * depth}}}')


@pytest.mark.parametrize(
    ("kind", "recipe"), [("list", "[]"), ("str", '"{}"'), ("int", "3"), ("NoneType", "null"), ("bool", "true"), ("float", "NaN")]
)
def test_a_recipe_that_is_no_object_is_rejected_by_its_kind(kind, recipe):
    with pytest.raises(SettingsError, match=rf"^A recipe must be a JSON object; received: {kind}\.$"):
        Settings.from_json(recipe)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32-be"])
def test_the_bytes_of_a_recipe_may_have_any_encoding_of_json(encoding):
    assert Settings.from_json(Settings(centring="box").to_json().encode(encoding)) == Settings(centring="box")


@pytest.mark.parametrize("version", [RECIPE_VERSION - 1, RECIPE_VERSION + 1, 0, -1, None, str(RECIPE_VERSION), [RECIPE_VERSION], {}, 2.5])
def test_only_the_current_version_is_read(version):
    with pytest.raises(SettingsError, match=rf"^This recipe has version .*; only version {RECIPE_VERSION} can be read\. "):
        Settings.from_json(json.dumps({"version": version}))


def test_an_empty_object_gives_the_defaults():
    assert Settings.from_json("{}") == Settings.from_json(f'{{"version": {RECIPE_VERSION}}}') == Settings()


SCHEMA = {"size_px": Range(1, 5, is_integer=True), "kind": Choices(("a", "b"))}


def test_parsed_values_are_returned_unchecked_but_for_their_names():
    assert parse_recipe('{"version": 3, "kind": 7}', SCHEMA) == {"kind": 7}
    assert parse_recipe("{}", SCHEMA) == {}
    with pytest.raises(SettingsError, match=r"^There is no setting 'other'\. Allowed: size_px, kind\.$"):
        parse_recipe('{"kind": "a", "other": 1}', SCHEMA)


@pytest.mark.parametrize(
    ("values", "differences"),
    [
        ({"size_px": 1, "kind": "a"}, "Its settings have the same names, but their meaning may differ."),
        ({"size_px": 1}, "Unknown settings: –. Missing: kind. No longer allowed: –."),
        ({"size_px": 0, "kind": "b"}, "Unknown settings: –. Missing: –. No longer allowed: size_px."),
        ({"size_px": 5, "kind": "b", "x": 1, "y": 2}, "Unknown settings: x, y. Missing: –. No longer allowed: –."),
        ({"z" * 41: 1, "kind": "c"}, f"Unknown settings: {'z' * 40}…. Missing: size_px. No longer allowed: kind."),
        ({}, "Unknown settings: –. Missing: size_px, kind. No longer allowed: –."),
    ],
)
def test_the_differences_of_another_version_are_listed(values, differences):
    with pytest.raises(SettingsError) as caught:
        parse_recipe(json.dumps({"version": 1, **values}), SCHEMA)
    assert str(caught.value) == f"This recipe has version 1; only version 3 can be read. {differences}"


def test_a_recipe_is_written_with_its_version_first_and_a_value_in_each_line():
    assert write_recipe({"size_px": 3, "kind": "a"}) == '{\n  "version": 3,\n  "size_px": 3,\n  "kind": "a"\n}'
