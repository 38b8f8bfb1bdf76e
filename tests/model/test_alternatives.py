import numpy as np
import pytest

from digitcore import Alternative
from digitcore.pipeline import find_marks
from digitcore.recognition.parameters import AlternativeParams
from model.alternatives import LineOutcome, combination_loss, fit, label_marks, match_lines, outcomes, reading_outcomes, summary
from synthetic.hands import strokes, write


@pytest.mark.parametrize(
    ("written", "read", "matched"),
    [
        (["12", "34"], ["12", "34"], ["12", "34"]),
        (["12", "34"], ["1", "3"], ["12", "34"]),
        (["12", "34", "56"], ["12", "3", "56"], ["12", "34", "56"]),
        (["12", "34"], ["34"], ["34"]),
        (["12"], ["7", "12"], [None, "12"]),
        (["12"], [], []),
        ([], ["7"], [None]),
    ],
)
def test_lines_that_are_read_are_matched_with_those_that_are_written(written, read, matched):
    assert match_lines(written, read) == matched


def test_lines_are_summarized():
    lines = [LineOutcome(0.95, True, True)] * 3 + [LineOutcome(0.95, False, True), LineOutcome(0.1, False, False)]
    assert summary(lines) == {
        "count": 5,
        "accuracy_pct": 60.0,
        "expected_calibration_error_pct": 18.0,
        "misread": 2,
        "misread_among_alternatives_pct": 50.0,
    }
    assert summary(lines[:1])["misread_among_alternatives_pct"] is None


def test_a_reading_is_compared_line_by_line():
    class Reading:
        lines = ("12", "34")
        alternatives = ((Alternative("12", 0.9),), (Alternative("34", 0.6), Alternative("84", 0.3)))

    assert reading_outcomes(Reading, ["12", "84"]) == [LineOutcome(0.9, True, True), LineOutcome(0.6, False, True)]


def drawn(text, pitch_px):
    ink = np.zeros((160, 90 * len(text) + 120), np.uint8)
    for column, digit in enumerate(text):
        ink = write(ink, strokes(int(digit)), (40 + pitch_px * column, 40), 80, 8)
    return 255 - ink


def test_the_parameters_are_those_that_make_what_is_written_likeliest(classifier):
    pictures = [(drawn(text, pitch_px), text) for text in ("40", "12", "68", "39") for pitch_px in (26, 34, 42, 60)]
    labelled = [label_marks(find_marks(picture, classifier), [text]) for picture, text in pictures]
    params = fit(labelled)
    assert combination_loss(labelled, params) <= combination_loss(labelled, AlternativeParams(acceptance_slope=1.0, path_temperature=2.0))
    assert params.line_slope > 0
    read = [each for picture in labelled for each in outcomes(picture, params)]
    right, wrong = ([each.probability for each in read if each.is_right is is_right] for is_right in (True, False))
    assert np.mean(right) > np.mean(wrong)
