"""Medians of many, and the table they go into."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

WARM_UP_RUNS: Final = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    what: str
    ours: float
    unit: str
    target: float | None = None
    """At most this much is wanted; None where nothing is."""

    peer: float | None = None
    """What another way takes for the same in the same run; None where there is none."""

    peer_name: str = ""
    wanted_ratio: float = 1.0
    """The peer is wanted to take at least this many times as much."""

    at_least: bool = False
    """The target is the least that is wanted instead."""

    @property
    def ratio(self) -> float | None:
        """Return how many times as much the peer takes; None without a peer."""
        return None if self.peer is None else self.peer / self.ours

    @property
    def met(self) -> bool:
        """Return whether the target and, where there is a peer, the ratio are reached."""
        reached = self.target is None or (self.ours >= self.target if self.at_least else self.ours <= self.target)
        return reached and (self.ratio is None or self.ratio >= self.wanted_ratio)


def median_ms(work: Callable[[], object], runs: int) -> float:
    """Measure the median of so many runs in milliseconds, after a warm-up."""
    for _ in range(min(WARM_UP_RUNS, runs)):
        work()
    return statistics.median(_elapsed_ms(work) for _ in range(runs))


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the value below which so many percent lie, 1 to 99, interpolated between neighbours."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def table(rows: Sequence[Row]) -> str:
    """Format the rows as text, columns aligned."""
    lines = [("", "measured", "target", "peer", "ratio", ""), *map(cells, rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines)


def cells(row: Row) -> tuple[str, ...]:
    """Format a row: what was measured, the result, its target, the peer, the ratio, and whether a target was missed."""
    peer = "" if row.peer is None else f"{row.peer:.3g} {row.unit} ({row.peer_name})"
    ratio = "" if row.ratio is None else f"{row.ratio:.1f}×"
    bound = "≥" if row.at_least else "≤"
    target = "" if row.target is None else f"{bound} {row.target:g} {row.unit}"
    return (row.what, f"{row.ours:.3g} {row.unit}", target, peer, ratio, "" if row.met else "MISSED")


def _elapsed_ms(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)
