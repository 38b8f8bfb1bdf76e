"""The tuned numbers of the stages that go from darkness to writing: threshold, border artifacts, and faint ink."""

from dataclasses import dataclass

from digitcore.parameters import ParameterGroup, parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdingParams(ParameterGroup):
    """Parameters of the threshold relative to the paper (`digitcore.preprocessing.thresholding`)."""

    min_ink_darkness: int = parameter(
        12, 0, 255, unit="1/255 of the paper's brightness", reason="the block edges of JPEG reach nearly as much"
    )
    """Least darkness of ink."""

    min_signal_to_noise: float = parameter(
        6.0, 0.0, 30.0, unit="standard deviations", reason="normally distributed noise goes so far in one of a thousand million pixels"
    )
    """Least distance of ink from the paper's median, in standard deviations of the paper's noise."""

    quantization_noise: float = parameter(0.7, 0.0, 10.0, unit="grey levels", reason="noise of less than a level may vanish in rounding")
    """What rounding to whole grey levels adds to the standard deviation."""

    min_separability: float = parameter(0.75, 0.0, 1.0, unit="share", reason="noise alone gives 2/π ≈ 0.64")
    """Least separability (Otsu 1979) of ink and paper, and of the image's border and what it surrounds."""

    max_ink_fraction: float = parameter(
        0.28, 0.0, 1.0, unit="share", reason="noise cut in half leaves more above the threshold; writing seldom covers as much"
    )
    """Greatest share of the image that ink covers; more must be separable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BorderArtifactsParams(ParameterGroup):
    """Parameters of the search for what reaches in from the borders (`digitcore.preprocessing.border_artifacts`)."""

    max_border_contact: float = parameter(
        0.5, 0.0, 1.0, unit="share", reason="writing that runs out of the image crosses its border; what touches it longer lies along it"
    )
    """Greatest share of its own length with which writing touches a side of the image, of the image's whole border that is dark, and of its
    pixels that writing has close to an artifact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InkExtractionParams(ParameterGroup):
    """Parameters of the separation of writing from fainter marks (`digitcore.preprocessing.ink_extraction`)."""

    min_relative_darkness: float = parameter(
        0.5, 0.0, 1.0, unit="ratio", reason="what is fainter than half the main writing is dirt, or print that shows through"
    )
    """Least darkness of the writing, relative to the main writing."""

    min_dark_share: float = parameter(0.4, 0.0, 1.0, unit="share", reason="print that shows through is faint in nearly all of its pixels")
    """Least share of a mark's pixels that are as dark as writing, for its faint parts to belong to it."""
