"""Costs of a segmentation, in natural logarithms of probability: a cost is what is subtracted from the log-likelihood."""

import math
from typing import Final

import numpy as np

from digitcore.layout.candidates import Candidate
from digitcore.layout.parameters import ScoringParams
from digitcore.types import Box

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


def log_likelihood(candidate: Candidate, params: ScoringParams = ScoringParams()) -> float:
    """Compute the logarithm of the probability that a candidate is a digit and the likeliest one.

    With the confidence c, the digit score s, σ the logistic function, the slope k = `digit_score_slope` and the midpoint
    m = `digit_score_midpoint`:

        log P = log c + log σ(k · (log_odds(s) − log_odds(m)))

    Args:
        candidate: with a confidence above 0.
        params: the costs.

    Returns:
        The log-likelihood, at most 0.
    """
    doubt = params.digit_score_slope * (log_odds(params.digit_score_midpoint) - log_odds(candidate.digit_score))
    return math.log(candidate.confidence) - float(np.logaddexp(0, doubt))


def shape_cost(candidate: Candidate, box: Box, writing_height: float, params: ScoringParams = ScoringParams()) -> float:
    """Compute how unlikely a digit of this size is among its neighbours.

    With the height h and the width w of the box in writing heights:

        cost = height_deficit_cost · max(0, min_digit_height − h) + width_excess_cost · max(0, w − max_digit_width)

    where only a 1 has the first term: a low bar is rather a comma, a dash or a part of a stroke, but many people write a 0 half as high as
    other digits.

    Args:
        candidate: the classification of what is in the box.
        box: of the candidate, in pixels.
        writing_height: of the line, in pixels.
        params: the costs.

    Returns:
        The cost, at least 0.
    """
    height_deficit = max(0.0, params.min_digit_height - box.height / writing_height) if candidate.label == 1 else 0.0
    width_excess = max(0.0, box.width / writing_height - params.max_digit_width)
    return params.height_deficit_cost * height_deficit + params.width_excess_cost * width_excess


def skip_cost(box: Box, writing_height: float, params: ScoringParams = ScoringParams()) -> float:
    """Compute what it costs to leave out a segment: `skip_cost` times the square of its relative size.

    Args:
        box: of the segment, in pixels.
        writing_height: of the line, in pixels.
        params: the costs.

    Returns:
        The cost, in [0, `skip_cost`].
    """
    return params.skip_cost * min(box.side / writing_height, 1.0) ** 2


def denial_cost(candidate: Candidate, params: ScoringParams = ScoringParams()) -> float:
    """Compute what it costs to leave out a whole component although the network takes it for a digit.

    With P as in `log_likelihood`: −log(1 − P).

    Args:
        candidate: with a confidence above 0.
        params: the costs.

    Returns:
        The cost, at least 0.
    """
    probability = math.exp(log_likelihood(candidate, params))
    return -math.log1p(-min(probability, 1 - _MIN_PROBABILITY))
