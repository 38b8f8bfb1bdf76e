"""What `digitcore.recognition.classifier.Classifier` makes of logits, and how it shares its interpreters among threads."""

import copy
import math
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import pytest

from digitcore import Classifier
from digitcore.recognition.artifacts import PACKAGED_NETWORK, read_model
from digitcore.recognition.normalization import normalize_digit
from synthetic.hands import HANDS, strokes, write


@pytest.fixture(scope="module")
def images():
    """Return the ten digits as model inputs, each in another hand than the next, and images that are no digits."""
    hands = list(HANDS)
    inks = [write(np.zeros((200, 200), np.uint8), strokes(d, hands[d % len(hands)]), (50, 30), 140, 8 + 2 * d) for d in range(10)]
    noise = np.random.default_rng(9).integers(0, 256, (3, 28, 28), np.uint8)
    return np.concatenate([np.stack([normalize_digit(ink).model_input for ink in inks]), noise, np.zeros((1, 28, 28), np.uint8)])


@pytest.fixture(scope="module")
def calibrated():
    """Return a function that makes the packaged network with another calibration."""
    model, card = read_model(PACKAGED_NETWORK)

    def calibrate(**serving):
        changed = copy.deepcopy(card)
        changed["serving"] = {"temperature": 1, "reject_below": 0.5, "energy_centre": 0, "energy_scale": 1} | serving
        return Classifier(model, changed)

    return calibrate


def probabilities_of(row, temperature):
    powers = [math.exp((float(logit) - float(max(row))) / temperature) for logit in row]
    return [power / math.fsum(powers) for power in powers]


def digit_score_of(row, centre, scale):
    energy = math.log(math.fsum(math.exp(float(logit)) for logit in row))
    return 1 / (1 + math.exp(-(energy - centre) / scale))


def test_probabilities_are_the_tempered_logits_of_each_image(classifier, images):
    temperature = classifier.card["serving"]["temperature"]
    for row, probabilities in zip(classifier.logits(images), classifier.probabilities(images), strict=True):
        assert probabilities == pytest.approx(probabilities_of(row, temperature), rel=1e-6)


def test_digit_scores_are_the_calibrated_energies_of_each_image(classifier, images):
    serving = classifier.card["serving"]
    for row, score in zip(classifier.logits(images), classifier.digit_scores(images), strict=True):
        assert float(score) == pytest.approx(digit_score_of(row, serving["energy_centre"], serving["energy_scale"]), rel=1e-5)


@pytest.mark.parametrize("temperature", [0.5, 1, 3])
def test_another_temperature_changes_the_probabilities_alone(classifier, calibrated, images, temperature):
    other = calibrated(temperature=temperature)
    assert other.temperature == temperature
    logits = classifier.logits(images)
    assert other.logits(images) == pytest.approx(logits)
    assert other.probabilities(images) == pytest.approx(np.array([probabilities_of(row, temperature) for row in logits]), rel=1e-5)
    assert (other.digit_scores_from_logits(logits) == calibrated().digit_scores_from_logits(logits)).all()


@pytest.mark.parametrize(("centre", "scale"), [(0, 1), (3, 1), (0, 4), (-2.5, 0.5), (3, -2)])
def test_digit_scores_are_a_logistic_function_of_the_energy(calibrated, centre, scale):
    logits = np.log(np.array([[1] * 10, [10, *[1e-30] * 9], [0.5, 0.25, 0.25, *[1e-30] * 7]], np.float32))  # energies ln 10, ln 10 and 0
    scores = calibrated(energy_centre=centre, energy_scale=scale).digit_scores_from_logits(logits)
    expected = [1 / (1 + math.exp(-(energy - centre) / scale)) for energy in (math.log(10), math.log(10), 0.0)]
    assert scores.dtype == np.float32
    assert scores.tolist() == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(("energy", "score"), [(7.5, 0.5), (7.5 + 2.5 * math.log(3), 0.75), (7.5 - 2.5 * math.log(3), 0.25)])
def test_the_score_is_a_half_at_the_centre_and_a_quarter_from_certain_where_the_odds_are_three(calibrated, energy, score):
    logits = np.full((1, 10), energy - math.log(10), np.float32)
    assert calibrated(energy_centre=7.5, energy_scale=2.5).digit_scores_from_logits(logits) == pytest.approx([score], rel=1e-6)


def test_energies_beyond_the_exponential_have_scores_of_zero_and_one(classifier):
    logits = np.array([[1e4] * 10, [-1e4] * 10], np.float32)
    assert classifier.digit_scores_from_logits(logits).tolist() == [1, 0]


