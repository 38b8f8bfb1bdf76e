"""Run the many readings of one evaluation in the worker processes, few at a time, so that other requests are served in between."""

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from typing import Final, TypeVar

from digitcore.api.pool import TOO_BUSY, WorkerPool
from digitcore.api.problems import CLIENT_CLOSED_REQUEST
from digitcore.errors import DigitError, RequestError
from digitcore.workers.reader import run_with_deadline

Result = TypeVar("Result")

MAX_ATTEMPTS: Final = 2
"""How often a reading is tried. A process that is ended because of one picture fails the readings that wait for it, too."""


class PoolRunner:
    """Runs jobs of another thread in the worker processes of an event loop, as `digitcore.evaluation.advice.RunAll` describes."""

    def __init__(self, pool: WorkerPool, timeout_s: float) -> None:
        """Prepare to run jobs; call it on the event loop of the pool.

        Args:
            pool: runs the jobs.
            timeout_s: the most seconds that each job may take.
        """
        self._pool: Final = pool
        self._timeout_s: Final = timeout_s
        self._loop: Final = asyncio.get_running_loop()
        self._is_stopped: Final = threading.Event()

    def stop(self) -> None:
        """Let no further job start."""
        self._is_stopped.set()

    def __call__(self, jobs: Iterable[Callable[[], Result]], /) -> Iterator[Result | DigitError]:
        """Yield in the order of the jobs what each returns, or the error that it raised; not to be called on the event loop.

        Raises:
            RequestError: the server is too busy, or the runner was stopped.
        """
        remaining = iter(jobs)
        while batch := list(islice(remaining, self._pool.worker_count)):
            if self._is_stopped.is_set():
                raise RequestError("The client disconnected.", CLIENT_CLOSED_REQUEST)
            running = [asyncio.run_coroutine_threadsafe(self._run(job), self._loop) for job in batch]
            yield from [each.result() for each in running]

    async def _run(self, job: Callable[[], Result]) -> Result | DigitError:
        """Run a job, a second time if it was interrupted, and return its result or its error."""
        for attempt in range(1, MAX_ATTEMPTS + 1):
            try:
                return await self._pool.run(partial(run_with_deadline, job, self._timeout_s))
            except RequestError as error:
                failure: DigitError = error
                if attempt < MAX_ATTEMPTS:
                    await asyncio.sleep(error.retry_after_s or 0)
                elif error.message is TOO_BUSY:
                    raise
            except DigitError as error:
                return error
        return failure
