"""Log the numbers that were read from a stream, with their times."""

import csv
import io
import threading
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from digitcore.video.debounce import Debouncer

MAX_ENTRIES: Final = 500
"""The most entries that a log keeps; the oldest are removed first."""

MIN_STANDING_TIME_S: Final = 1.0
"""How long a number must have been read before it is recorded: one that is still being written, or moved into the picture, is not."""

LOG_INTERVAL_S: Final = 2.0
"""The time between two entries in the periodic mode."""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One logged number, or several lines of them.

    Attributes:
        at: when it was recorded, with its time zone.
        text: the digits, lines joined by "/".
        confidence: that of its least certain digit, in [0, 1].

    Examples:
        >>> from datetime import UTC, datetime
        >>> LogEntry(datetime(2026, 1, 2, tzinfo=UTC), "407", 0.98).text
        '407'
    """

    at: datetime
    text: str
    confidence: float


class NumberLog:
    """Records each new number, or in the periodic mode the current number every `LOG_INTERVAL_S` seconds.

    A number is new once it has been read for `MIN_STANDING_TIME_S`; another text in between, or none, that was read for less doesn't count.

    One thread records. Any thread may read, as `entries` is replaced as a whole and never modified, and any thread may clear.

    Examples:
        >>> from datetime import UTC, datetime
        >>> log = NumberLog()
        >>> for second, text in enumerate(["407", "407", "58", "58", "9"]):
        ...     log.record(text, 0.98, datetime(2026, 1, 2, 12, 0, second, tzinfo=UTC), now_s=second)
        >>> [entry.text for entry in log.entries]
        ['407', '58']
    """

    def __init__(self) -> None:
        self.entries: tuple[LogEntry, ...] = ()
        self.periodic = False
        """Whether the current number is recorded every `LOG_INTERVAL_S` seconds, changed or not."""

        self._standing: Debouncer[str] = Debouncer(str, MIN_STANDING_TIME_S)
        self._standing.update("", 0.0)
        self._last_text = ""
        self._last_s = float("-inf")
        self._lock = threading.Lock()

    def record(self, text: str, confidence: float, at: datetime, now_s: float) -> None:
        """Record the current number if it is due.

        Args:
            text: the number; empty where none is read.
            confidence: that of its least certain digit, in [0, 1].
            at: the time of day, with its zone.
            now_s: the time, in seconds of a clock that never goes back.
        """
        if self._standing.update(text, now_s) != text:
            return
        due = now_s - self._last_s >= LOG_INTERVAL_S if self.periodic else text != self._last_text
        if not self.periodic:
            self._last_text = text
        if text and due:
            self._last_text, self._last_s = text, now_s
            with self._lock:
                self.entries = (*self.entries, LogEntry(at, text, confidence))[-MAX_ENTRIES:]

    def clear(self) -> None:
        """Remove all entries; the number still being read is not recorded again before it changes."""
        with self._lock:
            self.entries = ()

    def to_csv(self) -> str:
        """Export the log as CSV.

        Returns:
            A header and one row for each entry; times in ISO 8601 with their zone, milliseconds included.
        """
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["time", "text", "confidence"])
        writer.writerows([entry.at.isoformat(timespec="milliseconds"), entry.text, f"{entry.confidence:.4f}"] for entry in self.entries)
        return out.getvalue()
