import json
import re

import pytest

from digitcore import Settings, SettingsError
from digitcore.settings import RECIPE_VERSION
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
