import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitcore import Settings, SettingsError

valid = st.builds(
    Settings,
    medium=st.sampled_from(["photo", "drawing"]),
    clahe_clip=st.floats(0, 10),
    clahe_tiles=st.integers(1, 32),
    threshold=st.sampled_from(["auto", "otsu", "adaptive"]),
    polarity=st.sampled_from(["auto", "dark_ink", "light_ink"]),
    minimum_stroke=st.floats(0, 0.3),
)


@given(valid)
def test_a_recipe_gives_the_same_settings_back(settings):
    assert Settings.from_json(settings.to_json()) == settings


def test_what_a_recipe_leaves_out_keeps_its_default():
    assert Settings.from_json('{"clahe_clip": 3}') == Settings(clahe_clip=3)


@pytest.mark.parametrize(
    ("recipe", "named"),
    [
        ('{"sharpness": 1}', "sharpness.*Allowed: medium"),
        ('{"clahe_clip": 11}', "clahe_clip.*from 0.0 to 10.0"),
        ('{"clahe_clip": "high"}', "clahe_clip.*a number"),
        ('{"clahe_clip": NaN}', "clahe_clip"),
        ('{"clahe_clip": true}', "clahe_clip"),
        ('{"clahe_tiles": 2.5}', "clahe_tiles.*a whole number"),
        ('{"threshold": "magic"}', "threshold.*Allowed: auto, otsu, adaptive"),
        ('{"threshold": ["otsu"]}', "threshold"),
        ('{"polarity": null}', "polarity"),
        ("[]", "JSON object"),
        ("not json", "isn't JSON"),
        ("", "isn't JSON"),
        ("[" * 100_000, "isn't JSON"),
    ],
)
def test_an_unknown_name_or_a_bad_value_is_refused_by_name(recipe, named):
    with pytest.raises(SettingsError, match=named):
        Settings.from_json(recipe)


def test_settings_are_frozen():
    with pytest.raises(AttributeError):
        Settings().clahe_clip = 1


def test_the_recipe_is_an_object_with_every_setting():
    assert set(json.loads(Settings().to_json())) == set(Settings.__slots__)


def test_a_drawing_has_known_ink():
    assert Settings.for_drawing().medium == "drawing"
    assert Settings.for_drawing().polarity == "dark_ink"
