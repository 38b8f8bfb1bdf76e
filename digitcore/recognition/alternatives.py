"""Find what a line may say otherwise, with calibrated probabilities: from other segmentations, other labels, and marks in doubt.

For mark i with the probabilities p_i of the classes, the digit score s_i and the threshold t_i, and for a path with the cost c_j:

    acceptance  a_i = σ(ACCEPTANCE_SLOPE · (logit(s_i) − logit(t_i))), 0 where geometry rules out a digit
    option      a_i · p_i(d) for each digit d, 1 − a_i for none
    path        exp(−c_j / PATH_TEMPERATURE) / Σ_j' exp(−c_j' / PATH_TEMPERATURE)

`digitcore.recognition.text_search` combines them to the probabilities q of the texts of a line. The text that is read, r, is right less
often than q(r), since the true text may be missing among all that can be combined. Its probability is calibrated (Platt 1999), and those of
the others follow:

    q'(r) = σ(LINE_INTERCEPT + LINE_SLOPE · logit(q(r)))
    q'(x) = q(x) · min((1 − q'(r)) / (1 − q(r)), 1) for all other texts x

The numbers in capitals are `digitcore.recognition.parameters.AlternativeParams`.
"""

import math
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Final, NamedTuple

import numpy as np

from digitcore.layout.components import Mark
from digitcore.layout.hypotheses import Group, Hypothesis
from digitcore.recognition.classification import ClassifiedMark
from digitcore.recognition.parameters import AlternativeParams
from digitcore.recognition.text_search import SearchLimits, TextGroup, TextPath, most_probable_texts, probabilities_of
from digitcore.results import Alternative
from digitcore.types import Float64Array

MAX_ALTERNATIVES: Final = 5
"""Of a line, its own text included."""

MIN_PROBABILITY: Final = 0.001
"""Texts that are less likely aren't shown to the user: of a thousand such texts one is right."""

SEARCH_LIMITS: Final = SearchLimits(width=24, min_ratio=5e-4)

MIN_ODDS: Final = 1e-6
"""Scores are kept this far from 0 and 1, so that their log odds are finite; texts that are less likely by their ink are none of a line."""


class LineHypotheses(NamedTuple):
    """What may be written in a line."""

    groups: list[Group[ClassifiedMark]]
    """Its groups of marks from left to right, each with the ways to segment it; the first of these is read."""

    choices: list[TextGroup]
    """The same as probabilities."""

    classes: str
    """The names of the classes, a character each."""


class LineCalibration(NamedTuple):
    """How the combined probabilities of the texts of a line become calibrated ones."""

    own: float
    """The calibrated probability of the text that is read."""

    scale: float
    """By what those of all other texts are multiplied."""

    unknown: float
    """The probability that the line's text can't be combined."""


def hypotheses_of_lines(
    groups: Sequence[Group[ClassifiedMark]],
    read: Sequence[tuple[Mark, ClassifiedMark]],
    thresholds: Float64Array,
    params: AlternativeParams = AlternativeParams(),
) -> dict[int, LineHypotheses]:
    """Compute the probabilities of what may be written in each line of a picture.

    Args:
        groups: of all lines, in reading order.
        read: the marks that are read, in reading order, each as it is classified in the end.
        thresholds: float64 `(N,)`, the digit score that each of them must reach.
        params: the calibration.

    Returns:
        The hypotheses by the number of the line.
    """
    updated: list[Group[ClassifiedMark]] = []
    limits: list[float] = []
    own_limits, start = _log_odds(thresholds).tolist(), 0
    for group in groups:
        end = start + len(group[0].marks)
        with_marks, of_marks = _updated(group, read[start:end], own_limits[start:end])
        updated.append(with_marks)
        limits += of_marks
        start = end
    options = _options([mark for group in updated for each in group for mark in each.marks], np.array(limits), params)
    lines: dict[int, LineHypotheses] = {}
    start = 0
    for group in updated:
        ends = list(accumulate((len(each.marks) for each in group), initial=start))
        weights = _weights([each.cost for each in group], params.path_temperature)
        mark, classified = group[0].marks[0]
        line = lines.setdefault(mark.line, LineHypotheses([], [], classified.prediction.classes))
        line.groups.append(group)
        line.choices.append([TextPath(weight, options[first:end]) for weight, (first, end) in zip(weights, pairwise(ends), strict=True)])
        start = ends[-1]
    return lines


