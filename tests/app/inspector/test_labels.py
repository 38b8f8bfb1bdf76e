from app.inspector.labels import CHOICE_LABELS, SETTING_GROUPS, SETTING_LABELS, STAGE_TITLES, format_value, setting_with_value
from digitcore import Settings, read_image
from digitcore.settings import Choices, allowed_values, setting_names


def test_every_setting_has_a_name_a_help_and_one_group():
    assert set(SETTING_LABELS) == set(setting_names())
    assert sorted(field for fields in SETTING_GROUPS.values() for field in fields) == sorted(setting_names())
    assert all(label.name and label.help.endswith(".") for label in SETTING_LABELS.values())


def test_every_choice_has_a_name():
    assert CHOICE_LABELS.keys() == {name for name in setting_names() if isinstance(allowed_values(name), Choices)}
    for name, labels in CHOICE_LABELS.items():
        assert tuple(labels) == allowed_values(name).names


def test_every_stage_has_a_title(drawing):
    for settings in (Settings(clahe_clip=2), Settings.for_drawing(), Settings(threshold="adaptive")):
        assert {stage.name for stage in read_image(drawing(3), settings).stages} <= set(STAGE_TITLES)


def test_values_have_their_units():
    assert format_value("smoothing_px", 0.8) == "0.8 px"
    assert format_value("paper_window", 0.15) == "15%"
    assert format_value("paper_window", 0.155) == "15.5%"
    assert format_value("clahe_tiles", 8) == "8"
    assert setting_with_value("threshold", Settings()) == "How ink is found: Local paper"
