"""Run jobs in worker processes, so that they use all cores and don't hold the interpreter lock of the server."""

import os
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from typing import Final, TypeVar

from digitcore.workers.reader import init_worker

Result = TypeVar("Result")

IDLE_TIMEOUT_S: Final = 300
"""The seconds without a job after which a worker process ends and frees its memory; starting it again takes half a second."""


_ENVIRONMENT: Final = {"OPENBLAS_NUM_THREADS": "1"}
"""With one process per core, NumPy's own threads only wait for each other: on two busy cores a matrix product takes ten times as long."""


class WorkerProcesses:
    """A fixed number of worker processes that start with the first job. Not thread-safe: use it from one thread only.

    They are loky's rather than `multiprocessing`'s, which imports the main module in each process: under Streamlit the main module is
    the script of a page.
    """

    def __init__(self, count: int) -> None:
        """Configure the processes without starting any.

        Args:
            count: the number of processes.
        """
        self._count: Final = count
        self._executor: Executor | None = None

    def submit(self, job: Callable[[], Result]) -> "Future[Result]":
        """Submit a job; if a process has died since the last one, start new processes first.

        Args:
            job: a function that can be pickled, as can its result.

        Returns:
            The future of the job; it raises `BrokenExecutor` if a process dies meanwhile, whether with this job or another.
        """
        try:
            return self._get_executor().submit(job)
        except BrokenExecutor:
            self._executor = None
            return self._get_executor().submit(job)

    def close(self) -> None:
        """Finish all submitted jobs and stop the processes."""
        if self._executor is not None:
            self._executor.shutdown()

    def _get_executor(self) -> Executor:
        """Return the executor, created by the first call."""
        if self._executor is None:
            from loky import ProcessPoolExecutor  # noqa: PLC0415  slow to import, and unused until the first job
            from loky.backend import get_context  # noqa: PLC0415

            self._executor = ProcessPoolExecutor(
                self._count,
                timeout=IDLE_TIMEOUT_S,
                context=get_context("loky"),
                initializer=init_worker,
                initargs=(os.getpid(),),
                env=_ENVIRONMENT,
            )
        return self._executor
