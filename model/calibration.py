"""How sure the network may say it is: temperature, calibration error, and the score below which a mark is no digit."""

from typing import Any, Final

import numpy as np

from digitcore.recognition.prediction import free_energy, softmax
from digitcore.types import BoolArray, Float32Array, Int64Array

ACCEPTED_SHARE: Final = 0.995
"""The share of validation digits that the threshold of the digit score must accept."""

CALIBRATION_BINS: Final = 15
"""Equal-width bins of the expected calibration error (Guo et al. 2017)."""

DEMANDED_CONFIDENCES: Final = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999)
"""The confidences a user may demand, in the card's table of coverage against accuracy."""

NEUTRAL: Final = {"temperature": 1.0, "energy_centre": 0.0, "energy_scale": 1.0, "reject_below": 0.0}
"""How a network is served before it has been calibrated."""

_TEMPERATURES: Final = np.geomspace(0.25, 4.0, 401)


def negative_log_likelihood(logits: Float32Array, labels: Int64Array, temperature: float = 1.0) -> float:
    """Compute the mean −log p(label), in nats."""
    chosen = softmax(logits, temperature)[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(chosen, np.finfo(np.float32).tiny)).mean())


def fit_temperature(logits: Float32Array, labels: Int64Array) -> float:
    """Fit the divisor of the logits under which the labels are likeliest (Guo et al. 2017)."""
    losses = [negative_log_likelihood(logits, labels, float(temperature)) for temperature in _TEMPERATURES]
    return float(_TEMPERATURES[int(np.argmin(losses))])


def reliability_bins(probabilities: Float32Array, labels: Int64Array, bins: int = CALIBRATION_BINS) -> list[dict[str, float]]:
    """Compare confidence with accuracy over equal-width bins of confidence; empty bins are left out.

    Returns:
        For each bin its count, mean confidence and accuracy, the last two in [0, 1].
    """
    confidence = probabilities.max(axis=1)
    correct = probabilities.argmax(axis=1) == labels
    bin_of = np.minimum((confidence * bins).astype(int), bins - 1)
    return [
        {
            "count": int((bin_of == b).sum()),
            "confidence": round(float(confidence[bin_of == b].mean()), 5),
            "accuracy": round(float(correct[bin_of == b].mean()), 5),
        }
        for b in np.unique(bin_of)
    ]


def expected_calibration_error(probabilities: Float32Array, labels: Int64Array, bins: int = CALIBRATION_BINS) -> float:
    """Compute the mean gap between confidence and accuracy over equal-width bins, weighted by count; in [0, 1]."""
    filled = reliability_bins(probabilities, labels, bins)
    return float(sum(abs(b["accuracy"] - b["confidence"]) * b["count"] for b in filled) / len(labels))


def coverage_accuracy(probabilities: Float32Array, labels: Int64Array) -> list[dict[str, float]]:
    """Compute the share of answers above each required confidence, and the accuracy among them."""
    confidence = probabilities.max(axis=1)
    correct = probabilities.argmax(axis=1) == labels
    rows = []
    for demanded in DEMANDED_CONFIDENCES:
        kept = confidence >= demanded
        rows.append({"confidence": demanded, "coverage_pct": _percent(kept) or 0.0, "accuracy_pct": _percent(correct[kept]) or 0.0})
    return rows


def fit_digit_score(logits: Float32Array) -> dict[str, float]:
    """Fit centre and scale of the logistic digit score so that 0.5 % of validation digits are refused.

    The score is a logistic curve of the free energy (Liu et al. 2020), centred on the threshold so that a score of
    one half means "just a digit", and as wide as the energies of real digits spread.
    """
    energy = free_energy(logits)
    threshold = float(np.quantile(energy, 1 - ACCEPTED_SHARE))
    return {"energy_centre": threshold, "energy_scale": float(np.std(energy)), "reject_below": 0.5}


def measure(logits: Float32Array, labels: Int64Array, temperature: float) -> dict[str, Any]:
    """Accuracy and calibration of one set, for the card."""
    probabilities = softmax(logits, temperature)
    predicted = probabilities.argmax(axis=1)
    return {
        "count": len(labels),
        "accuracy_pct": round(100 * float((predicted == labels).mean()), 3),
        "errors": int((predicted != labels).sum()),
        "negative_log_likelihood": round(negative_log_likelihood(logits, labels, temperature), 5),
        "expected_calibration_error_pct": round(100 * expected_calibration_error(probabilities, labels), 3),
        "recall_pct": [_percent((predicted == digit)[labels == digit]) for digit in range(10)],
    }


def _percent(hits: BoolArray) -> float | None:
    """Return the share of true values in percent, to two decimals; None for an empty array."""
    return round(100 * float(hits.mean()), 2) if hits.size else None
