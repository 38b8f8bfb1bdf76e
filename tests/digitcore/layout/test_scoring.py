import math
from dataclasses import dataclass

import pytest

from digitcore.layout.scoring import (
    DIGIT_SCORE_MIDPOINT,
    MAX_RELATIVE_DIGIT_WIDTH,
    MIN_RELATIVE_DIGIT_HEIGHT,
    SKIP_COST,
    log_likelihood,
    log_odds,
    shape_cost,
    skip_cost,
)
from digitcore.types import Box


@dataclass(frozen=True)
class Classified:
    confidence: float
    digit_score: float


def test_log_odds_are_odd_around_one_half_and_finite():
    assert log_odds(0.5) == 0
    assert log_odds(0.8) == pytest.approx(math.log(4))
    assert log_odds(0.2) == pytest.approx(-log_odds(0.8))
    assert math.isfinite(log_odds(0.0))
    assert math.isfinite(log_odds(1.0))


def test_the_likelihood_rises_with_the_confidence_and_the_digit_score():
    assert log_likelihood(Classified(0.9, 0.9)) > log_likelihood(Classified(0.9, 0.2))
    assert log_likelihood(Classified(0.9, 0.9)) > log_likelihood(Classified(0.3, 0.9))
    assert log_likelihood(Classified(1.0, 1.0)) <= 0


def test_a_digit_score_at_the_midpoint_halves_the_probability():
    assert log_likelihood(Classified(1.0, DIGIT_SCORE_MIDPOINT)) == pytest.approx(math.log(0.5))


def test_an_ordinary_shape_costs_nothing_and_low_or_wide_ones_do():
    assert shape_cost(Box(0, 0, 60, 100), 100) == 0
    assert shape_cost(Box(0, 0, int(100 * MAX_RELATIVE_DIGIT_WIDTH), int(100 * MIN_RELATIVE_DIGIT_HEIGHT)), 100) == pytest.approx(
        0, abs=0.1
    )
    assert shape_cost(Box(0, 0, 30, 20), 100) > shape_cost(Box(0, 0, 30, 50), 100) > 0
    assert shape_cost(Box(0, 0, 200, 100), 100) > shape_cost(Box(0, 0, 130, 100), 100) > 0


def test_skipping_costs_the_more_the_larger_the_segment_up_to_a_bound():
    assert skip_cost(Box(0, 0, 10, 50), 100) == pytest.approx(SKIP_COST / 4)
    assert skip_cost(Box(0, 0, 10, 100), 100) == skip_cost(Box(0, 0, 300, 10), 100) == SKIP_COST
