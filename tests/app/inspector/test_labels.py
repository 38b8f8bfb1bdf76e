from app.inspector.labels import CHOICES, GROUPS, LABELS, STAGES, setting_in_words, value_name
from digitcore import Settings, read_image
from digitcore.settings import Choices, allowed, names


def test_every_setting_has_a_name_a_help_and_one_group():
    assert set(LABELS) == set(names())
    assert sorted(field for fields in GROUPS.values() for field in fields) == sorted(names())
    assert all(label.name and label.help.endswith(".") for label in LABELS.values())


def test_every_choice_has_a_name():
    assert CHOICES.keys() == {name for name in names() if isinstance(allowed(name), Choices)}
    for name, choices in CHOICES.items():
        assert tuple(choices) == allowed(name).names


def test_every_stage_has_a_title(drawing):
    for settings in (Settings(clahe_clip=2), Settings.for_drawing(), Settings(threshold="adaptive")):
        assert {stage.name for stage in read_image(drawing(3), settings).stages} <= set(STAGES)


def test_values_have_their_units():
    assert value_name("smoothing_px", 0.8) == "0.8 px"
    assert value_name("paper_window", 0.15) == "15%"
    assert value_name("paper_window", 0.155) == "15.5%"
    assert value_name("clahe_tiles", 8) == "8"
    assert setting_in_words("threshold", Settings()) == "Ink is told by: Its paper"
