"""Convert a colour image to the grey image in which its ink has the most contrast."""

from typing import Final

import cv2
import numpy as np

from digitcore.preprocessing.histogram import cumulative_histogram, quantile
from digitcore.preprocessing.morphology import square_element
from digitcore.preprocessing.resampling import make_overview, subsampling_stride
from digitcore.types import Float32Array, UInt8Array

_CHROMA_STRIDE: Final = 4
"""Stride at which chroma is sampled, on top of `subsampling_stride`: its histogram alone matters."""

_INK_PERCENTILE: Final = 99.0
"""Percentile from which on pixels are taken for ink, in percent: a few strokes cover a hundredth of a page."""

_MIN_CHROMA_SPREAD: Final = 60
"""Least difference in chroma between the most coloured pixels (at `_INK_PERCENTILE`) and the median, in grey levels, for coloured ink."""

_MIN_CONTRAST_GAIN: Final = 1.5
"""Least ratio of the ink's contrast in the darkest channel to that in luma for which the darkest channel, the noisier one, is taken."""

_CONTRAST_WINDOW: Final = 0.15
"""Side of the window within which a stroke's contrast is measured, as a share of the short side: wider than any stroke."""


def to_grey(image_rgb: UInt8Array) -> UInt8Array:
    """Compute the luma of a colour image (ITU-R BT.601).

    Args:
        image_rgb: uint8 `(H, W, 3)` RGB.

    Returns:
        uint8 `(H, W)`: 0.299 R + 0.587 G + 0.114 B.
    """
    return cv2.cvtColor(image_rgb, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False)


def best_contrast_channel(image_rgb: UInt8Array) -> tuple[UInt8Array, bool]:
    """Choose the grey image in which the ink has the most contrast: luma, or the darkest of the three channels.

    Coloured ink, a yellow felt pen's above all, is nearly as bright as paper, but absorbs all light of some colour: the darkest channel
    shows it. All other ink is as clear in luma, which has less noise.

    Args:
        image_rgb: uint8 `(H, W, 3)` RGB.

    Returns:
        The grey image, uint8 `(H, W)`; and whether it is the darkest channel.
    """
    luma = to_grey(image_rgb)
    if not _has_coloured_parts(image_rgb, _CHROMA_STRIDE * subsampling_stride(luma)):
        return luma, False
    darkest = np.asarray(cv2.min(cv2.min(image_rgb[..., 0], image_rgb[..., 1]), image_rgb[..., 2]), np.uint8)
    luma_contrast, darkest_contrast = (_local_contrast_percent(make_overview(each)) for each in (luma, darkest))
    ink = darkest_contrast >= np.percentile(darkest_contrast, _INK_PERCENTILE)
    gains = float(darkest_contrast[ink].mean()) > _MIN_CONTRAST_GAIN * float(luma_contrast[ink].mean()) + 1
    return (darkest, True) if gains else (luma, False)


def _has_coloured_parts(image_rgb: UInt8Array, stride: int) -> bool:
    """Check whether a few pixels have far more chroma (the spread between their channels) than most."""
    sample = image_rgb[::stride, ::stride]
    red, green, blue = sample[..., 0], sample[..., 1], sample[..., 2]
    chroma = np.maximum(np.maximum(red, green), blue) - np.minimum(np.minimum(red, green), blue)
    cumulative = cumulative_histogram(chroma)
    return quantile(cumulative, _INK_PERCENTILE / 100) - quantile(cumulative, 0.5) >= _MIN_CHROMA_SPREAD


def _local_contrast_percent(overview: UInt8Array) -> Float32Array:
    """Measure how much darker strokes are than the paper around them (black top-hat over closing), in percent: float32 `(H, W)`.

    Where the paper itself is black, it is 0.
    """
    window = square_element(_CONTRAST_WINDOW * min(overview.shape))
    paper = cv2.morphologyEx(overview, cv2.MORPH_CLOSE, window).astype(np.float32)
    return np.asarray(100 * (paper - overview) / np.maximum(paper, 1), np.float32)
