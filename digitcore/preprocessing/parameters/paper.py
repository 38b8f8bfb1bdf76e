"""The tuned numbers of the stages that look at the paper: its outline, its polarity with the width of strokes, and its brightness."""

from dataclasses import dataclass

from digitcore.parameters import ParameterGroup, parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetParams(ParameterGroup):
    """Parameters of the search for a sheet of paper or a board (`digitcore.preprocessing.sheet`)."""

    edge_width: float = parameter(0.012, 0.0, 0.1, unit="short sides", reason="blur of the edge of a sheet in photographs")
    """Width of the blurred edge of a sheet, or of anything that reaches into the image."""

    min_edge_px: int = parameter(5, 1, 50, unit="pixels", reason="in a small image, too, an edge is blurred over two pixels on either side")
    """Least width of that edge in pixels."""

    level_count: int = parameter(14, 1, 254, unit="count", reason="with fewer, sheets on a surface of two shades are missed")
    """Number of grey levels at which a sheet is searched for."""

    outlier_share: float = parameter(0.02, 0.0, 0.4, unit="share", reason="reflections and black gaps cover less")
    """Share of the pixels below the darkest, and above the brightest, of these levels."""

    max_stroke_width: float = parameter(0.06, 0.0, 0.5, unit="short sides", reason="bold digits on a page have strokes of 0.04")
    """Greatest width of the strokes that are removed before the search."""

    min_area: float = parameter(0.12, 0.0, 1.0, unit="share", reason="notes photographed from above fill an eighth of the image")
    """Least area of a sheet, as a share of the image."""

    min_board_area: float = parameter(0.3, 0.0, 1.0, unit="share", reason="something smaller is rather a bold digit")
    """Least area of a board, likewise."""

    min_solidity: float = parameter(0.92, 0.0, 1.0, unit="share", reason="corners may be bent or covered by a thumb")
    """Least share of its convex hull that a sheet fills."""

    max_aspect_ratio: float = parameter(2.6, 1.0, 20.0, unit="ratio", reason="longer bright parts are strips of light")
    """Greatest ratio of a sheet's longer side to its shorter one."""

    min_dark_border: float = parameter(0.85, 0.0, 1.0, unit="share", reason="a sheet may reach out of the image on part of one side")
    """Least share of the image's border that is darker than a sheet."""

    max_surroundings_ratio: float = parameter(0.8, 0.0, 1.0, unit="ratio", reason="shaded paper has 0.85 of the brightness of lit paper")
    """Greatest ratio of the median brightness around a sheet to that of the sheet."""

    min_relative_area: float = parameter(0.85, 0.0, 1.0, unit="ratio", reason="outlines at neighbouring levels differ by less")
    """Least ratio of the areas of two outlines for both to be of the same sheet."""

    max_flat_step: float = parameter(0.1, 0.0, 1.0, unit="share", reason="grain of wood and leather stays below")
    """Greatest difference of neighbouring pixels of one surface, as a share of the range of grey levels."""

    min_flat_step: int = parameter(4, 0, 255, unit="grey levels", reason="noise of an even surface")
    """The same bound is at least this."""

    max_flat_parts: int = parameter(4, 0, 100, unit="count", reason="a sheet is among the largest surfaces; each one takes time")
    """How many of the largest surfaces are tried as sheets."""

    edge_reach_px: int = parameter(4, 1, 20, unit="pixels of the overview", reason="sharp edges end within it, the edges of light don't")
    """How near to an outline its edge must fall off."""

    min_edge_step: float = parameter(0.15, 0.0, 1.0, unit="share", reason="a spot of light falls off by 0.06 within the reach")
    """Least step of a sheet's edge, as a share of the brightness inside."""

    max_soft_edge: float = parameter(0.25, 0.0, 1.0, unit="share", reason="one side of four may lie on something as bright")
    """Greatest share of the outline along which the edge is softer than that."""

    min_quadrilaterality: float = parameter(0.82, 0.0, 1.0, unit="share", reason="an ellipse fills 0.79")
    """Least share of the quadrilateral around it that a sheet fills."""

    min_board_rectangularity: float = parameter(0.85, 0.0, 1.0, unit="share", reason="a bold digit seldom fills as much")
    """Least share of the narrowest rectangle around it that a board fills."""

    min_chalk_contrast: float = parameter(40.0, 0.0, 255.0, unit="grey levels", reason="chalk on photographed boards has 60 and more")
    """Least difference between a board's median and its brightest hundredth, the writing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolarityParams(ParameterGroup):
    """Parameters of the decision on polarity by the border of an image (`digitcore.preprocessing.polarity`)."""

    border_width: float = parameter(
        0.03, 0.0, 0.3, unit="short sides", reason="several pixels of an overview, and nearer to the edge than most writing"
    )
    """Width of the border that shows the paper."""

    min_border_majority: float = parameter(0.45, 0.0, 1.0, unit="share", reason="text reaches into the border")
    """Least difference between the border's bright and its dark share for the border to be paper."""

    min_sheet_solidity: float = parameter(0.87, 0.0, 1.0, unit="share", reason="only very bold digits reach this and the least area")
    """Least share of its convex hull that a sheet fills."""

    min_sheet_box_area: float = parameter(0.25, 0.0, 1.0, unit="share", reason="only very bold digits reach this and the least solidity")
    """Least area of a sheet's bounding box, as a share of the image."""

    min_sheet_quadrilaterality: float = parameter(0.95, 0.0, 1.0, unit="share", reason="real sheets fill 0.97, the boldest 8 0.93")
    """Least share of the quadrilateral around it that a sheet's convex hull fills."""

    min_digit_separability: float = parameter(
        0.93, 0.0, 1.0, unit="share", reason="a spot of light, as round, has a soft edge and reaches 0.7"
    )
    """Least separability (Otsu 1979) of a bold digit and its paper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StrokeWidthParams(ParameterGroup):
    """Parameters of the estimate of polarity and stroke width (`digitcore.preprocessing.stroke_width`)."""

    min_width: float = parameter(0.01, 0.002, 0.05, unit="short sides", reason="a fine pen on a page")
    """Smallest stroke width of which the pattern spectrum is taken."""

    max_width: float = parameter(0.15, 0.06, 0.3, unit="short sides", reason="a felt pen close up")
    """Greatest stroke width of which the pattern spectrum is taken."""

    width_ratio: float = parameter(
        2.0,
        1.2,
        4.0,
        unit="ratio",
        reason="the window for the paper's brightness tolerates a factor of three; finer steps cost more closings",
    )
    """Ratio of each width to the one before it; the last, `max_width`, may be less."""

    broad_width: float = parameter(0.32, 0.15, 1.0, unit="short sides", reason="strokes of a single bold digit that fills the image")
    """Width that is tried, too, where the border is plainly paper."""

    min_broad_gain: float = parameter(
        1.3, 1.0, 10.0, unit="ratio", reason="a closing so broad also fills the holes of digits, whose strokes are narrower"
    )
    """Least ratio of what a closing by `broad_width` removes to what any narrower one does, for strokes to be that wide."""

    min_residue_share: float = parameter(
        0.6, 0.0, 1.0, unit="share", reason="the thickest parts of strokes, and holes in digits, are left to broader closings"
    )
    """Least share of the greatest closing residue that the stroke width's own has: the first width that does is the estimate."""

    min_plateau: float = parameter(
        0.12, 0.0, 1.0, unit="share", reason="thin strokes next to broad soft shadows have as much; less may be noise"
    )
    """Least share of the greatest closing residue that a plateau of the spectrum has."""

    max_plateau_growth: float = parameter(1.3, 1.0, 10.0, unit="ratio", reason="strokes that are not yet removed would add far more")
    """Greatest ratio of the next width's residue to that of a plateau."""

    light_ink_penalty: float = parameter(1.2, 1.0, 10.0, unit="ratio", reason="light ink is rarer than dark ink")
    """Factor by which light thin strokes must outweigh dark ones."""

    ignored_border: float = parameter(0.06, 0.0, 0.4, unit="short sides", reason="shadows, fingers and the edge of a sheet lie there")
    """Width of the border that is left out."""

    max_fine_width_px: float = parameter(
        6.0, 0.0, 100.0, unit="pixels of the overview", reason="half the resolution is faster, and leaves three pixels of a stroke"
    )
    """Width from which on strokes are measured at half the resolution."""

    noise_stride: int = parameter(4, 1, 16, unit="pixels of the overview", reason="a sixteenth of the pixels is enough for a median")
    """Stride at which the median of a closing residue is taken."""

    noise_medians: int = parameter(3, 0, 20, unit="count", reason="most pixels are paper, whose noise seldom exceeds it")
    """Multiple of the residue's median that counts as noise."""

    min_noise: int = parameter(6, 0, 100, unit="grey levels", reason="half the least darkness of ink, on white paper")
    """Noise that is assumed at least."""

    @property
    def candidate_widths(self) -> tuple[float, ...]:
        """Return the stroke widths of which the pattern spectrum is taken, as shares of the short side, ascending."""
        widths = [self.min_width]
        while widths[-1] * self.width_ratio < self.max_width:
            widths.append(widths[-1] * self.width_ratio)
        return (*widths, self.max_width)


@dataclass(frozen=True, slots=True, kw_only=True)
class BackgroundParams(ParameterGroup):
    """Parameters of the estimate of the paper's brightness (`digitcore.preprocessing.background`)."""

    max_reduction: int = parameter(4, 1, 16, unit="ratio", reason="the edges of shadows stay sharp")
    """Greatest factor by which an image is reduced for the estimate."""

    min_stroke_widths: float = parameter(1.5, 1.0, 10.0, unit="stroke widths", reason="no stroke fills the window")
    """Least side of the closing's window."""

    max_stroke_widths: float = parameter(
        5.0, 1.5, 50.0, unit="stroke widths", reason="a wider window follows creases and the edges of shadows less closely"
    )
    """Greatest side of the closing's window."""

    small_window: float = parameter(
        0.3, 0.0, 1.0, unit="share of the window's side", reason="it follows the light closely, and still closes fine strokes"
    )
    """Side of the small window that bounds the paper's brightness from below at the image's borders."""

    min_extrapolated_share: float = parameter(
        0.88, 0.0, 1.0, unit="share", reason="light falls no further within half a window; what is darker is ink"
    )
    """Least ratio of the extrapolated brightness to the closing."""
