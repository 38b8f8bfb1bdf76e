import numpy as np
import pytest
from hypothesis import strategies as st

from digitcore.recognition.prediction import Prediction, free_energy, logistic, softmax
from tests.properties import given

logits = st.lists(st.floats(-50, 50, width=32), min_size=10, max_size=10).map(lambda row: np.array(row, np.float32))


@given(logits, st.floats(0.1, 10))
def test_softmax_is_a_distribution_in_the_order_of_the_logits(row, temperature):
    probabilities = softmax(row, temperature)
    assert probabilities.dtype == np.float32
    assert probabilities.sum() == pytest.approx(1, abs=1e-5)
    assert (probabilities >= 0).all()
    assert probabilities[row.argmax()] == probabilities.max()


@given(logits, st.floats(-100, 100))
def test_softmax_ignores_a_common_offset(row, offset):
    assert softmax(row + np.float32(offset)) == pytest.approx(softmax(row), abs=1e-3)


def test_softmax_of_known_logits():
    assert softmax(np.log(np.array([1, 3], np.float32))) == pytest.approx([0.25, 0.75])
    assert softmax(np.log(np.array([1, 9], np.float32)), 2) == pytest.approx([0.25, 0.75])


def test_softmax_survives_logits_beyond_the_exponential():
    assert softmax(np.array([1e4, 0], np.float32)) == pytest.approx([1, 0])


@pytest.mark.parametrize("temperature", [0, -1, float("nan")])
def test_a_temperature_that_is_not_positive_is_refused(temperature):
    with pytest.raises(ValueError, match="temperature"):
        softmax(np.zeros(10, np.float32), temperature)


def test_free_energy_is_the_log_of_the_summed_exponentials():
    assert free_energy(np.log(np.array([[1, 2, 5]], np.float32))) == pytest.approx([np.log(8)])
    assert free_energy(np.array([1e4, 0], np.float32)) == pytest.approx(1e4)


def test_logistic_goes_from_zero_through_a_half_to_one():
    assert logistic(np.array([-1e4, 0, 1e4], np.float32)) == pytest.approx([0, 0.5, 1])


def test_the_likeliest_digit_is_the_label_and_its_probability_the_confidence():
    prediction = Prediction.from_logits(np.array([0, 0, 5, 1, 0, 0, 0, 3, 0, 0], np.float32))
    assert prediction.label == 2
    assert prediction.top_k[:3] == (2, 7, 3)
    assert prediction.confidence == prediction.probabilities.max()


def test_a_close_second_is_named():
    row = np.full(10, -9, np.float32)
    row[[4, 9]] = 5, 4.9
    prediction = Prediction.from_logits(row)
    assert prediction.doubt() == "unsure between 4 and 9"
    assert prediction.doubt(unsure_below=0.4) == ""


@pytest.mark.parametrize("row", [np.zeros(9), np.zeros((1, 10)), np.full(10, np.nan), np.full(10, np.inf)])
def test_other_shapes_and_values_that_are_not_finite_are_refused(row):
    with pytest.raises(ValueError, match="10 finite logits"):
        Prediction.from_logits(row)
