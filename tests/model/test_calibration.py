import numpy as np
import pytest

from digitcore.evaluation.measures import expected_calibration_error
from digitcore.recognition.prediction import free_energy, logistic, softmax
from model import calibration


@pytest.fixture
def overconfident():
    """Logits that are right as often as their softmax at temperature 2 says, and what is right."""
    rng = np.random.default_rng(1)
    honest = rng.normal(0, 2, (20_000, 10)).astype(np.float32)
    labels = np.array([rng.choice(10, p=p / p.sum()) for p in softmax(honest).astype(np.float64)])
    return 2 * honest, labels


@pytest.mark.slow
def test_the_fitted_temperature_is_the_one_that_was_hidden(overconfident):
    assert calibration.fit_temperature(*overconfident) == pytest.approx(2, rel=0.05)


def calibration_error(probabilities, labels):
    return expected_calibration_error(calibration.bins_of_labels(probabilities, labels))


def test_calibration_lowers_the_calibration_error(overconfident):
    logits, labels = overconfident
    before = calibration_error(softmax(logits), labels)
    after = calibration_error(softmax(logits, 2), labels)
    assert before > 0.1
    assert after < 0.02


def test_the_calibration_error_of_a_known_case():
    probabilities = np.array([[0.9, 0.1]] * 10, np.float32)
    labels = np.array([0] * 7 + [1] * 3)  # says 90 %, is right in 70 %
    assert calibration_error(probabilities, labels) == pytest.approx(0.2, abs=1e-6)


def test_the_bins_of_a_known_case():
    probabilities = np.array([[0.9, 0.1]] * 10 + [[0.45, 0.55]] * 4, np.float32)
    labels = np.array([0] * 7 + [1] * 3 + [1] * 4)
    said_55, said_90 = calibration.bins_of_labels(probabilities, labels)
    assert (said_55["count"], said_55["accuracy"]) == (4, 1.0)
    assert said_55["confidence"] == pytest.approx(0.55)
    assert (said_90["count"], said_90["accuracy"]) == (10, 0.7)


def test_demanding_more_confidence_leaves_fewer_and_better_answers(overconfident):
    logits, labels = overconfident
    rows = calibration.coverage_accuracy(softmax(logits, 2), labels)
    coverage, accuracy = [row["coverage_pct"] for row in rows], [row["accuracy_pct"] for row in rows[:9]]
    assert coverage[0] == 100
    assert coverage == sorted(coverage, reverse=True)
    assert accuracy == sorted(accuracy)


def test_certainty_falls_into_the_last_bin():
    assert calibration_error(np.array([[1.0, 0.0]], np.float32), np.array([0])) == 0


def test_the_digit_score_accepts_its_share(overconfident):
    logits, _ = overconfident
    fitted = calibration.fit_digit_score(logits)
    scores = logistic((free_energy(logits) - fitted["energy_centre"]) / fitted["energy_scale"])
    assert (scores >= fitted["reject_below"]).mean() == pytest.approx(0.995, abs=1e-3)


def test_the_measures_add_up():
    logits = np.eye(10, dtype=np.float32)[[0, 1, 2, 2]] * 9
    measures = calibration.measure(logits, np.array([0, 1, 2, 3]), 1.0)
    assert (measures["count"], measures["errors"], measures["accuracy_pct"]) == (4, 1, 75.0)
    assert measures["recall_pct"][:3] == [100.0, 100.0, 100.0]
    assert measures["recall_pct"][3] == 0.0
