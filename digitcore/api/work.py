"""Work off the event loop: as many processes as there are cores, and a queue before them that ends somewhere."""

import asyncio
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future
from typing import Final, TypeVar

from digitcore.api.processes import Processes
from digitcore.errors import RequestError

Result = TypeVar("Result")

AHEAD: Final = 1
"""Jobs for each worker that lie ready, so that it needn't wait for the event loop to give it the next."""

PATIENCE_S: Final = 1.0
"""How long it takes at most to work off a full queue of usual pictures, so that a refusal before would be rash. It also keeps clients who
ask again at once from using up the time in which others are read: 29 readings a second became 200 under ten times the load."""

RETRY_AFTER_S: Final = 1


class Pool:
    """Workers and who waits for them. To be used from one event loop only.

    Who waits stands in the line of a semaphore, so that who leaves, leaves nothing behind; the processes' own queue is short.
    """

    def __init__(self, workers: int, waiting: int) -> None:
        self.workers: Final = workers
        self._limit: Final = workers + waiting
        self._processes: Final = Processes(workers)
        self._turns: Final = asyncio.Semaphore(workers * (1 + AHEAD))
        self._inside = 0

    @property
    def working(self) -> int:
        """How many jobs have a worker."""
        return min(self._inside, self.workers)

    @property
    def waiting(self) -> int:
        """How many jobs wait for one."""
        return self._inside - self.working

    async def wait_until_not_full(self) -> None:
        """Turn away early, but not rashly, who would have to be turned away later.

        Raises:
            RequestError: (503) the queue is full, and was a moment ago.
        """
        if self._inside >= self._limit:
            await asyncio.sleep(PATIENCE_S)
            self._check_not_full()

    async def run(self, work: Callable[[], Result]) -> Result:
        """Have the work done by a process, to which it and its result must be sent.

        If the waiting task is cancelled, work that still stands in line isn't done.

        Raises:
            RequestError: (503) the queue is full, or the process died.
        """
        self._check_not_full()
        self._inside += 1
        try:
            await self._turns.acquire()
            job = self._submitted(work)
        except BaseException:
            self._inside -= 1
            raise
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[Result] = loop.create_future()
        job.add_done_callback(lambda done: loop.call_soon_threadsafe(self._leave, outcome, done))
        try:
            return await outcome
        except BrokenExecutor as error:
            raise RequestError("Reading this was broken off. Try again in a moment.", 503, RETRY_AFTER_S) from error
        except asyncio.CancelledError:
            job.cancel()
            raise

    async def close(self) -> None:
        """Let the processes end what they do, and end."""
        await asyncio.to_thread(self._processes.close)

    def _submitted(self, work: Callable[[], Result]) -> "Future[Result]":
        """The work, given to the processes; where they can't be started, its turn is the next one's."""
        try:
            return self._processes.submit(work)
        except BaseException:
            self._turns.release()
            raise

    def _check_not_full(self) -> None:
        if self._inside >= self._limit:
            raise RequestError("The server is too busy to read this now. Try again in a moment.", 503, RETRY_AFTER_S)

    def _leave(self, outcome: asyncio.Future[Result], job: "Future[Result]") -> None:
        """Called once the process is free, not before: a job that nobody waits for keeps its place until then."""
        self._inside -= 1
        self._turns.release()
        if outcome.cancelled() or job.cancelled():
            return
        error = job.exception()
        if error is None:
            outcome.set_result(job.result())
        else:
            outcome.set_exception(error)
