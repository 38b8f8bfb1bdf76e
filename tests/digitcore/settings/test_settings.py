import math
from dataclasses import fields, replace

import pytest

from digitcore import Settings, SettingsError, read_image
from digitcore.settings import ANSWER, Choices, Range, allowed_values, setting_names, settings_of_stage
from tests.digitcore.settings.strategies import valid_settings
from tests.properties import given


def test_settings_are_frozen():
    with pytest.raises(AttributeError):
        Settings().clahe_clip = 1  # type: ignore[misc]


@given(valid_settings)
def test_changes_lead_from_the_defaults_to_the_settings(settings):
    assert Settings(**settings.changes()) == settings
    assert settings.changes(settings) == {}


def test_every_setting_acts_on_one_stage_of_a_picture_or_on_the_answer(drawing):
    stages = [stage.name for stage in read_image(drawing(7)[..., :3], Settings(clahe_clip=2)).stages]
    acting = [name for stage in [*stages, ANSWER] for name in settings_of_stage(stage)]
    assert sorted(acting) == sorted(setting_names())


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
    assert {name for name in setting_names() if not settings.is_active(name)} == inactive


def bounds(name):
    allowed = allowed_values(name)
    return (allowed.low, allowed.high) if isinstance(allowed, Range) else ()


NUMBERS = [name for name in setting_names() if bounds(name)]
CHOICES = [name for name in setting_names() if isinstance(allowed_values(name), Choices)]


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_may_reach_its_bounds_but_not_exceed_them(name):
    low, high = bounds(name)
    is_integer = allowed_values(name).is_integer
    below, above = (low - 1, high + 1) if is_integer else (math.nextafter(low, -math.inf), math.nextafter(high, math.inf))
    for value in (low, high):
        assert getattr(Settings(**{name: value}), name) == value
    for value in (below, above):
        with pytest.raises(SettingsError, match=rf"^The setting '{name}' must be an? (integer|number) from {low} to {high}, not "):
            Settings(**{name: value})


@pytest.mark.parametrize("name", CHOICES)
def test_a_word_must_be_one_of_its_choices(name):
    for word in allowed_values(name).names:
        assert getattr(Settings(**{name: word}), name) == word
        with pytest.raises(SettingsError, match=f"^The setting '{name}' can't be '{word}s'\\. Allowed: "):
            Settings(**{name: f"{word}s"})


@pytest.mark.parametrize("name", NUMBERS)
def test_a_truth_value_is_no_number(name):
    with pytest.raises(SettingsError, match="not True"):
        Settings(**{name: True})


@given(valid_settings, valid_settings)
def test_changes_lead_from_any_settings_to_any_others(one, other):
    changes = other.changes(one)
    assert replace(one, **changes) == other
    assert all(getattr(one, name) != value for name, value in changes.items())


def test_equal_settings_are_equal_and_hash_alike():
    assert Settings(clahe_clip=2) == Settings(clahe_clip=2.0)
    assert hash(Settings(clahe_clip=2)) == hash(Settings(clahe_clip=2.0))
    assert Settings() != Settings(clahe_clip=2)


def test_settings_are_given_by_name():
    with pytest.raises(TypeError, match="positional"):
        Settings("photo")  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("medium", "polarity", "is_known"),
    [
        *(("photo", "auto", False), ("photo", "dark_ink", False), ("photo", "light_ink", False)),
        *(("drawing", "auto", False), ("drawing", "dark_ink", True), ("drawing", "light_ink", True)),
    ],
)
def test_ink_is_known_for_a_drawing_of_declared_polarity_alone(medium, polarity, is_known):
    assert Settings(medium=medium, polarity=polarity).ink_is_known is is_known


