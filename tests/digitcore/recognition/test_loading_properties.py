"""Properties of loading a network: any model card and any model are read or a `ModelError`."""

import json
import math

import pytest
from hypothesis import strategies as st

from digitcore import ModelError, default_classifier, load_classifier
from digitcore.recognition.artifacts import CARD_NAME, MODEL_NAME, PACKAGED_NETWORK
from tests.digitcore.invariants import attempt
from tests.properties import given, settings
from tests.strategies import damaged, json_values, nested_json

CARD = default_classifier().card


@pytest.fixture(scope="module")
def load_with_card(tmp_path_factory):
    """Return a function that loads the packaged network with a model card of the caller's."""
    folder = tmp_path_factory.mktemp("network")
    (folder / MODEL_NAME).write_bytes((PACKAGED_NETWORK / MODEL_NAME).read_bytes())

    def load(card):
        (folder / CARD_NAME).write_bytes(card)
        return load_classifier(folder / MODEL_NAME)

    return load


@given(json_values | st.dictionaries(st.sampled_from(["model", "serving"]), json_values))
def test_any_other_card_is_a_model_error(load_with_card, card):
    with pytest.raises(ModelError):
        load_with_card(json.dumps(card).encode())


mistyped = st.none() | st.booleans() | st.text(max_size=5) | st.lists(st.none())


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(CARD["serving"], mistyped)))
@settings(max_examples=20)
def test_a_mistyped_calibration_is_a_model_error_or_a_number(load_with_card, serving):
    classifier, error = attempt(lambda: load_with_card(card_with(**serving)), ModelError)
    assert error is not None or isinstance(classifier.temperature, float)


@given(st.binary(max_size=40) | damaged([json.dumps({"model": CARD["model"], "serving": CARD["serving"]}).encode()]))
@settings(max_examples=20)
def test_a_damaged_card_is_a_model_error_or_read(load_with_card, card):
    classifier, error = attempt(lambda: load_with_card(card), ModelError)
    assert error is not None or classifier.card["model"]["sha256"] == CARD["model"]["sha256"]


def card_with(**serving):
    return json.dumps({**CARD, "serving": {**CARD["serving"], **serving}}).encode()


UNUSABLE_CARDS = {
    "nested": nested_json(100_000).encode(),
    "too long an integer": card_with(temperature=10**400),
    "no temperature": card_with(temperature=0),
    "a negative temperature": card_with(temperature=-1),
    "not a number": card_with(temperature=math.nan),
    "no scale": card_with(energy_scale=0),
}


@pytest.mark.parametrize("card", UNUSABLE_CARDS.values(), ids=UNUSABLE_CARDS.keys())
def test_a_calibration_that_can_not_be_used_is_a_model_error(load_with_card, card):
    with pytest.raises(ModelError):
        load_with_card(card)


@given(damaged([(PACKAGED_NETWORK / MODEL_NAME).read_bytes()[:2_000]]) | st.binary(max_size=20))
@settings(max_examples=20)
def test_a_damaged_network_is_a_model_error(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("network")
    (folder / CARD_NAME).write_text(json.dumps(CARD))
    (folder / MODEL_NAME).write_bytes(content)
    with pytest.raises(ModelError, match="doesn't match the checksum"):
        load_classifier(folder / MODEL_NAME)


def test_an_impossible_path_is_a_model_error():
    with pytest.raises(ModelError):
        load_classifier("a\0b")
