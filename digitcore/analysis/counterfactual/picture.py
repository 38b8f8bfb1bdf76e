"""Draw a mark before and after its change, at the network's resolution, with what differs in orange."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import cv2
import numpy as np

from digitcore.analysis.counterfactual.result import Counterfactual, MarkVersion
from digitcore.io.palette import ORANGE_RGB
from digitcore.io.strokes import draw_path
from digitcore.recognition.model_input import MODEL_SIDE_PX
from digitcore.recognition.normalization import FIT_SIDE_PX
from digitcore.types import BoolArray, Float64Array, UInt8Array

_SUPERSAMPLING: Final = 8
_PEN_PX: Final = 2.6
"""MNIST's stroke width at the network's resolution: 0.13 of 20 pixels."""


def draw_change(found: Counterfactual) -> tuple[UInt8Array, UInt8Array]:
    """Draw both versions of a mark at the same place and scale.

    Args:
        found: the change.

    Returns:
        The mark before and after, uint8 `(28, 28, 3)` RGB: white ink on black, and orange where the other version has no ink.
    """
    points = np.concatenate([stroke.points for version in (found.before, found.after) for stroke in version.strokes])
    low, high = points.min(axis=0), points.max(axis=0)
    scale = FIT_SIDE_PX / max(float((high - low).max()), 1.0)
    shift = MODEL_SIDE_PX / 2 - scale * (low + high) / 2
    return _draw(found.before, scale, shift), _draw(found.after, scale, shift)


def _draw(version: MarkVersion, scale: float, shift: Float64Array) -> UInt8Array:
    """Draw one version, its points scaled and then shifted."""
    paths = [(scale * stroke.points + shift) * _SUPERSAMPLING for stroke in version.strokes]
    changed = [line for path, is_changed in zip(paths, version.changed, strict=True) for line in _changed_lines(path, is_changed)]
    ink, orange = _layer(paths), _layer(changed)
    return np.asarray(ink * (1 - orange) * 255 + orange * np.array(ORANGE_RGB), np.uint8)


def _changed_lines(path: Float64Array, is_changed: BoolArray) -> list[Float64Array]:
    """Return the lines between neighbouring points of a path that have both changed."""
    return [np.stack(line) for line, both in zip(pairwise(path), is_changed[1:] & is_changed[:-1], strict=True) if both]


def _layer(paths: Sequence[Float64Array]) -> Float64Array:
    """Draw paths and reduce them to the network's resolution: float64 `(28, 28, 1)`, the share of ink in each pixel."""
    side = MODEL_SIDE_PX * _SUPERSAMPLING
    layer = np.zeros((side, side), np.uint8)
    for path in paths:
        draw_path(layer, path, _PEN_PX * _SUPERSAMPLING, grey=255)
    reduced = cv2.resize(layer, (MODEL_SIDE_PX, MODEL_SIDE_PX), interpolation=cv2.INTER_AREA)
    return np.asarray(reduced[..., np.newaxis] / 255, np.float64)