def test_scores_of_no_images_are_empty(classifier):
    nothing = np.zeros((0, 28, 28), np.uint8)
    assert classifier.logits(nothing).shape == classifier.probabilities(nothing).shape == (0, 10)
    assert classifier.digit_scores(nothing).shape == (0,)
    assert {each(nothing).dtype for each in (classifier.logits, classifier.probabilities, classifier.digit_scores)} == {
        np.dtype(np.float32)
    }


def test_the_calibration_is_that_of_the_card(classifier):
    serving = classifier.card["serving"]
    assert (classifier.temperature, classifier.reject_below) == (serving["temperature"], serving["reject_below"])


def test_numbers_of_the_card_may_be_integers(calibrated):
    other = calibrated(temperature=2, reject_below=1)
    assert (other.temperature, other.reject_below) == (2, 1)
    assert {type(other.temperature), type(other.reject_below)} == {float}


@pytest.mark.parametrize("field", ["temperature", "reject_below", "energy_centre", "energy_scale"])
def test_a_card_without_a_number_is_a_key_error(classifier, field):
    card = copy.deepcopy(classifier.card)
    del card["serving"][field]
    with pytest.raises(KeyError, match=field):
        Classifier(b"", card)


def test_bytes_that_are_no_model_are_a_value_error(classifier):
    for content in (b"", b"TFL3", b"rubbish" * 100):
        with pytest.raises(ValueError, match="model"):
            Classifier(content, classifier.card)


@pytest.mark.parametrize("count", [1, 2, 3, 5, 14])
def test_a_batch_of_any_size_gives_the_logits_of_its_images_one_by_one(classifier, images, count):
    alone = np.concatenate([classifier.logits(images[index : index + 1]) for index in range(count)])
    assert (classifier.logits(images[:count]) == alone).all()


def test_images_in_another_order_have_their_logits_in_that_order(classifier, images):
    logits = classifier.logits(images)
    assert (classifier.logits(images[::-1]) == logits[::-1]).all()
    assert (classifier.logits(images[[5, 5, 0, 13]]) == logits[[5, 5, 0, 13]]).all()


def test_an_image_has_the_same_logits_after_any_other(classifier, images):
    first = classifier.logits(images[:1])
    for index in range(1, len(images)):
        classifier.logits(images[index : index + 1])
        assert (classifier.logits(images[:1]) == first).all()


def test_logits_are_not_changed_by_a_later_batch(classifier, images):
    logits = classifier.logits(images)
    before = logits.copy()
    classifier.logits(images[::-1])
    assert (logits == before).all()


def test_images_are_not_changed(classifier, images):
    locked = images.copy()
    locked.setflags(write=False)
    classifier.probabilities(locked)
    assert (locked == images).all()


@pytest.mark.parametrize(("cores", "interpreters"), [(None, 1), (1, 1), (2, 2), (5, 5)])
def test_there_is_an_interpreter_for_each_core(calibrated, monkeypatch, cores, interpreters):
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    assert calibrated()._interpreters.qsize() == interpreters


def test_an_interpreter_is_returned_after_each_batch_and_after_an_error(calibrated, monkeypatch, images):
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    network = calibrated()
    network.logits(images)
    assert network._interpreters.qsize() == 1
    with pytest.raises(ValueError, match="expected uint8"):
        network.logits(images.astype(float))
    assert network._interpreters.qsize() == 1

    def fail(inputs):
        raise RuntimeError("out of memory")

    interpreter = network._interpreters.get()
    failing = SimpleNamespace(run=fail)
    network._interpreters.put(failing)
    with pytest.raises(RuntimeError, match="out of memory"):
        network.logits(images)
    assert network._interpreters.get() is failing
    network._interpreters.put(interpreter)
    assert network.logits(images).shape == (len(images), 10)


def test_no_two_threads_use_one_interpreter_at_a_time(calibrated, monkeypatch, images):
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    network = calibrated()
    in_use, most, lock = set(), [], threading.Lock()

    def watch(interpreter):
        def run(inputs):
            with lock:
                assert interpreter not in in_use
                in_use.add(interpreter)
                most.append(len(in_use))
            try:
                return interpreter.run(inputs)
            finally:
                with lock:
                    in_use.remove(interpreter)

        return SimpleNamespace(run=run)

    watched = [watch(network._interpreters.get()) for _ in range(2)]
    for each in watched:
        network._interpreters.put(each)
    expected = network.logits(images)
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda index: network.logits(images[index % 14 : index % 14 + 1])[0], range(140)))
    assert all((row == expected[index % 14]).all() for index, row in enumerate(results))
    assert max(most) <= 2
    assert network._interpreters.qsize() == 2
