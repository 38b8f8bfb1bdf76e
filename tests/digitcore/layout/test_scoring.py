import math
from dataclasses import dataclass

import pytest
from hypothesis import strategies as st
from scipy import special

from digitcore.layout.parameters import ScoringParams
from digitcore.layout.scoring import denial_cost, log_likelihood, log_odds, shape_cost, skip_cost
from digitcore.types import Box
from tests.properties import example, given

PARAMS = ScoringParams()
PROBABILITIES = st.floats(0, 1)
SIDES = st.integers(1, 400)


@dataclass(frozen=True)
class Classified:
    confidence: float
    digit_score: float
    label: int = 1


ONE = Classified(0.9, 0.9, 1)


def test_log_odds_are_odd_around_one_half_and_finite():
    assert log_odds(0.5) == 0
    assert log_odds(0.8) == pytest.approx(math.log(4))
    assert log_odds(0.2) == pytest.approx(-log_odds(0.8))
    assert math.isfinite(log_odds(0.0))
    assert math.isfinite(log_odds(1.0))


@given(st.floats(1e-6, 1 - 1e-6))
def test_log_odds_are_the_inverse_of_the_logistic_function(probability):
    assert log_odds(probability) == pytest.approx(float(special.logit(probability)))
    assert float(special.expit(log_odds(probability))) == pytest.approx(probability)


@pytest.mark.parametrize("probability", [-1.0, 0.0, 1e-9, 1e-6])
def test_probabilities_of_a_millionth_and_less_are_the_same(probability):
    assert log_odds(probability) == pytest.approx(-math.log(999_999))
    assert log_odds(1 - probability) == pytest.approx(math.log(999_999))
    assert log_odds(2e-6) > log_odds(probability)


def test_the_likelihood_rises_with_the_confidence_and_the_digit_score():
    assert log_likelihood(Classified(0.9, 0.9)) > log_likelihood(Classified(0.9, 0.2))
    assert log_likelihood(Classified(0.9, 0.9)) > log_likelihood(Classified(0.3, 0.9))
    assert log_likelihood(Classified(1.0, 1.0)) <= 0


def test_a_digit_score_at_the_midpoint_halves_the_probability():
    assert log_likelihood(Classified(1.0, PARAMS.digit_score_midpoint)) == pytest.approx(math.log(0.5))


@given(st.floats(1e-9, 1), PROBABILITIES)
@example(1.0, 0.0)
@example(1e-9, 1.0)
def test_the_likelihood_is_that_of_the_confidence_times_a_logistic_function_of_the_digit_score(confidence, digit_score):
    score = min(max(digit_score, 1e-6), 1 - 1e-6)
    argument = PARAMS.digit_score_slope * (special.logit(score) - special.logit(PARAMS.digit_score_midpoint))
    expected = math.log(confidence) + float(special.log_expit(argument))
    assert log_likelihood(Classified(confidence, digit_score)) == pytest.approx(expected, abs=1e-12)
    assert log_likelihood(Classified(confidence, digit_score)) <= 0


def test_odds_twice_those_of_the_midpoint_give_odds_of_eight():
    odds = 2 * 0.35 / 0.65
    assert math.exp(log_likelihood(Classified(1.0, odds / (1 + odds)))) == pytest.approx(8 / 9)
    assert math.exp(log_likelihood(Classified(0.5, odds / (1 + odds)))) == pytest.approx(4 / 9)


@pytest.mark.parametrize("confidence", [0.0, -0.1])
def test_a_confidence_must_be_above_zero(confidence):
    with pytest.raises(ValueError, match="math domain"):
        log_likelihood(Classified(confidence, 0.5))


def test_an_ordinary_shape_costs_nothing_and_low_or_wide_ones_do():
    assert shape_cost(ONE, Box(0, 0, 60, 100), 100) == 0
    assert shape_cost(ONE, Box(0, 0, int(100 * PARAMS.max_digit_width), int(100 * PARAMS.min_digit_height)), 100) == pytest.approx(
        0, abs=0.1
    )
    assert shape_cost(ONE, Box(0, 0, 30, 20), 100) > shape_cost(ONE, Box(0, 0, 30, 50), 100) > 0
    assert shape_cost(ONE, Box(0, 0, 200, 100), 100) > shape_cost(ONE, Box(0, 0, 130, 100), 100) > 0


