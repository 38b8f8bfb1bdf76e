"""Properties of what explains and classifies single images: any image, any logits, any class map."""

import numpy as np
import pytest
from hypothesis import strategies as st

from digitcore import Explanation, Prediction, default_classifier, explain, overlay
from tests.properties import given, settings
from tests.strategies import SEEDS, inks, json_values, wrong_arrays


@given(inks(28, 28))
def test_any_input_of_the_network_is_explained(ink):
    before = ink.copy()
    explanation = explain(ink)
    assert (explanation.class_maps.dtype, explanation.class_maps.shape[0]) == (np.float32, 10)
    assert np.isfinite(explanation.class_maps).all()
    assert all(activations.min() >= 0 for activations in explanation.branches.values())
    assert (ink == before).all()
    assert np.abs(bias_of(ink, explanation) - bias_of(np.zeros_like(ink), explain(np.zeros_like(ink)))).max() < 0.01


def bias_of(ink, explanation):
    """Compute the bias of the logits: what the mean of each class map lacks to its logit."""
    return default_classifier().logits(ink[np.newaxis])[0] - explanation.class_maps.mean(axis=(1, 2))


@given(wrong_arrays(max_side_px=40) | json_values)
def test_whatever_is_no_input_of_the_network_is_a_value_error(wrong):
    with pytest.raises(ValueError, match=r"expected uint8 of shape \(N, 28, 28\)|inhomogeneous"):
        explain(wrong)
    with pytest.raises(ValueError, match=r"expected uint8 of shape \(N, 28, 28\)"):
        default_classifier().logits(wrong)


@given(st.integers() | st.none() | st.text(max_size=3) | st.lists(st.integers(), max_size=2))
def test_a_class_map_is_of_a_digit_or_a_value_error(digit):
    made = Explanation(np.zeros((10, 7, 7), np.float32), {})
    if isinstance(digit, int) and 0 <= digit <= 9:
        assert made.class_map(digit).shape == (28, 28)
    else:
        with pytest.raises(ValueError, match="expected a digit from 0 to 9"):
            made.class_map(digit)


@pytest.mark.parametrize("digit", [3.0, True, np.float32(3)])
@pytest.mark.xfail(strict=True, reason="equals a digit, but is no index: IndexError or cv2.error")
def test_a_number_that_only_equals_a_digit_is_a_value_error(digit):
    with pytest.raises(ValueError, match="expected a digit from 0 to 9"):
        Explanation(np.zeros((10, 7, 7), np.float32), {}).class_map(digit)


@given(inks(28, 28), SEEDS, st.floats(1e-9, 1e9), st.none() | st.floats(0, 1e9))
def test_any_class_map_is_drawn_over_any_ink(ink, seed, strength, max_evidence):
    class_map = (np.random.default_rng(seed).normal(0, 1, (28, 28)) * strength).astype(np.float32)
    before = ink.copy(), class_map.copy()
    drawn = overlay(ink, class_map, max_evidence)
    assert (drawn.dtype, drawn.shape) == (np.uint8, (224, 224, 3))
    assert (ink == before[0]).all()
    assert (class_map == before[1]).all()
    reversed_evidence = overlay(ink, -class_map, max_evidence)
    assert (drawn != reversed_evidence).any() or max_evidence is not None


@given(inks(28, 28), SEEDS, st.sampled_from([2.0**-10, 0.5, 4.0, 2.0**20]))
def test_the_unit_of_evidence_does_not_matter(ink, seed, unit):
    class_map = np.random.default_rng(seed).normal(0, 1, (28, 28)).astype(np.float32)
    assert (overlay(ink, class_map * np.float32(unit)) == overlay(ink, class_map)).all()


@pytest.mark.parametrize(
    ("ink", "class_map"),
    [
        (np.zeros((0, 0), np.uint8), np.zeros((28, 28), np.float32)),
        (np.zeros((28, 28), np.int64), np.zeros((28, 28), np.float32)),
        (np.zeros((28, 28), np.uint8), np.zeros((28, 28), np.int64)),
        (np.zeros((5, 5), np.uint8), np.zeros((28, 28), np.float32)),
        (np.zeros((28, 28), np.uint8), np.full((28, 28), np.nan, np.float32)),
    ],
    ids=["empty", "another type of ink", "another type of map", "another shape", "not a number"],
)
@pytest.mark.xfail(strict=True, reason="a wrong array gives cv2.error, a warning, or a picture")
def test_a_wrong_array_for_an_overlay_is_a_value_error(ink, class_map):
    with pytest.raises(ValueError, match="expected"):
        overlay(ink, class_map)


finite_logits = st.lists(st.floats(-(2.0**100), 2.0**100, width=32), min_size=10, max_size=10).map(lambda row: np.array(row, np.float32))


@given(finite_logits, st.floats(1e-30, 1e30))
def test_any_logits_give_a_prediction(logits, temperature):
    prediction = Prediction.from_logits(logits, temperature)
    assert abs(float(prediction.probabilities.sum(dtype=np.float64)) - 1) < 1e-6
    assert ((prediction.probabilities >= 0) & (prediction.probabilities <= 1)).all()
    assert prediction.label == prediction.top_k[0]
    assert sorted(prediction.top_k) == list(range(10))
    assert prediction.confidence == max(prediction.probabilities)
    ranked = [float(prediction.probabilities[digit]) for digit in prediction.top_k]
    assert ranked == sorted(ranked, reverse=True)


@given(finite_logits, st.floats(0, 1))
def test_a_prediction_is_unsure_exactly_below_the_limit(logits, unsure_below):
    prediction = Prediction.from_logits(logits)
    first, second = prediction.top_k[:2]
    expected = "" if prediction.confidence >= unsure_below else f"unsure between {first} and {second}"
    assert prediction.doubt(unsure_below) == expected


@given(finite_logits, st.sampled_from([0.0, -0.0, -1.0, np.nan, -np.inf]))
def test_a_temperature_that_is_not_positive_is_a_value_error(logits, temperature):
    with pytest.raises(ValueError, match="expected a temperature above 0"):
        Prediction.from_logits(logits, temperature)


@given(st.lists(st.floats(width=32), max_size=12))
def test_other_logits_are_a_value_error(logits):
    if len(logits) == 10 and np.isfinite(logits).all():
        assert Prediction.from_logits(logits).label in range(10)
    else:
        with pytest.raises(ValueError, match="expected 10 finite logits"):
            Prediction.from_logits(logits)


@given(st.integers(0, 3), SEEDS)
@settings(max_examples=20)
def test_a_classifier_treats_every_image_alone(count, seed):
    images = np.random.default_rng(seed).integers(0, 256, (count, 28, 28), np.uint8)
    before, classifier = images.copy(), default_classifier()
    logits, probabilities, scores = classifier.logits(images), classifier.probabilities(images), classifier.digit_scores(images)
    assert (logits.shape, probabilities.shape, scores.shape) == ((count, 10), (count, 10), (count,))
    assert {each.dtype for each in (logits, probabilities, scores)} == {np.dtype(np.float32)}
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-6)
    assert ((scores >= 0) & (scores <= 1)).all()
    for index in range(count):
        assert (classifier.logits(images[index : index + 1]) == logits[index]).all()
    assert (images == before).all()
