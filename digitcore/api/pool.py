"""Queue jobs for the worker processes, up to a limit from which on requests are rejected."""

import asyncio
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future
from typing import Final, TypeVar

from digitcore.api.processes import WorkerProcesses
from digitcore.errors import RequestError
from digitcore.messages import Message

Result = TypeVar("Result")

PREFETCHED_JOBS_PER_WORKER: Final = 1
"""The jobs submitted per worker beyond the running one, so that it starts the next without waiting for the event loop."""

FULL_QUEUE_WAIT_S: Final = 1.0
"""The seconds that a request waits at a full queue before it is rejected: the time in which a full queue of ordinary pictures is read. It
also slows down clients that retry at once: under ten times the load, 29 readings a second became 200."""

RETRY_AFTER_S: Final = 1
"""The `Retry-After` of a request that is rejected: one second, in which a full queue is read."""

TOO_BUSY: Final = Message("The server is too busy. Try again in a moment.")
INTERRUPTED: Final = Message(
    "Reading was interrupted: a picture took too long, or a process ended. Make the picture smaller, or try again in a moment."
)


class WorkerPool:
    """Worker processes behind a bounded queue. Not thread-safe: use it from one event loop only.

    Waiting jobs are waiters of a semaphore, so that a cancelled one leaves nothing behind; the queue of the processes stays short.
    """

    def __init__(self, worker_count: int, queue_limit: int) -> None:
        """Configure the pool without starting a process.

        Args:
            worker_count: the jobs that run at once, each in a process of its own.
            queue_limit: the jobs that may wait besides.
        """
        self._worker_count: Final = worker_count
        self._job_limit: Final = worker_count + queue_limit
        self._processes: Final = WorkerProcesses(worker_count)
        self._submit_slots: Final = asyncio.Semaphore(worker_count * (1 + PREFETCHED_JOBS_PER_WORKER))
        self._job_count = 0
        self._last_progress_s = 0.0

    @property
    def worker_count(self) -> int:
        """Return the number of jobs that run at once."""
        return self._worker_count

    @property
    def working(self) -> int:
        """Return the number of jobs that a worker runs."""
        return min(self._job_count, self._worker_count)

    @property
    def waiting(self) -> int:
        """Return the number of jobs that wait for a worker."""
        return self._job_count - self.working

    def stalled_s(self) -> float:
        """Return for how many seconds no job has ended, although there are jobs; call it on the event loop of the pool."""
        return asyncio.get_running_loop().time() - self._last_progress_s if self._job_count else 0.0

    async def wait_until_not_full(self) -> None:
        """Wait a moment if the queue is full, so that a request is rejected before its body is received.

        Raises:
            RequestError: (503) the queue is still full after the wait.
        """
        if self._job_count >= self._job_limit:
            await asyncio.sleep(FULL_QUEUE_WAIT_S)
            self._check_not_full()

    async def run(self, job: Callable[[], Result]) -> Result:
        """Run a job in a worker process.

        If the awaiting task is cancelled, a job that hasn't started yet is dropped.

        Args:
            job: a function that can be pickled, as can its result.

        Returns:
            What the job returns.

        Raises:
            RequestError: (503) the queue is full, or the process died.
        """
        self._check_not_full()
        future = await self._submit_in_turn(job)
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[Result] = loop.create_future()
        future.add_done_callback(lambda done: loop.call_soon_threadsafe(self._finish, outcome, done))
        try:
            return await outcome
        except BrokenExecutor as error:
            raise RequestError(INTERRUPTED, 503, RETRY_AFTER_S) from error
        except asyncio.CancelledError:
            future.cancel()
            raise

    async def close(self) -> None:
        """Finish all submitted jobs and stop the processes."""
        await asyncio.to_thread(self._processes.close)

    async def _submit_in_turn(self, job: Callable[[], Result]) -> "Future[Result]":
        """Count the job, wait for a free slot and submit it; a job that isn't submitted is no longer counted."""
        if not self._job_count:
            self._last_progress_s = asyncio.get_running_loop().time()
        self._job_count += 1
        try:
            await self._submit_slots.acquire()
            return self._submit(job)
        except BaseException:
            self._job_count -= 1
            raise

    def _submit(self, job: Callable[[], Result]) -> "Future[Result]":
        """Submit the job to the processes; release its slot if they can't be started."""
        try:
            return self._processes.submit(job)
        except BaseException:
            self._submit_slots.release()
            raise

    def _check_not_full(self) -> None:
        """Raise a `RequestError` (503) if no more jobs may wait."""
        if self._job_count >= self._job_limit:
            raise RequestError(TOO_BUSY, 503, RETRY_AFTER_S)

    def _finish(self, outcome: asyncio.Future[Result], future: "Future[Result]") -> None:
        """Pass on the result; called once the process is free, since an abandoned job occupies its worker until then."""
        self._job_count -= 1
        self._last_progress_s = asyncio.get_running_loop().time()
        self._submit_slots.release()
        if outcome.cancelled() or future.cancelled():
            return
        error = future.exception()
        if error is None:
            outcome.set_result(future.result())
        else:
            outcome.set_exception(error)