def find_alternatives(text: str, line: LineHypotheses, params: AlternativeParams = AlternativeParams()) -> tuple[Alternative, ...]:
    """Find the likeliest texts of a line.

    Args:
        text: that is read, of at least one digit.
        line: its hypotheses.
        params: the calibration.

    Returns:
        Up to `MAX_ALTERNATIVES` texts, the likeliest first; the first is `text`, and the others have at least `MIN_PROBABILITY`.
    """
    found = most_probable_texts(line.choices, SEARCH_LIMITS, classes=line.classes)
    calibration = calibrate_line(text, line, found.pop(text, None), params)
    shares = {other: calibration.scale * combined for other, combined in found.items() if other}
    others = {other: share for other, share in shares.items() if share >= MIN_PROBABILITY}
    probabilities = pool_with_following(calibration.own, list(others.values()))
    return tuple(map(Alternative, [text, *others], probabilities))[:MAX_ALTERNATIVES]


def calibrate_line(text: str, line: LineHypotheses, combined: float | None, params: AlternativeParams) -> LineCalibration:
    """Calibrate the probabilities of the texts of a line.

    Args:
        text: that is read.
        line: its hypotheses.
        combined: the combined probability of `text`; it is computed where it is None.
        params: the calibration.

    Returns:
        The calibrated probability of `text`, and the factor for those of all other texts.
    """
    if combined is None:  # it was decided by other rules than by probability
        combined = float(probabilities_of([text], line.choices, line.classes)[0])
    own = 1 / (1 + math.exp(-params.line_intercept - params.line_slope * float(_log_odds(np.array(combined)))))
    scale = min((1 - own) / max(1 - combined, MIN_ODDS), 1.0)
    return LineCalibration(own, scale, max(1 - own - scale * (1 - combined), 0.0))


def pool_with_following(first: float, following: Sequence[float]) -> list[float]:
    """Make a sequence descend by replacing its first values by their mean (pool adjacent violators, Ayer et al. 1955).

    Args:
        first: any value.
        following: descending values.

    Returns:
        All values, descending, with the same sum.

    Examples:
        >>> pool_with_following(0.2, [0.4, 0.1])
        [0.30000000000000004, 0.30000000000000004, 0.1]
    """
    total, count = first, 1
    for value in following:
        if value <= total / count:
            break
        total, count = total + value, count + 1
    return [total / count] * count + list(following[count - 1 :])


def _updated(
    group: Group[ClassifiedMark], read: Sequence[tuple[Mark, ClassifiedMark]], thresholds: Sequence[float]
) -> tuple[Group[ClassifiedMark], list[float]]:
    """Replace the marks that are read in all hypotheses, and list the thresholds of the marks of all, in log odds.

    A mark that isn't read has the mean threshold of those that are.
    """
    first = Hypothesis(read, group[0].cost)
    if len(group) == 1:
        return [first], list(thresholds)
    known = {before: (after, limit) for (_, before), after, limit in zip(group[0].marks, read, thresholds, strict=True)}
    mean = sum(thresholds) / len(thresholds)
    others = [[known.get(each[1], (each, mean)) for each in hypothesis.marks] for hypothesis in group[1:]]
    updated = [Hypothesis([mark for mark, _ in marks], each.cost) for marks, each in zip(others, group[1:], strict=True)]
    return [first, *updated], [*thresholds, *(limit for marks in others for _, limit in marks)]


def _weights(costs: Sequence[float], temperature: float) -> list[float]:
    """Compute the probabilities of paths with these costs."""
    if len(costs) == 1:
        return [1.0]
    likelihoods = np.exp((min(costs) - np.array(costs)) / temperature)
    return list((likelihoods / likelihoods.sum()).tolist())


def _options(marks: Sequence[tuple[Mark, ClassifiedMark]], thresholds: Float64Array, params: AlternativeParams) -> Float64Array:
    """Compute the probabilities of the K classes, and of none, for each mark: float64 `(N, K + 1)`."""
    labels = np.array([classified.prediction.probabilities for _, classified in marks], np.float64)
    scores = _log_odds(np.array([classified.digit_score for _, classified in marks]))
    accepted = 1 / (1 + np.exp(params.acceptance_slope * (thresholds - scores)))
    accepted[[mark.rejection is not None for mark, _ in marks]] = 0.0
    labels *= (accepted / labels.sum(axis=1))[:, np.newaxis]
    return np.column_stack([labels, 1 - accepted])


def _log_odds(shares: Float64Array) -> Float64Array:
    clipped = np.clip(shares, MIN_ODDS, 1 - MIN_ODDS)
    return np.asarray(np.log(clipped / (1 - clipped)))
