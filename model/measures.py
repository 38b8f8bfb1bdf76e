"""Measure a network: accuracy, calibration, robustness, rejection of marks that are no digits, and latency.

The functions take a `Classifier`, as the pages do, and return entries of the model card. The suffix `pct` stands for percent.
"""

import os
import statistics
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from sklearn.datasets import load_digits
from sklearn.metrics import confusion_matrix, roc_auc_score

from digitcore import Classifier
from digitcore.recognition.model_input import MODEL_SIDE_PX
from digitcore.recognition.normalization import normalize_digit
from digitcore.recognition.prediction import softmax
from digitcore.types import UInt8Array
from model import calibration
from model.corruptions import CORRUPTIONS, HELD_OUT, corrupt
from model.data import LabelledDigits, load_test
from model.handwriting_measures import font_signs, written_signs
from synthetic.clutter import CLUTTER, clutter

LATENCY_RUNS: Final = 500
"""Number of timed classifications of one image."""

BATCH_COUNT: Final = 1_000
"""Number of images in the timed batch."""

BATCH_RUNS: Final = 5
"""Number of timed classifications of the batch."""

CORRUPTION_SEED: Final = 6
CLUTTER_SEED: Final = 7
CLUTTER_COUNT: Final = 200
"""Number of marks of each kind of clutter."""

_SKLEARN_WHITE: Final = 16
"""Greatest grey level of scikit-learn's digits."""


def measure_test_set(classifier: Classifier, digits: LabelledDigits) -> dict[str, Any]:
    """Measure the network on the unmodified MNIST test images."""
    logits = classifier.logits(digits.images)
    accepted = classifier.digit_scores_from_logits(logits) >= classifier.reject_below
    probabilities = softmax(logits, classifier.temperature)
    return {
        **calibration.measure(logits, digits.labels, classifier.temperature),
        "accepted_as_digit_pct": round(100 * float(accepted.mean()), 2),
        "confusion": confusion_matrix(digits.labels, probabilities.argmax(axis=1)).tolist(),
        "reliability_bins": calibration.bins_of_labels(probabilities, digits.labels),
        "coverage_accuracy": calibration.coverage_accuracy(probabilities, digits.labels),
    }


def other_hands() -> LabelledDigits:
    """Load scikit-learn's 1,797 digits of 8×8 pixels, from other writers and another scanner, normalized like every mark."""
    dataset = load_digits()
    ink = np.round(dataset.images * (255 / _SKLEARN_WHITE)).astype(np.uint8)
    return LabelledDigits(np.stack([normalize_digit(image).model_input for image in ink]), dataset.target)


def measure_accuracy(classifier: Classifier, digits: LabelledDigits) -> dict[str, Any]:
    """Measure the accuracy on a set of digits, and count the errors."""
    correct = classifier.logits(digits.images).argmax(axis=1) == digits.labels
    return {"count": len(correct), "accuracy_pct": round(100 * float(correct.mean()), 3), "errors": int((~correct).sum())}


def corrupted_test_sets() -> dict[str, UInt8Array]:
    """Apply each corruption to the test images, and return the corrupted images, uint8 `(N, 28, 28)`, by its name."""
    images = load_test().images
    return {name: corrupt(images, name, CORRUPTION_SEED) for name in CORRUPTIONS}


def measure_corruptions(classifier: Classifier, corrupted: Mapping[str, UInt8Array]) -> dict[str, Any]:
    """Measure the accuracy on each of the corrupted test sets."""
    labels = load_test().labels
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        predictions = threads.map(lambda images: classifier.logits(images).argmax(axis=1), corrupted.values())
    accuracies = {name: round(100 * float((digits == labels).mean()), 2) for name, digits in zip(corrupted, predictions, strict=True)}
    return {
        "accuracy_pct": accuracies,
        "mean_pct": round(statistics.mean(accuracies.values()), 2),
        "lowest_pct": min(accuracies.values()),
        "seed": CORRUPTION_SEED,
        "held_out_of_training": list(HELD_OUT),
    }


def synthetic_marks() -> dict[str, UInt8Array]:
    """Generate synthetic marks that are no digits, uint8 `(N, 28, 28)`, by kind: each kind once normalized and once only resized."""
    marks = {"written signs": written_signs(), "fonts": font_signs()}
    for kind in CLUTTER:
        images = clutter(kind, CLUTTER_COUNT, CLUTTER_SEED)
        marks[kind] = np.stack([normalize_digit(image).model_input for image in images])
        marks[f"{kind}, not cropped"] = np.stack(
            [cv2.resize(image, (MODEL_SIDE_PX, MODEL_SIDE_PX), interpolation=cv2.INTER_AREA) for image in images]
        )
    return marks


def stored_marks(path: Path | None) -> dict[str, UInt8Array]:
    """Load sets of marks by name from an `.npz` file of uint8 `(N, 28, 28)` arrays, white ink on black; skip other arrays."""
    if path is None or not path.is_file():
        return {}
    with np.load(path) as arrays:
        return {
            name: images
            for name, images in arrays.items()
            if images.dtype == np.uint8 and images.shape[1:] == (MODEL_SIDE_PX, MODEL_SIDE_PX)
        }


def measure_not_digits(classifier: Classifier, digits: UInt8Array, marks: Mapping[str, UInt8Array]) -> dict[str, Any]:
    """Measure how well the digit score separates `digits` from each set of marks: the AUROC, and the percentage of rejected marks."""
    digit_scores = classifier.digit_scores(digits)
    sets = {}
    for name, images in marks.items():
        scores = classifier.digit_scores(images)
        is_digit = np.repeat([1, 0], [len(digit_scores), len(scores)])
        sets[name] = {
            "count": len(images),
            "auroc": round(float(roc_auc_score(is_digit, np.concatenate([digit_scores, scores]))), 4),
            "refused_pct": round(100 * float((scores < classifier.reject_below).mean()), 2),
        }
    return sets


def spread(values: Sequence[float]) -> dict[str, float]:
    """Compute mean, sample standard deviation, minimum and maximum of two or more values."""
    return {
        "mean": round(statistics.mean(values), 3),
        "standard_deviation": round(statistics.stdev(values), 3),
        "lowest": min(values),
        "highest": max(values),
    }


def measure_latency(classifier: Classifier) -> dict[str, Any]:
    """Measure the median time for one image in milliseconds, and the median throughput of a batch in images per second."""
    images = np.zeros((BATCH_COUNT, MODEL_SIDE_PX, MODEL_SIDE_PX), np.uint8)
    one_s = statistics.median(_seconds(classifier, images[:1]) for _ in range(LATENCY_RUNS))
    batch_s = statistics.median(_seconds(classifier, images) for _ in range(BATCH_RUNS))
    return {
        "runs": LATENCY_RUNS,
        "median_ms": round(1000 * one_s, 3),
        "batch": BATCH_COUNT,
        "digits_a_second": round(BATCH_COUNT / batch_s),
    }


def _seconds(classifier: Classifier, images: UInt8Array) -> float:
    """Time one classification in seconds."""
    start = time.perf_counter()
    classifier.logits(images)
    return time.perf_counter() - start
