import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitcore import Settings, SettingsError, read_image
from digitcore.settings import ANSWER, RECIPE_VERSION, Choices, Range, acting_on, allowed, names

valid = st.builds(
    Settings,
    medium=st.sampled_from(["photo", "drawing"]),
    clahe_clip=st.floats(0, 10),
    clahe_tiles=st.integers(1, 32),
    threshold=st.sampled_from(["paper", "otsu", "adaptive"]),
    polarity=st.sampled_from(["auto", "dark_ink", "light_ink"]),
    rulings=st.sampled_from(["remove", "keep"]),
    touching_digits=st.sampled_from(["cut", "keep"]),
    smallest_line=st.floats(0, 1),
    minimum_stroke=st.floats(0, 0.3),
    aspect_ratio=st.sampled_from(["keep", "squash"]),
    centring=st.sampled_from(["mass", "box"]),
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
def test_an_unknown_name_or_a_bad_value_is_refused_by_name(recipe, named):
    with pytest.raises(SettingsError, match=named):
        Settings.from_json(recipe)


def test_settings_are_frozen():
    with pytest.raises(AttributeError):
        Settings().clahe_clip = 1


def test_the_recipe_is_an_object_with_every_setting_and_its_version():
    recipe = json.loads(Settings().to_json())
    assert recipe.pop("version") == RECIPE_VERSION
    assert set(recipe) == set(Settings.__slots__)


def another_version(**changes):
    recipe = {**json.loads(Settings().to_json()), "version": 1, **changes}
    return json.dumps({name: value for name, value in recipe.items() if value is not None})


@pytest.mark.parametrize(
    ("recipe", "differs"),
    [
        (another_version(sharpness=3), "Unknown here: sharpness. Missing: –. No longer allowed: –."),
        (another_version(centring=None, aspect_ratio=None), "Unknown here: –. Missing: aspect_ratio, centring."),
        (another_version(threshold="magic", clahe_tiles=99), "No longer allowed: clahe_tiles, threshold."),
        (another_version(), "same names"),
        (another_version(version="<b>2</b>"), "version '<b>2</b>'"),
        (another_version(version=[1] * 500), "version .{1,60}…"),
    ],
)
def test_a_recipe_from_another_version_is_refused_with_what_differs(recipe, differs):
    with pytest.raises(SettingsError, match=rf"This recipe is of version .*, and version {RECIPE_VERSION} is read.*") as caught:
        Settings.from_json(recipe)
    assert re.search(differs, str(caught.value))


def test_a_recipe_without_a_version_is_read_as_ever():
    recipe = json.loads(Settings(clahe_clip=3).to_json())
    del recipe["version"]
    assert Settings.from_json(json.dumps(recipe)) == Settings(clahe_clip=3)


@given(valid)
def test_changes_lead_from_the_defaults_to_the_settings(settings):
    assert Settings(**settings.changes()) == settings
    assert settings.changes(settings) == {}


def test_every_setting_says_what_it_may_be_and_holds_it_by_default():
    for name in names():
        what, default = allowed(name), getattr(Settings(), name)
        assert isinstance(what, Choices | Range)
        assert default in what.names if isinstance(what, Choices) else what.low <= default <= what.high


def test_every_setting_acts_on_one_stage_of_a_picture_or_on_the_answer(drawing):
    stages = [stage.name for stage in read_image(drawing(7)[..., :3], Settings(clahe_clip=2)).stages]
    acting = [name for stage in [*stages, ANSWER] for name in acting_on(stage)]
    assert sorted(acting) == sorted(names())


def test_a_drawing_has_known_ink():
    assert Settings.for_drawing().medium == "drawing"
    assert Settings.for_drawing().polarity == "dark_ink"


@pytest.mark.parametrize(
    ("settings", "inactive"),
    [
        (Settings(), {"clahe_tiles", "adaptive_window"}),
        (Settings(clahe_clip=2, threshold="adaptive"), {"rulings"}),
        (Settings(threshold="otsu"), {"clahe_tiles", "adaptive_window", "rulings"}),
        (Settings(medium="drawing"), {"clahe_clip", "clahe_tiles", "smoothing_px", "adaptive_window"}),
        (Settings.for_drawing(), {"clahe_clip", "clahe_tiles", "smoothing_px", "threshold", "paper_window", "adaptive_window", "rulings"}),
    ],
)
def test_a_setting_is_inactive_where_its_step_is_skipped(settings, inactive):
    assert {name for name in names() if not settings.is_active(name)} == inactive
