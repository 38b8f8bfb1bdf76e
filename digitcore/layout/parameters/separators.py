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
    """Height from which on a component may be a slash, and nothing smaller."""

    max_slash_height: float = parameter(2.0, 0.0, 10.0, unit="digit heights", reason="98 % of slashes have 0.96 to 1.43")
    """Height from which on a component is no slash either."""

    min_height: float = parameter(0.03, 0.0, 1.0, unit="digit heights", reason="lower components are dust")
    """Least height of a separator."""

    max_small_per_digit: int = parameter(3, 0, 1000, unit="count", reason="more small components are dust, or print")
    """Greatest number of small components for each digit of a line in which some are separators."""

    min_bottom: float = parameter(0.1, -2.0, 2.0, unit="height in the line", reason="what lies higher belongs to the line above")
    """How far down a separator reaches at least."""

    max_top: float = parameter(1.1, -2.0, 3.0, unit="height in the line", reason="what lies lower belongs to the line below")
    """How far down a separator begins at most."""

    peak_share: float = parameter(0.9, 0.0, 0.999, unit="share", reason="the darkest tenth lies in the middle of the strokes")
    """Share of a mark's pixels that are fainter than its level."""

    reach: float = parameter(0.8, 0.0, 10.0, unit="digit heights", reason="a minus sign stands as far before its number")
    """How far the search extends to the left and right of a line, and below it."""

    reach_above: float = parameter(0.3, 0.0, 10.0, unit="digit heights", reason="only a slash reaches above the digits")
    """How far it extends above a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeparatorParams(ParameterGroup):
    """Parameters of the places where separators stand among the digits of a line (`digitcore.layout.separators`)."""

    min_confidence: float = parameter(0.1, 0.0, 1.0, unit="probability", reason="less likely ones are dust, or parts of digits")
    """Least confidence of a separator."""

    min_own_ink: float = parameter(0.7, 0.0, 1.0, unit="share", reason="the rest may be a speck that was joined to it")
    """Least share of its ink that a digit which is the separator has in it."""

    max_enclosed_share: float = parameter(0.15, 0.0, 0.5, unit="share", reason="the dot in a 0 has half of its ink on either side")
    """Share of a digit's ink, in the same rows, that a part of the digit has at least on either side."""

    min_colon_confidence: float = parameter(0.5, 0.0, 1.0, unit="probability", reason="less likely ones are two separators, or none")
    """Least confidence of a colon."""

    max_colon_distance: float = parameter(1.0, 0.0, 10.0, unit="digit heights", reason="dots 0.64 apart lean by less")
    """Greatest distance of the dots of a colon along the line, as they may lean with it."""

    row_margin: float = parameter(0.1, 0.0, 2.0, unit="digit heights", reason="a stroke width, by which digits near it vary")
    """How far beyond a separator, above and below, the rows reach in which its place among the digits is determined."""

    lowest_rows: float = parameter(0.3, 0.0, 1.0, unit="digit heights", reason="a comma stands as low as the feet of its digits, or lower")
    """How many of a digit's lowest rows count at least."""

    min_digit_height: float = parameter(0.7, 0.01, 1.0, unit="digit heights", reason="digits of one hand are hardly lower")
    """Least height of digits with which slashes are compared."""

    min_likely: float = parameter(0.5, 0.0, 1.0, unit="probability", reason="no number has two separators without a digit between")
    """Confidence from which on a separator rules out a slash next to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeparatorShapeParams(ParameterGroup):
    """Parameters of the shapes of separators (`digitcore.layout.separator_shapes`); the reasons tell where 98 % of the separators lie."""

    softness: float = parameter(0.02, 0.001, 1.0, unit="unit of the limit", reason="a quarter more or less changes 5 texts, no total")
    """Distance from a limit at which the odds are e to 1, for all limits but those of elongations and angles."""

    elongation_softness: float = parameter(0.1, 0.001, 10.0, unit="ratio", reason="a quarter more or less changes 4 texts, no total")
    """Distance from the limit of an elongation at which the odds are e to 1."""

    angle_softness_deg: float = parameter(1.5, 0.001, 90.0, unit="degrees", reason="halved or doubled, it changes no text")
    """Distance from the limit of an angle at which the odds are e to 1."""

    min_ink_level: float = parameter(0.78, 0.0, 1.0, unit="ink levels of the digits", reason="separators have about 1.0")
    """Least ink level of a separator; fainter marks are shadows, or print that shows through."""

    min_dot_diameter: float = parameter(0.4, 0.0, 5.0, unit="stroke widths", reason="0.43 to 1.07; smaller ones are dust")
    """Least mean diameter of a point."""

    max_dot_length: float = parameter(0.34, 0.0, 2.0, unit="digit heights", reason="0.07 to 0.16")
    """Greatest length of a point."""

    stroke_elongation: float = parameter(1.75, 1.0, 20.0, unit="ratio", reason="points 1.03 to 1.52, commas 2.0 to 4.5")
    """Length by width from which on a mark is a stroke rather than a dot."""

    stroke_length: float = parameter(0.24, 0.0, 2.0, unit="digit heights", reason="points 0.07 to 0.16, commas 0.25 to 0.44")
    """Length from which on a mark is a stroke rather than a dot."""

    min_point_bottom: float = parameter(0.76, -2.0, 3.0, unit="height in the line", reason="0.80 to 1.06")
    """Least height in the line to which a point reaches down."""

    max_point_bottom: float = parameter(1.18, -2.0, 3.0, unit="height in the line", reason="0.80 to 1.06")
    """Greatest height in the line to which a point reaches down."""

    min_comma_length: float = parameter(0.19, 0.0, 2.0, unit="digit heights", reason="0.25 to 0.44")
    """Least length of a comma."""

    max_comma_length: float = parameter(0.55, 0.0, 2.0, unit="digit heights", reason="0.25 to 0.44")
    """Greatest length of a comma."""

    min_comma_top: float = parameter(0.62, -2.0, 3.0, unit="height in the line", reason="0.71 to 0.91")
    """Least height in the line at which a comma begins."""

    max_comma_top: float = parameter(1.06, -2.0, 3.0, unit="height in the line", reason="0.71 to 0.91")
    """Greatest height in the line at which a comma begins."""

    min_comma_bottom: float = parameter(0.97, -2.0, 3.0, unit="height in the line", reason="1.04 to 1.30")
    """Least height in the line to which a comma reaches down."""

    max_comma_lean: float = parameter(1.2, -20.0, 20.0, unit="lengths per length upwards", reason="0.0 to 0.72")
    """Greatest lean of the top of a comma to the right."""

    min_comma_lean: float = parameter(-0.35, -20.0, 20.0, unit="lengths per length upwards", reason="0.0 to 0.72")
    """Least lean of the top of a comma to the right."""

    min_dash_length: float = parameter(0.16, 0.0, 5.0, unit="digit heights", reason="0.21 to 0.73")
    """Least length of a dash."""

    max_dash_length: float = parameter(1.0, 0.0, 5.0, unit="digit heights", reason="0.21 to 0.73")
    """Greatest length of a dash."""

    min_elongation: float = parameter(1.45, 1.0, 20.0, unit="ratio", reason="1.58 to 8.0; what is thicker is a blot")
    """Least length by width of a comma or a dash."""

    max_dash_angle_deg: float = parameter(29.0, 0.0, 90.0, unit="degrees", reason="0 to 20")
    """Greatest angle of a dash to the line."""

    min_dash_center: float = parameter(0.26, -2.0, 3.0, unit="height in the line", reason="0.36 to 0.69; bars of 5 are higher")
    """Least height in the line of the middle of a dash."""

    max_dash_center: float = parameter(0.83, -2.0, 3.0, unit="height in the line", reason="0.36 to 0.69")
    """Greatest height in the line of the middle of a dash."""

    max_colon_top_center: float = parameter(0.6, -2.0, 3.0, unit="height in the line", reason="0.22 to 0.52")
    """Greatest height in the line of the middle of a colon's upper dot."""

    min_colon_height: float = parameter(0.22, 0.0, 2.0, unit="digit heights", reason="0.35 to 0.64")
    """Least distance of the dots of a colon."""

    max_colon_shift: float = parameter(0.2, 0.0, 2.0, unit="digit heights", reason="dots are 0.07 to 0.16 long")
    """Greatest distance of its dots along the line, beyond what the slant makes of it."""

    min_slash_elongation: float = parameter(4.6, 1.0, 50.0, unit="ratio", reason="5.8 to 12.2; a 1 with a flag or foot less")
    """Least length by width of a slash."""

    slash_slant: float = parameter(0.18, -2.0, 2.0, unit="pixels per pixel", reason="0.16 to 0.78; a 1 −0.33 to 0.2")
    """By how much a slash leans further to the right than the line."""

    slash_height: float = parameter(1.06, 0.0, 5.0, unit="heights of the other digits", reason="0.96 to 1.43; a 1 0.85 to 1.14")
    """Height of the box of a slash."""
