"""Draw explanations: a class activation map over the ink that it belongs to, and the mean activation of an Inception branch."""

import math
from typing import Final

import cv2
import numpy as np

from digitcore.io.palette import BLUE_RGB, VERMILION_RGB
from digitcore.recognition.model_input import MODEL_SIDE_PX
from digitcore.types import Float32Array, UInt8Array

FOR_RGB: Final = VERMILION_RGB
AGAINST_RGB: Final = BLUE_RGB
"""The colours of evidence for and against the class."""

OVERLAY_SCALE: Final = 8
"""Side of the overlay in sides of the network's input."""

PAPER_LEVEL: Final = 250.0
"""Grey level, 0 to 255, of paper without evidence."""

_INK_LEVEL: Final = 70.0
"""Grey level, 0 to 255, of ink without evidence."""

_PAPER_TINT: Final = 0.35
"""How strongly paper takes on the colour of the evidence, in [0, 1]; ink takes it on wholly."""

_MIN_DIVISOR: Final = 1e-6
"""Keeps maps that are zero everywhere from being divided by zero."""


def overlay(model_input: UInt8Array, class_map: Float32Array, max_evidence: float | None = None) -> UInt8Array:
    """Draw a class activation map over its ink: vermilion is evidence for the class, blue is evidence against it, grey is neither.

    Args:
        model_input: uint8 `(28, 28)`, white ink on black.
        class_map: float32 `(28, 28)`, as returned by `Explanation.class_map`.
        max_evidence: the absolute value of the map that is drawn in full colour; by default the map's own maximum.

    Returns:
        uint8 `(224, 224, 3)` RGB, dark ink on light paper.

    Raises:
        ValueError: another shape or type, or NaN, or a class map that isn't finite; the text gives what was expected and received.

    Examples:
        >>> image = overlay(np.zeros((28, 28), np.uint8), np.zeros((28, 28), np.float32))
        >>> image.shape, image[0, 0].tolist()
        ((224, 224, 3), [250, 250, 250])
    """
    _check_image("model_input", model_input, np.uint8)
    _check_image("class_map", class_map, np.float32)
    if not np.isfinite(class_map).all():
        raise ValueError("expected a class_map of finite numbers, received NaN or infinity.")
    if max_evidence is not None and math.isnan(max_evidence):
        raise ValueError("expected a number as max_evidence, received NaN.")
    side = OVERLAY_SCALE * MODEL_SIDE_PX
    ink = cv2.resize(model_input, (side, side), interpolation=cv2.INTER_CUBIC).astype(np.float32)[..., np.newaxis] / 255
    evidence = cv2.resize(class_map, (side, side), interpolation=cv2.INTER_CUBIC)[..., np.newaxis]
    full = float(np.abs(class_map).max()) if max_evidence is None else max_evidence
    strength = np.clip(np.abs(evidence) / max(full, _MIN_DIVISOR), 0, 1)
    colour = np.where(evidence > 0, np.array(FOR_RGB, np.float32), np.array(AGAINST_RGB, np.float32))
    paper = PAPER_LEVEL + _PAPER_TINT * strength * (colour - PAPER_LEVEL)
    inked = _INK_LEVEL + strength * (colour - _INK_LEVEL)
    return np.clip(paper + ink * (inked - paper), 0, 255).astype(np.uint8)


def mean_activation_image(activations: Float32Array) -> UInt8Array:
    """Average the channels of one Inception branch and scale the result so that its maximum is white.

    Args:
        activations: float32 `(channels, h, w)`, at least 0, as in `Explanation.branches`.

    Returns:
        uint8 `(h, w)`; all zero where no channel is active.

    Examples:
        >>> import numpy as np
        >>> mean_activation_image(np.array([[[0.0, 2.0]], [[0.0, 4.0]]], np.float32)).tolist()
        [[0, 255]]
    """
    mean = activations.mean(axis=0)
    return np.asarray(np.round(mean * (255 / max(float(mean.max()), _MIN_DIVISOR))), np.uint8)


def _check_image(name: str, image: object, dtype: type[np.generic]) -> None:
    """Raise an error where an argument isn't an image of the network's size and of this type."""
    expected = f"expected a {name} of {dtype.__name__} and shape ({MODEL_SIDE_PX}, {MODEL_SIDE_PX})"
    if not isinstance(image, np.ndarray):
        raise ValueError(f"{expected}, received {type(image).__name__}.")
    if image.dtype != dtype or image.shape != (MODEL_SIDE_PX, MODEL_SIDE_PX):
        raise ValueError(f"{expected}, received {image.dtype} of shape {image.shape}.")
