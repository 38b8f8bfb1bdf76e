"""The network that ships: its card belongs to it, it is what was trained, and it is as good as the card says."""

import numpy as np
import pytest

from digitcore import Settings, read_image
from digitcore.recognition.model_input import to_model_input
from digitcore.recognition.normalization import normalize_digit
from model import artefacts, measures
from model.corruptions import CORRUPTIONS, corrupt
from model.data import LabelledDigits
from synthetic.clutter import CLUTTER, clutter

pytestmark = pytest.mark.slow

AGREEMENT_COUNT = 200
SUBSET = slice(0, 1_000)
SPOILT = slice(2_000, 2_200)


@pytest.fixture(scope="module")
def card():
    return artefacts.read_card()


def test_the_card_belongs_to_the_files(card):
    assert card["model"]["sha256"] == artefacts.sha256(artefacts.SERVED_DIR / artefacts.LITERT_NAME)
    assert card["model"]["keras_sha256"] == artefacts.sha256(artefacts.MODEL_DIR / artefacts.KERAS_NAME)
    assert card["model"]["explainer_sha256"] == artefacts.sha256(artefacts.SERVED_DIR / artefacts.EXPLAINER_NAME)
    assert card["model"]["size_bytes"] == (artefacts.SERVED_DIR / artefacts.LITERT_NAME).stat().st_size


def test_the_card_tells_how_it_came_to_be(card):
    assert card["training"]["command"].startswith("python -m model.train --seed")
    assert {"seed", "epochs", "minutes", "hardware", "versions"} <= set(card["training"])
    assert card["validation"]["count"] == 5_000
    assert card["test"]["count"] == 10_000
    assert sum(map(sum, card["test"]["confusion"])) == 10_000
    assert sum(b["count"] for b in card["test"]["reliability_bins"]) == 10_000


def test_the_served_network_agrees_with_keras_on_every_logit_of_digits_and_of_noise(architecture, classifier, mnist_test):
    noise = np.random.default_rng(1).integers(0, 256, (50, 28, 28), np.uint8)
    images = np.concatenate([mnist_test.images[:AGREEMENT_COUNT], noise])
    network = architecture.load_network(artefacts.MODEL_DIR / artefacts.KERAS_NAME)
    expected = np.asarray(network(to_model_input(images), training=False))
    assert np.abs(classifier.logits(images) - expected).max() < 1e-3


def test_the_card_belongs_to_the_seeds(card):
    seeds = {path.stem: artefacts.sha256(path) for path in (artefacts.MODEL_DIR / artefacts.SEEDS_NAME).glob("*.keras")}
    assert card["seeds"].get("sha256", {}) == seeds


def test_a_part_of_the_test_set_measures_as_the_card_says(classifier, mnist_test, card):
    part = LabelledDigits(mnist_test.images[SUBSET], mnist_test.labels[SUBSET])
    measured = measures.measure_test_set(classifier, part)
    assert measured["accuracy_pct"] >= 99.2
    assert measured["accuracy_pct"] == pytest.approx(card["test"]["accuracy_pct"], abs=0.4)
    assert measured["expected_calibration_error_pct"] <= 0.5
    assert measured["accepted_as_digit_pct"] == pytest.approx(card["test"]["accepted_as_digit_pct"], abs=0.4)


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_spoilt_digits_are_read_as_the_card_says(classifier, mnist_test, card, name):
    images = corrupt(mnist_test.images[SPOILT], name, measures.CORRUPTION_SEED)
    accuracy_pct = 100 * (classifier.logits(images).argmax(axis=1) == mnist_test.labels[SPOILT]).mean()
    assert accuracy_pct == pytest.approx(card["corruptions"]["accuracy_pct"][name], abs=6)


def test_real_digits_of_other_writers_are_read(classifier, card):
    measured = measures.measure_accuracy(classifier, measures.other_hands())
    assert measured["count"] == 1_797
    assert measured["accuracy_pct"] >= 97
    assert measured["accuracy_pct"] == pytest.approx(card["other_hands"]["accuracy_pct"], abs=0.3)


@pytest.mark.parametrize("kind", CLUTTER)
def test_what_is_no_digit_is_refused(classifier, kind):
    shaped = np.stack([normalize_digit(drawn).model_input for drawn in clutter(kind, 100, seed=23)])
    refused = classifier.digit_scores(shaped) < classifier.reject_below
    assert refused.mean() >= {"scribbles": 0.97, "lines": 0.98}.get(kind, 1)  # a line may be a 1


@pytest.mark.parametrize("kind", CLUTTER)
def test_a_drawing_of_what_is_no_digit_says_why_it_is_refused(kind):
    readings = [read_image(255 - drawn, Settings.for_drawing()) for drawn in clutter(kind, 15, seed=29)]
    assert sum(reading.text != "" for reading in readings) <= (1 if kind in ("scribbles", "lines") else 0)  # a line may be a 1
    assert all(mark.reason for reading in readings for mark in reading.digits if not mark.accepted)
