"""Properties of what explains and classifies single images: any image, any logits, any class map."""

import numpy as np
import pytest
from hypothesis import strategies as st

from digitcore import Explanation, Prediction, default_classifier, explain, overlay
from digitcore.layout.ink import crop_to_ink
from digitcore.recognition.acceptance import acceptance_thresholds
from digitcore.recognition.classification import classify_marks
from digitcore.recognition.heatmap import mean_activation_image
from digitcore.recognition.model_input import to_model_input
from digitcore.recognition.normalization import (
    centre_by_box,
    centre_by_mass,
    centre_of_mass,
    normalize_digit,
    relative_stroke_width,
    thicken_strokes,
)
from digitcore.recognition.prediction import free_energy, logistic, softmax
from digitcore.types import INK_LEVEL
from tests.properties import given, settings
from tests.strategies import SEEDS, inks, json_values, valid_settings, wrong_arrays


@given(inks(28, 28))
@settings(max_examples=20)
def test_any_input_of_the_network_is_explained(ink):
    before = ink.copy()
    explanation = explain(ink)
    assert explanation.class_maps.dtype == np.float32
    assert explanation.class_maps.shape[0] == 10
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
def test_a_number_that_only_equals_a_digit_is_a_value_error(digit):
    with pytest.raises(ValueError, match="expected a digit from 0 to 9"):
        Explanation(np.zeros((10, 7, 7), np.float32), {}).class_map(digit)


@given(inks(28, 28), SEEDS, st.floats(1e-9, 1e9), st.none() | st.floats(0, 1e9))
@settings(max_examples=20)
def test_any_class_map_is_drawn_over_any_ink(ink, seed, strength, max_evidence):
    class_map = (np.random.default_rng(seed).normal(0, 1, (28, 28)) * strength).astype(np.float32)
    before = ink.copy(), class_map.copy()
    drawn = overlay(ink, class_map, max_evidence)
    assert drawn.dtype == np.uint8
    assert drawn.shape == (224, 224, 3)
    assert (ink == before[0]).all()
    assert (class_map == before[1]).all()
    reversed_evidence = overlay(ink, -class_map, max_evidence)
    assert (drawn != reversed_evidence).any() or max_evidence is not None


@given(inks(28, 28), SEEDS, st.sampled_from([2.0**-10, 0.5, 4.0, 2.0**20]))
@settings(max_examples=12)
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
        (np.zeros((28, 28), np.uint8), np.full((28, 28), -np.inf, np.float32)),
        (np.zeros((28, 28), np.uint8), np.zeros((28, 28))),
        (np.zeros((28, 28), np.uint8), np.zeros((10, 28, 28), np.float32)),
        (np.zeros((28, 28, 1), np.uint8), np.zeros((28, 28), np.float32)),
        (None, np.zeros((28, 28), np.float32)),
        (np.zeros((28, 28), np.uint8), [[0.0] * 28] * 28),
    ],
    ids=[
        *("empty", "another type of ink", "another type of map", "another shape", "not a number", "infinite"),
        *("another precision", "all maps", "a channel", "no ink", "lists"),
    ],
)
def test_a_wrong_array_for_an_overlay_is_a_value_error(ink, class_map):
    with pytest.raises(ValueError, match=r"^expected a .*, received "):
        overlay(ink, class_map)


@given(wrong_arrays(max_side_px=40) | json_values)
def test_whatever_is_no_ink_or_map_for_an_overlay_is_a_value_error(wrong):
    ink, class_map = np.zeros((28, 28), np.uint8), np.zeros((28, 28), np.float32)
    with pytest.raises(ValueError, match=r"^expected a model_input of uint8 and shape \(28, 28\), received "):
        overlay(wrong, class_map)
    with pytest.raises(ValueError, match=r"^expected a class_map of float32 and shape \(28, 28\), received "):
        overlay(ink, wrong)


def test_evidence_that_is_not_a_number_is_a_value_error():
    with pytest.raises(ValueError, match="expected a number as max_evidence, received NaN"):
        overlay(np.zeros((28, 28), np.uint8), np.zeros((28, 28), np.float32), np.nan)


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


@given(wrong_arrays(max_side_px=40) | json_values)
def test_whatever_is_no_stack_of_images_is_a_value_error(wrong):
    with pytest.raises(ValueError, match=r"^expected uint8 of shape \(N, 28, 28\), received "):
        to_model_input(wrong)


@given(st.integers(0, 4), SEEDS)
def test_an_input_tensor_holds_the_shares_of_white(count, seed):
    images = np.random.default_rng(seed).integers(0, 256, (count, 28, 28), np.uint8)
    tensor = to_model_input(images[:, ::-1])
    assert tensor.dtype == np.float32
    assert tensor.shape == (count, 28, 28, 1)
    assert (np.rint(tensor[..., 0] * 255) == images[:, ::-1]).all()


