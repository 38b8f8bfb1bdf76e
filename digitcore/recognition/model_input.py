"""Turn images into the network's input tensor: the preprocessing that training and serving share."""

from typing import Final

import numpy as np

from digitcore.types import Float32Array, UInt8Array

MODEL_SIDE_PX: Final = 28
"""Side of the network's square input, in pixels (LeCun et al. 1998)."""

CLASS_COUNT: Final = 10
"""The digits 0 to 9."""

_WHITE_LEVEL: Final = 255.0


def to_model_input(images: UInt8Array) -> Float32Array:
    """Turn images of digits into the network's input tensor.

    Args:
        images: uint8 `(N, 28, 28)`, white ink (255) on black (0), any N.

    Returns:
        float32 `(N, 28, 28, 1)` in [0, 1].

    Raises:
        ValueError: another shape or type; the text gives what was expected and received.

    Examples:
        >>> import numpy as np
        >>> tensor = to_model_input(np.full((2, 28, 28), 255, np.uint8))
        >>> tensor.shape, float(tensor.max())
        ((2, 28, 28, 1), 1.0)
    """
    expected = f"expected uint8 of shape (N, {MODEL_SIDE_PX}, {MODEL_SIDE_PX})"
    if not isinstance(images, np.ndarray):
        raise ValueError(f"{expected}, received {type(images).__name__}.")
    if images.dtype != np.uint8 or images.ndim != 3 or images.shape[1:] != (MODEL_SIDE_PX, MODEL_SIDE_PX):
        raise ValueError(f"{expected}, received {images.dtype} of shape {images.shape}.")
    return (images.astype(np.float32) / np.float32(_WHITE_LEVEL))[..., np.newaxis]
