from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import strategies as st

from digitcore.layout.components import Mark
from digitcore.layout.hypotheses import Hypothesis, only
from digitcore.recognition.alternatives import (
    MAX_ALTERNATIVES,
    calibrate_line,
    find_alternatives,
    hypotheses_of_lines,
    pool_with_following,
)
from digitcore.recognition.classification import ClassifiedMark
from digitcore.recognition.parameters import AlternativeParams
from digitcore.recognition.prediction import Prediction
from digitcore.recognition.text_search import NO_DIGIT
from digitcore.rejections import RejectionReason
from digitcore.types import Box
from tests.properties import given

PARAMS = AlternativeParams(acceptance_slope=2.0, path_temperature=0.5, line_slope=1.0, line_intercept=0.0)


def classified(probabilities, digit_score=0.999999):
    """A mark that the network takes for some digits, the rest being shared by all others."""
    row = np.full(10, (1 - sum(probabilities.values())) / max(10 - len(probabilities), 1), np.float32)
    row[list(probabilities)] = list(probabilities.values())
    return ClassifiedMark(SimpleNamespace(), Prediction(row), digit_score)


def found(probabilities, digit_score=0.999999, line=0, rejection=None):
    return Mark(np.full((20, 10), 255, np.uint8), Box(0, 0, 10, 20), line, rejection), classified(probabilities, digit_score)


def hypotheses(groups, read=None, thresholds=None, params=PARAMS):
    read = [mark for group in groups for mark in group[0].marks] if read is None else read
    return hypotheses_of_lines(groups, read, np.full(len(read), 0.5) if thresholds is None else np.array(thresholds), params)


SURE = {4: 0.9, 9: 0.09}


def test_options_are_labels_times_acceptance():
    line = hypotheses([only([found(SURE, 0.8)])], thresholds=[0.5])[0]
    (((weight, options),),) = line.choices
    accepted = 1 / (1 + 0.25**2)
    assert weight == 1
    assert options[0, NO_DIGIT] == pytest.approx(1 - accepted)
    assert options[0, [4, 9]] == pytest.approx([0.9 * accepted, 0.09 * accepted])
    assert options.sum() == pytest.approx(1)


def test_what_geometry_rules_out_is_no_digit():
    line = hypotheses([only([found(SURE, rejection=RejectionReason.DOT)])])[0]
    assert line.choices[0][0].options[0].tolist() == [*[0.0] * 10, 1.0]


def test_paths_are_weighted_by_their_costs():
    group = [Hypothesis([found(SURE)], 3.0), Hypothesis([found(SURE), found(SURE)], 3.5), Hypothesis([], 4.0)]
    weights = [path.weight for path in hypotheses([group])[0].choices[0]]
    assert weights == pytest.approx(np.exp([0, -1, -2]) / np.exp([0, -1, -2]).sum())


def test_a_mark_that_is_read_has_its_own_threshold_in_all_hypotheses_and_others_have_the_mean():
    a, b, c = found(SURE, 0.8), found(SURE, 0.8), found(SURE, 0.8)
    line = hypotheses([[Hypothesis([a, b], 0.0), Hypothesis([b, c], 0.0)]], thresholds=[0.5, 0.8])[0]
    first, second = (path.options[:, NO_DIGIT] for path in line.choices[0])
    assert first[1] == second[0] == pytest.approx(0.5)
    assert first[0] == pytest.approx(1 / 17)
    assert second[1] == pytest.approx(1 / 5)


def test_what_was_found_out_about_a_mark_later_counts_in_all_hypotheses():
    a, b = found({1: 0.8, 7: 0.2}), found(SURE)
    later = (a[0], classified({1: 0.2, 7: 0.8}))
    line = hypotheses([[Hypothesis([a], 0.0), Hypothesis([a, b], 9.0)]], read=[later])[0]
    assert [hypothesis.marks[0] for hypothesis in line.groups[0]] == [later, later]
    assert all(path.options[0, 7] > path.options[0, 1] for path in line.choices[0])


def test_groups_are_those_of_their_line():
    groups = [only([found(SURE)]), only([found(SURE), found(SURE)]), only([found(SURE, line=2)])]
    lines = hypotheses(groups)
    assert {line: [len(group[0].marks) for group in each.groups] for line, each in lines.items()} == {0: [1, 2], 2: [1]}
    assert {line: [len(paths[0].options) for paths in each.choices] for line, each in lines.items()} == {0: [1, 2], 2: [1]}


def test_other_labels_and_doubtful_marks_are_alternatives():
    line = hypotheses([only([found(SURE)]), only([found({0: 1.0}, 0.6)]), only([found({1: 0.6, 7: 0.4})])])[0]
    texts = [each.text for each in find_alternatives("401", line, PARAMS)]
    assert texts[:2] == ["401", "407"]
    assert set(texts) == {"401", "407", "41", "47", "901"}
    assert len(texts) == MAX_ALTERNATIVES


@pytest.mark.parametrize(("share", "expected"), [(0.1, ["1", "7", "4"]), (0.0005, ["1", "7"])])
def test_texts_below_the_least_probability_are_no_alternatives(share, expected):
    line = hypotheses([only([found({1: 0.7 - share, 7: 0.3, 4: share})])])[0]
    assert [each.text for each in find_alternatives("1", line, PARAMS)] == expected


def test_the_line_itself_comes_first_though_another_text_is_likelier():
    line = hypotheses([[Hypothesis([found({6: 1.0})], 2.0), Hypothesis([found({1: 1.0}), found({0: 1.0})], 0.0)]])[0]
    first, second = find_alternatives("6", line, PARAMS)
    assert (first.text, second.text) == ("6", "10")
    assert first.probability == second.probability


def test_a_line_that_was_not_found_by_probability_comes_first_all_the_same():
    line = hypotheses([only([found({6: 1.0}, 0.001)])])[0]
    (only_one,) = find_alternatives("6", line, PARAMS)
    assert only_one.text == "6"
    assert 0 < only_one.probability < 0.01


@given(st.floats(0, 1), st.floats(0, 5), st.floats(-5, 5))
def test_calibrated_shares_and_the_unknown_rest_sum_to_one(combined, slope, intercept):
    params = AlternativeParams(line_slope=slope, line_intercept=intercept)
    own, scale, unknown = calibrate_line("1", hypotheses([only([found(SURE)])])[0], combined, params)
    assert 0 <= own <= 1
    assert 0 <= scale <= 1
    assert own + scale * (1 - combined) + unknown == pytest.approx(1, abs=2e-6)


@given(st.lists(st.floats(0, 1), max_size=8), st.floats(0, 1))
def test_pooled_values_descend_and_keep_their_sum(following, first):
    following = sorted(following, reverse=True)
    pooled = pool_with_following(first, following)
    assert sum(pooled) == pytest.approx(first + sum(following))
    assert all(one >= other - 1e-12 for one, other in pairwise(pooled))
    if not following or first >= following[0]:
        assert pooled == [first, *following]
