"""Limit the memory that request bodies take, and measure the memory that the server takes."""

from typing import Final

import psutil

from digitcore.errors import RequestError

RETRY_AFTER_S: Final = 1
"""The `Retry-After` of a request that is rejected for lack of memory: bodies are read and released within a second."""


class MemoryBudget:
    """The bytes that all request bodies together may take. Not thread-safe: use it from one event loop only."""

    def __init__(self, limit_bytes: int) -> None:
        """Start with the whole budget free.

        Args:
            limit_bytes: the size of the budget.
        """
        self._limit_bytes: Final = limit_bytes
        self.used_bytes = 0
        """The bytes that are reserved now."""

    def reserve(self, size_bytes: int) -> None:
        """Reserve a part of the budget.

        Args:
            size_bytes: the bytes to reserve.

        Raises:
            RequestError: (503) fewer bytes are free; nothing is reserved then.
        """
        if self.used_bytes + size_bytes > self._limit_bytes:
            raise RequestError("The server is processing too many pictures. Try again in a moment.", 503, RETRY_AFTER_S)
        self.used_bytes += size_bytes

    def release(self, size_bytes: int) -> None:
        """Release a reserved part of the budget.

        Args:
            size_bytes: the bytes to release.
        """
        self.used_bytes -= size_bytes


def process_tree_memory_bytes(pid: int | None = None) -> int:
    """Measure the physical memory of a process and of all its descendants.

    On Linux this is the proportional set size, in which a page that several processes share counts once; elsewhere it is the resident
    set size.

    Args:
        pid: the id of the root process; None for this process.

    Returns:
        The sum over all processes, in bytes.

    Raises:
        psutil.NoSuchProcess: there is no process with this id.
    """
    root = psutil.Process(pid)
    return sum(map(_process_memory_bytes, [root, *root.children(recursive=True)]))


def _process_memory_bytes(process: psutil.Process) -> int:
    """Measure the memory of one process; 0 if it has just ended."""
    try:
        return int(process.memory_full_info().pss if psutil.LINUX else process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0
