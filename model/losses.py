"""What the training makes small: cross-entropy of digits, and any opinion of marks that are none.

A target is a row of ten: the probabilities that a digit is to have, which sum to 1, or ten zeros for a mark that is no digit.
"""

from typing import Any, Final

import keras

NEGATIVE_WEIGHT: Final = 0.5
ENERGY_WEIGHT: Final = 0.02
ENERGY_OF_DIGITS: Final = 8.0
ENERGY_OF_NEGATIVES: Final = 3.0
"""Free energies are drawn above the one and below the other (Liu et al. 2020); ten logits of 0 have log 10 = 2.3."""


@keras.saving.register_keras_serializable(package="digits")  # type: ignore[untyped-decorator]
def digit_loss(targets: Any, logits: Any) -> Any:
    """Cross-entropy for digits; for negatives, that to "any digit alike" (Hendrycks et al. 2019); and both pushed apart in energy.

    Args:
        targets: float32 `(N, 10)`.
        logits: float32 `(N, 10)`.

    Returns:
        float32 `(N,)`.
    """
    is_digit = keras.ops.sum(targets, axis=-1)
    log_p = keras.ops.log_softmax(logits)
    energy = keras.ops.logsumexp(logits, axis=-1)
    too_low = keras.ops.square(keras.ops.relu(ENERGY_OF_DIGITS - energy))
    too_high = keras.ops.square(keras.ops.relu(energy - ENERGY_OF_NEGATIVES))
    digit = -keras.ops.sum(targets * log_p, axis=-1) + ENERGY_WEIGHT * is_digit * too_low
    no_digit = -NEGATIVE_WEIGHT * keras.ops.mean(log_p, axis=-1) + ENERGY_WEIGHT * too_high
    return digit + (1 - is_digit) * no_digit


@keras.saving.register_keras_serializable(package="digits")  # type: ignore[untyped-decorator]
def digit_accuracy(targets: Any, logits: Any) -> Any:
    """Compute the share of digits that are classified correctly, negatives left out: a scalar in [0, 1]."""
    is_digit = keras.ops.sum(targets, axis=-1)
    right = keras.ops.cast(keras.ops.argmax(logits, axis=-1) == keras.ops.argmax(targets, axis=-1), "float32")
    return keras.ops.sum(right * is_digit) / keras.ops.maximum(keras.ops.sum(is_digit), 1.0)
