"""A small network that learns digits while somebody watches: one hidden layer, trained by stochastic gradient descent with momentum.

It is for showing how a network learns. The network that reads pictures is another one (`digitcore.recognition.classifier`). It is written
in NumPy, so that servers need no package for training: its two layers take 20 ms for a pass over 1,000 digits.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from digitcore.recognition.model_input import CLASS_COUNT, MODEL_SIDE_PX, to_model_input
from digitcore.recognition.prediction import softmax
from digitcore.types import Float32Array, Int64Array, UInt8Array

HIDDEN_UNITS: Final = 64
LEARNING_RATE: Final = 0.05
MOMENTUM: Final = 0.9
BATCH_SIZE: Final = 20

MAX_SHIFT_PX: Final = 1
"""In each pass a digit is shifted at random by so much at most, so that few digits teach more."""


@dataclass(frozen=True, slots=True, eq=False)
class SmallNetwork:
    """Weights and biases of the hidden layer and of the ten outputs, and how fast each changed last.

    Attributes:
        parameters: float32 `(784, 64)`, `(64,)`, `(64, 10)` and `(10,)`.
        velocities: of the same shapes.
    """

    parameters: tuple[Float32Array, ...]
    velocities: tuple[Float32Array, ...]


class LearningPass(NamedTuple):
    """A network before its first pass or after one, and what it reads then.

    Attributes:
        network: what it has become.
        training_accuracy: on the digits that it learns from, in [0, 1].
        predictions: what it takes other digits for, int64 `(M,)`.
    """

    network: SmallNetwork
    training_accuracy: float
    predictions: Int64Array


def random_network(seed: int = 0) -> SmallNetwork:
    """Make a network that has learned nothing (weights as in He et al. 2015).

    Args:
        seed: determines its weights.

    Examples:
        >>> [parameter.shape for parameter in random_network().parameters]
        [(784, 64), (64,), (64, 10), (10,)]
    """
    rng = np.random.default_rng(seed)
    sizes = (MODEL_SIDE_PX * MODEL_SIDE_PX, HIDDEN_UNITS, CLASS_COUNT)
    parameters: list[Float32Array] = []
    for inputs, outputs in pairwise(sizes):
        parameters += [rng.normal(0, np.sqrt(2 / inputs), (inputs, outputs)).astype(np.float32), np.zeros(outputs, np.float32)]
    return SmallNetwork(tuple(parameters), tuple(np.zeros_like(each) for each in parameters))


def learn_pass(network: SmallNetwork, images: UInt8Array, labels: Int64Array, others: UInt8Array, seed: int) -> LearningPass:
    """Show a network all digits once, in random order, and let it read other ones.

    Args:
        network: what it has become so far; it isn't changed.
        images: uint8 `(N, 28, 28)`, white ink on black, N at least 1.
        labels: int64 `(N,)`, 0 to 9.
        others: uint8 `(M, 28, 28)`: digits that it doesn't learn from.
        seed: determines order and shifts.

    Returns:
        The network afterwards, and what it reads.

    Raises:
        ValueError: there is no digit, or not one label for each.
    """
    if not len(images) or len(images) != len(labels):
        raise ValueError(f"expected a label for each of at least one image, received {len(images)} images and {len(labels)} labels.")
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(images))
    for start in range(0, len(order), BATCH_SIZE):
        batch = order[start : start + BATCH_SIZE]
        network = _descend(network, _as_input(_shifted(images[batch], rng)), labels[batch])
    return measure_network(network, images, labels, others)


def measure_network(network: SmallNetwork, images: UInt8Array, labels: Int64Array, others: UInt8Array) -> LearningPass:
    """Let a network read, without learning; the arguments are those of `learn_pass`."""
    right = predict_labels(network, images) == labels
    return LearningPass(network, float(right.mean()), predict_labels(network, others))


def predict_labels(network: SmallNetwork, images: UInt8Array) -> Int64Array:
    """Return what a network takes images, uint8 `(N, 28, 28)`, for: int64 `(N,)`."""
    return np.asarray(_logits(network, _as_input(images))[1].argmax(axis=1), np.int64)


def _descend(network: SmallNetwork, inputs: Float32Array, labels: Int64Array) -> SmallNetwork:
    """Move the parameters against the gradient of the mean cross-entropy of a batch (backpropagation: Rumelhart et al. 1986)."""
    hidden, logits = _logits(network, inputs)
    output_error = (softmax(logits) - np.eye(CLASS_COUNT, dtype=np.float32)[labels]) / np.float32(len(labels))
    hidden_error = (output_error @ network.parameters[2].T) * (hidden > 0)
    gradients = (inputs.T @ hidden_error, hidden_error.sum(axis=0), hidden.T @ output_error, output_error.sum(axis=0))
    velocities = tuple(MOMENTUM * velocity - LEARNING_RATE * each for velocity, each in zip(network.velocities, gradients, strict=True))
    parameters = tuple(parameter + velocity for parameter, velocity in zip(network.parameters, velocities, strict=True))
    return SmallNetwork(parameters, velocities)


def _logits(network: SmallNetwork, inputs: Float32Array) -> tuple[Float32Array, Float32Array]:
    """Return the hidden units, with ReLU, and the ten outputs."""
    weights, bias, output_weights, output_bias = network.parameters
    hidden = np.maximum(inputs @ weights + bias, np.float32(0))
    return hidden, np.asarray(hidden @ output_weights + output_bias, np.float32)


def _as_input(images: UInt8Array) -> Float32Array:
    return to_model_input(images).reshape(len(images), -1)


def _shifted(images: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    shifts = rng.integers(-MAX_SHIFT_PX, MAX_SHIFT_PX + 1, (len(images), 2))
    return np.stack([np.roll(image, shift, axis=(0, 1)) for image, shift in zip(images, shifts, strict=True)])
