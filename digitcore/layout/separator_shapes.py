"""Decide which separator a mark is, by its size, shape and height above the baseline.

Each criterion compares one measure with a limit and gives a probability, the logistic function of their difference divided by a softness.
The probability of a kind is the product of its criteria, so that a mark is as sure as its worst criteria allow.

The limits are in `digitcore.layout.parameters.separators`.
"""

import math
from typing import Final, NamedTuple

from digitcore.layout.parameters import LayoutParams, SeparatorShapeParams
from digitcore.layout.separator_parts import Part
from digitcore.numbers import Separator

_MAX_LOG_ODDS: Final = 50.0
"""In either direction; the exponential function of greater ones overflows."""


class Shape(NamedTuple):
    """The separator that a mark most resembles, and with which probability."""

    kind: Separator
    probability: float


def match_shape(part: Part, params: LayoutParams = LayoutParams()) -> Shape:
    """Find out which separator of one small part a component is.

    Args:
        part: with its measures.
        params: those of separators' shapes, and the aspect ratio of dots, are used.

    Returns:
        The likeliest of point, comma and dash, and its probability. Between a point and a comma it is about one half.
    """
    p = params.separator_shapes
    matches = {
        Separator.POINT: _match_point(part, params),
        Separator.COMMA: _match_comma(part, params),
        Separator.DASH: _match_dash(part, params),
    }
    best = max(matches, key=lambda kind: matches[kind])
    is_ink = _above(part.ink_level, p.min_ink_level, p.softness)
    return Shape(best, is_ink * matches[best] / max(sum(matches.values()), 1.0))


def match_dot(part: Part, params: LayoutParams = LayoutParams()) -> float:
    """Compute the probability that a component is a dot, at any height.

    Args:
        part: with its measures.
        params: those of separators' shapes, and the aspect ratio of dots, are used.

    Returns:
        In [0, 1].
    """
    return 1 - _match_stroke(part, params)


def match_colon(upper: Part, lower: Part, slant: float, params: LayoutParams = LayoutParams()) -> float:
    """Compute the probability that two components are a colon.

    Args:
        upper: the upper one.
        lower: the lower one.
        slant: of the line, to the right per length upwards.
        params: those of separators' shapes, and the aspect ratio of dots, are used.

    Returns:
        In [0, 1].
    """
    p = params.separator_shapes
    distance = lower.center - upper.center
    shift, slanted = upper.center_x - lower.center_x, slant * distance  # many people write it upright, however much their digits lean
    shift = max(shift - max(slanted, 0.0), min(slanted, 0.0) - shift, 0.0)
    is_upright = _below(shift, p.stroke_length, p.softness)
    place = _below(upper.center, p.min_point_bottom, p.softness) * _match_point_bottom(lower, p)
    is_ink = _above(min(upper.ink_level, lower.ink_level), p.min_ink_level, p.softness)
    return is_ink * is_upright * place * match_dot(upper, params) * match_dot(lower, params)


def match_slash(part: Part, slant: float, digit_height: float = 1.0, params: LayoutParams = LayoutParams()) -> float:
    """Compute the probability that a high straight stroke is a slash rather than a 1: the log odds of its slant and its height are added.

    Args:
        part: with its measures.
        slant: of the line, to the right per length upwards.
        digit_height: of the other digits, in heights of the line, which may be that of its slashes.
        params: those of separators' shapes, and the aspect ratio of dots, are used.

    Returns:
        In [0, 1].
    """
    p = params.separator_shapes
    excess = part.lean - slant + (part.bottom - part.top) / digit_height - p.slash_slant_and_height
    return _logistic(excess / p.softness) * _above(part.elongation, p.min_slash_elongation, p.elongation_softness)


def _match_stroke(part: Part, params: LayoutParams) -> float:
    """Return the probability that a part is a stroke rather than a dot: the log odds of its elongation and its length are added."""
    p = params.separator_shapes
    elongation = (part.elongation - params.components.max_round_aspect_ratio) / p.elongation_softness
    return _logistic(elongation + (part.length - p.stroke_length) / p.softness)


def _match_point(part: Part, params: LayoutParams) -> float:
    return match_dot(part, params) * _match_point_bottom(part, params.separator_shapes)


def _match_point_bottom(part: Part, p: SeparatorShapeParams) -> float:
    """Return the probability that a part stands on the line, as far below as above it, as a point and the lower dot of a colon do."""
    return _between(part.bottom, p.min_point_bottom, 2 - p.min_point_bottom, p.softness)


def _match_comma(part: Part, params: LayoutParams) -> float:
    """Return the probability that a part is a comma: steep, from where a point may stand to below the baseline."""
    p = params.separator_shapes
    shape = _match_stroke(part, params) * _match_elongation(part, params) * _above(part.direction[1], p.max_dash_rise, p.softness)
    return shape * _below(part.top, 2 - p.min_point_bottom, p.softness) * _above(part.bottom, 1.0, p.softness)


def _match_dash(part: Part, params: LayoutParams) -> float:
    """Return the probability that a part is a dash: level, above points, as far below the top, and no longer than the digits are high."""
    p = params.separator_shapes
    size = _between(part.length, p.stroke_length, 1.0, p.softness) * _match_elongation(part, params)
    place = _between(part.center, 1 - p.min_point_bottom, p.min_point_bottom, p.softness)
    return size * place * _below(part.direction[1], p.max_dash_rise, p.softness)


def _match_elongation(part: Part, params: LayoutParams) -> float:
    return _above(part.elongation, params.components.max_round_aspect_ratio, params.separator_shapes.elongation_softness)


def _above(measure: float, limit: float, softness: float) -> float:
    """Return the probability that a measure exceeds a limit."""
    return _logistic((measure - limit) / softness)


def _below(measure: float, limit: float, softness: float) -> float:
    """Return the probability that a measure stays below a limit."""
    return 1 - _above(measure, limit, softness)


def _between(measure: float, low: float, high: float, softness: float) -> float:
    """Return the probability that a measure exceeds one limit and stays below another."""
    return _above(measure, low, softness) * _below(measure, high, softness)


def _logistic(log_odds: float) -> float:
    """Return the probability of log odds."""
    return 1 / (1 + math.exp(-max(min(log_odds, _MAX_LOG_ODDS), -_MAX_LOG_ODDS)))
