"""What is measured of a network: each function asks the classifier that the pages use, and returns what the card says.

"pct" is percent; a `Classifier` serves the LiteRT file.
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
from digitcore.types import Float32Array, Int64Array, UInt8Array
from model import calibration
from model.corruptions import CORRUPTIONS, HELD_OUT, corrupt
from model.data import LabelledDigits, load_test
from synthetic.clutter import CLUTTER, clutter

LATENCY_RUNS: Final = 500
BATCH_COUNT: Final = 1_000
BATCH_RUNS: Final = 5
CORRUPTION_SEED: Final = 6
CLUTTER_SEED: Final = 7
CLUTTER_COUNT: Final = 200
WORST_COUNT: Final = 25
_SKLEARN_WHITE: Final = 16
"""scikit-learn's digits hold 0 to 16."""


def measure_test_set(classifier: Classifier, digits: LabelledDigits) -> dict[str, Any]:
    """MNIST's 10,000 test pictures as they are."""
    logits = classifier.logits(digits.images)
    accepted = classifier.digit_scores_from_logits(logits) >= classifier.reject_below
    probabilities = softmax(logits, classifier.temperature)
    return {
        **calibration.measure(logits, digits.labels, classifier.temperature),
        "accepted_as_digit_pct": round(100 * float(accepted.mean()), 2),
        "confusion": confusion_matrix(digits.labels, probabilities.argmax(axis=1)).tolist(),
        "worst_mistakes": worst_mistakes(probabilities, digits.labels),
        "reliability_bins": calibration.reliability_bins(probabilities, digits.labels),
        "coverage_accuracy": calibration.coverage_accuracy(probabilities, digits.labels),
    }


def worst_mistakes(probabilities: Float32Array, labels: Int64Array) -> list[dict[str, Any]]:
    """List the wrong answers of highest confidence: index in the set, label, and prediction."""
    predicted, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    wrong = np.flatnonzero(predicted != labels)
    worst = wrong[np.argsort(-confidence[wrong], kind="stable")][:WORST_COUNT]
    return [
        {"index": int(i), "label": int(labels[i]), "said": int(predicted[i]), "confidence": round(float(confidence[i]), 4)} for i in worst
    ]


def other_hands() -> LabelledDigits:
    """scikit-learn's 1,797 digits of 8×8 pixels, other writers and another scanner, through crop, fit and centring."""
    bundled = load_digits()
    ink = np.round(bundled.images * (255 / _SKLEARN_WHITE)).astype(np.uint8)
    return LabelledDigits(np.stack([normalize_digit(picture).model_input for picture in ink]), bundled.target)


def measure_accuracy(classifier: Classifier, digits: LabelledDigits) -> dict[str, Any]:
    """Count the digits that are classified correctly."""
    correct = classifier.logits(digits.images).argmax(axis=1) == digits.labels
    return {"count": len(correct), "accuracy_pct": round(100 * float(correct.mean()), 3), "errors": int((~correct).sum())}


def corrupted_test_sets() -> dict[str, UInt8Array]:
    """Corrupt the test pictures in fifteen ways, by name."""
    images = load_test().images
    return {name: corrupt(images, name, CORRUPTION_SEED) for name in CORRUPTIONS}


def measure_corruptions(classifier: Classifier, spoilt: Mapping[str, UInt8Array]) -> dict[str, Any]:
    """Accuracy on each of the spoilt test sets."""
    labels = load_test().labels
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        answers = threads.map(lambda images: classifier.logits(images).argmax(axis=1), spoilt.values())
    accuracies = {name: round(100 * float((said == labels).mean()), 2) for name, said in zip(spoilt, answers, strict=True)}
    return {
        "accuracy_pct": accuracies,
        "mean_pct": round(statistics.mean(accuracies.values()), 2),
        "lowest_pct": min(accuracies.values()),
        "seed": CORRUPTION_SEED,
        "held_out_of_training": list(HELD_OUT),
    }


def synthetic_marks() -> dict[str, UInt8Array]:
    """Scribbles, dots, lines, blocks, noise and gradients as the network gets them: shaped like every mark, and squeezed in whole."""
    marks = {}
    for kind in CLUTTER:
        drawn = clutter(kind, CLUTTER_COUNT, CLUTTER_SEED)
        marks[kind] = np.stack([normalize_digit(picture).model_input for picture in drawn])
        marks[f"{kind}, not cropped"] = np.stack(
            [cv2.resize(picture, (MODEL_SIDE_PX, MODEL_SIDE_PX), interpolation=cv2.INTER_AREA) for picture in drawn]
        )
    return marks


def stored_marks(path: Path | None) -> dict[str, UInt8Array]:
    """Load marks by name from an `.npz` file of uint8 `(N, 28, 28)` arrays, white on black; skip arrays of other kinds."""
    if path is None or not path.is_file():
        return {}
    with np.load(path) as arrays:
        return {
            name: images
            for name, images in arrays.items()
            if images.dtype == np.uint8 and images.shape[1:] == (MODEL_SIDE_PX, MODEL_SIDE_PX)
        }


def measure_not_digits(classifier: Classifier, digits: UInt8Array, marks: Mapping[str, UInt8Array]) -> dict[str, Any]:
    """Measure how well the digit score separates `digits` from other marks, and how many of the marks are refused."""
    digit_scores = classifier.digit_scores(digits)
    sets = {}
    for name, images in marks.items():
        scores = classifier.digit_scores(images)
        truth = np.repeat([1, 0], [len(digit_scores), len(scores)])
        sets[name] = {
            "count": len(images),
            "auroc": round(float(roc_auc_score(truth, np.concatenate([digit_scores, scores]))), 4),
            "refused_pct": round(100 * float((scores < classifier.reject_below).mean()), 2),
        }
    return sets


def spread(values: Sequence[float]) -> dict[str, float]:
    """Compute mean, sample standard deviation, minimum and maximum."""
    return {
        "mean": round(statistics.mean(values), 3),
        "standard_deviation": round(statistics.stdev(values), 3),
        "lowest": min(values),
        "highest": max(values),
    }


def measure_latency(classifier: Classifier) -> dict[str, Any]:
    """Milliseconds for the logits of one picture on one thread, and pictures a second in a batch; medians of many."""
    pictures = np.zeros((BATCH_COUNT, MODEL_SIDE_PX, MODEL_SIDE_PX), np.uint8)
    one_s = statistics.median(_seconds(classifier, pictures[:1]) for _ in range(LATENCY_RUNS))
    batch_s = statistics.median(_seconds(classifier, pictures) for _ in range(BATCH_RUNS))
    return {
        "runs": LATENCY_RUNS,
        "median_ms": round(1000 * one_s, 3),
        "batch": BATCH_COUNT,
        "digits_a_second": round(BATCH_COUNT / batch_s),
    }


def _seconds(classifier: Classifier, pictures: UInt8Array) -> float:
    start = time.perf_counter()
    classifier.logits(pictures)
    return time.perf_counter() - start