@given(inks(), st.floats(0, 0.3), st.booleans(), st.booleans())
@settings(max_examples=20)
def test_any_ink_is_normalized(ink, min_stroke_share, keep_aspect_ratio, centre_mass):
    before = ink.copy()
    digit = normalize_digit(ink, min_stroke_share, keep_aspect_ratio=keep_aspect_ratio, centre_mass=centre_mass)
    for step in (digit.crop, digit.thickened, digit.fitted, digit.model_input):
        assert step.dtype == np.uint8
        assert step.ndim == 2
    assert (digit.crop == crop_to_ink(ink)).all()
    for edge in (digit.crop[0], digit.crop[-1], digit.crop[:, 0], digit.crop[:, -1]):
        assert edge.any()
    assert max(digit.fitted.shape) == 20
    assert digit.fitted.max() == 255
    assert keep_aspect_ratio or digit.fitted.shape == (20, 20)
    assert digit.model_input.shape == (28, 28)
    assert (crop_to_ink(digit.model_input) == crop_to_ink(digit.fitted)).all()
    assert (ink == before).all()


@given(inks(max_side_px=40), st.floats(0.01, 0.3))
def test_thickening_loses_no_ink_and_can_be_turned_off(ink, min_stroke_share):
    crop = crop_to_ink(ink)
    thickened = thicken_strokes(crop, min_stroke_share)
    assert thickened is crop or int((thickened > 0).sum()) >= int((crop > INK_LEVEL).sum())
    assert relative_stroke_width(crop) >= 0
    assert thicken_strokes(crop, 0.0) is crop


@given(inks(max_side_px=40))
def test_ink_turned_by_a_right_angle_has_a_turned_box_and_centre_of_mass(ink):
    turned = np.ascontiguousarray(np.rot90(ink))
    assert (crop_to_ink(turned) == np.rot90(crop_to_ink(ink))).all()
    x, y = centre_of_mass(ink)
    assert centre_of_mass(turned) == pytest.approx((y, ink.shape[1] - 1 - x))


@pytest.mark.parametrize("function", [normalize_digit, crop_to_ink, centre_of_mass, centre_by_mass])
@given(st.integers(1, 20), st.integers(1, 20))
@settings(max_examples=10)
def test_an_empty_picture_is_a_value_error(function, height, width):
    with pytest.raises(ValueError, match="expected some ink, received an empty picture"):
        function(np.zeros((height, width), np.uint8))


@given(inks(max_side_px=40))
def test_ink_larger_than_the_square_is_a_value_error(ink):
    for centre in (centre_by_mass, centre_by_box):
        if max(ink.shape) <= 28:
            assert int(centre(ink).sum(dtype=np.int64)) == int(ink.sum(dtype=np.int64))
        else:
            with pytest.raises(ValueError, match="expected at most 28 pixels a side"):
                centre(ink)


rows_of_logits = st.integers(0, 5).flatmap(
    lambda count: st.lists(finite_logits, min_size=count, max_size=count).map(lambda rows: np.array(rows, np.float32).reshape(-1, 10))
)


@given(rows_of_logits, st.floats(1e-3, 1e3))
def test_rows_are_independent(logits, temperature):
    before = logits.copy()
    probabilities, energies = softmax(logits, temperature), free_energy(logits)
    assert (probabilities.shape, energies.shape) == (logits.shape, (len(logits),))
    for row, probability, energy in zip(logits, probabilities, energies, strict=True):
        assert (softmax(row, temperature) == probability).all()
        assert free_energy(row) == energy
        assert row.max() <= energy <= row.max() + np.log(10) + 1e-6 * (1 + abs(row.max()))
    assert (logits == before).all()


@given(st.lists(st.floats(-(2.0**100), 2.0**100, width=32), max_size=10))
def test_the_logistic_function_is_a_share_and_symmetric(values):
    values = np.array(values, np.float32)
    assert ((logistic(values) >= 0) & (logistic(values) <= 1)).all()
    assert logistic(values) + logistic(-values) == pytest.approx(1, abs=1e-6)


@given(st.lists(inks(max_side_px=40), max_size=4), valid_settings)
@settings(max_examples=15)
def test_marks_are_classified_alone_and_in_their_order(marks, chosen):
    classifier = default_classifier()
    classified = classify_marks(marks, classifier, chosen)
    assert len(classified) == len(marks)
    for ink, found in zip(marks, classified, strict=True):
        (alone,) = classify_marks([ink], classifier, chosen)
        assert (found.prediction.probabilities == alone.prediction.probabilities).all()
        assert found.digit_score == alone.digit_score
        assert 0 <= found.digit_score <= 1
        assert found.confidence == found.prediction.confidence


@given(
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 3), st.integers(1, 500), st.booleans()), min_size=1, max_size=8),
    st.floats(0, 1),
    SEEDS,
)
def test_thresholds_are_shares_and_follow_their_marks(marks, reject_below, seed):
    def thresholds(ordered):
        scores, lines, sides, may_be_digit = zip(*ordered, strict=True)
        return acceptance_thresholds(scores, np.array(lines), np.array(sides), np.array(may_be_digit), reject_below)

    found = thresholds(marks)
    assert found.shape == (len(marks),)
    assert ((found >= 0) & (found <= 1)).all()
    order = np.random.default_rng(seed).permutation(len(marks))
    assert thresholds([marks[index] for index in order]) == pytest.approx(found[order])


@given(SEEDS, st.integers(1, 5), st.integers(1, 9), st.integers(1, 9), st.floats(0, 1e6))
def test_a_mean_activation_is_a_picture_with_its_maximum_white(seed, channels, height, width, strength):
    activations = (np.random.default_rng(seed).random((channels, height, width)) * strength).astype(np.float32)
    image = mean_activation_image(activations)
    assert image.dtype == np.uint8
    assert image.shape == (height, width)
    assert image.max() == 255 or activations.mean(axis=0).max() < 1e-6
