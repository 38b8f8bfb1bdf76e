"""Compute statistics of grey levels from the histogram of an image, which is faster than from its pixels."""

from typing import Final

import cv2
import numpy as np

from digitcore.types import Float64Array, UInt8Array

_MAX_EXACT_COUNT: Final = 2**24
"""Greatest number of pixels that OpenCV counts at once without rounding: it returns its counts in single precision."""


def cumulative_histogram(image: UInt8Array) -> Float64Array:
    """Compute the cumulative distribution of the grey levels.

    Args:
        image: uint8, of any shape, not empty.

    Returns:
        float64 `(256,)`: for each level the share of the pixels that are no brighter, in [0, 1]; the last is 1.

    Examples:
        >>> cumulative_histogram(np.array([[0, 1], [1, 255]], np.uint8))[[0, 1, 254, 255]].tolist()
        [0.25, 0.75, 0.75, 1.0]
    """
    return _cumulative_counts(image) / image.size


def quantile(cumulative: Float64Array, share: float) -> int:
    """Find the lowest grey level up to which a share of the pixels lies.

    Args:
        cumulative: float64 `(256,)`, a `cumulative_histogram`.
        share: in [0, 1].

    Returns:
        The grey level, 0 to 255.

    Examples:
        >>> quantile(cumulative_histogram(np.array([10, 20, 30, 40], np.uint8)), 0.5)
        20
    """
    return int(cumulative.searchsorted(share))


def median(image: UInt8Array) -> float:
    """Compute the median grey level, as `numpy.median` does.

    Args:
        image: uint8, of any shape, not empty.

    Returns:
        The median, 0 to 255: for an even number of pixels the mean of the two in the middle.

    Examples:
        >>> median(np.array([10, 20, 30, 40], np.uint8))
        25.0
    """
    middle_ranks = (image.size - 1) // 2, image.size // 2
    return float(_cumulative_counts(image).searchsorted(middle_ranks, side="right").mean())


def separability(cumulative: Float64Array, level: int) -> float:
    """Measure how well a threshold separates two classes of grey levels (Otsu 1979).

    The ratio of the variance between the classes to the total variance:
    η(t) = (μ ω(t) − μ(t))² / (ω(t) (1 − ω(t)) σ²), where ω(t) is the share of the pixels up to the level t, μ(t) the sum of their levels
    over the number of all pixels, μ the mean and σ² the variance of all. A normal distribution cut in half gives 2/π ≈ 0.64.

    Args:
        cumulative: float64 `(256,)`, a `cumulative_histogram`.
        level: the threshold; brighter pixels are the second class.

    Returns:
        η in [0, 1]; 0 where one of the classes is empty.
    """
    shares, levels = np.diff(cumulative, prepend=0), np.arange(len(cumulative))
    mean, share_below = float(shares @ levels), float(cumulative[level])
    variance = float(shares @ np.square(levels - mean))
    if variance == 0 or share_below in (0.0, 1.0):
        return 0.0
    sum_below = float(shares[: level + 1] @ levels[: level + 1])
    return (mean * share_below - sum_below) ** 2 / (share_below * (1 - share_below) * variance)


def _cumulative_counts(image: UInt8Array) -> Float64Array:
    """Count the pixels that are no brighter than each of the 256 grey levels."""
    pixels, counts = image.ravel(), np.zeros(256, np.float64)
    for start in range(0, pixels.size, _MAX_EXACT_COUNT):
        counts += cv2.calcHist([pixels[start : start + _MAX_EXACT_COUNT]], [0], None, [256], [0, 256]).ravel()
    return np.asarray(counts.cumsum())
