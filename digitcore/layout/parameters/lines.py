"""The tuned numbers of the lines of writing.

Lengths in "writing heights" are multiples of the height of the page's or line's digits, so that a photograph's size and distance don't
matter.
"""

from dataclasses import dataclass

from digitcore.parameters import ParameterGroup, parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class LineParams(ParameterGroup):
    """Parameters of the grouping of components into lines (`digitcore.layout.lines`)."""

    min_legible_side: float = parameter(0.015, 0.0, 1.0, unit="shorter sides of the picture", reason="grain and dust of photographs")
    """Least longer side of a mark that can be read."""

    min_legible_side_px: int = parameter(10, 1, 100, unit="pixels", reason="half of the 20 that the network sees of a digit")
    """The same bound is at least this; smaller crosses and parentheses have no measurable shape."""

    max_height_ratio: float = parameter(1.8, 1.0, 10.0, unit="ratio", reason="one hand's digits with and without long tails")
    """Greatest ratio of the heights of two marks that are about as high as each other;
    its square, of those of any mark and of the writing."""

    min_similar_marks: int = parameter(4, 1, 100, unit="count", reason="of fewer, some may be alike by chance")
    """How many marks away from the border, as high as each other, are the writing of a page, and most parts of one digit."""

    max_neighbour_distance: float = parameter(2.5, 0.0, 20.0, unit="writing heights", reason="on either side of a space, they are nearer")
    """Greatest horizontal distance between the centres of neighbours in a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineParams(ParameterGroup):
    """Parameters of the slope of lines (`digitcore.layout.baseline`)."""

    max_slope: float = parameter(0.36, 0.0, 2.0, unit="pixels per pixel", reason="20°; at more, neighbours are in different lines")
    """Steepest slope of a line, and between the centres of neighbours in it."""
