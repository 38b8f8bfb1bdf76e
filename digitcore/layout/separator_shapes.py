"""Decide which separator a mark is, by its size, shape and height above the baseline.

Each criterion compares one measure with a limit and gives a probability, the logistic function of their distance in units of the limit's
softness. The probability of a kind is the product of its criteria, so that a mark is as sure as its worst criteria allow.

The limits are in `digitcore.layout.parameters.separators`.
"""

import math
from typing import NamedTuple

from digitcore.layout.parameters import SeparatorShapeParams
from digitcore.layout.separator_parts import LineScale, Part
from digitcore.numbers import Separator
from digitcore.parameters import logistic


class Shape(NamedTuple):
    """The separator that a mark most resembles, and with which probability."""

    kind: Separator
    probability: float


def match_shape(part: Part, scale: LineScale, params: SeparatorShapeParams = SeparatorShapeParams()) -> Shape:
    """Find out which separator of one small part a component is.

    Args:
        part: with its measures.
        scale: of its line.
        params: the limits.

    Returns:
        The likeliest of point, comma and dash, and its probability. Between a point and a comma it is about one half.
    """
    matches = {
        Separator.POINT: _match_point(part, scale, params),
        Separator.COMMA: _match_comma(part, params),
        Separator.DASH: _match_dash(part, params),
    }
    best = max(matches, key=lambda kind: matches[kind])
    is_ink = params.min_ink_level.above(part.ink_level)
    return Shape(best, is_ink * matches[best] / max(sum(matches.values()), 1.0))


def match_dot(part: Part, scale: LineScale, params: SeparatorShapeParams = SeparatorShapeParams()) -> float:
    """Compute the probability that a component is a dot, at any height.

    Args:
        part: with its measures.
        scale: of its line.
        params: the limits.

    Returns:
        In [0, 1].
    """
    p = params
    diameter = math.sqrt(part.length * part.width) / scale.stroke_width
    return p.min_dot_diameter.above(diameter) * p.max_dot_length.below(part.length) * (1 - _match_stroke(part, p))


def match_colon(upper: Part, lower: Part, slant: float, scale: LineScale, params: SeparatorShapeParams = SeparatorShapeParams()) -> float:
    """Compute the probability that two components are a colon.

    Args:
        upper: the upper one.
        lower: the lower one.
        slant: of the line, to the right per length upwards.
        scale: of its line.
        params: the limits.

    Returns:
        In [0, 1].
    """
    p = params
    distance = lower.center - upper.center
    shift, slanted = upper.center_x - lower.center_x, slant * distance  # many people write it upright, however much their digits lean
    shift = max(shift - max(slanted, 0.0), min(slanted, 0.0) - shift, 0.0)
    place = p.max_colon_top_center.below(upper.center) * p.min_colon_height.above(distance) * p.max_colon_shift.below(shift)
    on_line = p.min_point_bottom.above(lower.bottom) * p.max_point_bottom.below(lower.bottom)
    is_ink = p.min_ink_level.above(min(upper.ink_level, lower.ink_level))
    return is_ink * place * on_line * match_dot(upper, scale, p) * match_dot(lower, scale, p)


def match_slash(part: Part, slant: float, digit_height: float = 1.0, params: SeparatorShapeParams = SeparatorShapeParams()) -> float:
    """Compute the probability that a high straight stroke is a slash rather than a 1: the log odds of its slant and its height are added.

    Args:
        part: with its measures.
        slant: of the line, to the right per length upwards.
        digit_height: of the other digits, in heights of the line, which may be that of its slashes.
        params: the limits.

    Returns:
        In [0, 1].
    """
    p = params
    evidence = p.slash_slant.evidence(part.lean - slant) + p.slash_height.evidence((part.bottom - part.top) / digit_height)
    return logistic(evidence) * p.min_slash_elongation.above(part.elongation)


def _match_stroke(part: Part, p: SeparatorShapeParams) -> float:
    """Return the probability that a part is a stroke rather than a dot: the log odds of its elongation and its length are added."""
    return logistic(p.stroke_elongation.evidence(part.elongation) + p.stroke_length.evidence(part.length))


def _match_point(part: Part, scale: LineScale, p: SeparatorShapeParams) -> float:
    return match_dot(part, scale, p) * p.min_point_bottom.above(part.bottom) * p.max_point_bottom.below(part.bottom)


def _match_comma(part: Part, p: SeparatorShapeParams) -> float:
    size = p.min_comma_length.above(part.length) * p.max_comma_length.below(part.length) * _match_stroke(part, p)
    direction = p.min_elongation.above(part.elongation) * p.min_comma_lean.above(part.lean) * p.max_comma_lean.below(part.lean)
    place = p.min_comma_top.above(part.top) * p.max_comma_top.below(part.top) * p.min_comma_bottom.above(part.bottom)
    return size * direction * place


def _match_dash(part: Part, p: SeparatorShapeParams) -> float:
    size = p.min_dash_length.above(part.length) * p.max_dash_length.below(part.length) * p.min_elongation.above(part.elongation)
    place = p.min_dash_center.above(part.center) * p.max_dash_center.below(part.center)
    return size * place * p.max_dash_angle_deg.below(part.angle_deg)
