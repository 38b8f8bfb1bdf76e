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
    weight = 1.5 if context > 0 else 5.0 * (1 - context)
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


def logistic(log_odds):
    return 1 / (1 + math.exp(-log_odds))


@pytest.mark.parametrize("reject_below", [0.05, 0.5, 0.6, 0.95])
def test_a_mark_alone_is_judged_by_the_given_threshold_but_for_the_prior(reject_below):
    alone = acceptance_thresholds([0.3], np.array([4]), np.array([9]), np.array([True]), reject_below)
    assert alone.dtype == np.float64
    assert alone == pytest.approx([logistic(logit(reject_below) - 0.4)], rel=1e-12)


@pytest.mark.parametrize(
    ("vote", "expected"),
    [
        *((0.0, -0.4), (1.0, -0.4 - 1.5 * 1 / 2), (0.5, -0.4 - 1.5 * 0.25), (-1.0, -0.4 + 5 * 1.5 * 0.5), (-0.5, -0.4 + 5 * 1.25 * 0.25)),
        *((0.999, -0.4 - 1.5 * 0.4995), (1.001, -0.4 - 1.5 * 0.5), (7.0, -0.4 - 1.5 * 0.5)),
        *((-0.999, -0.4 + 5 * 1.4995 * 0.4995), (-1.001, -0.4 + 5 * 1.5 * 0.5), (-7.0, -0.4 + 5 * 1.5 * 0.5)),
    ],
)
def test_one_neighbour_in_the_line_moves_the_threshold_by_its_limited_vote(vote, expected):
    first, _ = thresholds([0.5, logistic(logit(REJECT_BELOW) + vote)])
    assert logit(first) == pytest.approx(logit(REJECT_BELOW) + expected, abs=1e-9)


@pytest.mark.parametrize("certain", [(0.0, 1.0), (1e-6, 1 - 1e-6), (1e-300, 1.0)])
def test_scores_of_zero_and_one_vote_like_any_clear_score(certain):
    assert thresholds([0.5, *certain]) == pytest.approx(thresholds([0.5, 0.01, 0.99]), rel=1e-12)


@pytest.mark.parametrize("reject_below", [0.0, 1.0])
def test_a_threshold_of_zero_or_one_stays_within_the_range_of_scores(reject_below):
    values = acceptance_thresholds([0.0, 0.5, 1.0], np.zeros(3, int), np.full(3, 9), np.ones(3, bool), reject_below)
    assert np.isfinite(values).all()
    assert ((values >= 0) & (values <= 1)).all()
    assert values == pytest.approx([reject_below] * 3, abs=1e-3)


@pytest.mark.parametrize(
    ("vote", "factor"),
    [(1.0, 0), (0.001, 0), (0.0, 0), (-0.001, 1), (-1.0, 1)],
)
def test_only_other_lines_that_speak_against_a_digit_count(vote, factor):
    context = context_score(np.array([0.0, vote]), np.array([0, 1]), np.array([8, 8]), np.array([True, True]))
    assert context.tolist() == pytest.approx([factor * vote / 2, 0.0])


def test_line_and_other_lines_add_up():
    votes, lines, sides_px = np.array([0.3, 1.0, 0.8, -0.6]), np.array([0, 0, 0, 5]), np.array([10, 10, 10, 10])
    context = context_score(votes, lines, sides_px, np.ones(4, bool))
    assert context[0] == pytest.approx((1.0 + 0.8) / 3 - 0.6 / 2)
    assert context[1] == pytest.approx((0.3 + 0.8) / 3 - 0.6 / 2)
    assert context[2] == pytest.approx((0.3 + 1.0) / 3 - 0.6 / 2)
    assert context[3] == 0  # the other lines speak for a digit, which doesn't count, and its own line has no other mark


def test_a_context_that_weighs_even_gives_the_threshold_of_a_mark_alone():
    context = context_score(np.array([0.0, 1.0, -1.0]), np.zeros(3, int), np.full(3, 7), np.ones(3, bool))
    assert context[0] == 0
    assert thresholds([0.5, 1.0, 0.0])[0] == pytest.approx(thresholds([0.5])[0], rel=1e-12)


def test_a_mark_without_a_vote_still_has_a_context():
    with_vote, without = thresholds([0.5, 0.01, 0.2]), thresholds([0.5, 0.01, 0.2], may_be_digit=[False, True, True])
    assert without[0] == with_vote[0]
    assert (without[1:] != with_vote[1:]).all()


