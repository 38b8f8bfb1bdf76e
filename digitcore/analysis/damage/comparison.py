"""Compare the network with a damaged copy, on the same digits."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from digitcore.analysis.damage.damage import Damage, apply_damage
from digitcore.recognition.artifacts import PACKAGED_NETWORK, read_model
from digitcore.recognition.classifier import Classifier, default_classifier
from digitcore.types import Float32Array, Int64Array, UInt8Array


@dataclass(frozen=True, slots=True, eq=False)
class DamageComparison:
    """What the network and a damaged copy read.

    Attributes:
        accuracy: of the network on the labelled digits, in [0, 1].
        damaged_accuracy: of the damaged copy.
        predictions: of the damaged copy on the labelled digits, int64 `(N,)`.
        probabilities: of the network for the digit in question, float32 `(10,)`.
        damaged_probabilities: of the damaged copy for it.
    """

    accuracy: float
    damaged_accuracy: float
    predictions: Int64Array
    probabilities: Float32Array
    damaged_probabilities: Float32Array


def compare_damaged(
    damage: Damage, images: UInt8Array, labels: Int64Array, digit: UInt8Array, other_weights: list[Float32Array] | None = None
) -> DamageComparison:
    """Damage a copy of the served network, and let both read labelled digits and another one.

    Args:
        damage: what to do to the copy.
        images: uint8 `(N, 28, 28)`, white ink on black, N at least 1.
        labels: int64 `(N,)`: the digits that were written.
        digit: uint8 `(28, 28)`: a further digit, whose ten probabilities are compared.
        other_weights: see `apply_damage`.

    Returns:
        What both read.

    Raises:
        ValueError: as `apply_damage` raises it.
    """
    network = default_classifier()
    model, card = read_model(PACKAGED_NETWORK)
    damaged = Classifier(apply_damage(model, damage, other_weights), card)
    predictions = damaged.logits(images).argmax(axis=1)
    before, after = (classifier.probabilities(digit[np.newaxis])[0] for classifier in (network, damaged))
    return DamageComparison(
        accuracy=_accuracy(images.tobytes(), labels.tobytes()),
        damaged_accuracy=float((predictions == labels).mean()),
        predictions=predictions,
        probabilities=before,
        damaged_probabilities=after,
    )


@lru_cache(maxsize=2)
def _accuracy(images: bytes, labels: bytes) -> float:
    """Measure the network's own accuracy, once for each set of digits."""
    digits = np.frombuffer(images, np.uint8).reshape(-1, 28, 28)
    return float((default_classifier().logits(digits).argmax(axis=1) == np.frombuffer(labels, np.int64)).mean())
