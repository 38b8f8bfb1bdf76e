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
    target: float
    """At most this much is wanted."""

    peer: float
    peer_name: str
    wanted_ratio: float = 1.0
    """The peer is wanted to take at least this many times as much."""

    @property
    def ratio(self) -> float:
        """How many times as much the peer takes."""
        return self.peer / self.ours

    @property
    def met(self) -> bool:
        """Whether both the target and the ratio are reached."""
        return self.ours <= self.target and self.ratio >= self.wanted_ratio


def median_ms(work: Callable[[], object], runs: int) -> float:
    """The median of that many runs in milliseconds, after a warm-up."""
    for _ in range(min(WARM_UP_RUNS, runs)):
        work()
    return statistics.median(_elapsed_ms(work) for _ in range(runs))


def table(rows: Sequence[Row]) -> str:
    """The rows as text, columns aligned."""
    cells = [("", "median", "target", "peer", "ratio", "")]
    for row in rows:
        peer = f"{row.peer:.3g} {row.unit} ({row.peer_name})"
        cells.append(
            (row.what, f"{row.ours:.3g} {row.unit}", f"≤ {row.target:g} {row.unit}", peer, f"{row.ratio:.1f}×", "" if row.met else "MISSED")
        )
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells)


def _elapsed_ms(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)
