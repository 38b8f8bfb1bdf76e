import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from digitcore import load_classifier
from digitcore.model_input import to_model_input
from model import artefacts
from model.architecture import load_network
from model.data import LabelledDigits
from model.train import DIGITS_A_BATCH, HANDWRITTEN_A_BATCH, NEGATIVES_A_BATCH, TrainingBatches, digit_accuracy, digit_loss

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def some_digits():
    rng = np.random.default_rng(1)
    return LabelledDigits(rng.integers(0, 256, (300, 28, 28), np.uint8), rng.integers(0, 10, 300))


def test_a_batch_holds_digits_other_hands_and_negatives(some_digits):
    pictures, labels = TrainingBatches(some_digits, 1)[0]
    assert pictures.shape == (DIGITS_A_BATCH + HANDWRITTEN_A_BATCH + NEGATIVES_A_BATCH, 28, 28, 1)
    assert 0 <= pictures.min() <= pictures.max() <= 1
    assert (labels == -1).sum() == NEGATIVES_A_BATCH


def test_the_same_seed_gives_the_same_batches_and_each_epoch_new_ones(some_digits):
    one, again, other = TrainingBatches(some_digits, 1), TrainingBatches(some_digits, 1), TrainingBatches(some_digits, 2)
    first = one[1][0]
    assert (first == again[1][0]).all()
    assert (first != other[1][0]).any()
    one.on_epoch_end()
    assert (first != one[1][0]).any()


def test_the_loss_of_a_digit_is_its_cross_entropy():
    logits = np.array([[20.0] + [0.0] * 9, [20.0] + [0.0] * 9], np.float32)
    right, wrong = np.asarray(digit_loss(np.array([0, 3]), logits))
    assert right == pytest.approx(0, abs=1e-3)
    assert wrong == pytest.approx(20, abs=1e-3)


def test_the_loss_of_a_negative_grows_with_any_opinion():
    none, weak, strong = np.asarray(digit_loss(np.array([-1] * 3), np.array([[0] * 10, [3] + [0] * 9, [9] + [0] * 9], np.float32)))
    assert none < weak < strong


def test_accuracy_leaves_negatives_out():
    logits = np.eye(10, dtype=np.float32)[[1, 2, 3]]
    assert float(digit_accuracy(np.array([1, 7, -1]), logits)) == pytest.approx(0.5)


def test_a_short_training_writes_artefacts_that_agree_and_are_served(tmp_path, mnist_test):
    command = [sys.executable, "-m", "model.train", "--epochs", "1", "--limit", "1200", "--seed", "3", "--folder", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "val_digit_accuracy" in done.stdout
    card = json.loads((tmp_path / artefacts.CARD_NAME).read_text(encoding="utf-8"))
    assert card["training"]["seed"] == 3
    assert card["model"]["sha256"] == artefacts.sha256(tmp_path / artefacts.LITERT_NAME)
    assert card["validation"]["count"] == 5_000
    network = load_network(tmp_path / artefacts.KERAS_NAME)
    images = mnist_test.images[:50]
    served = load_classifier(tmp_path / artefacts.LITERT_NAME).logits(images)
    assert served == pytest.approx(np.asarray(network(to_model_input(images), training=False)), abs=1e-3)
