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
from digitcore.recognition.parameters import PersonalizationParams
from digitcore.recognition.prediction import free_energy
from digitcore.recognition.writer_profile import WriterProfile
from digitcore.types import Float32Array, Float64Array, UInt8Array


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
        params: how much similarity counts.
    """

    def __init__(self, classifier: Classifier, profile: WriterProfile, params: PersonalizationParams = PersonalizationParams()) -> None:
        super().__init__(classifier)
        self._classifier: Final = classifier
        self._params: Final = params
        self._examples: Final = _normalized(profile.features(classifier))
        self._by_digit: Final = profile.labels.argsort(kind="stable")
        self._digits, self._starts, self._counts = np.unique(profile.labels[self._by_digit], return_index=True, return_counts=True)

    def logits(self, images: UInt8Array) -> Float32Array:
        """Run the network and adapt its logits.

        Args:
            images: uint8 `(N, 28, 28)`, white ink on black, any N.

        Returns:
            float32 `(N, K)`, not calibrated.
        """
        logits, features = self._classifier.logits_and_features(images)
        similarities = self.similarities(features)
        adapted = np.asarray(logits - self._penalties(similarities), np.float32)
        familiarity = np.maximum(similarities.max(axis=1, initial=-1.0) - self._params.min_familiarity, 0.0)
        energy = free_energy(logits) + self._params.familiarity_weight * familiarity
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
        """Return what each digit's logit loses, float64 `(N, K)`; nothing for a digit without examples."""
        nearest = np.maximum.reduceat(similarities[:, self._by_digit], self._starts, axis=1)
        contradicting = self._counts[nearest.argmax(axis=1)][:, np.newaxis]
        losses = self._params.similarity_weight * (nearest.max(axis=1, keepdims=True) - nearest)
        penalties = np.zeros((len(similarities), len(self.classes)))
        penalties[:, self._digits] = np.minimum(losses, self._params.max_penalty_per_example * contradicting)
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
