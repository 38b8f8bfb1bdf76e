import math
import re

import numpy as np
import pytest
import scipy.special
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from digitcore.recognition.prediction import Prediction, free_energy, logistic, softmax
from tests.properties import given

batches = arrays(np.float32, st.lists(st.integers(1, 4), min_size=1, max_size=3).map(tuple), elements=st.floats(-80, 80, width=32))
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


@given(batches, st.floats(0.05, 20))
def test_softmax_agrees_with_the_exponentials_summed_one_by_one(values, temperature):
    probabilities = softmax(values, temperature)
    assert probabilities.shape == values.shape
    assert probabilities.dtype == np.float32
    for index in np.ndindex(values.shape[:-1]):
        row = [float(value) for value in values[index]]
        powers = [math.exp((value - max(row)) / temperature) for value in row]
        assert probabilities[index] == pytest.approx([power / math.fsum(powers) for power in powers], rel=2e-7, abs=1e-37)


@given(batches)
def test_softmax_is_taken_over_the_last_axis_without_a_temperature(values):
    assert softmax(values) == pytest.approx(scipy.special.softmax(values.astype(np.float64), axis=-1), rel=2e-7, abs=1e-37)


def test_a_single_class_is_certain():
    assert softmax(np.array([[-3.5], [80]], np.float32)).tolist() == [[1], [1]]


@pytest.mark.parametrize("temperature", [1e-3, 0.5, 1, 2, 1e6])
def test_equal_logits_are_equally_likely_at_any_temperature(temperature):
    assert softmax(np.full((2, 4), 3.25, np.float32), temperature).tolist() == [[0.25] * 4] * 2


def test_a_temperature_divides_the_logits():
    row = np.array([-2, 0.5, 3, 3.5], np.float32)
    assert (softmax(row, 0.25) == softmax(4 * row)).all()
    assert (softmax(row, 2) == softmax(row / 2)).all()


@given(logits)
def test_a_higher_temperature_never_raises_the_highest_probability(row):
    confidences = [softmax(row, temperature).max() for temperature in (0.25, 0.5, 1, 2, 4, 8)]
    assert confidences == sorted(confidences, reverse=True)
    assert confidences[-1] >= np.float32(0.1)


@given(logits, st.permutations(range(10)))
def test_the_order_of_the_classes_does_not_matter(row, order):
    assert softmax(row[order]) == pytest.approx(softmax(row)[order], rel=2e-7)
    assert free_energy(row[order]) == pytest.approx(free_energy(row), rel=2e-7, abs=2e-7)


@pytest.mark.parametrize("temperature", [0.0, -1e-9, -math.inf, math.nan])
def test_a_refused_temperature_is_received_in_the_message(temperature):
    for function in (softmax, Prediction.from_logits):
        with pytest.raises(ValueError, match=rf"^expected a temperature above 0, received {temperature}\.$"):
            function(np.zeros(10, np.float32), temperature)


def test_the_smallest_temperature_leaves_the_likeliest_class_alone():
    assert softmax(np.array([1, 2, 0], np.float32), 1e-300).tolist() == [0, 1, 0]


@given(batches)
def test_free_energy_agrees_with_the_exponentials_summed_one_by_one(values):
    energies = free_energy(values)
    assert energies.shape == values.shape[:-1]
    assert energies.dtype == np.float32
    for index in np.ndindex(values.shape[:-1]):
        expected = math.log(math.fsum(math.exp(float(value)) for value in values[index]))
        assert float(energies[index]) == pytest.approx(expected, rel=2e-7, abs=1e-13)


@given(logits)
def test_free_energy_is_at_least_the_highest_logit_and_at_most_the_log_of_the_classes_more(row):
    energy = float(free_energy(row))
    assert float(row.max()) <= energy <= float(row.max()) + math.log(10) + 1e-5


@pytest.mark.parametrize("offset", [-1e4, -88, 0, 88, 1e4])
def test_free_energy_moves_with_a_common_offset(offset):
    assert free_energy(np.full(8, offset, np.float32)) == pytest.approx(offset + math.log(8), rel=1e-7)


@given(arrays(np.float32, st.tuples(st.integers(0, 3), st.integers(0, 3)), elements=st.floats(-200, 200, width=32)))
def test_logistic_agrees_with_scipy(values):
    results = logistic(values)
    assert results.shape == values.shape
    assert results.dtype == np.float32
    assert results == pytest.approx(scipy.special.expit(values.astype(np.float64)), rel=1e-7, abs=1e-15)


