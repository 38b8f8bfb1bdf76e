from types import SimpleNamespace

import numpy as np
import pytest

from digitcore import Settings
from digitcore.class_names import DIGITS
from digitcore.recognition.classification import classify_marks
from digitcore.recognition.normalization import normalize_digit
from synthetic.hands import HANDS, strokes, write


@pytest.fixture
def recorder():
    """Return a classifier that records its batches, and whose answers follow from the sums of the images."""
    batches = []

    def logits(images):
        batches.append(images)
        rows = np.zeros((len(images), 10), np.float32)
        rows[np.arange(len(images)), images.sum(axis=(1, 2), dtype=np.int64) % 10] = 2 * np.log(9)
        return rows

    def digit_scores_from_logits(rows):
        return rows.argmax(axis=1).astype(np.float32) / 16

    return SimpleNamespace(
        batches=batches, classes=DIGITS, temperature=2.0, logits=logits, digit_scores_from_logits=digit_scores_from_logits
    )


@pytest.fixture
def inks():
    """Return the ten digits, in several hands, sizes and pens."""
    hands = list(HANDS)
    return [
        write(np.zeros((90 + 9 * digit, 200), np.uint8), strokes(digit, hands[digit % len(hands)]), (40, 10), 60 + 5 * digit, 2 + digit)
        for digit in range(10)
    ]


def test_no_marks_need_no_network(recorder):
    assert classify_marks([], recorder, Settings()) == []
    assert classify_marks((), recorder, Settings()) == []
    assert recorder.batches == []


def test_all_marks_are_classified_in_one_batch_of_their_model_inputs(inks, recorder):
    marks = classify_marks(inks, recorder, Settings())
    (batch,) = recorder.batches
    assert batch.dtype == np.uint8
    assert (batch == np.stack([normalize_digit(ink).model_input for ink in inks])).all()
    assert (batch == np.stack([mark.normalized.model_input for mark in marks])).all()


def test_each_mark_has_the_logits_and_the_score_of_its_own_image(inks, recorder):
    for mark in classify_marks(inks, recorder, Settings()):
        label = int(mark.normalized.model_input.sum(dtype=np.int64)) % 10
        assert mark.prediction.label == label
        assert mark.digit_score == label / 16
        assert type(mark.digit_score) is float


def test_the_probabilities_are_calibrated_by_the_networks_temperature(inks, recorder):
    (mark,) = classify_marks(inks[:1], recorder, Settings())
    # The logits 2 · ln 9 and nine times 0, divided by 2, have the odds 9 to 9.
    assert mark.confidence == mark.prediction.confidence == pytest.approx(0.5)
    assert sorted(mark.prediction.probabilities.tolist()) == pytest.approx([*[1 / 18] * 9, 0.5])


@pytest.mark.parametrize(
    ("changes", "arguments"),
    [
        ({}, {}),
        ({"aspect_ratio": "squash"}, {"keep_aspect_ratio": False}),
        ({"centring": "box"}, {"centre_mass": False}),
        ({"minimum_stroke": 0.0}, {"min_stroke_share": 0.0}),
        ({"minimum_stroke": 0.3}, {"min_stroke_share": 0.3}),
        (
            {"minimum_stroke": 0.2, "aspect_ratio": "squash", "centring": "box"},
            {"min_stroke_share": 0.2, "keep_aspect_ratio": False, "centre_mass": False},
        ),
    ],
)
def test_the_settings_of_normalization_are_used(inks, recorder, changes, arguments):
    for mark, ink in zip(classify_marks(inks, recorder, Settings(**changes)), inks, strict=True):
        expected = normalize_digit(ink, **arguments)
        for step in ("crop", "thickened", "fitted", "model_input"):
            assert (getattr(mark.normalized, step) == getattr(expected, step)).all()


def test_the_network_classifies_marks_together_as_it_does_one_by_one(classifier, inks):
    together = classify_marks(inks, classifier, Settings())
    alone = [classify_marks([ink], classifier, Settings())[0] for ink in inks]
    assert [mark.prediction.label for mark in together] == list(range(10))
    for one, other in zip(together, alone, strict=True):
        assert one.prediction.probabilities == pytest.approx(other.prediction.probabilities)
        assert one.digit_score == pytest.approx(other.digit_score)
        assert (one.normalized.model_input == other.normalized.model_input).all()


def test_the_networks_own_probabilities_and_scores_are_returned(classifier, inks):
    marks = classify_marks(inks, classifier, Settings())
    images = np.stack([mark.normalized.model_input for mark in marks])
    assert np.stack([mark.prediction.probabilities for mark in marks]) == pytest.approx(classifier.probabilities(images))
    assert [mark.digit_score for mark in marks] == pytest.approx(classifier.digit_scores(images).tolist())


def test_marks_are_returned_in_the_order_given(classifier, inks):
    forwards = classify_marks(inks, classifier, Settings())
    backwards = classify_marks(inks[::-1], classifier, Settings())
    assert [mark.confidence for mark in backwards] == pytest.approx([mark.confidence for mark in forwards[::-1]])


def test_a_mark_without_ink_is_a_value_error(classifier, inks):
    with pytest.raises(ValueError, match="expected some ink"):
        classify_marks([inks[0], np.zeros((9, 9), np.uint8)], classifier, Settings())


def test_marks_are_not_changed_and_cannot_be(classifier, inks):
    before = [ink.copy() for ink in inks]
    marks = classify_marks(inks, classifier, Settings())
    assert all((ink == copy).all() for ink, copy in zip(inks, before, strict=True))
    with pytest.raises(AttributeError):
        marks[0].digit_score = 1.0  # type: ignore[misc]
