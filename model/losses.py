"""Define the loss and the accuracy of the training.

A target has ten values: the probabilities of the classes, which sum to 1, or ten zeros for a mark that is no digit (a negative).
"""

from typing import Any, Final

import keras

NEGATIVE_WEIGHT: Final = 0.5
"""Weight of the cross-entropy of negatives."""

ENERGY_WEIGHT: Final = 0.06
"""Weight of the squared hinge terms of the energy."""

ENERGY_OF_DIGITS: Final = 8.0
"""Margin above which the negative free energy of digits has no loss (Liu et al. 2020)."""

ENERGY_OF_NEGATIVES: Final = 3.0
"""Margin below which the negative free energy of negatives has no loss; ten logits of 0 have log 10 = 2.3."""


@keras.saving.register_keras_serializable(package="digits")  # type: ignore[untyped-decorator]
def digit_loss(targets: Any, logits: Any) -> Any:
    """Compute the cross-entropy with outlier exposure and an energy margin.

    The loss of a digit is its cross-entropy; that of a negative is the cross-entropy to the uniform distribution (Hendrycks et al. 2019).
    Both have a squared hinge loss added, which separates their energies (Liu et al. 2020).

    Args:
        targets: float32 `(N, 10)`.
        logits: float32 `(N, 10)`.

    Returns:
        The loss of each example, float32 `(N,)`.
    """
    is_digit = keras.ops.sum(targets, axis=-1)
    log_p = keras.ops.log_softmax(logits)
    energy = keras.ops.logsumexp(logits, axis=-1)
    too_low = keras.ops.square(keras.ops.relu(ENERGY_OF_DIGITS - energy))
    too_high = keras.ops.square(keras.ops.relu(energy - ENERGY_OF_NEGATIVES))
    digit = -keras.ops.sum(targets * log_p, axis=-1) + ENERGY_WEIGHT * is_digit * too_low
    negative = -NEGATIVE_WEIGHT * keras.ops.mean(log_p, axis=-1) + ENERGY_WEIGHT * too_high
    return digit + (1 - is_digit) * negative


@keras.saving.register_keras_serializable(package="digits")  # type: ignore[untyped-decorator]
def digit_accuracy(targets: Any, logits: Any) -> Any:
    """Compute the share of digits that are classified correctly, without the negatives: a scalar in [0, 1]."""
    is_digit = keras.ops.sum(targets, axis=-1)
    correct = keras.ops.cast(keras.ops.argmax(logits, axis=-1) == keras.ops.argmax(targets, axis=-1), "float32")
    return keras.ops.sum(correct * is_digit) / keras.ops.maximum(keras.ops.sum(is_digit), 1.0)
