"""How many streams a server reads at once, and who has a place."""

import os
import threading
from typing import Final, Protocol

from digitcore.errors import SettingsError
from digitcore.messages import Message

LIMIT_SETTING: Final = "DIGITS_MAXIMUM_STREAMS"
"""The environment's name for how many streams are read at once."""

STREAMS_A_CORE: Final = 1.5
"""A stream of 640×480 at 20 frames a second takes about a third of a core, and its page a little more; other visitors want to draw too."""


class Holder(Protocol):
    """Who has a place."""

    def is_gone(self, now_s: float) -> bool:
        """Whether its visitor has left, or nothing will come of it any more."""

    def stop(self) -> None:
        """End its stream."""


class Places:
    """The places of one server. Safe for many threads."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._holders: list[Holder] = []
        self._lock = threading.Lock()

    @property
    def taken(self) -> int:
        """How many places are taken."""
        with self._lock:
            return len(self._holders)

    def take(self, holder: Holder) -> bool:
        """Whether it has a place from now on, or had one before."""
        with self._lock:
            if holder not in self._holders and len(self._holders) < self.limit:
                self._holders.append(holder)
            return holder in self._holders

    def leave(self, holder: Holder) -> None:
        """Its place is free again; if it has none, nothing happens."""
        with self._lock:
            if holder in self._holders:
                self._holders.remove(holder)

    def is_free_for(self, holder: Holder) -> bool:
        """Whether it would get a place."""
        with self._lock:
            return holder in self._holders or len(self._holders) < self.limit

    def free_gone(self, now_s: float) -> int:
        """End all streams that nobody waits for any more; how many there were."""
        with self._lock:
            gone = [holder for holder in self._holders if holder.is_gone(now_s)]
        for holder in gone:
            self.leave(holder)
            holder.stop()
        return len(gone)


def limit_from_environment() -> int:
    """The number of places that the environment asks for; by default by the number of cores.

    Raises:
        SettingsError: it asks for no whole number from 1 on.
    """
    text = os.environ.get(LIMIT_SETTING, "").strip()
    if not text:
        return max(int(STREAMS_A_CORE * (os.cpu_count() or 1)), 1)
    if not text.isdecimal() or int(text) < 1:
        raise SettingsError(Message("{name} must be a whole number from 1 on, not {text}.", name=LIMIT_SETTING, text=text))
    return int(text)
