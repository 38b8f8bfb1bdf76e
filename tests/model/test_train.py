import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from digitcore import load_classifier
from digitcore.recognition.model_input import to_model_input
from digitcore.recognition.prediction import softmax
from model import artefacts
from model.data import LabelledDigits

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def some_digits():
    rng = np.random.default_rng(1)
    return LabelledDigits(rng.integers(0, 256, (300, 28, 28), np.uint8), rng.integers(0, 10, 300))


@pytest.fixture
def make_batches(batches, some_digits):
    """Makes the batches of a seed, from few pictures."""
    return lambda seed, teachers=(): batches.TrainingBatches(batches.digit_sources(some_digits, seed, limit=40), 10, seed, 2, teachers)


def test_a_batch_holds_digits_other_hands_cut_digits_and_negatives(batches, make_batches):
    pictures, targets = make_batches(1)[0]
    counts = batches.BATCH_COMPOSITION
    assert pictures.shape == (sum(counts.values()), 28, 28, 1)
    assert 0 <= pictures.min() <= pictures.max() <= 1
    assert targets.shape == (len(pictures), 10)
    assert (targets.sum(axis=1) == 0).sum() == counts["negatives"] + counts["font_negatives"] + counts["merged"]
    assert set(np.unique(targets)) == {0, 1}


def test_the_same_seed_gives_the_same_batches_and_each_epoch_new_ones(make_batches):
    one, again, other = make_batches(1), make_batches(1), make_batches(2)
    first = one[1][0]
    assert (first == again[1][0]).all()
    assert (first != other[1][0]).any()
    one.start_epoch(1)
    assert (first != one[1][0]).any()


def test_teachers_share_in_the_targets_of_digits_in_turn(batches, make_batches, classifier):
    asked = []

    class Teacher:
        def __init__(self, name):
            self.name = name

        def logits(self, images):
            asked.append(self.name)
            return classifier.logits(images)

    taught = make_batches(1, [Teacher("first"), Teacher("second")])
    (pictures, targets), (alone, labels) = taught[0], make_batches(1)[0]
    _ = taught[1]
    assert asked == ["first", "second"]
    assert (pictures == alone).all()
    digits = np.arange(len(labels)) < batches.DIGITS_A_BATCH
    images = np.round(255 * pictures[digits, ..., 0]).astype(np.uint8)
    share = batches.TEACHER_WEIGHT
    expected = share * softmax(classifier.logits(images)) + (1 - share) * labels[digits]
    assert targets[digits] == pytest.approx(expected, abs=1e-5)
    assert (targets[~digits] == labels[~digits]).all()


def test_the_loss_of_a_digit_is_its_cross_entropy(batches, losses):
    logits = np.array([[20.0] + [0.0] * 9, [20.0] + [0.0] * 9], np.float32)
    right, wrong = np.asarray(losses.digit_loss(batches.one_hot(np.array([0, 3])), logits))
    assert right == pytest.approx(0, abs=1e-3)
    assert wrong == pytest.approx(20, abs=1e-3)


def test_the_loss_of_a_negative_grows_with_any_opinion(losses):
    opinions = np.array([[0] * 10, [3] + [0] * 9, [9] + [0] * 9], np.float32)
    none, weak, strong = np.asarray(losses.digit_loss(np.zeros((3, 10), np.float32), opinions))
    assert none < weak < strong


def test_accuracy_leaves_negatives_out(batches, losses):
    logits = np.eye(10, dtype=np.float32)[[1, 2, 3]]
    targets = np.vstack([batches.one_hot(np.array([1, 7])), np.zeros((1, 10), np.float32)])
    assert float(losses.digit_accuracy(targets, logits)) == pytest.approx(0.5)


@pytest.mark.nightly
def test_a_short_training_writes_artefacts_that_agree_and_are_served(architecture, tmp_path, mnist_test):
    command = [sys.executable, "-m", "model.train", "--epochs", "1", "--limit", "1200", "--seed", "3", "--folder", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "val_digit_accuracy" in done.stdout
    card = json.loads((tmp_path / artefacts.CARD_NAME).read_text(encoding="utf-8"))
    assert card["training"]["seed"] == 3
    assert card["model"]["sha256"] == artefacts.sha256(tmp_path / artefacts.LITERT_NAME)
    assert card["validation"]["count"] == 5_000
    network = architecture.load_network(tmp_path / artefacts.KERAS_NAME)
    images = mnist_test.images[:50]
    served = load_classifier(tmp_path / artefacts.LITERT_NAME).logits(images)
    assert served == pytest.approx(np.asarray(network(to_model_input(images), training=False)), abs=1e-3)


@pytest.fixture
def step_by_step():
    """TensorFlow without making graphs of what runs only for a few steps: that takes most of a short training's time."""
    tf = import_module("tensorflow")
    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


@pytest.mark.nightly
@pytest.mark.usefixtures("step_by_step")
@pytest.mark.filterwarnings("ignore:Even though the `tf.config.experimental_run_functions_eagerly`")  # of its data pipeline, which is tiny
def test_a_training_can_go_on_from_a_network_and_learn_from_another(architecture, training, tmp_path):
    path = tmp_path / "start.keras"
    start = architecture.build_network()
    start.save(path)
    once = ["--epochs", "1", "--limit", "256", "--start", str(path)]
    every = [training.parse([*once, *more]) for more in ((), (), ("--teachers", str(path)))]
    alone, again, taught = (training.train(options, training.load_sources(options))[0].get_weights() for options in every)
    assert all((new != old).any() for old, new in zip(start.get_weights(), alone, strict=True))
    assert all(np.allclose(one, other) for one, other in zip(alone, again, strict=True))
    assert any((one != other).any() for one, other in zip(alone, taught, strict=True))
    near = [np.abs(new - old).mean() / (np.abs(old).mean() + 1e-3) for old, new in zip(start.get_weights(), alone, strict=True)]
    assert np.median(near) < 1  # it didn't begin from chance again


def test_a_card_tells_what_its_training_went_on_from(training, tmp_path):
    stranger = tmp_path / "start.keras"
    stranger.write_bytes(b"any")
    assert training.origin(stranger) == {"sha256": artefacts.sha256(stranger)}
    shipped = artefacts.MODEL_DIR / artefacts.KERAS_NAME
    assert training.origin(shipped) == {"sha256": artefacts.sha256(shipped), "training": artefacts.read_card()["training"]}
