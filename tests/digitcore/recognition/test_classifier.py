import hashlib
import json
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from digitcore import ModelError, default_classifier, load_classifier
from digitcore.recognition import artifacts, classifier
from digitcore.recognition.artifacts import CARD_NAME, MODEL_NAME, PACKAGED_NETWORK
from digitcore.recognition.normalization import normalize_digit
from synthetic.hands import HANDS, strokes, write


@pytest.fixture(scope="session")
def hands():
    """Return ten digits in each handwriting as model inputs, and their labels."""
    written = [
        (normalize_digit(write(np.zeros((200, 200), np.uint8), strokes(digit, hand), (50, 30), 140, 16)).model_input, digit)
        for hand in HANDS
        for digit in range(10)
    ]
    images, labels = zip(*written, strict=True)
    return np.stack(images), np.array(labels)


@pytest.fixture
def model_copy(tmp_path):
    """Copy the packaged network to a folder of its own, to be damaged."""
    for name in (MODEL_NAME, CARD_NAME):
        (tmp_path / name).write_bytes((PACKAGED_NETWORK / name).read_bytes())
    return tmp_path / MODEL_NAME


def test_every_hand_is_read(classifier, hands):
    images, labels = hands
    assert (classifier.logits(images).argmax(axis=1) == labels).all()
    assert (classifier.digit_scores(images) >= classifier.reject_below).mean() >= 0.97  # all but one of forty, see `digit_prior_log_odds`


def test_types_shapes_and_ranges_are_as_documented(classifier, hands):
    images, _ = hands
    logits, probabilities, scores = classifier.logits(images), classifier.probabilities(images), classifier.digit_scores(images)
    assert logits.dtype == probabilities.dtype == scores.dtype == np.float32
    assert logits.shape == probabilities.shape == (len(images), 10)
    assert scores.shape == (len(images),)
    assert probabilities.sum(axis=1) == pytest.approx(np.ones(len(images)), abs=1e-5)
    assert ((scores >= 0) & (scores <= 1)).all()


@pytest.mark.parametrize("count", [0, 1, 2, 7, 30])
def test_any_batch_gives_the_same_logits_as_its_images_one_by_one(classifier, hands, count):
    images, _ = hands
    together = classifier.logits(images[:count])
    alone = [classifier.logits(images[i : i + 1])[0] for i in range(count)]
    assert together.shape == (count, 10)
    assert together == pytest.approx(np.array(alone).reshape(count, 10))


def test_images_in_memory_that_is_not_contiguous_give_the_same_logits(classifier, hands):
    images, _ = hands
    assert classifier.logits(images[::2]) == pytest.approx(classifier.logits(np.ascontiguousarray(images[::2])))


@pytest.mark.parametrize("images", [np.zeros((2, 28, 28)), np.zeros((28, 28), np.uint8), np.full((1, 28, 28), np.nan, np.float32)])
def test_a_wrong_call_is_a_value_error(classifier, images):
    for method in (classifier.logits, classifier.probabilities, classifier.digit_scores):
        with pytest.raises(ValueError, match=r"expected uint8.*received"):
            method(images)


def test_many_threads_get_the_same_answers_as_one(classifier, hands):
    images, _ = hands
    expected = classifier.logits(images)
    with ThreadPoolExecutor(16) as pool:
        results = list(pool.map(lambda i: (i, classifier.logits(images[i % 30 : i % 30 + 1])), range(600)))
    for i, logits in results:
        assert logits[0] == pytest.approx(expected[i % 30])


@pytest.mark.slow
def test_a_small_batch_does_not_wait_for_a_large_one(classifier, hands):
    if (os.cpu_count() or 1) < 2:
        pytest.skip("with one core, threads take turns")
    images, _ = hands
    long_batch = np.tile(images, (100, 1, 1))
    ended = threading.Event()

    def read_long_batch():
        classifier.logits(long_batch)
        ended.set()

    long_run = threading.Thread(target=read_long_batch)
    long_run.start()
    time.sleep(0.05)
    classifier.logits(images[:1])
    finished_first = not ended.is_set()
    long_run.join()
    assert finished_first


def test_a_missing_network_is_an_error_with_a_remedy(tmp_path):
    with pytest.raises(ModelError, match=r"missing.*git checkout.*make train"):
        load_classifier(tmp_path / "digits.tflite")


def test_a_damaged_network_is_an_error(model_copy):
    content = bytearray(model_copy.read_bytes())
    content[len(content) // 2] ^= 1
    model_copy.write_bytes(content)
    with pytest.raises(ModelError, match=r"doesn't match the checksum in its model card.*make train"):
        load_classifier(model_copy)


def test_a_truncated_network_is_an_error(model_copy):
    model_copy.write_bytes(model_copy.read_bytes()[:1000])
    with pytest.raises(ModelError, match="doesn't match the checksum in its model card"):
        load_classifier(model_copy)


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", "not json", '{"model": 1}', "\ud800".encode("utf-8", "surrogatepass").decode("latin1")]
)
def test_a_damaged_card_is_an_error(model_copy, content):
    (model_copy.parent / CARD_NAME).write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match=r"damaged.*make train"):
        load_classifier(model_copy)


def test_bytes_that_are_no_model_are_an_error_even_with_a_matching_checksum(model_copy):
    model_copy.write_bytes(b"rubbish" * 100)
    card = json.loads((model_copy.parent / CARD_NAME).read_text(encoding="utf-8"))
    card["model"]["sha256"] = hashlib.sha256(model_copy.read_bytes()).hexdigest()
    (model_copy.parent / CARD_NAME).write_text(json.dumps(card), encoding="utf-8")
    with pytest.raises(ModelError, match="damaged"):
        load_classifier(model_copy)


def test_the_default_is_loaded_once_and_an_error_is_not_cached(monkeypatch, tmp_path):
    classifier._load_default.cache_clear()
    monkeypatch.setattr(artifacts, "PACKAGED_NETWORK", tmp_path)
    with pytest.raises(ModelError):
        default_classifier()
    monkeypatch.undo()
    with ThreadPoolExecutor(8) as pool:
        loaded = set(pool.map(lambda _: default_classifier(), range(16)))
    assert len(loaded) == 1


def test_a_damaged_packaged_card_is_an_error(monkeypatch, model_copy):
    (model_copy.parent / CARD_NAME).write_text("{", encoding="utf-8")
    monkeypatch.setattr(artifacts, "PACKAGED_NETWORK", model_copy.parent)
    with pytest.raises(ModelError, match=r"model card.*damaged.*[Rr]einstall"):
        load_classifier()
