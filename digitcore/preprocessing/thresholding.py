"""Separate ink from paper by a threshold: of the whole image, of each neighbourhood, or relative to the paper."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import cv2
import numpy as np

from digitcore.messages import Message
from digitcore.preprocessing.histogram import cumulative_histogram, quantile, separability
from digitcore.preprocessing.morphology import odd_size
from digitcore.preprocessing.parameters import ResamplingParams, ThresholdingParams
from digitcore.preprocessing.polarity import InkPolarity
from digitcore.preprocessing.resampling import subsample
from digitcore.stages import GlobalThreshold, StageName
from digitcore.types import BoolArray, Float64Array, UInt8Array

_SHARE_BELOW_ONE_SIGMA: Final = 0.16
"""Share of a normal distribution below its mean less a standard deviation: gives the noise of the paper, ink or not."""

_NEUTRAL_GREY: Final = 128
"""Grey level that stands for no difference from the neighbourhood."""


class ThresholdMethod(StrEnum):
    """How ink is separated from paper; the values are those of the setting `threshold`."""

    PAPER = "paper"
    OTSU = "otsu"
    ADAPTIVE = "adaptive"


@dataclass(frozen=True, slots=True, eq=False)
class Threshold:
    """An image separated into ink and paper."""

    ink: BoolArray
    """bool `(H, W)`."""

    method: ThresholdMethod
    level: float
    """Grey level of the image (`OTSU`), its difference from the neighbourhood (`ADAPTIVE`) or darkness (`PAPER`) that separates the two."""

    @property
    def note(self) -> Message:
        """Return what was done, in one sentence to be shown."""
        if self.method is ThresholdMethod.PAPER:
            return Message("Ink is more than {level:.0f} levels darker than the paper.", level=self.level)
        if self.method is ThresholdMethod.OTSU:
            return Message("Ink is darker than grey level {level:.0f}, one threshold for the whole picture (Otsu).", level=self.level)
        return Message("Ink is more than {level:.0f} levels darker than its neighbourhood (adaptive threshold).", level=self.level)

    @property
    def global_threshold(self) -> GlobalThreshold | None:
        """Return the stage whose grey levels are separated, and the level; None where each neighbourhood has its own."""
        stage = {ThresholdMethod.PAPER: StageName.DARKNESS, ThresholdMethod.OTSU: StageName.POLARITY}.get(self.method)
        return GlobalThreshold(stage, self.level) if stage else None


def otsu_threshold(grey: UInt8Array, polarity: InkPolarity) -> Threshold:
    """Threshold an image at the grey level of greatest separability (Otsu 1979).

    Args:
        grey: uint8 `(H, W)`.
        polarity: of the ink.

    Returns:
        Ink and paper, and the level.
    """
    level, bright = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return Threshold((bright > 0) == (polarity is InkPolarity.LIGHT), ThresholdMethod.OTSU, float(level))


def adaptive_threshold(grey: UInt8Array, polarity: InkPolarity, window: float) -> Threshold:
    """Threshold each pixel by its neighbourhood: the mean there, and an offset for all pixels, found by Otsu's method.

    Args:
        grey: uint8 `(H, W)`.
        polarity: of the ink.
        window: side of the neighbourhood as a share of the short side.

    Returns:
        Ink and paper, and the offset.
    """
    side_px = odd_size(window * min(grey.shape))
    difference = grey.astype(np.int16) - cv2.blur(grey, (side_px, side_px))
    shifted = np.clip(difference + _NEUTRAL_GREY, 0, 255).astype(np.uint8)
    otsu = otsu_threshold(shifted, polarity)
    return Threshold(otsu.ink, ThresholdMethod.ADAPTIVE, abs(otsu.level - _NEUTRAL_GREY))


def paper_threshold(
    dark: UInt8Array,
    excluded: BoolArray,
    params: ThresholdingParams = ThresholdingParams(),
    resampling: ResamplingParams = ResamplingParams(),
) -> Threshold:
    """Threshold the darkness relative to the paper, above the paper's noise.

    The level is the paper's median plus some standard deviations of its noise; or that of Otsu's method, if it is lower and plainly
    separates two classes. It is never below the least darkness of ink.

    Args:
        dark: uint8 `(H, W)`, as `darkness` gives it.
        excluded: bool `(H, W)`: what is neither ink nor paper.
        params: the parameters of the threshold.
        resampling: they tell which pixels are counted.

    Returns:
        Ink and paper, and the level.
    """
    has_excluded = excluded.any()
    sample = subsample(dark, resampling)
    sample = sample[~subsample(excluded, resampling)] if has_excluded else sample.ravel()
    if not sample.size:
        sample = dark.ravel()
    cumulative = cumulative_histogram(sample)
    level = _noise_limit(cumulative, params)
    otsu_level = cv2.threshold(sample, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[0]
    if otsu_level < level and _separates_ink(cumulative, int(otsu_level), params):
        level = otsu_level
    level = min(max(level, params.min_ink_darkness), 255.0)
    ink = dark > int(level)
    return Threshold(ink & ~excluded if has_excluded else ink, ThresholdMethod.PAPER, float(level))


def _noise_limit(cumulative: Float64Array, params: ThresholdingParams) -> float:
    """Compute the darkness that the paper's noise doesn't reach; the noise from the lower half of the distribution, which has no ink."""
    median = quantile(cumulative, 0.5)
    sigma = median - quantile(cumulative, _SHARE_BELOW_ONE_SIGMA) + params.quantization_noise
    return median + params.min_signal_to_noise * sigma


def _separates_ink(cumulative: Float64Array, level: int, params: ThresholdingParams) -> bool:
    """Check whether a level separates ink from paper rather than noise from noise."""
    is_little = bool(1 - cumulative[level] < params.max_ink_fraction)
    return is_little or separability(cumulative, level) > params.min_separability
