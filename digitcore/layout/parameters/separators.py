"""The tuned numbers of the search for the separators of numbers.

Lengths are in heights of the line's digits, and heights in a line are 0 at the top of its digits and 1 on the baseline. The limits of
shapes were chosen by 1,500 drawings and 150 photographed pages of synthetic writers (`synthetic.numbers`); their reasons tell where 98 % of
the separators lie in those that are read without error.
"""

from dataclasses import dataclass

from digitcore.parameters import ParameterGroup, parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class LineComponentParams(ParameterGroup):
    """Parameters of the components among which separators are searched for (`digitcore.layout.line_components`)."""

    max_small_height: float = parameter(0.6, 0.0, 5.0, unit="digit heights", reason="points, commas and dashes are lower")
    """Height from which on a component may be a slash, and nothing smaller; likewise, in heights of the slash, that of the rings of %."""

    max_small_per_digit: int = parameter(3, 0, 1000, unit="count", reason="more small components are dust, or print")
    """Greatest number of small components for each digit of a line in which some are separators."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeparatorParams(ParameterGroup):
    """Parameters of the places where separators stand among the digits of a line (`digitcore.layout.separators`)."""

    min_confidence: float = parameter(0.1, 0.0, 1.0, unit="probability", reason="less likely ones are dust, or parts of digits")
    """Least confidence of a separator."""

    max_enclosed_share: float = parameter(
        0.15, 0.0, 0.5, unit="share", reason="a speck may be joined to it; the dot in a 0 has half of its ink on either side"
    )
    """Share of its ink that a digit may have beyond a separator that was taken for it; and what a digit has, in the same rows, at least on
    either side of a part of itself."""

    min_likely: float = parameter(0.4, 0.0, 1.0, unit="probability", reason="what is a point or a comma has about 0.5")
    """Least confidence of a separator that is shown, and of a colon; what is likelier rules out a slash next to it, as no number has two
    separators without a digit between. The `reason` of a number mentions the other separators."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeparatorShapeParams(ParameterGroup):
    """Parameters of the shapes of separators (`digitcore.layout.separator_shapes`); the reasons tell where 98 % of the separators lie."""

    softness: float = parameter(0.02, 0.001, 1.0, unit="unit of the limit", reason="a quarter more or less changes 5 texts, no total")
    """Distance from a limit at which the odds are e to 1, for all limits but those of elongations."""

    elongation_softness: float = parameter(0.1, 0.001, 10.0, unit="ratio", reason="a quarter more or less changes 4 texts, no total")
    """Distance from the limit of an elongation at which the odds are e to 1."""

    min_ink_level: float = parameter(0.78, 0.0, 1.0, unit="ink levels of the digits", reason="separators have about 1.0")
    """Least ink level of a separator; fainter marks are shadows, or print that shows through."""

    stroke_length: float = parameter(0.24, 0.0, 2.0, unit="digit heights", reason="points 0.07 to 0.16, commas 0.25 to 0.44")
    """Length from which on a mark is a stroke rather than a dot, and may be a dash; and greatest distance of the dots of a colon along the
    line, beyond what the slant makes of it."""

    min_point_bottom: float = parameter(0.76, -2.0, 3.0, unit="height in the line", reason="0.80 to 1.06")
    """Least height in the line to which a point reaches down; as far below the baseline is the greatest, and that at which a comma begins.
    The middles of a dash, and of the upper dot of a colon, are higher, and that of a dash is as far below the top as well."""

    max_dash_rise: float = parameter(0.48, 0.0, 1.0, unit="heights per length", reason="29°; dashes have 0 to 20°, commas 54° and more")
    """Greatest rise or fall of a dash relative to the line; a comma is steeper."""

    min_slash_elongation: float = parameter(4.6, 1.0, 50.0, unit="ratio", reason="5.8 to 12.2; a 1 with a flag or foot less")
    """Least length by width of a slash."""

    slash_slant_and_height: float = parameter(
        1.24, 0.0, 5.0, unit="pixels per pixel + heights of the other digits", reason="slashes 1.12 to 2.2; a 1 0.5 to 1.3"
    )
    """By how much a slash leans further to the right than the line, plus the height of its box."""
