"""The tuned numbers of the first stages: the sizes of images and their grey levels."""

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
    """Greatest long side of an overview; the short side is at least a quarter of it, where the image allows that."""

    min_subsampled_side_px: int = parameter(
        240, 16, 10_000, unit="pixels", reason="enough for lengths and areas: a pixel is four thousandths of the side"
    )
    """Least short side of an image of which only every n-th pixel is counted."""

    max_reduction: int = parameter(
        4, 1, 16, unit="ratio", reason="the edges of shadows stay sharp, and marks a few pixels apart aren't joined"
    )
    """Greatest factor by which an image is reduced for the paper's brightness, and a mask before its components are labelled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GrayscaleParams(ParameterGroup):
    """Parameters of the choice of a grey image (`digitcore.preprocessing.grayscale`)."""

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
