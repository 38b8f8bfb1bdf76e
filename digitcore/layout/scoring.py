"""Costs of a segmentation, in natural logarithms of probability: a cost is what is subtracted from the log-likelihood."""

import math
from typing import Final

import numpy as np

from digitcore.layout.candidates import Candidate
from digitcore.types import Box

SKIP_COST: Final = 4.0
"""What it costs to leave out a segment as high as the writing; the cost of smaller ones falls with the square of their longer side."""

MIN_RELATIVE_DIGIT_HEIGHT: Final = 0.7
"""Digits are seldom lower than this multiple of the writing height."""

HEIGHT_DEFICIT_COST: Final = 10.0
"""What each writing height that a digit lacks to `MIN_RELATIVE_DIGIT_HEIGHT` costs."""

MAX_RELATIVE_DIGIT_WIDTH: Final = 1.15
"""Digits are seldom wider than this multiple of the writing height."""

WIDTH_EXCESS_COST: Final = 6.0
"""What each writing height by which a digit exceeds `MAX_RELATIVE_DIGIT_WIDTH` costs."""

DIGIT_SCORE_MIDPOINT: Final = 0.35
"""Split digits, and the neighbours of splits, have lower digit scores than whole ones. As many correct as wrong splits have this score."""

DIGIT_SCORE_SLOPE: Final = 3.0
"""The odds of being a digit rise with this power of the odds of the digit score."""

MAX_DENIAL_COST: Final = 2.0
"""The most that it costs, in addition, to leave out a component that the network is sure of."""

_MIN_PROBABILITY: Final = 1e-6
"""Probabilities are kept this far from 0 and 1, so that their log-odds are finite."""


def log_odds(probability: float) -> float:
    """Compute the natural logarithm of the odds.

    Args:
        probability: in [0, 1]; 0 and 1 give a large finite number.

    Returns:
        log(p / (1 − p)).
    """
    clipped = min(max(probability, _MIN_PROBABILITY), 1 - _MIN_PROBABILITY)
    return math.log(clipped / (1 - clipped))


def log_likelihood(candidate: Candidate) -> float:
    """Compute the logarithm of the probability that a candidate is a digit and the likeliest one.

    With the confidence c, the digit score s, σ the logistic function, the slope k = `DIGIT_SCORE_SLOPE` and the midpoint
    m = `DIGIT_SCORE_MIDPOINT`:

        log P = log c + log σ(k · (log_odds(s) − log_odds(m)))

    Args:
        candidate: with a confidence above 0.

    Returns:
        The log-likelihood, at most 0.
    """
    doubt = DIGIT_SCORE_SLOPE * (log_odds(DIGIT_SCORE_MIDPOINT) - log_odds(candidate.digit_score))
    return math.log(candidate.confidence) - float(np.logaddexp(0, doubt))


def shape_cost(box: Box, writing_height: float) -> float:
    """Compute how unlikely a digit of this size is among its neighbours.

    With the height h and the width w of the box in writing heights:

        cost = HEIGHT_DEFICIT_COST · max(0, MIN_RELATIVE_DIGIT_HEIGHT − h) + WIDTH_EXCESS_COST · max(0, w − MAX_RELATIVE_DIGIT_WIDTH)

    Args:
        box: of the candidate, in pixels.
        writing_height: of the line, in pixels.

    Returns:
        The cost, at least 0.
    """
    height_deficit = max(0.0, MIN_RELATIVE_DIGIT_HEIGHT - box.height / writing_height)
    width_excess = max(0.0, box.width / writing_height - MAX_RELATIVE_DIGIT_WIDTH)
    return HEIGHT_DEFICIT_COST * height_deficit + WIDTH_EXCESS_COST * width_excess


def skip_cost(box: Box, writing_height: float) -> float:
    """Compute what it costs to leave out a segment: `SKIP_COST` times the square of its relative size.

    Args:
        box: of the segment, in pixels.
        writing_height: of the line, in pixels.

    Returns:
        The cost, in [0, `SKIP_COST`].
    """
    return SKIP_COST * min(box.side / writing_height, 1.0) ** 2


def denial_cost(candidate: Candidate) -> float:
    """Compute what it costs to leave out a whole component although the network takes it for a digit.

    With P as in `log_likelihood`: −log(1 − P), at most `MAX_DENIAL_COST`.

    Args:
        candidate: with a confidence above 0.

    Returns:
        The cost, at least 0.
    """
    probability = math.exp(log_likelihood(candidate))
    return min(-math.log1p(-min(probability, 1 - _MIN_PROBABILITY)), MAX_DENIAL_COST)
