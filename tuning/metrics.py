"""Metrics of answers and of the pipeline's stages: pure functions of small arrays, boxes and texts."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import cv2
import numpy as np

from digitcore.types import BoolArray, Box, Float64Array


class Ratio(NamedTuple):
    """Hits among a number of cases; ratios of several pictures are added, so that each case counts alike.

    Examples:
        >>> (Ratio(1, 2) + Ratio(2, 2)).value
        0.75
    """

    hits: float
    cases: float

    def __add__(self, other: object) -> "Ratio":
        if not isinstance(other, Ratio):
            return NotImplemented
        return Ratio(self.hits + other.hits, self.cases + other.cases)

    @property
    def value(self) -> float | None:
        """Return hits per case; None without cases."""
        return self.hits / self.cases if self.cases else None


def mask_scores(found: BoolArray, true: BoolArray) -> tuple[Ratio, Ratio, Ratio]:
    """Compare two masks of one shape: IoU, precision and recall, in pixels.

    Examples:
        >>> [score.value for score in mask_scores(np.array([1, 1, 0], bool), np.array([0, 1, 0], bool))]
        [0.5, 0.5, 1.0]
    """
    both = float(np.count_nonzero(found & true))
    found_px, true_px = float(np.count_nonzero(found)), float(np.count_nonzero(true))
    return Ratio(both, found_px + true_px - both), Ratio(both, found_px), Ratio(both, true_px)


def outline_iou(found: Float64Array, true: Float64Array, size_wh: tuple[int, int]) -> float:
    """Compare two convex outlines: the area of their intersection per that of their union, both within the picture.

    Args:
        found: float64 `(N, 2)`: x and y of the corners in their order.
        true: likewise.
        size_wh: width and height of the picture in pixels.

    Examples:
        >>> square = np.array([[0, 0], [4, 0], [4, 4], [0, 4]], float)
        >>> round(outline_iou(square, square * [0.5, 1], (10, 10)), 6)
        0.5
    """
    width, height = size_wh
    picture = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    first, second = (cv2.intersectConvexConvex(np.asarray(each, np.float32), picture) for each in (found, true))
    if not first[0] or not second[0]:
        return float(first[0] == second[0])
    both = cv2.intersectConvexConvex(first[1], second[1])[0]
    return both / (first[0] + second[0] - both)


def box_iou(first: Box, second: Box) -> float:
    """Compare two boxes: the area of their intersection per that of their union.

    Examples:
        >>> box_iou(Box(0, 0, 2, 2), Box(1, 0, 2, 2))
        0.3333333333333333
    """
    width = min(first.x + first.width, second.x + second.width) - max(first.x, second.x)
    height = min(first.y + first.height, second.y + second.height) - max(first.y, second.y)
    both = max(width, 0) * max(height, 0)
    return both / (first.width * first.height + second.width * second.height - both)


def match_boxes(found: Sequence[Box], true: Sequence[Box], min_iou: float = 0.5) -> list[tuple[int, int]]:
    """Match boxes one to one, those that fit best first.

    Args:
        found: any.
        true: any.
        min_iou: of a match.

    Returns:
        Pairs of indices into `found` and `true`.
    """
    scores = sorted(((box_iou(one, other), i, j) for i, one in enumerate(found) for j, other in enumerate(true)), reverse=True)
    pairs: dict[int, int] = {}
    for score, i, j in scores:
        if score >= min_iou and i not in pairs and j not in pairs.values():
            pairs[i] = j
    return sorted(pairs.items())


def f1(matches: int, found: int, true: int) -> Ratio:
    """Return the harmonic mean of precision and recall as hits among cases: twice the matches among all that were found or are true.

    Examples:
        >>> f1(1, 1, 2).value
        0.6666666666666666
    """
    return Ratio(2 * matches, found + true)


def covering(boxes: Sequence[Box], digits: Sequence[Box], min_share: float = 0.5) -> list[list[int]]:
    """List for each box the digits of which it covers at least a share of the width and of the height.

    Args:
        boxes: of marks.
        digits: true boxes.
        min_share: of either side.

    Returns:
        Indices into `digits`. A box with two of them is a merge.
    """

    def covers(box: Box, digit: Box) -> bool:
        width = min(box.x + box.width, digit.x + digit.width) - max(box.x, digit.x)
        height = min(box.y + box.height, digit.y + digit.height) - max(box.y, digit.y)
        return width >= min_share * digit.width and height >= min_share * digit.height

    return [[index for index, digit in enumerate(digits) if covers(box, digit)] for box in boxes]


def same_line_pairs(found: Sequence[int], true: Sequence[int]) -> Ratio:
    """Count the pairs of digits on which two assignments to lines agree (Rand 1971).

    Args:
        found: a line for each digit.
        true: likewise.

    Examples:
        >>> same_line_pairs([0, 0, 1], [5, 5, 5]).value
        0.3333333333333333
    """
    indices = range(len(found))
    pairs = [(i, j) for i in indices for j in indices if i < j]
    return Ratio(sum((found[i] == found[j]) == (true[i] == true[j]) for i, j in pairs), len(pairs))


def multiset_f1(found: Iterable[str], true: Iterable[str]) -> Ratio:
    """Compare two collections of characters regardless of their order, such as the separators of a page.

    Examples:
        >>> multiset_f1(",.", ".").value
        0.6666666666666666
    """
    first, second = list(found), list(true)
    matches = sum(min(first.count(each), second.count(each)) for each in set(first))
    return f1(matches, len(first), len(second))
