"""Properties of the analysis: any settings are varied one step at a time, and any measurement is read or a `MeasuringError`."""

import json
import sys
from dataclasses import asdict

import pytest

from digitcore import read_image
from digitcore.analysis.ablation import ablate, variations
from digitcore.analysis.engine_benchmark import LITERT, measure
from digitcore.errors import MeasuringError
from tests.properties import given, settings
from tests.strategies import pictures, valid_settings


@given(valid_settings)
def test_each_variation_changes_one_setting_that_has_an_effect(chosen):
    varied = variations(chosen)
    for variation in varied:
        assert set(variation.settings.changes(chosen)) == {variation.field}
        assert chosen.is_active(variation.field)
    assert len({json.dumps(asdict(each.settings)) for each in varied}) == len(varied)
    order = list(type(chosen).__slots__)
    fields = [each.field for each in varied]
    assert fields == sorted(fields, key=order.index)


@given(pictures(max_side_px=32), valid_settings)
@settings(max_examples=4)
def test_an_outcome_is_what_the_varied_settings_read(picture, chosen):
    baseline = read_image(picture, chosen)
    outcomes = list(ablate(picture, chosen, baseline))
    assert [each.variation.field for each in outcomes] == [each.field for each in variations(chosen)]
    for outcome in outcomes[::5]:
        reading = read_image(picture, outcome.variation.settings)
        assert (outcome.status, outcome.text, outcome.lowest_confidence) == (reading.status, reading.text, reading.lowest_confidence)
        assert outcome.changed == ((reading.status, reading.lines) != (baseline.status, baseline.lines))


def printing(text):
    """Return a command that prints a text, as one that measures does."""
    return [sys.executable, "-I", "-S", "-c", f"print({text!r})"]


@pytest.mark.parametrize("output", ["", "no JSON", "[1, 2", "NaN,", '"', "{'startup_s': 1}"])
def test_an_output_without_json_is_a_measuring_error(output):
    with pytest.raises(MeasuringError):
        measure(LITERT, printing(output))


@pytest.mark.parametrize("output", ["5", "null", "[]", '"text"', "{}", '{"startup_s": 1}', "[" * 100_000])
def test_an_output_of_other_json_is_a_measuring_error(output):
    with pytest.raises(MeasuringError):
        measure(LITERT, printing(output))
