"""Measures of answers whose truth is known: edit distance, confusion matrix and calibration error."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np

from digitcore.types import BoolArray, Float32Array, Float64Array

CALIBRATION_BINS: Final = 15
"""Number of equal-width bins of the expected calibration error (Guo et al. 2017)."""

DIGIT_COUNT: Final = 10


def edit_distance(first: str, second: str) -> int:
    """Count the characters to insert, delete or replace that make one text of another (Levenshtein 1966).

    Args:
        first: any text.
        second: any text.

    Returns:
        The number of changes, 0 for equal texts.

    Examples:
        >>> edit_distance("1234", "124")
        1
    """
    row = list(range(len(second) + 1))
    for i, one in enumerate(first, 1):
        diagonal, row[0] = row[0], i
        for j, other in enumerate(second, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (one != other))
    return row[-1]


def confusion_matrix(pairs: Iterable[tuple[str, str]]) -> list[list[int]]:
    """Count how often each digit was read as each digit.

    Args:
        pairs: texts of digits of equal length: what is written, and what was read.

    Returns:
        Ten rows of ten counts, indexed by what is written and then by what was read.

    Examples:
        >>> counts = confusion_matrix([("17", "77")])
        >>> counts[1][7], counts[7][7], counts[1][1]
        (1, 1, 0)
    """
    counts = np.zeros((DIGIT_COUNT, DIGIT_COUNT), int)
    for written, read in pairs:
        for label, predicted in zip(written, read, strict=True):
            counts[int(label), int(predicted)] += 1
    rows: list[list[int]] = counts.tolist()
    return rows


def reliability_bins(confidence: Float32Array | Float64Array, correct: BoolArray, bins: int = CALIBRATION_BINS) -> list[dict[str, Any]]:
    """Compute confidence and accuracy in equal-width bins of confidence; empty bins are omitted.

    Args:
        confidence: float `(N,)`, in [0, 1].
        correct: bool `(N,)`: which answers are right.
        bins: the number of bins.

    Returns:
        For each bin its `count`, mean `confidence` and `accuracy`, the last two in [0, 1].

    Examples:
        >>> reliability_bins(np.array([0.9, 0.9]), np.array([True, False]))
        [{'count': 2, 'confidence': 0.9, 'accuracy': 0.5}]
    """
    bin_of = np.minimum((confidence * bins).astype(int), bins - 1)
    return [
        {
            "count": int((bin_of == b).sum()),
            "confidence": round(float(confidence[bin_of == b].mean()), 5),
            "accuracy": round(float(correct[bin_of == b].mean()), 5),
        }
        for b in np.unique(bin_of)
    ]


def expected_calibration_error(bins: Sequence[dict[str, Any]]) -> float:
    """Compute the mean absolute difference of confidence and accuracy over bins, weighted by their count.

    Args:
        bins: as `reliability_bins` returns them, at least one.

    Returns:
        The error in [0, 1].

    Examples:
        >>> round(expected_calibration_error([{"count": 2, "confidence": 0.9, "accuracy": 0.5}]), 6)
        0.4
    """
    return float(sum(abs(b["accuracy"] - b["confidence"]) * b["count"] for b in bins) / sum(b["count"] for b in bins))
