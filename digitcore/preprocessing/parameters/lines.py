"""The tuned numbers of the search for printed lines."""

from dataclasses import dataclass

from digitcore.parameters import ParameterGroup, parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class SkewParams(ParameterGroup):
    """Parameters of the estimate of the skew of lines (`digitcore.preprocessing.skew`)."""

    max_skew_deg: float = parameter(14.0, 0.0, 44.0, unit="degrees", reason="hand-held cameras are seldom turned further")
    """Greatest skew that is tried."""

    step_deg: float = parameter(
        1.0, 0.1, 5.0, unit="degrees", reason="a coarser one misses fine lines halfway between two angles, where their profiles are flat"
    )
    """Step of the first search; the second one tries the angles halfway to the next ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDetectionParams(ParameterGroup):
    """Parameters of the detection of horizontal and vertical lines (`digitcore.preprocessing.line_detection`)."""

    thin_line_thickness: float = parameter(1 / 130, 0.0, 0.1, unit="short sides", reason="thinner than the strokes of most pens")
    """Thickness up to which a line is thin."""

    min_thin_line_px: int = parameter(4, 1, 50, unit="pixels", reason="lines of a pixel or two, blurred")
    """The same in pixels where the image is small."""

    min_run_length: float = parameter(
        0.03, 0.0, 0.5, unit="short sides", reason="longer than the straight parts of most letters and digits"
    )
    """Least length of the straight runs that make up a line."""

    band_reach_px: int = parameter(
        2, 0, 20, unit="pixels", reason="a line half a degree off the horizontal needs 570 pixels to cross the five rows"
    )
    """Number of rows by which a line may wander upwards and downwards."""

    min_covered_length: float = parameter(0.8, 0.0, 1.0, unit="share", reason="a line runs through the image, unlike a stroke")
    """Least share of the image's length that a thick line covers, the writing on it included, and of that a single row of it."""

    min_repeated_lines: int = parameter(3, 1, 100, unit="count", reason="a large digit has one upright stroke, or two")
    """Least number of vertical lines that are ruled wherever they end."""

    min_crossing_length: float = parameter(
        0.92,
        0.0,
        1.0,
        unit="share",
        reason="a single digit leaves some margin in its image; the surface around a sheet covers a whole side",
    )
    """Least share of the image over which a vertical line is ruled, though there are few, and of a side that a strip along it covers; and
    greatest width and height of a mark that could be a digit."""

    min_stem_breadth: float = parameter(0.2, 0.0, 5.0, unit="ratio", reason="a stem is connected with other strokes, which reach sideways")
    """Least breadth of the component that holds a shorter vertical line, relative to the line, for the line to be a stem."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuledLinesParams(ParameterGroup):
    """Parameters of the removal of ruled lines (`digitcore.preprocessing.ruled_lines`)."""

    min_visible_length: float = parameter(0.3, 0.0, 1.0, unit="long sides", reason="as between the margins of a sheet")
    """Least length of the visible parts of a line."""

    max_thickness: float = parameter(0.09, 0.0, 0.5, unit="short sides", reason="as thick as a pen's stroke, or thicker")
    """Greatest thickness of a thick line."""

    min_overview_ink: int = parameter(40, 0, 255, unit="grey levels", reason="thin lines fill a sixth of a block")
    """Least mean of a block of ink (0 or 255) for its pixel in an overview to be ink."""
