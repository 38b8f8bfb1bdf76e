"""Normalize and classify marks: what the network predicts for each, and how much it looks like a digit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from digitcore.recognition.normalization import NormalizedDigit, normalize_digit
from digitcore.recognition.parameters import NormalizationParams
from digitcore.recognition.prediction import Prediction
from digitcore.settings import Settings
from digitcore.types import Float32Array, UInt8Array


class MarkClassifier(Protocol):
    """The part of `digitcore.recognition.classifier.Classifier` that the pipeline needs."""

    @property
    def classes(self) -> str:
        """Return the names of the K classes, a character each."""

    @property
    def temperature(self) -> float:
        """Return what the logits are divided by before the softmax."""

    @property
    def reject_below(self) -> float:
        """Return the digit score below which a mark is rejected."""

    def logits(self, images: UInt8Array) -> Float32Array:
        """Return the logits, float32 `(N, K)`, of uint8 `(N, 28, 28)`."""

    def digit_scores_from_logits(self, logits: Float32Array) -> Float32Array:
        """Return the digit scores, float32 `(N,)`, of logits, float32 `(N, K)`."""


class WrappedClassifier:
    """The calibration of another classifier, for those that compute logits in a way of their own.

    Args:
        classifier: the other one.
    """

    def __init__(self, classifier: MarkClassifier) -> None:
        self._wrapped = classifier

    @property
    def classes(self) -> str:
        """Return the other classifier's."""
        return self._wrapped.classes

    @property
    def temperature(self) -> float:
        """Return the other classifier's."""
        return self._wrapped.temperature

    @property
    def reject_below(self) -> float:
        """Return the other classifier's."""
        return self._wrapped.reject_below

    def digit_scores_from_logits(self, logits: Float32Array) -> Float32Array:
        """Compute digit scores, as the other classifier does.

        Args:
            logits: float32 `(N, K)`.

        Returns:
            float32 `(N,)` in [0, 1].
        """
        return self._wrapped.digit_scores_from_logits(logits)


@dataclass(frozen=True, slots=True, eq=False)
class ClassifiedMark:
    """Normalized ink and what the network predicts for it; a `digitcore.layout.candidates.Candidate`.

    Attributes:
        normalized: the steps of its normalization.
        prediction: the probabilities of the classes.
        digit_score: how much the ink looks like a digit at all, in [0, 1].
    """

    normalized: NormalizedDigit
    prediction: Prediction
    digit_score: float

    @property
    def label(self) -> int:
        """Return the index of the likeliest class, of digits the digit itself."""
        return self.prediction.label

    @property
    def name(self) -> str:
        """Return the character that `label` stands for."""
        return self.prediction.classes[self.label]

    @property
    def confidence(self) -> float:
        """Return the calibrated probability of the likeliest class, in [0, 1]."""
        return self.prediction.confidence


def classify_marks(
    inks: Sequence[UInt8Array], classifier: MarkClassifier, settings: Settings, params: NormalizationParams = NormalizationParams()
) -> list[ClassifiedMark]:
    """Normalize and classify marks.

    Args:
        inks: uint8 `(h, w)` each, white on black, with some ink.
        classifier: the network.
        settings: the parameters; those of normalization are used.
        params: the tuned numbers of normalization.

    Returns:
        One classified mark for each, in the same order.
    """
    if not inks:
        return []
    keep_aspect_ratio, centre_mass = settings.aspect_ratio == "keep", settings.centring == "mass"
    normalized = [
        normalize_digit(ink, settings.minimum_stroke, params, keep_aspect_ratio=keep_aspect_ratio, centre_mass=centre_mass) for ink in inks
    ]
    logits = classifier.logits(np.stack([digit.model_input for digit in normalized]))
    scores = classifier.digit_scores_from_logits(logits)
    predictions = (Prediction.from_logits(row, classifier.temperature, classifier.classes) for row in logits)
    return [ClassifiedMark(digit, row, float(score)) for digit, row, score in zip(normalized, predictions, scores, strict=True)]
