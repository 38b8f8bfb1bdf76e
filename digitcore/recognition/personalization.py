"""Adapt a network's answers to one writer's hand by examples.

The features that the network's last layer sees are compared with those of the writer's examples by cosine similarity. Where the examples
of a digit are less similar to a mark than those of the most similar digit, that digit becomes less likely, in proportion; and a mark that
is much like an example is more likely a digit at all. It is a nearest-neighbour classifier on learned features (Vinyals et al. 2016,
"Matching networks for one shot learning"), added to the network's own logits.
"""

from typing import Final, NamedTuple

import numpy as np

from digitcore.recognition.classification import WrappedClassifier
from digitcore.recognition.classifier import Classifier
from digitcore.recognition.model_input import CLASS_COUNT
from digitcore.recognition.prediction import free_energy
from digitcore.recognition.writer_profile import WriterProfile
from digitcore.types import Float32Array, Float64Array, UInt8Array

SIMILARITY_WEIGHT: Final = 40.0
"""What a difference in similarity of 1 counts in the logits, with many examples."""

MAX_PENALTY_PER_EXAMPLE: Final = 3.0
"""The most that a digit loses in its logit for each of the examples that contradict it, so that a single wrong one turns no sure answer."""

MIN_FAMILIARITY: Final = 0.8
"""The similarity from which a mark counts as familiar."""

FAMILIARITY_WEIGHT: Final = 20.0
"""What a similarity of 1 more than that adds to the energy that separates digits from other marks."""


class SimilarExample(NamedTuple):
    """An example of a profile, and how similar a mark is to it.

    Attributes:
        image: uint8 `(28, 28)`, white ink on black.
        label: which digit it shows.
        similarity: the cosine of the angle between the features of both, in [0, 1].
    """

    image: UInt8Array
    label: int
    similarity: float


class PersonalClassifier(WrappedClassifier):
    """A classifier that is adapted to a writer by examples; for any number of threads.

    Args:
        classifier: the network.
        profile: the examples, at least one; later changes of the profile have no effect.
    """

    def __init__(self, classifier: Classifier, profile: WriterProfile) -> None:
        super().__init__(classifier)
        self._classifier: Final = classifier
        self._examples: Final = _normalized(profile.features(classifier))
        self._by_digit: Final = profile.labels.argsort(kind="stable")
        self._digits, self._starts, self._counts = np.unique(profile.labels[self._by_digit], return_index=True, return_counts=True)

    def logits(self, images: UInt8Array) -> Float32Array:
        """Run the network and adapt its logits.

        Args:
            images: uint8 `(N, 28, 28)`, white ink on black, any N.

        Returns:
            float32 `(N, 10)`, not calibrated.
        """
        logits, features = self._classifier.logits_and_features(images)
        similarities = self.similarities(features)
        adapted = np.asarray(logits - self._penalties(similarities), np.float32)
        familiarity = np.maximum(similarities.max(axis=1, initial=-1.0) - MIN_FAMILIARITY, 0.0)
        energy = free_energy(logits) + FAMILIARITY_WEIGHT * familiarity
        return adapted + np.asarray(energy - free_energy(adapted), np.float32)[:, np.newaxis]

    def similarities(self, features: Float32Array) -> Float64Array:
        """Compare marks with all examples.

        Args:
            features: float32 `(N, F)`, as `Classifier.logits_and_features` returns them.

        Returns:
            float64 `(N, E)` in [0, 1]: the cosine of the angle between the features of each mark and those of each example.
        """
        rows = [self._examples @ mark for mark in _normalized(features)]  # a product of two matrices waits for a core for each BLAS thread
        return np.array(rows).reshape(-1, len(self._examples))

    def _penalties(self, similarities: Float64Array) -> Float64Array:
        """Return what each digit's logit loses, float64 `(N, 10)`; nothing for a digit without examples."""
        nearest = np.maximum.reduceat(similarities[:, self._by_digit], self._starts, axis=1)
        contradicting = self._counts[nearest.argmax(axis=1)][:, np.newaxis]
        losses = SIMILARITY_WEIGHT * (nearest.max(axis=1, keepdims=True) - nearest)
        penalties = np.zeros((len(similarities), CLASS_COUNT))
        penalties[:, self._digits] = np.minimum(losses, MAX_PENALTY_PER_EXAMPLE * contradicting)
        return penalties


def nearest_examples(model_input: UInt8Array, profile: WriterProfile, classifier: Classifier, count: int) -> list[SimilarExample]:
    """Find the examples that are most similar to a mark.

    Args:
        model_input: the mark, uint8 `(28, 28)`, white ink on black.
        profile: the examples, at least one.
        classifier: the network.
        count: the most examples to return.

    Returns:
        The examples, the most similar one first.
    """
    features = classifier.logits_and_features(model_input[np.newaxis])[1]
    (similarities,) = PersonalClassifier(classifier, profile).similarities(features)
    nearest = np.argsort(-similarities, kind="stable")[:count]
    return [SimilarExample(profile.images[index], int(profile.labels[index]), float(similarities[index])) for index in nearest]


def _normalized(features: Float32Array) -> Float64Array:
    """Scale each row to a length of 1."""
    wide = np.asarray(features, np.float64)
    return np.asarray(wide / np.maximum(np.linalg.norm(wide, axis=1, keepdims=True), 1e-9), np.float64)