def test_no_votes_at_all_leave_every_mark_alone():
    none = thresholds([0.1, 0.9, 0.5], lines=[0, 0, 1], may_be_digit=[False] * 3)
    assert none == pytest.approx([thresholds([0.5])[0]] * 3, rel=1e-12)


def test_marks_without_a_vote_do_not_set_the_scale_of_sizes():
    votes, same_line = np.array([0.0, -1.0, 1.0]), np.eye(3, dtype=np.bool_)
    score = other_lines_score(votes, same_line, np.array([10, 10, 1000]), np.array([1.0, 1.0, 0.0]))
    assert score == pytest.approx([-1 / 2, 0, -1 / 3])  # for the last mark both others count, one of them with a vote of 0


@pytest.mark.parametrize("side_px", [0, 1, 2, 50_000])
def test_marks_of_one_size_count_alike_whatever_the_size(side_px):
    same_line = np.array([[True, False], [False, True]])
    score = other_lines_score(np.array([0.5, -1.0]), same_line, np.array([side_px, side_px]), np.ones(2))
    assert score == pytest.approx([0, 0] if side_px == 0 else [-1 / 2, 0.5 / 2])


def test_marks_of_the_same_line_are_no_other_lines():
    score = other_lines_score(np.array([0.0, 1.0, -1.0]), np.ones((3, 3), bool), np.array([9, 9, 9]), np.ones(3))
    assert score.tolist() == [0, 0, 0]


def test_the_score_of_other_lines_counts_the_largest_mark_of_its_own_line_for_the_scale():
    same_line = np.array([[True, True, False], [True, True, False], [False, False, True]])
    score = other_lines_score(np.array([0.0, 0.0, -1.0]), same_line, np.array([10, 20, 10]), np.ones(3))
    assert score[0] == score[1] == pytest.approx(-0.25 / 1.25)


@given(marks)
def test_scores_of_contexts_stay_within_their_documented_ranges(given_marks):
    scores, lines, sides_px, may_be_digit = (np.array(values) for values in zip(*given_marks, strict=True))
    votes = 2 * scores - 1
    context = context_score(votes, lines, sides_px, may_be_digit)
    elsewhere = other_lines_score(votes, lines[:, np.newaxis] == lines, sides_px, may_be_digit.astype(float))
    assert context.shape == elsewhere.shape == (len(scores),)
    assert ((context > -2) & (context < 1)).all()
    assert ((elsewhere > -1) & (elsewhere < 1)).all()
    values = thresholds(scores.tolist(), lines, sides_px, may_be_digit)
    assert ((values > 0) & (values < 1)).all()


@given(marks, st.randoms(use_true_random=False))
def test_the_order_of_the_marks_does_not_matter(given_marks, random):
    shuffled = list(range(len(given_marks)))
    random.shuffle(shuffled)
    in_order = thresholds(*(list(values) for values in zip(*given_marks, strict=True)))
    in_disorder = thresholds(*(list(values) for values in zip(*(given_marks[i] for i in shuffled), strict=True)))
    assert in_disorder == pytest.approx(in_order[shuffled], rel=1e-9)


@given(marks)
def test_the_numbers_of_the_lines_are_only_names(given_marks):
    scores, lines, sides_px, may_be_digit = (list(values) for values in zip(*given_marks, strict=True))
    renamed = [(40, -3, 7, 100)[line] for line in lines]
    assert (thresholds(scores, renamed, sides_px, may_be_digit) == thresholds(scores, lines, sides_px, may_be_digit)).all()


@given(marks, st.integers(0, 11), st.floats(0, 1))
def test_a_mark_that_looks_more_like_a_digit_never_raises_another_threshold(given_marks, index, better):
    scores, lines, sides_px, may_be_digit = (list(values) for values in zip(*given_marks, strict=True))
    index %= len(scores)
    before = thresholds(scores, lines, sides_px, may_be_digit)
    scores[index] = max(scores[index], better)
    after = thresholds(scores, lines, sides_px, may_be_digit)
    assert (after <= before + 1e-12).all()
    assert after[index] == pytest.approx(before[index], rel=1e-12)  # its own score is no part of its context


def test_no_argument_is_changed():
    arrays = np.array([0, 1, 1]), np.array([5, 6, 7]), np.array([True, False, True])
    for each in arrays:
        each.setflags(write=False)
    scores = [0.2, 0.5, 0.9]
    acceptance_thresholds(scores, *arrays, REJECT_BELOW)
    assert scores == [0.2, 0.5, 0.9]
