"""The one door through which pictures reach the network, in training and in serving alike."""

from typing import Final

import numpy as np

from digitcore.types import Float32Array, UInt8Array

MODEL_SIDE_PX: Final = 28
"""Side of the square picture the network reads, in pixels (LeCun et al. 1998)."""

CLASS_COUNT: Final = 10
"""The digits 0 to 9."""

_WHITE: Final = 255.0


def to_model_input(images: UInt8Array) -> Float32Array:
    """Turn white-on-black digits into the tensor the network takes.

    Args:
        images: uint8 `(N, 28, 28)`, white ink (255) on black (0), any N.

    Returns:
        float32 `(N, 28, 28, 1)` in [0, 1].

    Raises:
        ValueError: another shape or type, with what was expected and what was received.
    """
    expected = f"expected uint8 of shape (N, {MODEL_SIDE_PX}, {MODEL_SIDE_PX})"
    if not isinstance(images, np.ndarray):
        raise ValueError(f"{expected}, received {type(images).__name__}.")
    if images.dtype != np.uint8 or images.ndim != 3 or images.shape[1:] != (MODEL_SIDE_PX, MODEL_SIDE_PX):
        raise ValueError(f"{expected}, received {images.dtype} of shape {images.shape}.")
    return (images.astype(np.float32) / np.float32(_WHITE))[..., np.newaxis]
