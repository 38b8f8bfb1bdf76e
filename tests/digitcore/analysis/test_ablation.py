import numpy as np
import pytest

from digitcore import Settings, WriterProfile, read_image
from digitcore.analysis.ablation import ablate, variations
from digitcore.io.decode import load_picture
from digitcore.settings import ANSWER, Choices, allowed_values, setting_names, settings_of_stage
from synthetic.paper import Scene, photograph


def changed_fields(settings):
    return [(each.field, each.settings.changes(settings)) for each in variations(settings)]


@pytest.mark.parametrize(
    "settings",
    [
        Settings(),
        Settings.for_drawing(),
        Settings(threshold="adaptive", clahe_clip=4, smoothing_px=0, minimum_stroke=0, centring="box"),
        Settings(polarity="light_ink", smallest_line=0, minimum_contrast=0.5),
    ],
)
def test_each_variation_changes_one_setting_alone(settings):
    for field, changes in changed_fields(settings):
        assert list(changes) == [field]


def test_every_other_value_of_every_choice_is_tried():
    tried = [(field, changes[field]) for field, changes in changed_fields(Settings())]
    for name in setting_names():
        what = allowed_values(name)
        if isinstance(what, Choices) and name not in settings_of_stage(ANSWER):
            others = [value for value in what.names if value not in (getattr(Settings(), name), "auto")]
            assert [value for field, value in tried if field == name] == others


def test_a_step_that_is_on_is_turned_off_and_the_other_way_round():
    assert ("smoothing_px", {"smoothing_px": 0.0}) in changed_fields(Settings())
    assert ("smoothing_px", {"smoothing_px": Settings().smoothing_px}) in changed_fields(Settings(smoothing_px=0))
    assert ("clahe_clip", {"clahe_clip": 0.0}) in changed_fields(Settings(clahe_clip=3))


def test_what_is_known_about_numbers_is_turned_off_where_it_is_known():
    known = {"digit_count": "3", "number_range": "1-9", "check_digit": "luhn", "allowed_numbers": ("407",)}
    turned_off = [each.field for each in variations(Settings(**known)) if each.field in known]
    assert turned_off == list(known)
    for each in variations(Settings(**known)):
        assert each.field not in known or getattr(each.settings, each.field) == getattr(Settings(), each.field)
    assert not known.keys() & {each.field for each in variations(Settings())}


def test_steps_that_these_settings_do_not_use_are_left_out():
    fields = [field for field, _changes in changed_fields(Settings.for_drawing())]
    assert not {"clahe_clip", "smoothing_px", "threshold", "rulings"} & set(fields)
    assert "rulings" not in [field for field, _changes in changed_fields(Settings(threshold="otsu"))]


def test_steps_that_change_the_answer_are_distinguished_from_those_that_do_not():
    picture = load_picture(photograph("1", "round", (480, 360), 200, Scene(), 1))
    baseline = read_image(picture)
    outcomes = list(ablate(picture, Settings(), baseline))
    assert [outcome.variation for outcome in outcomes] == variations(Settings())
    by_value = {tuple(outcome.variation.settings.changes().items()): outcome for outcome in outcomes}
    squashed, smoothing = by_value[("aspect_ratio", "squash"),], by_value[("smoothing_px", 0.0),]
    assert baseline.text == "1"
    assert squashed.changed
    assert squashed.text != "1"
    assert not smoothing.changed
    assert smoothing.text == "1"
    assert 0 < smoothing.lowest_confidence <= 1
    assert all(outcome.elapsed_ms > 0 for outcome in outcomes)


def test_a_blank_picture_has_no_confidence_and_changes_nothing():
    blank = np.full((60, 60), 255, np.uint8)
    baseline = read_image(blank)
    assert baseline.lowest_confidence is None
    assert not any(outcome.changed for outcome in ablate(blank, Settings(), baseline) if outcome.status == "blank")


def test_the_lowest_confidence_is_that_of_the_least_sure_accepted_digit():
    reading = read_image(photograph("52", "round", (640, 360), 200, Scene(), 1))
    assert reading.lowest_confidence == min(digit.confidence for digit in reading.digits if digit.accepted)


def test_every_variation_is_read_with_the_profile():
    picture, profile = load_picture(photograph("7", "round", (480, 360), 200, Scene(), 1)), WriterProfile()
    baseline = read_image(picture)
    for _ in range(20):
        profile.add(baseline.digits[0].model_input, 1)
    profile.add(np.eye(28, dtype=np.uint8) * 255, 7)
    adapted = read_image(picture, profile=profile)
    assert (baseline.text, adapted.text) == ("7", "1")
    outcomes = list(ablate(picture, Settings(), adapted, profile=profile))
    assert sum(outcome.changed for outcome in outcomes) < len(outcomes) / 2
