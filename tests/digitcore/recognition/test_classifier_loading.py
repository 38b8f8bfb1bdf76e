"""Loading of networks: `load_classifier` and `default_classifier` of `digitcore.recognition.classifier`."""

import hashlib
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from digitcore import Classifier, ModelError, default_classifier, load_classifier
from digitcore.recognition import classifier as module
from digitcore.recognition.artifacts import CARD_NAME, EXPLAINER_NAME, MODEL_NAME, PACKAGED_NETWORK

MODEL = (PACKAGED_NETWORK / MODEL_NAME).read_bytes()


@pytest.fixture
def store(tmp_path):
    """Return a function that stores a model with a card that has its checksum, and returns the model's path."""

    def store_network(model=MODEL, *, without=(), name=MODEL_NAME, **serving):
        card = json.loads((PACKAGED_NETWORK / CARD_NAME).read_text(encoding="utf-8"))
        card["model"]["sha256"] = hashlib.sha256(model).hexdigest()
        card["serving"] |= serving
        for field in without:
            del card["serving"][field]
        (tmp_path / CARD_NAME).write_text(json.dumps(card), encoding="utf-8")
        (tmp_path / name).write_bytes(model)
        return tmp_path / name

    return store_network


@pytest.fixture
def fresh_default():
    """Forget the default network before and after the test."""
    module._load_default.cache_clear()
    yield
    module._load_default.cache_clear()


@pytest.mark.parametrize("kind", [str, Path])
@pytest.mark.parametrize("name", [MODEL_NAME, "mine.tflite"])
def test_a_network_is_loaded_from_a_path_of_any_kind_and_name(classifier, store, kind, name):
    loaded = load_classifier(kind(store(name=name, reject_below=0.125)))
    image = np.random.default_rng(0).integers(0, 256, (1, 28, 28), np.uint8)
    assert loaded.reject_below == 0.125
    assert (loaded.logits(image) == classifier.logits(image)).all()


def test_a_path_may_be_relative(store, monkeypatch):
    path = store(reject_below=0.25)
    monkeypatch.chdir(path.parent)
    assert load_classifier(path.name).reject_below == 0.25


def test_without_a_path_the_packaged_network_is_loaded(classifier):
    first, second = load_classifier(), load_classifier()
    assert first.card == json.loads((PACKAGED_NETWORK / CARD_NAME).read_text(encoding="utf-8"))
    assert first is not second


def test_a_network_is_run_once_on_an_empty_image(monkeypatch):
    batches = []
    monkeypatch.setattr(Classifier, "logits", lambda _, images: batches.append(images))
    load_classifier()
    (images,) = batches
    assert (images.shape, images.dtype, images.any()) == ((1, 28, 28), np.uint8, False)


@pytest.mark.parametrize("field", ["temperature", "reject_below", "energy_centre", "energy_scale"])
@pytest.mark.parametrize("value", [None, "high", [], {}, "absent"])
def test_a_card_without_a_number_for_the_calibration_is_damaged(store, field, value):
    path = store(without=[field]) if value == "absent" else store(**{field: value})
    with pytest.raises(ModelError, match=r"^The network `digits\.tflite` or its model card is damaged\. Reinstall.*make train"):
        load_classifier(path)


@pytest.mark.parametrize("serving", ["null", "[]", "3", '"text"', None])
def test_a_card_without_a_calibration_is_damaged(store, serving):
    path = store()
    card = json.loads(path.with_name(CARD_NAME).read_text(encoding="utf-8"))
    del card["serving"]
    if serving:
        card["serving"] = json.loads(serving)
    path.with_name(CARD_NAME).write_text(json.dumps(card), encoding="utf-8")
    with pytest.raises(ModelError, match=r"`digits\.tflite` or its model card is damaged"):
        load_classifier(path)


def test_a_calibration_too_large_for_a_float_is_damaged(store):
    with pytest.raises(ModelError, match="damaged"):
        load_classifier(store(temperature=10**400))


@pytest.mark.parametrize(
    "serving",
    [{"temperature": 0}, {"temperature": -1}, {"temperature": float("nan")}, {"energy_scale": 0}, {"energy_centre": float("nan")}],
)
def test_a_calibration_that_no_picture_can_be_read_with_is_damaged(store, serving):
    with pytest.raises(ModelError, match="damaged"):
        load_classifier(store(**serving))


@pytest.mark.parametrize("length", [0, 1, 8, 1000, len(MODEL) // 2, len(MODEL) - 1])
def test_a_truncated_model_is_damaged_even_with_a_matching_checksum(store, length):
    with pytest.raises(ModelError, match=r"`half\.tflite` or its model card is damaged"):
        load_classifier(store(MODEL[:length], name="half.tflite"))


def test_a_model_with_other_outputs_is_damaged(store):
    with pytest.raises(ModelError, match="damaged"):
        load_classifier(store((PACKAGED_NETWORK / EXPLAINER_NAME).read_bytes()))


@pytest.mark.parametrize("name", [MODEL_NAME, CARD_NAME])
def test_a_file_that_is_missing_is_named(store, name):
    path = store()
    path.with_name(name).unlink()
    with pytest.raises(ModelError, match=rf"^The file `{name}` of the network is missing\."):
        load_classifier(path)


@pytest.mark.usefixtures("fresh_default")
def test_threads_that_ask_at_once_load_the_default_once(monkeypatch):
    barrier, loads = threading.Barrier(8), []

    def load():
        loads.append(threading.get_ident())
        return load_classifier()

    def ask(_):
        barrier.wait(30)
        return default_classifier()

    monkeypatch.setattr(module, "load_classifier", load)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(8)))
    assert len(loads) == 1
    assert all(answer is answers[0] for answer in answers)


@pytest.mark.usefixtures("fresh_default")
def test_after_an_error_the_default_is_tried_again(monkeypatch):
    def fail():
        raise ModelError("missing")

    monkeypatch.setattr(module, "load_classifier", fail)
    for _ in range(2):
        with pytest.raises(ModelError, match="missing"):
            default_classifier()
    monkeypatch.undo()
    assert default_classifier() is default_classifier()
