"""From ten logits to an answer in words: pure arithmetic, tested without a model."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from digitcore.messages import Message
from digitcore.recognition.model_input import CLASS_COUNT
from digitcore.settings import DEFAULT_UNSURE_BELOW
from digitcore.types import Float32Array, Float64Array


def softmax(logits: Float32Array, temperature: float = 1.0) -> Float32Array:
    """Probabilities over the last axis of `logits / temperature`; float32, the same shape, each row sums to 1.

    Raises:
        ValueError: the temperature isn't positive.
    """
    if not temperature > 0:
        raise ValueError(f"expected a temperature above 0, received {temperature}.")
    scaled = np.asarray(logits, np.float64) / temperature
    powers: Float64Array = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), np.float32)


def free_energy(logits: Float32Array) -> Float32Array:
    """Log Σ exp(logits) over the last axis: high for what looks like the training data (Liu et al. 2020)."""
    wide = np.asarray(logits, np.float64)
    peak = wide.max(axis=-1, keepdims=True)
    return np.asarray(peak[..., 0] + np.log(np.exp(wide - peak).sum(axis=-1)), np.float32)


def logistic(values: Float32Array) -> Float32Array:
    """1 / (1 + exp(−x)), safe for any finite x."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * np.asarray(values, np.float64))), np.float32)


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the network says of one mark."""

    probabilities: Float32Array
    """float32 `(10,)`, calibrated, sums to 1."""

    @classmethod
    def from_logits(cls, logits: Float32Array, temperature: float = 1.0) -> Self:
        """From one row of logits, float32 `(10,)`.

        Raises:
            ValueError: another shape, or a value that isn't finite.
        """
        row = np.asarray(logits, np.float32)
        if row.shape != (CLASS_COUNT,) or not np.isfinite(row).all():
            raise ValueError(f"expected {CLASS_COUNT} finite logits, received {row!r} of shape {row.shape}.")
        return cls(softmax(row, temperature))

    @property
    def top_k(self) -> tuple[int, ...]:
        """All ten digits, the likeliest first."""
        return tuple(int(digit) for digit in np.argsort(-self.probabilities, kind="stable"))

    @property
    def label(self) -> int:
        """The likeliest digit."""
        return int(self.probabilities.argmax())

    @property
    def confidence(self) -> float:
        """The calibrated probability of `label`."""
        return float(self.probabilities[self.label])

    def doubt(self, unsure_below: float = DEFAULT_UNSURE_BELOW) -> str:
        """Why the answer is unsure, in words; empty where its confidence reaches `unsure_below`."""
        if self.confidence >= unsure_below:
            return ""
        first, second = self.top_k[:2]
        return Message("unsure between {first} and {second}", first=first, second=second)
