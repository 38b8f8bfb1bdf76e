import pytest

from digitcore import Settings, read_image
from digitcore.settings import ANSWER, setting_names, settings_of_stage
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
