"""Measure the shipped network and complete its card: `python -m model.evaluate` (or `make evaluate`).

The network is measured as it is served: the LiteRT file, through the classifier that the pages use.
"""

import argparse
import os
import statistics
import time
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sklearn.datasets import load_digits
from sklearn.metrics import confusion_matrix, roc_auc_score

from digitcore import Classifier, load_classifier
from digitcore.geometry import shape_digit
from digitcore.model_input import MODEL_SIDE_PX
from digitcore.prediction import softmax
from model import artefacts, calibration
from model.augment import augmented_images
from model.corruptions import CORRUPTIONS, HELD_OUT, corrupt
from model.data import load_test, load_training

LATENCY_RUNS: Final = 500
CALIBRATION_SEED: Final = 5
CORRUPTION_SEED: Final = 6
WORST_COUNT: Final = 25
NOT_DIGITS_NAME: Final = "not-digits-dev.npz"
_SKLEARN_WHITE: Final = 16
"""scikit-learn's digits hold 0 to 16."""


def calibrate(folder: Path) -> dict[str, Any]:
    """Fit temperature and digit score on the validation pictures, measure those, and complete the card, which is returned."""
    _, validation = load_training()
    classifier = load_classifier(folder / artefacts.LITERT_NAME)
    logits = classifier.logits(validation.images)
    varied = augmented_images(validation.images, (CALIBRATION_SEED,))
    temperature = calibration.fit_temperature(logits, validation.labels)
    card = artefacts.read_card(folder)
    card["serving"] = {"temperature": temperature, **calibration.fit_digit_score(classifier.logits(varied))}
    card["validation"] = calibration.measure(logits, validation.labels, temperature)
    artefacts.write_card(card, folder)
    return card


def measure_test_set(classifier: Classifier) -> dict[str, Any]:
    """MNIST's 10,000 test pictures as they are."""
    digits = load_test()
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


def worst_mistakes(probabilities: npt.NDArray[np.float32], labels: npt.NDArray[np.int64]) -> list[dict[str, Any]]:
    """The wrong answers given with most confidence: their place in the set, what they are, and what was said."""
    predicted, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    wrong = np.flatnonzero(predicted != labels)
    worst = wrong[np.argsort(-confidence[wrong], kind="stable")][:WORST_COUNT]
    return [
        {"index": int(i), "label": int(labels[i]), "said": int(predicted[i]), "confidence": round(float(confidence[i]), 4)} for i in worst
    ]


def measure_other_hands(classifier: Classifier) -> dict[str, Any]:
    """scikit-learn's 1,797 digits of 8×8 pixels, other writers and another scanner, through crop, fit and centring."""
    bundled = load_digits()
    images = np.stack([shape_digit(_to_ink(picture)).model_input for picture in bundled.images])
    predicted = classifier.logits(images).argmax(axis=1)
    correct = predicted == bundled.target
    return {"count": len(images), "accuracy_pct": round(100 * float(correct.mean()), 3), "errors": int((~correct).sum())}


def measure_corruptions(classifier: Classifier) -> dict[str, Any]:
    """Accuracy on the test pictures spoilt in fifteen ways, in percent."""
    digits = load_test()
    accuracies = {}
    for name in CORRUPTIONS:
        predicted = classifier.logits(corrupt(digits.images, name, CORRUPTION_SEED)).argmax(axis=1)
        accuracies[name] = round(100 * float((predicted == digits.labels).mean()), 2)
    return {
        "accuracy_pct": accuracies,
        "mean_pct": round(statistics.mean(accuracies.values()), 2),
        "lowest_pct": min(accuracies.values()),
        "seed": CORRUPTION_SEED,
        "held_out_of_training": list(HELD_OUT),
    }


def measure_not_digits(classifier: Classifier, path: Path | None) -> dict[str, Any]:
    """How well the digit score tells MNIST's test digits from marks that are none.

    Args:
        classifier: the network.
        path: an `.npz` file of uint8 `(N, 28, 28)` arrays by name, white on black; arrays of other kinds are passed over.
    """
    if path is None or not path.is_file():
        return {}
    digit_scores = classifier.digit_scores(load_test().images)
    sets = {}
    with np.load(path) as arrays:
        for name, images in arrays.items():
            if images.dtype == np.uint8 and images.shape[1:] == (MODEL_SIDE_PX, MODEL_SIDE_PX):
                scores = classifier.digit_scores(images)
                truth = np.repeat([1, 0], [len(digit_scores), len(scores)])
                sets[name] = {
                    "count": len(images),
                    "auroc": round(float(roc_auc_score(truth, np.concatenate([digit_scores, scores]))), 4),
                    "refused_pct": round(100 * float((scores < classifier.reject_below).mean()), 2),
                }
    return sets


def measure_latency(classifier: Classifier) -> dict[str, Any]:
    """Milliseconds for the logits of one picture on one thread, the median of many."""
    picture = np.zeros((1, 28, 28), np.uint8)
    durations_ms = []
    for _ in range(LATENCY_RUNS):
        start = time.perf_counter()
        classifier.logits(picture)
        durations_ms.append(1000 * (time.perf_counter() - start))
    return {"runs": LATENCY_RUNS, "median_ms": round(statistics.median(durations_ms), 3)}


def _not_digits_path() -> Path | None:
    """Where the marks lie if they are at hand: beside the folder of the MNIST files."""
    folder = os.environ.get("DIGITS_DATA")
    return Path(folder).resolve().parent / NOT_DIGITS_NAME if folder else None


def _to_ink(picture: npt.NDArray[np.float64]) -> npt.NDArray[np.uint8]:
    return np.round(picture * (255 / _SKLEARN_WHITE)).astype(np.uint8)


def main() -> None:
    """Measure, complete the card, and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=artefacts.MODEL_DIR, help="where the artefacts are")
    parser.add_argument("--not-digits", type=Path, default=_not_digits_path(), help="an .npz file of marks that are no digits")
    options = parser.parse_args()
    folder = options.folder
    card = calibrate(folder)
    classifier = load_classifier(folder / artefacts.LITERT_NAME)
    card["test"] = measure_test_set(classifier)
    card["other_hands"] = measure_other_hands(classifier)
    card["corruptions"] = measure_corruptions(classifier)
    card["not_digits"] = measure_not_digits(classifier, options.not_digits) or card.get("not_digits", {})
    card["latency"] = measure_latency(classifier)
    artefacts.write_card(card, folder)
    for name in ("validation", "test", "other_hands", "corruptions", "not_digits", "latency"):
        print(f"{name:>12}: {', '.join(f'{key} {value}' for key, value in card[name].items() if not isinstance(value, list))}")


if __name__ == "__main__":
    main()
