import importlib

import numpy as np
import pytest

from digitcore import read_image
from digitcore.parameters import replace_parameter
from digitcore.pipeline_params import PipelineParams
from digitcore.recognition.classifier import default_classifier
from digitcore.recognition.normalization import normalize_digit
from digitcore.types import Box
from synthetic.hard_pages import Mark
from tuning.dependencies import ReadRecorder, changed_fields
from tuning.memo import STEPS, CachedClassifier, CachedNormalization, StepMemo, same_values


@pytest.fixture
def picture():
    """A 1 and a 7 on white paper, uint8 `(120, 160, 3)`."""
    picture = np.full((120, 160, 3), 240, np.uint8)
    picture[30:90, 40:47] = 30
    picture[30:36, 90:120] = 30
    picture[30:90, 114:120] = 30
    return picture


@pytest.mark.parametrize(("module", "name"), STEPS)
def test_every_step_is_there(module, name):
    assert callable(getattr(importlib.import_module(module), name))


def recorded(picture):
    memo = StepMemo()
    with memo.recording(ReadRecorder()):
        reading = read_image(picture)
    return memo, reading


def test_recording_changes_no_answer(picture):
    assert recorded(picture)[1].to_dict()["digits"] == read_image(picture).to_dict()["digits"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("preprocessing.thresholding.min_ink_darkness", 60),
        ("preprocessing.resampling.min_side_px", 300),
        ("layout.components.min_mark_height", 0.9),
        ("recognition.acceptance.digit_prior_log_odds", -5.0),
    ],
)
def test_reused_steps_give_the_answer_of_a_new_reading(picture, name, value):
    memo, _ = recorded(picture)
    params = replace_parameter(PipelineParams(), name, value)
    with memo.reusing(changed_fields(PipelineParams(), params)):
        reused = read_image(picture, params=params)
    anew = read_image(picture, params=params)
    assert (reused.text, reused.written_text) == (anew.text, anew.written_text)
    assert [each.box_xywh for each in reused.digits] == [each.box_xywh for each in anew.digits]


def test_what_does_not_depend_on_the_change_is_not_computed_again(picture, monkeypatch):
    memo, _ = recorded(picture)
    called = []
    monkeypatch.setattr("digitcore.pipeline.ink.find_sheet", lambda *_: called.append("sheet"))
    params = replace_parameter(PipelineParams(), "layout.components.min_mark_height", 0.9)
    with memo.reusing(changed_fields(PipelineParams(), params)):
        read_image(picture, params=params)
    assert not called


def test_a_step_whose_number_changed_is_computed_again(picture, monkeypatch):
    memo, _ = recorded(picture)
    called = []
    monkeypatch.setattr("digitcore.pipeline.ink.find_sheet", lambda *_: called.append("sheet"))
    params = replace_parameter(PipelineParams(), "preprocessing.sheet.max_stroke_width", 0.1)
    with memo.reusing(changed_fields(PipelineParams(), params)):
        read_image(picture, params=params)
    assert called == ["sheet"]


def test_the_calls_of_a_step_are_kept(picture):
    memo, _ = recorded(picture)
    assert memo.last_result("find_sheet") is None
    assert memo.last_call("find_writing").arguments[0].shape == (120, 160)
    with pytest.raises(ValueError, match="expected a call of nothing"):
        memo.last_call("nothing")


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (1, 1, True),
        (1, 1.0, False),
        ("a", "b", False),
        (np.zeros(2), np.zeros(2), True),
        (np.zeros(2), np.zeros(2, np.uint8), False),
        ((1, [np.ones(1)]), (1, [np.ones(1)]), True),
        ([1], [1, 2], False),
        (Mark("1", 0, Box(0, 0, 1, 1)), Mark("1", 0, Box(0, 0, 1, 1)), True),
        (Mark("1", 0, Box(0, 0, 1, 1)), Mark("1", 0, Box(0, 0, 1, 2)), False),
        (object(), object(), False),
    ],
)
def test_values_are_the_same_only_where_that_is_certain(first, second, expected):
    assert same_values(first, second) is expected


def test_the_network_runs_once_for_each_image():
    images = np.zeros((3, 28, 28), np.uint8)
    images[1, 5:20, 13:15] = 255
    classifier = CachedClassifier(default_classifier())
    expected = default_classifier().logits(images)
    for _ in range(2):
        assert np.array_equal(classifier.logits(images), expected)


def test_ink_is_normalized_once_for_the_same_arguments():
    calls = []

    def normalize(*args, **kwargs):
        calls.append(args)
        return normalize_digit(*args, **kwargs)

    cached, ink = CachedNormalization(normalize), np.full((20, 10), 255, np.uint8)
    assert cached(ink, 0.1) is cached(ink.copy(), 0.1)
    assert cached(ink, 0.1, keep_aspect_ratio=False) is not cached(ink, 0.1)
    assert cached(ink.reshape(10, 20), 0.1) is not cached(ink, 0.1)
    assert len(calls) == 3
