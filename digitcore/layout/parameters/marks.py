"""The tuned numbers of components, signs, the parts of a digit, and the pen of drawings.

Lengths in "writing heights" are multiples of the height of the page's or line's digits, so that a photograph's size and distance don't
matter.
"""

from dataclasses import dataclass

from digitcore.parameters import ParameterGroup, parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentParams(ParameterGroup):
    """Parameters of the marks that their geometry alone rules out as digits (`digitcore.layout.components`)."""

    min_mark_height: float = parameter(0.35, 0.0, 1.0, unit="writing heights", reason="lower marks are dots, commas and dashes")
    """Least height of a digit without a hole, least width and height of what is split, and least width of a mark that is much longer than
    the writing; what is lower, and not further away than that from a digit above or below, may be a part of it."""

    min_stroke_width: float = parameter(0.2, 0.0, 1.0, unit="stroke widths", reason="thinner are remnants of ruled lines, or noise")
    """Least stroke width of a digit, relative to that of the page's pen, since a page is written with one."""

    max_digit_width: float = parameter(1.0, 0.0, 20.0, unit="writing heights", reason="digits are seldom wider than high")
    """Greatest width of a component that isn't split, however confident the classifier is, and of the bar above a digit; a wider one may be
    several digits, or belong to them."""

    max_joined_width: float = parameter(1.4, 0.0, 20.0, unit="ratio", reason="wider marks may be several digits")
    """Greatest ratio of width to height of a scribble, of a percent sign, and of a digit whose parts are far apart; and, in writing
    heights, greatest width of several segments that may be a digit, and of a component that is kept as one."""

    max_round_aspect_ratio: float = parameter(
        1.6, 1.0, 10.0, unit="ratio", reason="points 1.03 to 1.52, commas and dashes 1.58 to 8.0; a longer cross is a crossed 1 or 7"
    )
    """Greatest ratio of the longer side to the shorter one of a dot, a point, a + or a ×; least of a comma or a dash, and of what lies
    along a border of the picture."""

    min_scribble_holes: int = parameter(5, 1, 100, unit="count", reason="an 8 has two holes, a crossed-out 0 up to four")
    """Number of holes from which on a mark is a scribble; those that are smaller than the square of its stroke width don't count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignParams(ParameterGroup):
    """Parameters of the recognition of %, +, × and parentheses (`digitcore.layout.signs`)."""

    max_cross_digit_score: float = parameter(0.55, 0.0, 1.0, unit="digit score", reason="plus signs that people wrote reach 0.44")
    """Digit score from which on a mark is neither + nor ×: a 4 may consist of two bars, too."""

    min_ring_overlap: float = parameter(0.35, 0.0, 1.0, unit="widths of the ring", reason="a small 0 next to a leaning 9 reaches 0.29")
    """Least share of the width of a ring of % that is under the slash, or over it, where it looks like a digit."""

    min_slash_coverage: float = parameter(0.9, 0.0, 1.0, unit="share", reason="between the stems of 9 and 6 is paper")
    """Least share of ink on the line from the lower end of a slash to its upper end, where two digits consist of it and its rings."""

    min_parenthesis_height: float = parameter(1.2, 0.0, 5.0, unit="median heights of the line", reason="a curved 1 is lower")
    """Least height of a parenthesis."""

    band_strokes: float = parameter(0.75, 0.0, 5.0, unit="stroke widths", reason="half a stroke, and half of that for its waves")
    """The ink of a bar lies within this, and the next, added, from its middle."""

    band_sides: float = parameter(0.06, 0.0, 1.0, unit="longer sides", reason="a bar that isn't quite level leaves its band by as much")
    """See `band_strokes`."""

    max_outside_share: float = parameter(0.03, 0.0, 1.0, unit="share", reason="a serif or a blot at the end of a bar")
    """Greatest share of the ink of a cross outside of its two bars."""

    max_cross_fill: float = parameter(0.65, 0.0, 1.0, unit="share", reason="a bold 0 fills more, and so does a round blot")
    """Greatest share of its box that a cross fills, upright and turned by 45°."""

    min_arm_area: float = parameter(0.05, 0.0, 1.0, unit="stroke widths × longer sides", reason="an arm is more than a rough edge")
    """Least area of each of the four arms."""

    min_sagitta: float = parameter(0.15, 0.0, 1.0, unit="heights of the mark", reason="a 1 is straighter")
    """Least height of the arc of a parenthesis."""

    max_arc_error: float = parameter(0.03, 0.0, 1.0, unit="heights of the mark", reason="about half of a thin stroke")
    """Greatest root mean square distance of the middle of the stroke from a parabola."""

    min_single_runs: float = parameter(0.9, 0.0, 1.0, unit="share", reason="rows across a loop or a flag have two runs")
    """Least share of the rows of a parenthesis in which its ink is one run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PenParams(ParameterGroup):
    """Parameters of the pen with which drawings are drawn again (`digitcore.layout.pen`)."""

    relative_width: float = parameter(0.13, 0.01, 0.9, unit="heights of the digit", reason="the median of MNIST's training images")
    """Stroke width of a digit, its pen included."""
