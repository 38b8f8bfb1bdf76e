"""Turn the logits of a mark into probabilities, a label and a confidence: arithmetic that needs no network."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from digitcore.class_names import DIGITS
from digitcore.messages import Message
from digitcore.settings import DEFAULT_UNSURE_BELOW
from digitcore.types import Float32Array, Float64Array


def softmax(logits: Float32Array, temperature: float = 1.0) -> Float32Array:
    """Compute the softmax of `logits / temperature` over the last axis.

    Args:
        logits: float32 `(…, K)`.
        temperature: above 0; values above 1 make the distribution flatter (Guo et al. 2017).

    Returns:
        float32 of the same shape; the last axis sums to 1.

    Raises:
        ValueError: the temperature isn't positive.
    """
    if not temperature > 0:
        raise ValueError(f"expected a temperature above 0, received {temperature}.")
    scaled = np.asarray(logits, np.float64) / temperature
    powers: Float64Array = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), np.float32)


def free_energy(logits: Float32Array) -> Float32Array:
    """Compute log Σ exp(logits) over the last axis, which is high for inputs like the training data (Liu et al. 2020).

    Args:
        logits: float32 `(…, K)`.

    Returns:
        float32 `(…,)`, the negative of the free energy.
    """
    wide = np.asarray(logits, np.float64)
    peak = wide.max(axis=-1, keepdims=True)
    return np.asarray(peak[..., 0] + np.log(np.exp(wide - peak).sum(axis=-1)), np.float32)


def logistic(values: Float32Array) -> Float32Array:
    """Compute 1 / (1 + exp(−x)) without overflow.

    Args:
        values: float32, finite.

    Returns:
        float32 of the same shape, in [0, 1].
    """
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * np.asarray(values, np.float64))), np.float32)


@dataclass(frozen=True, slots=True)
class Prediction:
    """The probabilities of the classes, the ten digits by default, for one mark.

    Attributes:
        probabilities: float32 `(K,)`, calibrated, sums to 1.
        classes: the names of the K classes, a character each.

    Examples:
        >>> import numpy as np
        >>> prediction = Prediction.from_logits(np.array([0, 0, 5, 1, 0, 0, 0, 3, 0, 0], np.float32))
        >>> prediction.label, prediction.top_k[:3], round(prediction.confidence, 2)
        (2, (2, 7, 3), 0.83)
    """

    probabilities: Float32Array
    classes: str = DIGITS

    @classmethod
    def from_logits(cls, logits: Float32Array, temperature: float = 1.0, classes: str = DIGITS) -> Self:
        """Make a prediction from one row of logits.

        Args:
            logits: float32 `(K,)`.
            temperature: as in `softmax`.
            classes: the names of the K classes.

        Returns:
            The prediction.

        Raises:
            ValueError: another shape, or a value that isn't finite.
        """
        row = np.asarray(logits, np.float32)
        if row.shape != (len(classes),) or not np.isfinite(row).all():
            raise ValueError(f"expected {len(classes)} finite logits, received {row!r} of shape {row.shape}.")
        return cls(softmax(row, temperature), classes)

    @property
    def top_k(self) -> tuple[int, ...]:
        """Return the indices of all classes, of digits the digits themselves, the likeliest first."""
        return tuple(int(digit) for digit in np.argsort(-self.probabilities, kind="stable"))

    @property
    def label(self) -> int:
        """Return the index of the likeliest class, of digits the digit itself."""
        return int(self.probabilities.argmax())

    @property
    def confidence(self) -> float:
        """Return the calibrated probability of `label`, in [0, 1]."""
        return float(self.probabilities[self.label])

    def doubt(self, unsure_below: float = DEFAULT_UNSURE_BELOW) -> str:
        """Describe why the prediction is unsure.

        Args:
            unsure_below: the confidence, in [0, 1], from which on a prediction is sure.

        Returns:
            Part of a sentence that names the two likeliest classes; empty where the prediction is sure.
        """
        if self.confidence >= unsure_below:
            return ""
        first, second = (self.classes[label] for label in self.top_k[:2])
        return Message("unsure between {first} and {second}", first=first, second=second)
