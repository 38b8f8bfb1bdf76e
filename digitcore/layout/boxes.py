"""Arithmetic on the boxes of connected components and of pen strokes."""

from collections.abc import Iterable, Sequence
from functools import reduce

import numpy as np

from digitcore.layout.weighted_median import weighted_median
from digitcore.types import Box


def union_box(boxes: Iterable[Box]) -> Box:
    """Compute the smallest box that contains all of them.

    Args:
        boxes: at least one.

    Returns:
        Their bounding box.
    """
    return reduce(Box.union, boxes)


def group_overlapping_columns(boxes: Sequence[Box], max_gap_px: float) -> list[list[int]]:
    """Group boxes whose ranges of columns overlap, or whose gap is small.

    Args:
        boxes: in any order.
        max_gap_px: the widest gap between neighbours of one group, in pixels.

    Returns:
        The indices of the boxes of each group by their left edges, the groups from left to right.
    """
    groups: list[list[int]] = []
    right = -np.inf
    for index in sorted(range(len(boxes)), key=lambda each: boxes[each].x):
        if boxes[index].x - right > max_gap_px:
            groups.append([])
        groups[-1].append(index)
        right = max(right, boxes[index].x + boxes[index].width)
    return groups


def estimate_writing_height(boxes: Sequence[Box], power: int = 2) -> float:
    """Estimate how high the main writing is: the median of all heights, weighted by a power of themselves.

    Args:
        boxes: of all marks.
        power: weighted by their squares, digits count for more than dust and dashes; by themselves, small digits among others with long
            tails count for more.

    Returns:
        The height in pixels; 0 without boxes.
    """
    heights = [box.height for box in boxes]
    return weighted_median(heights, [height**power for height in heights])
