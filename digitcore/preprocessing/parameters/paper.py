"""The tuned numbers of the stages that look at the paper: its grey, its outline, its polarity and its brightness."""

from dataclasses import dataclass

from digitcore.parameters import ParameterGroup, parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class ResamplingParams(ParameterGroup):
    """Parameters of the sizes at which images are examined (`digitcore.preprocessing.resampling`)."""

    min_side_px: int = parameter(96, 1, 1000, unit="pixels", reason="strokes of a 28×28 digit are then several pixels wide")
    """Least short side that images are enlarged to."""

    max_overview_side_px: int = parameter(
        256, 32, 4096, unit="pixels", reason="a stroke of a hundredth of the short side, the finest that is measured, is two pixels wide"
    )
    """Greatest long side of an overview, unless that would make the short side too short."""

    min_overview_side_px: int = parameter(64, 16, 1024, unit="pixels", reason="strokes on a long, narrow image would vanish otherwise")
    """Least short side of an overview of a long, narrow image."""

    min_subsampled_side_px: int = parameter(
        240, 16, 10_000, unit="pixels", reason="enough for lengths and areas: a pixel is four thousandths of the side"
    )
    """Least short side of an image of which only every n-th pixel is counted."""

    histogram_stride: int = parameter(
        2,
        1,
        16,
        unit="pixels",
        reason="of 240 × 240 pixels 14,400 are left, and 144 of them are a hundredth, which is enough for a quantile",
    )
    """Further stride where only the histogram of the pixels matters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GrayscaleParams(ParameterGroup):
    """Parameters of the choice of a grey image (`digitcore.preprocessing.grayscale`)."""

    chroma_stride: int = parameter(
        4, 1, 16, unit="pixels", reason="its histogram alone matters: of 240 × 240 pixels 3,600 are left, and 36 of them are a hundredth"
    )
    """Stride at which chroma is sampled, on top of that of subsampling."""

    ink_percentile: float = parameter(99.0, 50.0, 100.0, unit="percent", reason="a few strokes cover a hundredth of a page")
    """Percentile from which on pixels are taken for ink, by their chroma or contrast."""

    min_chroma_spread: int = parameter(
        60, 0, 255, unit="grey levels", reason="less is the tint of a lamp that falls off across the page, or of compression"
    )
    """Least difference in chroma between the most coloured pixels and the median, for coloured ink."""

    min_contrast_gain: float = parameter(
        1.5, 1.0, 10.0, unit="ratio", reason="the darkest channel, a minimum of three, has more noise than luma, a mean of three"
    )
    """Least ratio of the ink's contrast in the darkest channel to that in luma for which the darkest channel is taken."""

    min_contrast_excess: float = parameter(
        1.0, 0.0, 50.0, unit="percent", reason="more than rounding gives: 2.5 grey levels on white paper"
    )
    """By how much more than that the contrast in the darkest channel must be greater."""

    contrast_window: float = parameter(0.15, 0.01, 1.0, unit="short sides", reason="wider than any stroke of a written page")
    """Side of the window within which a stroke's contrast is measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnhancementParams(ParameterGroup):
    """Parameters of smoothing (`digitcore.preprocessing.enhancement`)."""

    kernel_radius: float = parameter(
        2.6, 1.0, 5.0, unit="standard deviations", reason="further out the weights are too small to change a grey level"
    )
    """Radius of the Gaussian's kernel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetParams(ParameterGroup):
    """Parameters of the search for a sheet of paper or a board (`digitcore.preprocessing.sheet`)."""

    edge_width: float = parameter(0.012, 0.0, 0.1, unit="short sides", reason="blur of the edge of a sheet in photographs")
    """Width of the blurred edge of a sheet, or of anything that reaches into the image."""

    level_count: int = parameter(14, 1, 254, unit="count", reason="with fewer, sheets between two shades of a desk are missed")
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
