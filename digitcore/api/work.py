"""Work off the event loop: as many threads as there are cores, and a queue before them that ends somewhere."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Generic, TypeVar

from digitcore.errors import RequestError

Result = TypeVar("Result")

Settle = Callable[[asyncio.Future[Result]], None]
"""Tells who waits for work how it ended."""

AHEAD: Final = 1
"""Jobs for each worker that lie ready, so that it needn't wait for the event loop to give it the next."""

PATIENCE_S: Final = 1.0
"""How long it takes at most to work off a full queue of usual pictures, so that a refusal before would be rash. It also keeps clients who
ask again at once from using up the time in which others are read: 29 readings a second became 200 under ten times the load."""

RETRY_AFTER_S: Final = 1


class Pool:
    """Workers and who waits for them. To be used from one event loop only.

    Who waits stands in the line of a semaphore, so that who leaves, leaves nothing behind; the threads' own queue is short.
    """

    def __init__(self, workers: int, waiting: int) -> None:
        self.workers: Final = workers
        self._limit: Final = workers + waiting
        self._executor: Final = ThreadPoolExecutor(workers, thread_name_prefix="api")
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
        """Have the work done by a thread. If the waiting task is cancelled, work that hasn't begun isn't done.

        Raises:
            RequestError: (503) the queue is full.
        """
        self._check_not_full()
        self._inside += 1
        try:
            await self._turns.acquire()
        except asyncio.CancelledError:
            self._inside -= 1
            raise
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[Result] = loop.create_future()
        job = _Job(work, lambda settle: loop.call_soon_threadsafe(self._leave, outcome, settle))
        self._executor.submit(job.run)
        try:
            return await outcome
        except asyncio.CancelledError:
            job.give_up()
            raise

    async def close(self) -> None:
        """Let the threads end what they do, and end."""
        await asyncio.to_thread(self._executor.shutdown)

    def _check_not_full(self) -> None:
        if self._inside >= self._limit:
            raise RequestError("The server is too busy to read this now. Try again in a moment.", 503, RETRY_AFTER_S)

    def _leave(self, outcome: asyncio.Future[Result], settle: Settle[Result]) -> None:
        """Called once the thread is free, not before: a job that nobody waits for keeps its place until then."""
        self._inside -= 1
        self._turns.release()
        if not outcome.cancelled():
            settle(outcome)


class _Job(Generic[Result]):
    """Work that can be given up; what it holds in memory, the picture above all, is then let go at once."""

    def __init__(self, work: Callable[[], Result], done: Callable[[Settle[Result]], object]) -> None:
        self._work: Callable[[], Result] | None = work
        self._done = done

    def run(self) -> None:
        """On a thread: do the work, unless it was given up, and hand over how it ended in one step, as each wakes the event loop."""
        work, self._work = self._work, None
        if work is None:
            self._done(_abandon)
            return
        try:
            result = work()
        except Exception as error:  # whatever it is, who waits for it must hear of it
            failure = error
            self._done(lambda outcome: outcome.set_exception(failure))
        else:
            self._done(lambda outcome: outcome.set_result(result))

    def give_up(self) -> None:
        self._work = None


def _abandon(outcome: asyncio.Future[Result]) -> None:
    outcome.cancel()
