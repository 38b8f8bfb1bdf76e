"""The weighted median."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate


def weighted_median(values: Sequence[float], weights: Sequence[float]) -> float:
    """Find the lower weighted median: the smallest value such that those up to it have at least half of the weight.

    Args:
        values: in any order.
        weights: of the values, at least 0 each.

    Returns:
        One of the values; 0 without any.

    Examples:
        >>> weighted_median([1, 2, 3], [1, 1, 1]), weighted_median([1, 2, 3], [1, 1, 5])
        (2.0, 3.0)
    """
    if not values:
        return 0.0
    order = sorted(range(len(values)), key=values.__getitem__)
    cumulative = list(accumulate(weights[index] for index in order))
    return float(values[order[bisect_left(cumulative, cumulative[-1] / 2)]])
