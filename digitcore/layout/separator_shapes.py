"""Decide which separator a mark is, by its size, shape and height above the baseline.

Each criterion compares one measure with a limit and gives a probability, the logistic function of their distance in units of the limit's
softness. The probability of a kind is the product of its criteria, so that a mark is as sure as its worst criteria allow.

Lengths are in heights of the line's digits, and heights in a line are 0 at the top of its digits and 1 on the baseline. The limits were
chosen by 1,500 drawings and 150 photographed pages of synthetic writers (`synthetic.numbers`); in brackets, where 98 % of the
separators lie in those that are read without error.
"""

import math
from dataclasses import dataclass
from typing import Final, NamedTuple

from digitcore.layout.separator_parts import LineScale, Part
from digitcore.numbers import Separator


def logistic(log_odds: float) -> float:
    """Compute the probability of log odds, which are clipped to 50 in either direction.

    Args:
        log_odds: any number.

    Returns:
        In (0, 1).
    """
    return 1 / (1 + math.exp(-max(min(log_odds, 50.0), -50.0)))


class Limit(NamedTuple):
    """A soft limit."""

    value: float
    """Where the probability is one half."""

    softness: float
    """The distance from it at which the odds are e to 1."""

    def evidence(self, measure: float) -> float:
        """Return by how many units of softness a measure exceeds the limit: the log odds."""
        return (measure - self.value) / self.softness

    def above(self, measure: float) -> float:
        """Return the probability that a measure exceeds the limit."""
        return logistic(self.evidence(measure))

    def below(self, measure: float) -> float:
        """Return the probability that a measure stays below the limit."""
        return 1 - self.above(measure)


@dataclass(frozen=True, slots=True)
class SeparatorParameters:
    """What the separators look like.

    Attributes:
        min_ink_level: of any mark, relative to that of the digits; fainter ones are shadows, or print that shows through [1.0].
        min_dot_diameter: of a point, in widths of the digits' stroke; smaller ones are dust [0.43, 1.07].
        max_dot_length: of a point [0.07, 0.16].
        stroke_elongation: length by width of a stroke rather than a dot [points 1.03 to 1.52, commas 2.0 to 4.5].
        stroke_length: likewise [points 0.07 to 0.16, commas 0.25 to 0.44].
        min_point_bottom: [0.80, 1.06], like the next.
        max_point_bottom: likewise.
        min_comma_length: [0.25, 0.44], like the next.
        max_comma_length: likewise.
        min_comma_top: [0.71, 0.91], like the next.
        max_comma_top: likewise.
        min_comma_bottom: [1.04, 1.30].
        max_comma_lean: how far its top leans to the right [0.0, 0.72], in lengths per length upwards.
        min_comma_lean: likewise.
        min_dash_length: [0.21, 0.73], like the next.
        max_dash_length: likewise.
        min_elongation: of a comma or a dash, length by width [1.58, 8.0]; what is thicker is a blot.
        max_dash_angle_deg: to the line [0, 20].
        min_dash_center: [0.36, 0.69], like the next; the bar of a 5 lies above.
        max_dash_center: likewise.
        max_colon_top_center: of a colon's upper dot [0.22, 0.52].
        min_colon_height: from dot to dot [0.35, 0.64].
        max_colon_shift: how far apart its dots are along the line, beyond what the slant makes of it.
        min_slash_elongation: length by width [5.8, 12.2]; most kinds of 1 have a flag or a foot, and less.
        slash_slant: by how much a slash leans further to the right than the line [0.16, 0.78; a 1 −0.33 to 0.2].
        slash_height: of its box, in heights of the other digits [0.96, 1.43; a 1 0.85 to 1.14].
    """

    min_ink_level: Limit = Limit(0.78, 0.02)
    min_dot_diameter: Limit = Limit(0.4, 0.03)
    max_dot_length: Limit = Limit(0.34, 0.02)
    stroke_elongation: Limit = Limit(1.75, 0.1)
    stroke_length: Limit = Limit(0.24, 0.03)
    min_point_bottom: Limit = Limit(0.76, 0.02)
    max_point_bottom: Limit = Limit(1.18, 0.02)
    min_comma_length: Limit = Limit(0.19, 0.015)
    max_comma_length: Limit = Limit(0.55, 0.02)
    min_comma_top: Limit = Limit(0.62, 0.02)
    max_comma_top: Limit = Limit(1.06, 0.02)
    min_comma_bottom: Limit = Limit(0.97, 0.015)
    max_comma_lean: Limit = Limit(1.2, 0.06)
    min_comma_lean: Limit = Limit(-0.35, 0.06)
    min_dash_length: Limit = Limit(0.16, 0.012)
    max_dash_length: Limit = Limit(1.0, 0.03)
    min_elongation: Limit = Limit(1.45, 0.06)
    max_dash_angle_deg: Limit = Limit(29.0, 1.5)
    min_dash_center: Limit = Limit(0.26, 0.015)
    max_dash_center: Limit = Limit(0.83, 0.015)
    max_colon_top_center: Limit = Limit(0.6, 0.02)
    min_colon_height: Limit = Limit(0.22, 0.02)
    max_colon_shift: Limit = Limit(0.2, 0.02)
    min_slash_elongation: Limit = Limit(4.6, 0.15)
    slash_slant: Limit = Limit(0.18, 0.05)
    slash_height: Limit = Limit(1.06, 0.05)


