"""Label connected components and measure them, in the faster of OpenCV's two label types."""

from typing import Final

import cv2
import numpy as np

from digitcore.types import Int32Array, UInt8Array

_MAX_SHORT_LABEL: Final = 2**16 - 1
"""The greatest label of 16 bits. While OpenCV labels 8-connected components it needs at most one label for each 2 × 2 pixels."""


def label_components(mask: UInt8Array) -> tuple[Int32Array, Int32Array]:
    """Label the 8-connected components of a mask and measure their boxes and areas.

    OpenCV measures components two to three times as fast with labels of 16 bits, which suffice for small masks.

    Args:
        mask: uint8 `(H, W)`; 0 is background.

    Returns:
        The labels, int32 `(H, W)`, 0 for the background; and the measures of each component, int32 `(N, 5)`, as
        `cv2.connectedComponentsWithStats` gives them.

    Examples:
        >>> labels, stats = label_components(np.array([[1, 0, 1], [0, 0, 1]], np.uint8))
        >>> labels.tolist(), stats[2].tolist()
        ([[1, 0, 2], [0, 0, 2]], [2, 0, 1, 2, 2])
    """
    height, width = mask.shape
    is_small = ((height + 1) // 2) * ((width + 1) // 2) < _MAX_SHORT_LABEL
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8, ltype=cv2.CV_16U if is_small else cv2.CV_32S)
    return np.asarray(labels, np.int32), np.asarray(stats, np.int32)
