import numpy as np
import pytest

from model import measures
from model.data import LabelledDigits


@pytest.mark.slow
def test_digits_and_noise_are_told_apart_by_their_score(classifier, mnist_test):
    noise = np.random.default_rng(1).integers(0, 256, (40, 28, 28), np.uint8)
    digits = mnist_test.images[:500]
    measured = measures.measure_not_digits(classifier, digits, {"digits": digits, "noise": noise})
    assert measured["digits"]["auroc"] == pytest.approx(0.5, abs=1e-6)
    assert measured["digits"]["refused_pct"] < 3
    assert measured["noise"] == {"count": 40, "auroc": pytest.approx(1, abs=0.01), "refused_pct": 100}


def test_stored_marks_are_the_pictures_in_the_file(tmp_path):
    path = tmp_path / "marks.npz"
    noise = np.random.default_rng(1).integers(0, 256, (4, 28, 28), np.uint8)
    np.savez(path, noise=noise, names=np.array(["a", "b"]), large=np.zeros((2, 30, 30), np.uint8))
    stored = measures.stored_marks(path)
    assert list(stored) == ["noise"]
    assert (stored["noise"] == noise).all()


def test_without_a_file_there_are_no_stored_marks(tmp_path):
    assert measures.stored_marks(None) == {}
    assert measures.stored_marks(tmp_path / "none.npz") == {}


def test_the_accuracy_of_a_known_case(classifier, mnist_test):
    images = mnist_test.images[:10]
    said = classifier.logits(images).argmax(axis=1)
    labels = said.copy()
    labels[:2] = (labels[:2] + 1) % 10
    assert measures.measure_accuracy(classifier, LabelledDigits(images, labels)) == {"count": 10, "accuracy_pct": 80.0, "errors": 2}


def test_the_spread_of_a_known_case():
    assert measures.spread([1.0, 2.0, 3.0]) == {"mean": 2.0, "standard_deviation": 1.0, "lowest": 1.0, "highest": 3.0}


@pytest.mark.slow
def test_the_latency_is_a_median_of_many(classifier):
    measured = measures.measure_latency(classifier)
    assert measured["runs"] >= 100
    assert measured["median_ms"] > 0
    assert measured["digits_a_second"] > 0
