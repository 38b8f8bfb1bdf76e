"""The tuned numbers of the stages that look at the paper: its outline, its polarity with the width of strokes, and its brightness."""

from dataclasses import dataclass

from digitcore.parameters import ParameterGroup, parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetParams(ParameterGroup):
    """Parameters of the search for a sheet of paper or a board (`digitcore.preprocessing.sheet`)."""

    edge_width: float = parameter(0.012, 0.0, 0.1, unit="short sides", reason="blur of the edge of a sheet in photographs")
    """Width of the blurred edge of a sheet, or of anything that reaches into the image."""

    min_edge_px: int = parameter(5, 1, 50, unit="pixels", reason="in a small image, too, an edge is blurred over two pixels on either side")
    """Least width of that edge in pixels, and its width in an overview; so wide is the border of an overview that shows the paper, too."""

    max_stroke_width: float = parameter(0.06, 0.0, 0.5, unit="short sides", reason="bold digits on a page have strokes of 0.04")
    """Greatest width of the strokes that are removed before the search."""

    min_area: float = parameter(0.12, 0.0, 1.0, unit="share", reason="notes photographed from above fill an eighth of the image")
    """Least area of a sheet, as a share of the image."""

    min_board_area: float = parameter(0.25, 0.0, 1.0, unit="share", reason="something smaller is rather a bold digit")
    """Least area of a board, and of the bounding box of a sheet that no edge tells, likewise."""

    min_solidity: float = parameter(
        0.87, 0.0, 1.0, unit="share", reason="corners may be bent or covered by a thumb; an ellipse fills 0.79 of a rectangle"
    )
    """Least share that a sheet fills of its convex hull, this of the quadrilateral around it, a board of the narrowest rectangle around it,
    and one outline of a sheet of another one."""

    max_open_edge: float = parameter(
        0.25, 0.0, 1.0, unit="share", reason="on one side of four, a sheet may lie on something as bright, or reach out of the image"
    )
    """Greatest share of a sheet's outline without a sharp edge; of the image's border that is as bright as a sheet; and that is as dark as
    ink, where the border shows plain paper."""

    min_edge_step: float = parameter(
        0.2, 0.0, 1.0, unit="share", reason="shaded paper has 0.85 of the brightness of lit paper, and a spot of light falls off by 0.06"
    )
    """Least step of a sheet's edge, and least difference between a sheet and its surroundings, as shares of the sheet's brightness; least
    difference between a board and the chalk on it, as a share of white; and greatest one between neighbouring pixels of one surface, as a
    share of the range of grey levels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginParams(ParameterGroup):
    """Parameters of the margin around writing that fills its image (`digitcore.preprocessing.margin`)."""

    width: float = parameter(0.3, 0.0, 2.0, unit="heights of the digit", reason="the digit then fills 0.6 of the height")
    """Width of the margin that is added where there is less, and half the side of the window in which the paper's mean is taken."""

    min_elongation: float = parameter(3.0, 1.0, 20.0, unit="ratio", reason="a 1 is thinner; few sheets are")
    """Least ratio of the sides of the narrowest rectangle around a part for it to be a stroke, however solid, and no sheet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolarityParams(ParameterGroup):
    """Parameters of the decision on polarity by the border of an image (`digitcore.preprocessing.polarity`)."""

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
    """Smallest stroke width of which the pattern spectrum is taken; marks that aren't as long are specks."""

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

    min_residue_share: float = parameter(
        0.6, 0.0, 1.0, unit="share", reason="the thickest parts of strokes, and holes in digits, are left to broader closings"
    )
    """Least share of the greatest closing residue that the stroke width's own has: the first width that does is the estimate."""

    min_plateau: float = parameter(
        0.12, 0.0, 1.0, unit="share", reason="thin strokes next to broad soft shadows have as much; less may be specks next to a bold digit"
    )
    """Least share of the greatest closing residue that a plateau of the spectrum has."""

    min_excess: float = parameter(
        1.3, 1.0, 10.0, unit="ratio", reason="strokes that are not yet removed add far more, holes in digits less; light ink is rare"
    )
    """Ratio from which a closing residue is plainly greater than another one: that of the next greater width, where strokes are wider; of
    broad strokes; and of light thin strokes, than that of dark ones."""

    ignored_border: float = parameter(0.06, 0.0, 0.4, unit="short sides", reason="shadows, fingers and the edge of a sheet lie there")
    """Width of the border that is left out."""

    noise_medians: int = parameter(3, 0, 20, unit="count", reason="most pixels are paper, whose noise seldom exceeds it")
    """Multiple of the residue's median that counts as noise, which is at least half the least darkness of ink."""

    @property
    def candidate_widths(self) -> tuple[float, ...]:
        """Return the stroke widths of which the pattern spectrum is taken, as shares of the short side, ascending."""
        widths = [self.min_width]
        while widths[-1] * self.width_ratio < self.max_width:
            widths.append(widths[-1] * self.width_ratio)
        return (*widths, self.max_width)

    @property
    def broad_width(self) -> float:
        """Return the stroke width that is tried, too, where the border is plainly paper: as of a single bold digit that fills the image."""
        return self.width_ratio * self.max_width


@dataclass(frozen=True, slots=True, kw_only=True)
class BackgroundParams(ParameterGroup):
    """Parameters of the estimate of the paper's brightness (`digitcore.preprocessing.background`)."""

    min_stroke_widths: float = parameter(1.5, 1.0, 10.0, unit="stroke widths", reason="no stroke fills the window")
    """Least side of the closing's window; at the borders a window narrower than the closing's by `min_stroke_widths / max_stroke_widths`
    bounds the paper's brightness from below."""

    max_stroke_widths: float = parameter(
        5.0, 1.5, 50.0, unit="stroke widths", reason="a wider window follows creases and the edges of shadows less closely"
    )
    """Greatest side of the closing's window."""
