"""Limit how many streams a server reads at once."""

import threading
from typing import Protocol


class SlotHolder(Protocol):
    """A stream that can hold a slot."""

    def is_abandoned(self, now_s: float) -> bool:
        """Return whether the visitor has left, or no more frames can be expected.

        Args:
            now_s: the time, in seconds of `time.monotonic`.
        """

    def stop(self) -> None:
        """End the stream."""


class StreamSlots:
    """A fixed number of slots for streams, shared by all visitors of one server. Thread-safe.

    Args:
        limit: how many streams may hold a slot at once.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._holders: list[SlotHolder] = []
        self._lock = threading.Lock()

    @property
    def in_use(self) -> int:
        """Return how many slots are held."""
        with self._lock:
            return len(self._holders)

    def acquire(self, holder: SlotHolder) -> bool:
        """Give the stream a slot if one is free.

        Args:
            holder: the stream; one that holds a slot already keeps it and takes no second.

        Returns:
            Whether it holds a slot now.
        """
        with self._lock:
            if holder not in self._holders and len(self._holders) < self.limit:
                self._holders.append(holder)
            return holder in self._holders

    def release(self, holder: SlotHolder) -> None:
        """Free the stream's slot; nothing happens if it holds none.

        Args:
            holder: the stream.
        """
        with self._lock:
            if holder in self._holders:
                self._holders.remove(holder)

    def is_available_to(self, holder: SlotHolder) -> bool:
        """Return whether `acquire` would succeed, without acquiring.

        Args:
            holder: the stream.
        """
        with self._lock:
            return holder in self._holders or len(self._holders) < self.limit

    def reap(self, now_s: float) -> int:
        """Stop all abandoned streams and free their slots.

        Args:
            now_s: the time, in seconds of `time.monotonic`.

        Returns:
            How many streams were stopped.
        """
        with self._lock:
            abandoned = [holder for holder in self._holders if holder.is_abandoned(now_s)]
        for holder in abandoned:
            self.release(holder)
            holder.stop()
        return len(abandoned)
