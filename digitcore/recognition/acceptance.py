"""Decide which marks are digits: the digit score that each mark must reach depends on the marks around it.

The network's digit score treats every mark alone. A page of digits makes one more digit likely; a page of letters makes it unlikely.
For mark i with digit score s_i, all in log odds, logit(p) = ln(p / (1 - p)):

    vote      v_i = logit(s_i) - logit(reject_below), limited to [-max_vote_log_odds, max_vote_log_odds]
    line      l_i = Σ_j v_j / (n + 1)                 over the n other marks of its line whose shape may be a digit
    elsewhere e_i = Σ_j a_j v_j / (Σ_j a_j + 1)       over the marks of other lines; a_j is the mark's squared size, the largest being 1
    context   c_i = l_i + min(e_i, 0)
    weight    w_i = digit_context_weight where c_i > 0, else non_digit_context_weight · (1 - c_i)
    threshold t_i with logit(t_i) = logit(reject_below) - digit_prior_log_odds - w_i · c_i

The mark is accepted where s_i ≥ t_i. The 1 in the denominators is the mark itself, whose own vote counts as 0. The weights are
those of `AcceptanceParams`.
"""

from collections.abc import Sequence

import numpy as np

from digitcore.layout.scoring import log_odds
from digitcore.recognition.parameters import AcceptanceParams
from digitcore.types import BoolArray, Float64Array, Int64Array


def acceptance_thresholds(
    digit_scores: Sequence[float],
    lines: Int64Array,
    sides_px: Int64Array,
    may_be_digit: BoolArray,
    reject_below: float,
    params: AcceptanceParams = AcceptanceParams(),
) -> Float64Array:
    """Compute the digit score that each mark must reach to be accepted; the formula stands at the top of this module.

    Args:
        digit_scores: for each of N marks how much it looks like a digit, in [0, 1].
        lines: int64 `(N,)`, the number of each mark's line of writing.
        sides_px: int64 `(N,)`, the longer side of each mark's box.
        may_be_digit: bool `(N,)`; False where a mark's shape already rules out a digit, so that it has no vote.
        reject_below: the threshold of a mark without context, in [0, 1].
        params: the weights.

    Returns:
        float64 `(N,)` in [0, 1].
    """
    threshold = log_odds(reject_below)
    votes = np.array([log_odds(score) - threshold for score in digit_scores]).clip(-params.max_vote_log_odds, params.max_vote_log_odds)
    context = context_score(votes, lines, sides_px, may_be_digit)
    weight = np.where(context > 0, params.digit_context_weight, params.non_digit_context_weight * (1 - context))
    return np.asarray(1 / (1 + np.exp(params.digit_prior_log_odds + weight * context - threshold)))


def context_score(votes: Float64Array, lines: Int64Array, sides_px: Int64Array, may_be_digit: BoolArray) -> Float64Array:
    """Compute how much the other marks of a picture speak for a digit: those of the line, and against one also those of other lines.

    Args:
        votes: float64 `(N,)`, above 0 for marks that look like digits.
        lines: as in `acceptance_thresholds`, like the rest.
        sides_px: likewise.
        may_be_digit: likewise.

    Returns:
        float64 `(N,)`, in (-2, 1) by default.
    """
    same_line = lines[:, np.newaxis] == lines
    neighbours = same_line & ~np.eye(len(votes), dtype=np.bool_)
    has_vote = may_be_digit.astype(np.float64)
    line_score = _mean_vote(votes, neighbours * has_vote)
    return np.asarray(line_score + np.minimum(other_lines_score(votes, same_line, sides_px, has_vote), 0))


def other_lines_score(votes: Float64Array, same_line: BoolArray, sides_px: Int64Array, has_vote: Float64Array) -> Float64Array:
    """Average the votes of the marks in other lines, weighted by their squared size.

    Args:
        votes: float64 `(N,)`, above 0 for marks that look like digits.
        same_line: bool `(N, N)`, whether two marks are in the same line.
        sides_px: int64 `(N,)`, the longer side of each mark's box.
        has_vote: float64 `(N,)`, 1 for marks that may be digits, else 0.

    Returns:
        float64 `(N,)`, in (-1, 1) by default.
    """
    sizes = has_vote * np.square(sides_px)
    return _mean_vote(votes, ~same_line * sizes / max(sizes.max(), 1.0))


def _mean_vote(votes: Float64Array, weights: Float64Array) -> Float64Array:
    """Average votes for each mark; the mark itself is counted with a vote of 0 and a weight of 1.

    `weights` is float64 `(N, N)`: row i holds the weight of each mark's vote for mark i.
    """
    return np.asarray(weights @ votes / (weights.sum(axis=1) + 1))