PARAMETERS: Final = SeparatorParameters()


class Shape(NamedTuple):
    """The separator that a mark most resembles, and with which probability."""

    kind: Separator
    probability: float


def match_shape(part: Part, scale: LineScale, parameters: SeparatorParameters = PARAMETERS) -> Shape:
    """Find out which separator of one small part a component is.

    Args:
        part: with its measures.
        scale: of its line.
        parameters: the limits.

    Returns:
        The likeliest of point, comma and dash, and its probability. Between a point and a comma it is about one half.
    """
    matches = {
        Separator.POINT: _match_point(part, scale, parameters),
        Separator.COMMA: _match_comma(part, parameters),
        Separator.DASH: _match_dash(part, parameters),
    }
    best = max(matches, key=lambda kind: matches[kind])
    is_ink = parameters.min_ink_level.above(part.ink_level)
    return Shape(best, is_ink * matches[best] / max(sum(matches.values()), 1.0))


def match_dot(part: Part, scale: LineScale, parameters: SeparatorParameters = PARAMETERS) -> float:
    """Compute the probability that a component is a dot, at any height.

    Args:
        part: with its measures.
        scale: of its line.
        parameters: the limits.

    Returns:
        In [0, 1].
    """
    p = parameters
    diameter = math.sqrt(part.length * part.width) / scale.stroke_width
    return p.min_dot_diameter.above(diameter) * p.max_dot_length.below(part.length) * (1 - _match_stroke(part, p))


def match_colon(upper: Part, lower: Part, slant: float, scale: LineScale, parameters: SeparatorParameters = PARAMETERS) -> float:
    """Compute the probability that two components are a colon.

    Args:
        upper: the upper one.
        lower: the lower one.
        slant: of the line, to the right per length upwards.
        scale: of its line.
        parameters: the limits.

    Returns:
        In [0, 1].
    """
    p = parameters
    distance = lower.center - upper.center
    shift, slanted = upper.center_x - lower.center_x, slant * distance  # many people write it upright, however much their digits lean
    shift = max(shift - max(slanted, 0.0), min(slanted, 0.0) - shift, 0.0)
    place = p.max_colon_top_center.below(upper.center) * p.min_colon_height.above(distance) * p.max_colon_shift.below(shift)
    on_line = p.min_point_bottom.above(lower.bottom) * p.max_point_bottom.below(lower.bottom)
    is_ink = p.min_ink_level.above(min(upper.ink_level, lower.ink_level))
    return is_ink * place * on_line * match_dot(upper, scale, p) * match_dot(lower, scale, p)


def match_slash(part: Part, slant: float, digit_height: float = 1.0, parameters: SeparatorParameters = PARAMETERS) -> float:
    """Compute the probability that a high straight stroke is a slash rather than a 1: the log odds of its slant and its height are added.

    Args:
        part: with its measures.
        slant: of the line, to the right per length upwards.
        digit_height: of the other digits, in heights of the line, which may be that of its slashes.
        parameters: the limits.

    Returns:
        In [0, 1].
    """
    p = parameters
    evidence = p.slash_slant.evidence(part.lean - slant) + p.slash_height.evidence((part.bottom - part.top) / digit_height)
    return logistic(evidence) * p.min_slash_elongation.above(part.elongation)


def _match_stroke(part: Part, p: SeparatorParameters) -> float:
    """Return the probability that a part is a stroke rather than a dot: the log odds of its elongation and its length are added."""
    return logistic(p.stroke_elongation.evidence(part.elongation) + p.stroke_length.evidence(part.length))


def _match_point(part: Part, scale: LineScale, p: SeparatorParameters) -> float:
    return match_dot(part, scale, p) * p.min_point_bottom.above(part.bottom) * p.max_point_bottom.below(part.bottom)


def _match_comma(part: Part, p: SeparatorParameters) -> float:
    size = p.min_comma_length.above(part.length) * p.max_comma_length.below(part.length) * _match_stroke(part, p)
    direction = p.min_elongation.above(part.elongation) * p.min_comma_lean.above(part.lean) * p.max_comma_lean.below(part.lean)
    place = p.min_comma_top.above(part.top) * p.max_comma_top.below(part.top) * p.min_comma_bottom.above(part.bottom)
    return size * direction * place


def _match_dash(part: Part, p: SeparatorParameters) -> float:
    size = p.min_dash_length.above(part.length) * p.max_dash_length.below(part.length) * p.min_elongation.above(part.elongation)
    place = p.min_dash_center.above(part.center) * p.max_dash_center.below(part.center)
    return size * place * p.max_dash_angle_deg.below(part.angle_deg)
