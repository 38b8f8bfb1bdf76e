import numpy as np
import pytest

from model import evaluate


@pytest.fixture
def marks(tmp_path, mnist_test):
    """Marks by name: the digits themselves, which nothing can tell from digits, and noise, which anything can."""
    path = tmp_path / "marks.npz"
    noise = np.random.default_rng(1).integers(0, 256, (40, 28, 28), np.uint8)
    np.savez(path, digits=mnist_test.images[:500], noise=noise, names=np.array(["a", "b"]))
    return path


def test_marks_are_told_from_digits_by_their_score(classifier, marks):
    measured = evaluate.measure_not_digits(classifier, marks)
    assert set(measured) == {"digits", "noise"}
    assert measured["digits"]["auroc"] == pytest.approx(0.5, abs=0.05)
    assert measured["digits"]["refused_pct"] < 3
    assert measured["noise"]["auroc"] > 0.98
    assert measured["noise"]["count"] == 40


def test_without_marks_there_is_nothing_to_tell(classifier, tmp_path):
    assert evaluate.measure_not_digits(classifier, None) == {}
    assert evaluate.measure_not_digits(classifier, tmp_path / "none.npz") == {}


def test_the_worst_mistake_is_the_surest_wrong_answer():
    probabilities = np.array([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8], [0.3, 0.7]], np.float32)
    mistakes = evaluate.worst_mistakes(probabilities, np.array([1, 1, 1, 0]))
    assert [(mistake["index"], mistake["label"], mistake["said"]) for mistake in mistakes] == [(0, 1, 0), (3, 0, 1), (1, 1, 0)]


def test_the_latency_is_a_median_of_many(classifier):
    measured = evaluate.measure_latency(classifier)
    assert measured["runs"] >= 100
    assert measured["median_ms"] > 0
