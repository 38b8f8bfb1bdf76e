"""The tuned numbers of the first stages: the sizes of images, their grey levels, and smoothing."""

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
