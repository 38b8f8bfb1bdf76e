"""Convert a colour image to the grey image in which its ink has the most contrast."""

import cv2
import numpy as np

from digitcore.preprocessing.histogram import cumulative_histogram, quantile
from digitcore.preprocessing.morphology import square_element
from digitcore.preprocessing.parameters import GrayscaleParams, PreprocessingParams
from digitcore.preprocessing.resampling import make_overview, subsampling_stride
from digitcore.types import Float32Array, UInt8Array


def to_grey(image_rgb: UInt8Array) -> UInt8Array:
    """Compute the luma of a colour image (ITU-R BT.601).

    Args:
        image_rgb: uint8 `(H, W, 3)` RGB.

    Returns:
        uint8 `(H, W)`: 0.299 R + 0.587 G + 0.114 B.
    """
    return cv2.cvtColor(image_rgb, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False)


def best_contrast_channel(image_rgb: UInt8Array, params: PreprocessingParams = PreprocessingParams()) -> tuple[UInt8Array, bool]:
    """Choose the grey image in which the ink has the most contrast: luma, or the darkest of the three channels.

    Coloured ink, a yellow felt pen's above all, is nearly as bright as paper, but absorbs all light of some colour: the darkest channel
    shows it. All other ink is as clear in luma, which has less noise.

    Args:
        image_rgb: uint8 `(H, W, 3)` RGB.
        params: those of the choice, of resampling, and the greatest stroke width are used.

    Returns:
        The grey image, uint8 `(H, W)`; and whether it is the darkest channel.
    """
    luma = to_grey(image_rgb)
    choice = params.grayscale
    if not _has_coloured_parts(image_rgb, subsampling_stride(luma, params.resampling), choice):
        return luma, False
    darkest = np.asarray(cv2.min(cv2.min(image_rgb[..., 0], image_rgb[..., 1]), image_rgb[..., 2]), np.uint8)
    window = params.stroke_width.max_width
    luma_contrast, darkest_contrast = (_local_contrast_percent(make_overview(each, params.resampling), window) for each in (luma, darkest))
    ink = darkest_contrast >= np.percentile(darkest_contrast, choice.ink_percentile)
    required_percent = choice.min_contrast_gain * float(luma_contrast[ink].mean())
    return (darkest, True) if float(darkest_contrast[ink].mean()) > required_percent else (luma, False)


def _has_coloured_parts(image_rgb: UInt8Array, stride: int, params: GrayscaleParams) -> bool:
    """Check whether a few pixels have far more chroma (the spread between their channels) than most."""
    sample = image_rgb[::stride, ::stride]
    red, green, blue = sample[..., 0], sample[..., 1], sample[..., 2]
    chroma = np.maximum(np.maximum(red, green), blue) - np.minimum(np.minimum(red, green), blue)
    cumulative = cumulative_histogram(chroma)
    return quantile(cumulative, params.ink_percentile / 100) - quantile(cumulative, 0.5) >= params.min_chroma_spread


def _local_contrast_percent(overview: UInt8Array, window: float) -> Float32Array:
    """Measure how much darker strokes are than the paper around them (black top-hat over closing), in percent: float32 `(H, W)`.

    The closing's window, as a share of the short side, is as wide as the widest strokes. Where the paper itself is black, it is 0.
    """
    paper = cv2.morphologyEx(overview, cv2.MORPH_CLOSE, square_element(window * min(overview.shape))).astype(np.float32)
    return np.asarray(100 * (paper - overview) / np.maximum(paper, 1), np.float32)
