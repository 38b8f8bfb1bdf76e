"""The tuned numbers of layout, a dataclass for each of its stages; those of the separators are in `separator_parameters`.

Lengths in "writing heights" are multiples of the height of the page's or line's digits, so that a photograph's size and distance don't
matter.
"""

from dataclasses import dataclass

from digitcore.layout.separator_parameters import LineComponentParams, SeparatorParams, SeparatorShapeParams
from digitcore.parameters import ParameterGroup, parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentParams(ParameterGroup):
    """Parameters of the marks that their geometry alone rules out as digits (`digitcore.layout.components`)."""

    min_mark_height: float = parameter(0.35, 0.0, 1.0, unit="writing heights", reason="lower marks are dots, commas and dashes")
    """Least height of a digit."""

    min_stroke_width: float = parameter(0.2, 0.0, 1.0, unit="stroke widths", reason="thinner are remnants of ruled lines, or noise")
    """Least stroke width of a digit, relative to that of the page's pen, since a page is written with one."""

    max_dot_aspect_ratio: float = parameter(1.7, 1.0, 10.0, unit="ratio", reason="a longer solid bar may be a 1")
    """Greatest ratio of a dot's longer side to its shorter one."""

    max_dot_hull_gap: float = parameter(0.04, 0.0, 1.0, unit="share", reason="the boldest digit has concavities, a 0 its hole")
    """Greatest share of its convex hull that a dot leaves empty."""

    max_dot_edge_gap: float = parameter(0.25, 0.0, 2.0, unit="pixels per pixel", reason="a small disc of pixels isn't quite convex")
    """The same, in addition, of each pixel along the edge of the hull."""

    min_scribble_holes: int = parameter(5, 1, 100, unit="count", reason="an 8 has two holes, a crossed-out 0 up to four")
    """Number of holes from which on a mark is a scribble."""

    min_hole_share: float = parameter(0.004, 0.0, 1.0, unit="share", reason="smaller holes are those of a grainy pencil")
    """Least area of a hole that counts, as a share of the mark's box."""

    max_scribble_aspect_ratio: float = parameter(1.4, 0.0, 20.0, unit="ratio", reason="wider marks may be several digits that touch")
    """Greatest ratio of a scribble's width to its height."""

    max_picture_share: float = parameter(0.5, 0.0, 1.0, unit="share", reason="the boldest digit in a tight frame covers less")
    """Greatest share of the picture that a digit covers; what covers more is a blot, such as noise or a gradient."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineParams(ParameterGroup):
    """Parameters of the grouping of components into lines (`digitcore.layout.lines`)."""

    min_component_side: float = parameter(0.12, 0.0, 1.0, unit="writing heights", reason="smaller components are dust")
    """Least longer side of a component that is read."""

    min_legible_side: float = parameter(0.015, 0.0, 1.0, unit="shorter sides of the picture", reason="grain and dust of photographs")
    """Least longer side of a mark that can be read."""

    min_legible_side_px: int = parameter(10, 1, 100, unit="pixels", reason="half of the 20 that the network sees of a digit")
    """The same bound is at least this."""

    max_height_ratio: float = parameter(1.8, 1.0, 10.0, unit="ratio", reason="one hand's digits with and without long tails")
    """Greatest ratio of the heights of two marks that are about as high as each other."""

    min_similar_marks: int = parameter(4, 1, 100, unit="count", reason="of fewer, some may be alike by chance")
    """How many marks away from the border, as high as each other, are the writing of a page."""

    max_border_mark_side: float = parameter(2.5, 0.0, 20.0, unit="writing heights", reason="no digit is so much longer than the others")
    """Greatest longer side of writing along the border of the picture."""

    max_corner_mark_side: float = parameter(1.5, 0.0, 20.0, unit="writing heights", reason="two borders make an artifact likelier")
    """Greatest longer side of writing in a corner of the picture."""

    min_border_aspect_ratio: float = parameter(2.0, 1.0, 20.0, unit="ratio", reason="edges of sheets and tables are longer than wide")
    """Least ratio of the side along the border to the other one of a mark that lies along it."""

    max_bar_gap: float = parameter(0.2, 0.0, 2.0, unit="heights of the digit", reason="the bar of a 5 floats close above its bow")
    """Greatest distance of a digit's bar above the rest of it."""

    max_bar_width: float = parameter(1.0, 0.0, 10.0, unit="heights of the digit", reason="a wider one lies above several digits")
    """Greatest width of such a bar."""

    max_neighbour_distance: float = parameter(2.5, 0.0, 20.0, unit="writing heights", reason="on either side of a space, they are nearer")
    """Greatest horizontal distance between the centres of neighbours in a line."""

    min_neighbour_pairs: int = parameter(2, 1, 100, unit="count", reason="a pair may be two lines, or a digit and its comma")
    """Number of pairs of neighbours from which on they give a slope; otherwise lines are taken for level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineParams(ParameterGroup):
    """Parameters of the slope of lines (`digitcore.layout.baseline`)."""

    max_slope: float = parameter(0.36, 0.0, 2.0, unit="pixels per pixel", reason="20°; at more, neighbours are in different lines")
    """Steepest slope of a line, and between the centres of neighbours in it."""

    min_pair_distance: float = parameter(0.5, 0.01, 10.0, unit="writing heights", reason="digits above each other have no slope")
    """Least horizontal distance of the pairs of digits that count for the slope."""

    slope_prior_variance: float = parameter(
        0.6, 0.0, 100.0, unit="squared writing heights", reason="of 2 or 3 digits, sizes differ as much"
    )
    """Variance of the digits' columns from which on their slope counts by more than half."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignParams(ParameterGroup):
    """Parameters of the recognition of +, × and parentheses (`digitcore.layout.signs`)."""

    max_cross_digit_score: float = parameter(0.55, 0.0, 1.0, unit="digit score", reason="plus signs that people wrote reach 0.44")
    """Digit score from which on a mark is neither + nor ×: a 4 may consist of two bars, too."""

    min_parenthesis_height: float = parameter(1.2, 0.0, 5.0, unit="median heights of the line", reason="a curved 1 is lower")
    """Least height of a parenthesis."""

    min_side_px: int = parameter(8, 1, 100, unit="pixels", reason="smaller marks have no measurable shape")
    """Least shorter side of a cross, and height of a parenthesis."""

    band_strokes: float = parameter(0.75, 0.0, 5.0, unit="stroke widths", reason="half a stroke, and half of that for its waves")
    """The ink of a bar lies within this, and the next, added, from its middle."""

    band_sides: float = parameter(0.06, 0.0, 1.0, unit="longer sides", reason="a bar that isn't quite level leaves its band by as much")
    """See `band_strokes`."""

    max_outside_share: float = parameter(0.03, 0.0, 1.0, unit="share", reason="a serif or a blot at the end of a bar")
    """Greatest share of the ink of a cross outside of its two bars."""

    min_crossing: float = parameter(0.25, 0.0, 0.5, unit="widths and heights", reason="nearer to an end they make a 4, a 7 or a t")
    """Where the bars of a cross cross at least, from any of its sides."""

    max_cross_aspect_ratio: float = parameter(1.7, 1.0, 10.0, unit="ratio", reason="a crossed 1 or 7 is longer")
    """Greatest ratio of the longer side of a + or × to its shorter one."""

    max_cross_fill: float = parameter(0.65, 0.0, 1.0, unit="share", reason="a bold 0 fills more")
    """Greatest share of its box that a cross fills."""

    min_arm_area: float = parameter(0.05, 0.0, 1.0, unit="stroke widths × longer sides", reason="an arm is more than a rough edge")
    """Least area of each of the four arms."""

    max_parenthesis_aspect_ratio: float = parameter(0.6, 0.0, 5.0, unit="ratio", reason="a wider arc is part of a 2, 3 or 5")
    """Greatest ratio of a parenthesis's width to its height."""

    min_sagitta: float = parameter(0.15, 0.0, 1.0, unit="heights of the mark", reason="a 1 is straighter")
    """Least height of the arc of a parenthesis."""

    max_sagitta: float = parameter(0.4, 0.0, 1.0, unit="heights of the mark", reason="a 2 or a 7 is bent further")
    """Greatest height of the arc of a parenthesis."""

    max_lean: float = parameter(0.9, 0.0, 5.0, unit="sagittas", reason="an arc that leans further goes on to one side, as in a 7")
    """Greatest lean of an arc, over half its height: this and the next, added."""

    max_straight_lean: float = parameter(0.08, 0.0, 1.0, unit="heights of the mark", reason="an upright stroke that leans by 9°")
    """See `max_lean`."""

    max_arc_error: float = parameter(0.03, 0.0, 1.0, unit="heights of the mark", reason="about half of a thin stroke")
    """Greatest root mean square distance of the middle of the stroke from a parabola."""

    min_single_runs: float = parameter(0.9, 0.0, 1.0, unit="share", reason="rows across a loop or a flag have two runs")
    """Least share of the rows of a parenthesis in which its ink is one run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoosePartParams(ParameterGroup):
    """Parameters of the joining of a lone digit's parts (`digitcore.layout.loose_parts`)."""

    max_parts: int = parameter(4, 1, 100, unit="count", reason="a 4 or a 5 has two, a broken digit a few more")
    """Greatest number of parts of a digit."""

    max_aspect_ratio: float = parameter(1.3, 0.0, 20.0, unit="ratio", reason="two digits next to each other are wider")
    """Greatest ratio of the width of several parts together to their height."""

    min_confidence: float = parameter(0.9, 0.0, 1.0, unit="probability", reason="of ten such digits one at most is wrong")
    """Least confidence with which the parts are classified together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PenParams(ParameterGroup):
    """Parameters of the pen with which drawings are drawn again (`digitcore.layout.pen`)."""

    relative_width: float = parameter(0.13, 0.01, 0.9, unit="heights of the digit", reason="the median of MNIST's training images")
    """Stroke width of a digit, its pen included."""

    min_width_px: float = parameter(2.0, 0.1, 100.0, unit="pixels", reason="thinner antialiased lines may fall apart")
    """Least stroke width."""

    min_height: float = parameter(0.5, 0.0, 1.0, unit="writing heights", reason="a dot is not drawn with a hair line")
    """Least height as which a digit counts. A lower stroke is a part of a digit."""

    max_part_gap: float = parameter(0.3, 0.0, 5.0, unit="writing heights", reason="the bar of a 5 above its bow")
    """Greatest vertical gap between a part of a digit and the rest."""

    min_stroke_overlap: float = parameter(0.2, 0.0, 1.0, unit="share", reason="rows of digits hardly overlap, two strokes of a digit do")
    """Least share of the lower stroke's rows that two high strokes of one digit have in common; else they are in two rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutParams(ParameterGroup):
    """Parameters of all stages of layout."""

    components: ComponentParams = ComponentParams()
    lines: LineParams = LineParams()
    baseline: BaselineParams = BaselineParams()
    signs: SignParams = SignParams()
    loose_parts: LoosePartParams = LoosePartParams()
    pen: PenParams = PenParams()
    line_components: LineComponentParams = LineComponentParams()
    separators: SeparatorParams = SeparatorParams()
    separator_shapes: SeparatorShapeParams = SeparatorShapeParams()