@pytest.mark.parametrize(("odds", "probability"), [(1 / 3, 0.25), (1, 0.5), (3, 0.75), (9, 0.9), (99, 0.99)])
def test_logistic_turns_the_log_of_odds_into_a_probability(odds, probability):
    assert logistic(np.log(np.array([odds], np.float32))) == pytest.approx([probability], rel=1e-6)
    assert logistic(-np.log(np.array([odds], np.float32))) == pytest.approx([1 - probability], rel=1e-6)


def test_functions_of_logits_do_not_change_them():
    values = np.linspace(-3, 3, 10, dtype=np.float32)
    before = values.copy()
    values.setflags(write=False)
    prediction = Prediction.from_logits(values, 2)
    for function in (softmax, free_energy, logistic):
        function(values)
    assert (values == before).all()
    assert not np.shares_memory(prediction.probabilities, values)


@given(logits, st.floats(0.1, 10))
def test_a_prediction_ranks_all_ten_digits_by_probability(row, temperature):
    prediction = Prediction.from_logits(row, temperature)
    assert (prediction.probabilities == softmax(row, temperature)).all()
    expected = sorted(range(10), key=lambda digit: (-prediction.probabilities[digit], digit))
    assert list(prediction.top_k) == expected
    assert prediction.label == expected[0]
    assert prediction.confidence == float(prediction.probabilities[expected[0]])
    assert {type(value) for value in (*prediction.top_k, prediction.label)} == {int}
    assert type(prediction.confidence) is float


def test_equally_likely_digits_are_ranked_by_their_value():
    assert Prediction.from_logits(np.zeros(10, np.float32)).top_k == tuple(range(10))
    row = np.zeros(10, np.float32)
    row[[8, 3]] = 2
    prediction = Prediction.from_logits(row)
    assert (prediction.label, prediction.top_k) == (3, (3, 8, 0, 1, 2, 4, 5, 6, 7, 9))


def test_a_prediction_is_not_tempered_by_default():
    row = np.log(np.array([2, *[1] * 8, 10], np.float32))
    assert Prediction.from_logits(row).probabilities == pytest.approx([2 / 20, *[1 / 20] * 8, 10 / 20])
    assert Prediction.from_logits(row.tolist()).confidence == pytest.approx(0.5)


def test_a_prediction_is_unsure_below_the_given_confidence_only():
    prediction = Prediction.from_logits(np.log(np.array([1, 1, 1, 1, 1, 1, 3, 1, 1, 9], np.float32)))
    confidence = prediction.confidence
    assert confidence == pytest.approx(9 / 20)
    assert prediction.doubt(math.nextafter(confidence, 0)) == ""
    assert prediction.doubt(confidence) == ""
    assert prediction.doubt(math.nextafter(confidence, 1)) == "unsure between 9 and 6"
    assert prediction.doubt(0.0) == ""
    assert prediction.doubt(1.0) == "unsure between 9 and 6"


@pytest.mark.parametrize(("weight", "doubt"), [(2.98, "unsure between 5 and 0"), (3.02, "")])
def test_a_prediction_is_unsure_below_three_quarters_by_default(weight, doubt):
    powers = np.full(10, 1 / 9, np.float32)
    powers[5] = weight  # its probability is weight / (weight + 1)
    assert Prediction.from_logits(np.log(powers)).doubt() == doubt


def test_a_doubt_can_be_translated():
    doubt = Prediction.from_logits(np.zeros(10, np.float32)).doubt()
    assert (doubt.template, doubt.values) == ("unsure between {first} and {second}", {"first": "0", "second": "1"})  # type: ignore[attr-defined]


def test_a_prediction_is_frozen():
    with pytest.raises(AttributeError):
        Prediction.from_logits(np.zeros(10, np.float32)).probabilities = None  # type: ignore[misc]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("index", [0, 9])
def test_one_logit_that_is_not_finite_is_refused(index, value):
    row = np.zeros(10, np.float32)
    row[index] = value
    with pytest.raises(ValueError, match=r"(?s)^expected 10 finite logits, received .*(nan|inf).* of shape \(10,\)\.$"):
        Prediction.from_logits(row)


@pytest.mark.parametrize("shape", [(), (0,), (9,), (11,), (1, 10), (10, 1)])
def test_the_shape_of_refused_logits_is_received_in_the_message(shape):
    message = rf"(?s)^expected 10 finite logits, received array\(.*\) of shape {re.escape(str(shape))}\.$"
    with pytest.raises(ValueError, match=message):
        Prediction.from_logits(np.zeros(shape))
