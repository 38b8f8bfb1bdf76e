"""The tuned numbers of segmentation: which components are one digit, and where touching digits are split.

Lengths in "writing heights" are multiples of the writing height of the line. Costs are natural logarithms of probability.
"""

from dataclasses import dataclass

from digitcore.parameters import ParameterGroup, parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentationParams(ParameterGroup):
    """Parameters of the segmentation of a line into digits (`digitcore.layout.segmentation`)."""

    min_confidence: float = parameter(0.8, 0.0, 1.0, unit="probability", reason="what is less sure may be several digits")
    """Least confidence of a component that isn't split, if it is a digit by its digit score; of loose parts that are classified together;
    and of all parts of what stands alone and is no digit, for it to be split."""

    max_merge_gap: float = parameter(0.05, 0.0, 2.0, unit="writing heights", reason="the strokes of a digit nearly touch")
    """Greatest horizontal gap between components that may be parts of one digit."""

    min_text_components: int = parameter(8, 1, 1000, unit="count", reason="of fewer, many may be doubtful digits by chance")
    """The number of components from which on a line may be text."""

    max_text_digit_share: float = parameter(0.5, 0.0, 1.0, unit="share", reason="most digits of a number are sure by themselves")
    """Share of components that are surely digits below which a line is text, and isn't split."""

    max_cost: float = parameter(1.5, 0.0, 100.0, unit="log probability per writing height", reason="costlier ones are no number at all")
    """Greatest cost of a split, for each writing height of its width, and once more."""

    first_cut_cost: float = parameter(2.5, 0.0, 100.0, unit="log probability", reason="what stands alone mostly is one digit")
    """What the first cut costs in addition if a component stands alone in a line without digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlantParams(ParameterGroup):
    """Parameters of the slant of a line (`digitcore.layout.slant`)."""

    min_slant: float = parameter(-0.3, -2.0, 0.0, unit="pixels per pixel", reason="few people write leaning to the left")
    """Least slant, that of a line that leans furthest to the left; positive slants lean to the right."""

    max_slant: float = parameter(0.9, 0.0, 2.0, unit="pixels per pixel", reason="42°; hardly anyone's digits lean further")
    """Greatest slant."""

    step: float = parameter(0.15, 0.01, 1.0, unit="pixels per pixel", reason="the seams between digits needn't lean exactly")
    """Distance of the slants that are compared, all of them multiples of it."""

    slant_cost: float = parameter(
        0.1, 0.0, 0.5, unit="share per pixel per pixel", reason="of two equally good ones the more upright is taken"
    )
    """The share of a slant's score that each unit of slant costs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OverSegmentationParams(ParameterGroup):
    """Parameters of the seams along which components are split (`digitcore.layout.over_segmentation` and `seams`)."""

    min_part_width: float = parameter(
        0.12, 0.0, 1.0, unit="writing heights", reason="no digit is narrower, and smaller components are dust"
    )
    """Least distance of a seam from other seams, and from the sides of its component, in the mean and with the slant undone; and least
    longer side of a component that is read."""

    max_offset: float = parameter(0.2, 0.01, 1.0, unit="writing heights", reason="further aside, a path leads around a digit")
    """How far a minimum-cost path may stray from the centre of its band, and two notches of one seam may be apart along the line."""

    sidestep_cost: float = parameter(0.05, 0.0, 1.0, unit="full pixels of ink", reason="much less than to cross a stroke")
    """What a path pays for each step to the left or right."""

    max_crossed_ink: float = parameter(1.6, 0.0, 20.0, unit="stroke widths", reason="one stroke, crossed at an angle")
    """The most ink that a minimum-cost path crosses."""

    min_notch_depth: float = parameter(0.08, 0.01, 1.0, unit="writing heights", reason="contours of strokes are a little uneven")
    """Least topographic prominence of a notch in a contour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LatticeParams(ParameterGroup):
    """Parameters of the segmentation lattice (`digitcore.layout.lattice`)."""

    cut_cost: float = parameter(1.0, 0.0, 100.0, unit="log probability", reason="a component is likelier whole than split")
    """What each cut through a component costs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringParams(ParameterGroup):
    """Parameters of the costs of a segmentation (`digitcore.layout.scoring`)."""

    skip_cost: float = parameter(4.0, 0.0, 100.0, unit="log probability", reason="what is as high as the writing seldom is no digit")
    """Cost of leaving out a segment as high as the writing; that of smaller ones falls with the square of their longer side."""

    min_digit_height: float = parameter(0.7, 0.01, 1.0, unit="writing heights", reason="digits are seldom lower")
    """Height below which a 1 has a cost."""

    height_deficit_cost: float = parameter(
        10.0, 0.0, 1000.0, unit="log probability per writing height", reason="a comma 0.3 high costs 4 as a 1; to leave it out, less"
    )
    """What each writing height that a 1 lacks to `min_digit_height` costs."""

    max_digit_width: float = parameter(1.15, 0.0, 20.0, unit="writing heights", reason="digits are seldom wider")
    """Width above which a digit has a cost."""

    width_excess_cost: float = parameter(
        6.0, 0.0, 1000.0, unit="log probability per writing height", reason="two digits 1.65 wide cost 3 as one, more than a cut"
    )
    """What each writing height by which a digit exceeds `max_digit_width` costs."""

    digit_score_midpoint: float = parameter(
        0.35, 0.0, 1.0, unit="digit score", reason="split digits, and the neighbours of splits, have lower scores than whole ones"
    )
    """The digit score that as many correct as wrong splits have."""

    digit_score_slope: float = parameter(3.0, 0.0, 50.0, unit="ratio", reason="the digit score tells more than the confidence")
    """By how many log odds a candidate is likelier a digit for each log odds of its digit score."""
