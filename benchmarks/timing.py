"""Rows of results, the measurement of medians and percentiles, and a table as text."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

WARM_UP_RUNS: Final = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One measured value with its target and that of a peer."""

    what: str
    """Name of the measured quantity."""

    ours: float
    """The measured value."""

    unit: str
    target: float | None = None
    """Greatest acceptable value; None for no target."""

    peer: float | None = None
    """Value of another implementation, measured in the same run; None without a peer."""

    peer_name: str = ""
    wanted_ratio: float = 1.0
    """Least acceptable `ratio`."""

    at_least: bool = False
    """Whether the target is the least acceptable value instead."""

    @property
    def ratio(self) -> float | None:
        """Return the peer's value divided by ours; None without a peer."""
        return None if self.peer is None else self.peer / self.ours

    @property
    def met(self) -> bool:
        """Return whether the value reaches the target and, with a peer, the ratio is acceptable."""
        reached = self.target is None or (self.ours >= self.target if self.at_least else self.ours <= self.target)
        return reached and (self.ratio is None or self.ratio >= self.wanted_ratio)


def median_ms(work: Callable[[], object], runs: int) -> float:
    """Measure the median time of `runs` calls in milliseconds, after a warm-up."""
    for _ in range(min(WARM_UP_RUNS, runs)):
        work()
    return statistics.median(_elapsed_ms(work) for _ in range(runs))


def percentile(values: Sequence[float], percent: int) -> float:
    """Compute a percentile, 1 to 99, of at least two values, interpolated linearly."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def table(rows: Sequence[Row]) -> str:
    """Format the rows as plain text with aligned columns."""
    lines = [("", "measured", "target", "peer", "ratio", ""), *map(cells, rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines)


def cells(row: Row) -> tuple[str, ...]:
    """Format a row as its cells: name, value, target, peer, ratio, and "MISSED" if it missed the target or the ratio."""
    peer = "" if row.peer is None else f"{_quantity(row.peer, row.unit)} ({row.peer_name})"
    ratio = "" if row.ratio is None else f"{row.ratio:.1f}"
    bound = "≥" if row.at_least else "≤"
    target = "" if row.target is None else f"{bound} {_quantity(row.target, row.unit)}"
    return (row.what, _quantity(row.ours, row.unit), target, peer, ratio, "" if row.met else "MISSED")


def _quantity(value: float, unit: str) -> str:
    """Format a value with three significant digits, or as an integer if it has more, and its unit."""
    return f"{value:,.0f} {unit}".strip() if abs(value) >= 1_000 else f"{value:.3g} {unit}".strip()


def _elapsed_ms(work: Callable[[], object]) -> float:
    """Measure the time of one call in milliseconds."""
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)
