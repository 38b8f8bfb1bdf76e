"""The network that ships: its card belongs to it, it is what was trained, and it is as good as the card says."""

import numpy as np
import pytest
from sklearn.datasets import load_digits

from digitcore.model_input import to_model_input
from model import artefacts, evaluate
from model.architecture import load_network

AGREEMENT_COUNT = 1_000
SUBSET = slice(0, 2_000)


@pytest.fixture(scope="module")
def card():
    return artefacts.read_card()


def test_the_card_belongs_to_the_files(card):
    assert card["model"]["sha256"] == artefacts.sha256(artefacts.MODEL_DIR / artefacts.LITERT_NAME)
    assert card["model"]["keras_sha256"] == artefacts.sha256(artefacts.MODEL_DIR / artefacts.KERAS_NAME)
    assert card["model"]["explainer_sha256"] == artefacts.sha256(artefacts.MODEL_DIR / artefacts.EXPLAINER_NAME)
    assert card["model"]["size_bytes"] == (artefacts.MODEL_DIR / artefacts.LITERT_NAME).stat().st_size


def test_the_card_tells_how_it_came_to_be(card):
    assert card["training"]["command"].startswith("python -m model.train --seed")
    assert {"seed", "epochs", "minutes", "hardware", "versions"} <= set(card["training"])
    assert card["validation"]["count"] == 5_000
    assert card["test"]["count"] == 10_000
    assert sum(map(sum, card["test"]["confusion"])) == 10_000
    assert sum(b["count"] for b in card["test"]["reliability_bins"]) == 10_000
    assert 0 < len(card["test"]["worst_mistakes"]) <= 25


def test_the_served_network_agrees_with_keras_on_every_logit(classifier, mnist_test):
    images = mnist_test.images[:AGREEMENT_COUNT]
    network = load_network(artefacts.MODEL_DIR / artefacts.KERAS_NAME)
    expected = np.asarray(network(to_model_input(images), training=False))
    assert np.abs(classifier.logits(images) - expected).max() < 1e-3


def test_the_served_network_agrees_with_keras_on_noise(classifier):
    images = np.random.default_rng(1).integers(0, 256, (50, 28, 28), np.uint8)
    network = load_network(artefacts.MODEL_DIR / artefacts.KERAS_NAME)
    assert np.abs(classifier.logits(images) - np.asarray(network(to_model_input(images), training=False))).max() < 1e-3


def test_a_part_of_the_test_set_measures_as_the_card_says(classifier, mnist_test, card):
    predicted = classifier.logits(mnist_test.images[SUBSET]).argmax(axis=1)
    accuracy_pct = 100 * (predicted == mnist_test.labels[SUBSET]).mean()
    assert accuracy_pct >= 99.2
    assert accuracy_pct == pytest.approx(card["test"]["accuracy_pct"], abs=0.5)


def test_real_digits_of_other_writers_are_read(classifier, card):
    measured = evaluate.measure_other_hands(classifier)
    assert measured["count"] == len(load_digits().target)
    assert measured["accuracy_pct"] >= 97
    assert measured["accuracy_pct"] == pytest.approx(card["other_hands"]["accuracy_pct"], abs=0.3)


def test_the_targets_are_met(card):
    assert card["test"]["accuracy_pct"] >= 99.6
    assert card["test"]["accepted_as_digit_pct"] >= 99.4
    assert card["model"]["size_bytes"] <= 1_500_000
