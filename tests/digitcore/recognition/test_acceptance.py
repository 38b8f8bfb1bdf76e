import math

import numpy as np
import pytest
from hypothesis import strategies as st

from digitcore.recognition.acceptance import acceptance_thresholds, context_score, other_lines_score
from tests.properties import given

REJECT_BELOW = 0.6

marks = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 3), st.integers(1, 300), st.booleans()),
    min_size=1,
    max_size=12,
)


def thresholds(scores, lines=None, sides_px=None, may_be_digit=None):
    count = len(scores)
    return acceptance_thresholds(
        scores,
        np.array(lines if lines is not None else [0] * count),
        np.array(sides_px if sides_px is not None else [50] * count),
        np.array(may_be_digit if may_be_digit is not None else [True] * count),
        REJECT_BELOW,
    )


def logit(probability):
    certain = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(certain / (1 - certain))


def reference_threshold(i, scores, lines, sides_px, may_be_digit):
    """Compute the formula of the module's docstring for one mark, in plain Python."""
    votes = [min(max(logit(score) - logit(REJECT_BELOW), -1.0), 1.0) for score in scores]
    largest = max([side**2 for side, counts in zip(sides_px, may_be_digit, strict=True) if counts], default=1)
    line_votes, line_count = 0.0, 1
    other_votes, other_area = 0.0, 1.0
    for j, vote in enumerate(votes):
        if j == i or not may_be_digit[j]:
            continue
        if lines[j] == lines[i]:
            line_votes, line_count = line_votes + vote, line_count + 1
        else:
            area = sides_px[j] ** 2 / largest
            other_votes, other_area = other_votes + area * vote, other_area + area
    context = line_votes / line_count + 1.0 * min(other_votes / other_area, 0.0)
    weight = 2.0 if context > 0 else 3.0 * (1 - context)
    return 1 / (1 + math.exp(-(logit(REJECT_BELOW) - 0.4 - weight * context)))


@given(marks)
def test_the_thresholds_agree_with_the_formula_computed_mark_by_mark(given_marks):
    scores, lines, sides_px, may_be_digit = (list(values) for values in zip(*given_marks, strict=True))
    expected = [reference_threshold(i, scores, lines, sides_px, may_be_digit) for i in range(len(scores))]
    assert thresholds(scores, lines, sides_px, may_be_digit) == pytest.approx(expected)


def test_a_mark_alone_needs_a_little_less_than_the_threshold_without_context():
    (alone,) = thresholds([0.1])
    assert logit(alone) == pytest.approx(logit(REJECT_BELOW) - 0.4)


def test_digits_around_a_mark_lower_its_threshold_and_other_marks_raise_it():
    (alone,) = thresholds([0.5])
    assert thresholds([0.5, 0.99, 0.99])[0] < alone
    assert thresholds([0.5, 0.01, 0.01])[0] > alone


def test_more_digits_in_a_line_lower_the_threshold_further():
    values = [thresholds([0.5, *[0.99] * count])[0] for count in range(5)]
    assert values == sorted(values, reverse=True)


def test_other_lines_can_raise_a_threshold_but_never_lower_it():
    (alone,) = thresholds([0.5])
    assert thresholds([0.5, 0.99], lines=[0, 1])[0] == pytest.approx(alone)
    assert thresholds([0.5, 0.01], lines=[0, 1])[0] > alone


def test_large_marks_of_other_lines_count_more_than_small_ones():
    large = thresholds([0.5, 0.01, 0.99], lines=[0, 1, 2], sides_px=[50, 100, 10])[0]
    small = thresholds([0.5, 0.01, 0.99], lines=[0, 1, 2], sides_px=[50, 10, 100])[0]
    assert large > small


def test_marks_whose_shape_rules_out_a_digit_have_no_vote():
    assert thresholds([0.5, 0.01], may_be_digit=[True, False])[0] == thresholds([0.5])[0]


def test_a_marks_own_vote_is_not_part_of_its_context():
    lines, sides_px, may_be_digit = np.array([0]), np.array([50]), np.array([True])
    assert context_score(np.array([1.0]), lines, sides_px, may_be_digit).tolist() == [0.0]


def test_the_score_of_other_lines_is_a_mean_weighted_by_squared_size():
    votes, same_line = np.array([0.0, 1.0, -1.0]), np.eye(3, dtype=np.bool_)
    score = other_lines_score(votes, same_line, np.array([10, 10, 20]), np.ones(3))
    assert score[0] == pytest.approx((0.25 * 1 + 1 * -1) / (0.25 + 1 + 1))
