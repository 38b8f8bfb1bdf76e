"""The processes that read for the API: Python runs one thread at a time in each, and the server's own is for its visitors."""

import os
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from typing import Final, TypeVar

import psutil

from digitcore.workers.reader import init_worker

Result = TypeVar("Result")

IDLE_S: Final = 300
"""After so long without work a process ends, and its memory is free; the next picture starts it again, which takes half a second."""


class Processes:
    """As many processes as are asked for, once there is work for them. To be used from one thread only.

    They import this package alone, whatever the main program is: Streamlit's is a page's script while one runs, which
    `multiprocessing` would run once more in each of them.
    """

    def __init__(self, count: int) -> None:
        self._count: Final = count
        self._executor: Executor | None = None

    def submit(self, work: Callable[[], Result]) -> "Future[Result]":
        """Have work done; where a process has died since the last time, by new ones.

        What it comes to is a `BrokenExecutor` if a process dies meanwhile, of its picture or another's.
        """
        try:
            return self._started().submit(work)
        except BrokenExecutor:
            self._executor = None
            return self._started().submit(work)

    def close(self) -> None:
        """Let them end what they do, and end."""
        if self._executor is not None:
            self._executor.shutdown()

    def _started(self) -> Executor:
        if self._executor is None:
            from loky import ProcessPoolExecutor  # noqa: PLC0415  a server that nobody asks over HTTP needs none of it
            from loky.backend import get_context  # noqa: PLC0415

            self._executor = ProcessPoolExecutor(
                self._count, timeout=IDLE_S, context=get_context("loky"), initializer=init_worker, initargs=(os.getpid(),)
            )
        return self._executor


def memory_bytes(pid: int | None = None) -> int:
    """What a process and all that it has started take of the machine's memory; what several share counts once, where the system tells.

    Args:
        pid: the process; by default this one.
    """
    server = psutil.Process(pid)
    return sum(map(_own_bytes, [server, *server.children(recursive=True)]))


def _own_bytes(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss if psutil.LINUX else process.memory_info().rss)
    except psutil.NoSuchProcess:  # it has just ended
        return 0
