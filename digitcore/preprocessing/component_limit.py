"""Bound the number of connected components, since each is outlined and measured on its own."""

from typing import Final

import cv2
import numpy as np

from digitcore.types import UInt8Array

MAX_COMPONENTS: Final = 50_000
"""Bound of work: a page has a few thousand components; noise and patterns of dots have hundreds of thousands, seconds of work."""


def limit_components(mask: UInt8Array, max_components: int = MAX_COMPONENTS, connectivity: int = 8) -> UInt8Array:
    """Remove the smallest components of a mask that has too many.

    Args:
        mask: uint8 `(H, W)`, 0 or 1.
        max_components: how many components are kept.
        connectivity: 8, or 4 for the components between others.

    Returns:
        The mask itself where it has no more components; else a copy that has those of the largest areas.

    Examples:
        >>> limit_components(np.array([[1, 0, 1, 1, 0, 1, 1, 1]], np.uint8), 2).tolist()
        [[0, 0, 1, 1, 0, 1, 1, 1]]
    """
    if _horizontal_runs(mask) <= max_components:  # each component has at least one
        return mask
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=connectivity)
    if count - 1 <= max_components:
        return mask
    is_kept = np.zeros(count, np.uint8)
    is_kept[1 + np.argsort(-stats[1:, cv2.CC_STAT_AREA], kind="stable")[:max_components]] = 1
    return np.asarray(is_kept[labels])


def _horizontal_runs(mask: UInt8Array) -> int:
    """Count the runs of set pixels in all rows."""
    first_px = cv2.countNonZero(mask[:, :1])
    if mask.shape[1] == 1:
        return first_px
    return first_px + cv2.countNonZero(cv2.subtract(mask[:, 1:], mask[:, :-1]))  # saturated: 1 where a run starts