@pytest.mark.parametrize(
    ("width", "height", "cost"),
    [
        (50, 71, 0.0),
        (50, 70, 0.0),
        (50, 69, 0.1),
        (50, 20, 5.0),
        (115, 100, 0.0),
        (116, 100, 0.06),
        (165, 100, 3.0),
        (165, 20, 8.0),
        (1, 300, 0),
    ],
)
def test_each_missing_or_excessive_hundredth_of_the_writing_height_costs_its_share(width, height, cost):
    assert shape_cost(ONE, Box(7, 8, width, height), 100.0) == pytest.approx(cost, abs=1e-9)


@pytest.mark.parametrize("label", [0, 2, 3, 4, 5, 6, 7, 8, 9])
def test_only_a_1_costs_more_where_it_is_low(label):
    assert shape_cost(Classified(0.9, 0.9, label), Box(0, 0, 50, 40), 100.0) == 0
    assert shape_cost(Classified(0.9, 0.9, label), Box(0, 0, 165, 40), 100.0) == pytest.approx(3)


def test_the_costs_of_shapes_are_those_of_the_parameters():
    assert shape_cost(ONE, Box(0, 0, 1, 0), 10.0) == pytest.approx(PARAMS.height_deficit_cost * PARAMS.min_digit_height)
    assert shape_cost(ONE, Box(0, 0, 30, 10), 10.0) == pytest.approx(PARAMS.width_excess_cost * (3 - PARAMS.max_digit_width))


def test_skipping_costs_the_more_the_larger_the_segment_up_to_a_bound():
    assert skip_cost(Box(0, 0, 10, 50), 100) == pytest.approx(PARAMS.skip_cost / 4)
    assert skip_cost(Box(0, 0, 10, 100), 100) == skip_cost(Box(0, 0, 300, 10), 100) == PARAMS.skip_cost


@pytest.mark.parametrize(
    ("width", "height", "cost"), [(10, 20, 0.16), (20, 10, 0.16), (99, 1, 3.9204), (100, 1, 4.0), (101, 1, 4.0), (1, 1, 4e-4)]
)
def test_skipping_costs_the_square_of_the_longer_side(width, height, cost):
    assert skip_cost(Box(3, 4, width, height), 100.0) == pytest.approx(cost)


@given(SIDES, SIDES, st.floats(1, 300), st.integers(2, 5))
def test_costs_are_not_negative_and_do_not_depend_on_place_and_scale(width, height, writing_height, factor):
    box, enlarged = Box(0, 0, width, height), Box(-9, 70, factor * width, factor * height)
    assert 0 <= skip_cost(box, writing_height) <= PARAMS.skip_cost
    assert shape_cost(ONE, box, writing_height) >= 0
    assert skip_cost(enlarged, factor * writing_height) == pytest.approx(skip_cost(box, writing_height))
    assert shape_cost(ONE, enlarged, factor * writing_height) == pytest.approx(shape_cost(ONE, box, writing_height), abs=1e-9)


@given(st.floats(0.1, 1), PROBABILITIES)
def test_to_deny_a_digit_costs_what_its_probability_leaves(confidence, digit_score):
    candidate = Classified(confidence, digit_score)
    others = 1 - math.exp(log_likelihood(candidate))
    assert denial_cost(candidate) == pytest.approx(-math.log(max(others, 1e-6)), abs=1e-9)


def test_to_deny_what_is_no_digit_costs_next_to_nothing():
    assert 0 <= denial_cost(Classified(0.9, 0.01)) < 1e-3
    assert denial_cost(Classified(0.2, 0.9)) < 0.3
    assert denial_cost(Classified(0.999, 0.9)) > 2
