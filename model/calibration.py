"""Calibrate the network: fit the temperature and the digit score, and measure the calibration error."""

from typing import Any, Final

import numpy as np

from digitcore.evaluation.measures import expected_calibration_error, reliability_bins
from digitcore.recognition.prediction import free_energy, softmax
from digitcore.types import BoolArray, Float32Array, Int64Array

ACCEPTED_SHARE: Final = 0.995
"""Share of the validation digits that the threshold of the digit score accepts."""

CONFIDENCE_THRESHOLDS: Final = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999)
"""Required confidences in the model card's table of coverage and accuracy."""

NEUTRAL: Final = {"temperature": 1.0, "energy_centre": 0.0, "energy_scale": 1.0, "reject_below": 0.0}
"""Serving parameters of a network that has not been calibrated."""

_TEMPERATURES: Final = np.geomspace(0.25, 4.0, 401)
"""Candidates of the temperature."""


def negative_log_likelihood(logits: Float32Array, labels: Int64Array, temperature: float = 1.0) -> float:
    """Compute the mean negative log-likelihood of the labels, −log p(label), in nats."""
    label_probabilities = softmax(logits, temperature)[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(label_probabilities, np.finfo(np.float32).tiny)).mean())


def fit_temperature(logits: Float32Array, labels: Int64Array) -> float:
    """Fit the temperature, the divisor of the logits, that maximises the likelihood of the labels (Guo et al. 2017)."""
    losses = [negative_log_likelihood(logits, labels, float(temperature)) for temperature in _TEMPERATURES]
    return float(_TEMPERATURES[int(np.argmin(losses))])


def bins_of_labels(probabilities: Float32Array, labels: Int64Array) -> list[dict[str, Any]]:
    """Compute `reliability_bins` of predictions, float32 `(N, K)`, with these labels, int64 `(N,)`."""
    return reliability_bins(probabilities.max(axis=1), probabilities.argmax(axis=1) == labels)


def coverage_accuracy(probabilities: Float32Array, labels: Int64Array) -> list[dict[str, float]]:
    """Compute coverage and accuracy, in percent, of the predictions whose confidence reaches each of `CONFIDENCE_THRESHOLDS`."""
    confidence = probabilities.max(axis=1)
    correct = probabilities.argmax(axis=1) == labels
    rows = []
    for threshold in CONFIDENCE_THRESHOLDS:
        kept = confidence >= threshold
        rows.append({"confidence": threshold, "coverage_pct": _percent(kept) or 0.0, "accuracy_pct": _percent(correct[kept]) or 0.0})
    return rows


def fit_digit_score(logits: Float32Array) -> dict[str, float]:
    """Fit centre and scale of the logistic digit score so that 0.5 % of the validation digits are rejected.

    The score is a logistic function of the free energy (Liu et al. 2020). Its centre is the threshold, so that marks with a score below 0.5
    are rejected; its scale is the standard deviation of the energies of real digits.

    Args:
        logits: float32 `(N, K)`, of validation digits.

    Returns:
        The serving parameters `energy_centre`, `energy_scale` and `reject_below`.
    """
    energy = free_energy(logits)
    threshold = float(np.quantile(energy, 1 - ACCEPTED_SHARE))
    return {"energy_centre": threshold, "energy_scale": float(np.std(energy)), "reject_below": 0.5}


def measure(logits: Float32Array, labels: Int64Array, temperature: float) -> dict[str, Any]:
    """Measure accuracy and calibration on one data set, for the model card."""
    probabilities = softmax(logits, temperature)
    predicted = probabilities.argmax(axis=1)
    return {
        "count": len(labels),
        "accuracy_pct": round(100 * float((predicted == labels).mean()), 3),
        "errors": int((predicted != labels).sum()),
        "negative_log_likelihood": round(negative_log_likelihood(logits, labels, temperature), 5),
        "expected_calibration_error_pct": round(100 * expected_calibration_error(bins_of_labels(probabilities, labels)), 3),
        "recall_pct": [_percent((predicted == digit)[labels == digit]) for digit in range(logits.shape[1])],
    }


def _percent(hits: BoolArray) -> float | None:
    """Compute the share of true values in percent, to two decimals; None for an empty array."""
    return round(100 * float(hits.mean()), 2) if hits.size else None
