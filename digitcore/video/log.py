"""The numbers that were read of a stream, with their times."""

import csv
import io
import threading
from dataclasses import dataclass
from datetime import datetime
from typing import Final

MOST: Final = 500
"""The log keeps so many; the oldest go first."""

EVERY_S: Final = 2.0
"""How often a reading is taken in the mode that does so by itself."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One number, or several lines of them."""

    at: datetime
    text: str
    confidence: float
    """Of its least sure digit."""


class NumberLog:
    """Takes a number down when it is new, or every two seconds.

    One thread notes; any may read, as `entries` is replaced whole and never changed, and any may clear.
    """

    def __init__(self) -> None:
        self.entries: tuple[Entry, ...] = ()
        self.by_time = False
        """Whether a reading is taken every two seconds, the same number too."""

        self._last_text = ""
        self._last_s = float("-inf")
        self._writing = threading.Lock()

    def note(self, text: str, confidence: float, at: datetime, now_s: float) -> None:
        """What is read now; empty where nothing is."""
        due = now_s - self._last_s >= EVERY_S if self.by_time else text != self._last_text
        if not self.by_time:
            self._last_text = text
        if text and due:
            self._last_text, self._last_s = text, now_s
            with self._writing:
                self.entries = (*self.entries, Entry(at, text, confidence))[-MOST:]

    def clear(self) -> None:
        """Forget all of it; what is still read is not taken down again before it changes."""
        with self._writing:
            self.entries = ()

    def to_csv(self) -> str:
        """The log as a table with a header; times in ISO 8601 with their zone."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["time", "text", "confidence"])
        writer.writerows([entry.at.isoformat(timespec="milliseconds"), entry.text, f"{entry.confidence:.4f}"] for entry in self.entries)
        return out.getvalue()
