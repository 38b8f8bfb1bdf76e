"""Chunks through a cluster, a bounded number at a time, and what becomes of those whose workers die."""

import asyncio
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from typing import Final

from distributed import Client, Future, KilledWorker, as_completed

from digitcore.batch.journal import Chunk, Journal, Part
from digitcore.batch.worker import model_sha256, part_of, read_chunk
from digitcore.errors import ClusterError, DigitError
from digitcore.io.records import error_record
from digitcore.settings import Settings

CHUNKS_A_THREAD: Final = 3
"""Handed out at a time: one is read, one waits for it, one is on its way."""

FEWEST_CHUNKS: Final = 8
"""Handed out where no worker is there yet: a cluster that grows by demand must see some."""

LOOK_FOR_WORKERS_S: Final = 5.0
"""How often is asked how many there are: they may come and go."""

GONE: Final = "The connection to the cluster is lost. What was read is kept: run the same again, and it goes on."


@contextmanager
def told_if_gone() -> Iterator[None]:
    """Say in one sentence what else is an error of many kinds.

    Raises:
        ClusterError: the cluster went away within the block.
    """
    try:
        yield
    except (OSError, CancelledError, asyncio.CancelledError) as error:  # Dask lets out whichever it met first
        raise ClusterError(GONE) from error


class Flow:
    """Chunks on their way through a cluster, a bounded number at a time."""

    def __init__(self, client: Client, journal: Journal, settings: Settings, suffix: str) -> None:
        self._client = client
        self._waiting = journal.waiting()
        self._arguments = (journal.folder, settings.to_json(), model_sha256(), suffix)
        self._suffix = suffix
        self._under_way: dict[str, Chunk] = {}
        self._suspects: list[Chunk] = []
        self._alone = False
        self._completed = as_completed(loop=client.loop)
        self._room = 0
        self._looked_s = float("-inf")

    def parts(self) -> Iterator[list[Part]]:
        """All rows, as they come.

        Raises:
            ClusterError: the cluster is gone, or can't do the work.
            DigitError: a worker can't begin at all.
        """
        self._refill()
        for futures in self._completed.batches():
            yield self._settled(futures)
            self._refill()

    def _refill(self) -> None:
        if time.monotonic() - self._looked_s > LOOK_FOR_WORKERS_S:
            self._room = max(CHUNKS_A_THREAD * sum(self._client.nthreads().values()), FEWEST_CHUNKS)
            self._looked_s = time.monotonic()
        while len(self._under_way) < self._room and (chunk := next(self._waiting, None)):
            self._submit(chunk)
        self._alone = not self._under_way and bool(self._suspects)
        if self._alone:
            self._submit(self._suspects.pop())

    def _submit(self, chunk: Chunk) -> None:
        self._watch(self._client.submit(read_chunk, chunk, *self._arguments, pure=False), chunk)

    def _watch(self, future: Future, chunk: Chunk) -> None:
        self._under_way[future.key] = chunk
        self._completed.add(future)

    def _settled(self, futures: Iterable[Future]) -> list[Part]:
        """The rows that came. A worker may have died with some, before they were fetched: these are made anew, and waited for again."""
        ended = list(futures)
        parts: list[Part] = self._client.gather([future for future in ended if future.status == "finished"], errors="skip")
        came = {part.first for part in parts}
        for future in ended:
            chunk = self._under_way.pop(future.key)
            if chunk.first in came:
                continue
            if future.status in ("error", "cancelled"):
                parts += self._after_failure(future, chunk)
            else:
                self._watch(future, chunk)
        return parts

    def _after_failure(self, future: Future, chunk: Chunk) -> Iterator[Part]:
        """Find the picture that ends workers: all of such a chunk are read each by itself, and those suspected still at the end, alone."""
        error = future.exception() if future.status == "error" else None
        if isinstance(error, DigitError):
            raise error
        if not isinstance(error, KilledWorker):
            raise ClusterError(_gone(error)) from error
        if len(chunk.references) > 1:
            for place, reference in enumerate(chunk.references):
                self._submit(Chunk(chunk.first + place, [reference]))
            return
        if not self._alone:
            self._suspects.append(chunk)
            return
        reason = "Reading this picture ended its worker every time, for want of memory perhaps. Make it smaller."
        yield part_of(chunk.first, [error_record(chunk.references[0].name, reason)], self._suffix)


def _gone(error: BaseException | None) -> str:
    if error is None:
        return GONE
    return f"A worker can't do the work ({type(error).__name__}: {error}). Start workers and program from the same image."