@given(valid_settings)
def test_a_setting_is_active_where_its_step_runs(settings):
    always = {"medium", "polarity", "minimum_contrast", "smallest_line", "touching_digits", "minimum_stroke", "aspect_ratio", "centring"}
    assert all(settings.is_active(name) for name in (*always, *ANSWERING))
    assert settings.is_active("smoothing_px") == settings.is_active("clahe_clip") == (settings.medium == "photo")
    assert settings.is_active("clahe_tiles") == (settings.medium == "photo" and settings.clahe_clip != 0)
    assert settings.is_active("threshold") == settings.is_active("paper_window") == (not settings.ink_is_known)
    assert settings.is_active("adaptive_window") == (not settings.ink_is_known and settings.threshold == "adaptive")
    assert settings.is_active("rulings") == (not settings.ink_is_known and settings.threshold == "paper")


INACTIVE = {
    "clahe_clip": ({"medium": "drawing"}, 5.0),
    "clahe_tiles": ({"clahe_clip": 0.0}, 3),
    "smoothing_px": ({"medium": "drawing"}, 4.0),
    "threshold": ({"medium": "drawing", "polarity": "dark_ink"}, "otsu"),
    "paper_window": ({"medium": "drawing", "polarity": "dark_ink"}, 0.9),
    "adaptive_window": ({"threshold": "otsu"}, 0.9),
    "rulings": ({"threshold": "adaptive"}, "keep"),
}


@pytest.mark.parametrize("name", INACTIVE)
def test_the_stages_of_a_picture_do_not_depend_on_an_inactive_setting(drawing, name):
    base, value = INACTIVE[name]
    assert not Settings(**base).is_active(name)
    one, other = (read_image(drawing(5), Settings(**settings)).stages for settings in (base, {**base, name: value}))  # type: ignore[dict-item]
    assert [stage.name for stage in one] == [stage.name for stage in other]
    assert all((stage.image == twin.image).all() for stage, twin in zip(one, other, strict=True))


ANSWERING = ["unsure_below", "digit_count", "number_range", "check_digit", "allowed_numbers"]


@pytest.mark.parametrize(
    ("stage", "names"),
    [
        *(("original", []), ("grey", ["medium"]), ("clahe", ["clahe_clip", "clahe_tiles"]), ("smoothed", ["smoothing_px"])),
        *(("polarity", ["polarity"]), ("paper", ["paper_window"]), ("darkness", []), ("threshold", ["threshold", "adaptive_window"])),
        *(("writing", ["rulings"]), ("ink", ["minimum_contrast"]), ("crop", ["smallest_line", "touching_digits"])),
        *(("stroke", ["minimum_stroke"]), ("fit", ["aspect_ratio"]), ("centre", ["centring"]), (ANSWER, ANSWERING), ("", [])),
    ],
)
def test_the_settings_of_a_stage_are_those_that_control_it(stage, names):
    assert settings_of_stage(stage) == names


def test_names_are_the_fields_in_their_order():
    assert setting_names() == tuple(field.name for field in fields(Settings))


def test_there_are_no_allowed_values_of_an_unknown_name():
    with pytest.raises(KeyError, match="sharpness"):
        allowed_values("sharpness")


def test_a_list_of_numbers_becomes_a_tuple_so_that_settings_are_frozen():
    settings = Settings(allowed_numbers=["407", "007"])
    assert settings.allowed_numbers == ("407", "007")
    assert settings == Settings(allowed_numbers=("407", "007"))
    assert isinstance(hash(settings), int)
    assert Settings.from_json(settings.to_json()) == settings


@pytest.mark.parametrize("numbers", [["1"] * 10_001, ["1" * 41], ["1", "x"], "12", None])
def test_too_many_too_long_and_other_numbers_are_refused_with_the_limits(numbers):
    with pytest.raises(
        SettingsError, match=r"^The setting 'allowed_numbers' must be a list of at most 10,000 numbers of up to 40 digits, not "
    ):
        Settings(allowed_numbers=numbers)


def test_the_longest_list_is_allowed():
    assert len(Settings(allowed_numbers=("9" * 40,) * 10_000).allowed_numbers) == 10_000
