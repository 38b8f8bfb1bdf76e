"""Schedule chunks on a cluster, a bounded number at a time, and isolate images that crash their workers."""

import asyncio
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from typing import Final

from distributed import Client, Future, KilledWorker, as_completed

from digitcore.batch.journal import Chunk, ChunkResult, Journal
from digitcore.batch.worker import encode_chunk, model_sha256, read_chunk
from digitcore.errors import ClusterError, DigitError
from digitcore.io.records import error_record
from digitcore.recognition.writer_profile import WriterProfile
from digitcore.settings import Settings

CHUNKS_PER_THREAD: Final = 3
"""Chunks in flight for each thread of the cluster: one is read, one is queued, one is transferred."""

MIN_CHUNKS_IN_FLIGHT: Final = 8
"""Chunks in flight while there are no workers yet: a cluster that scales with demand must see some."""

CAPACITY_INTERVAL_S: Final = 5.0
"""The time between two queries of the number of threads, as workers may join and leave."""

CONNECTION_LOST: Final = "The connection to the cluster was lost. Results so far are kept: run the same command again to resume."


@contextmanager
def translate_cluster_errors() -> Iterator[None]:
    """Translate the various errors that Dask raises when the cluster disappears.

    Raises:
        ClusterError: the connection was lost within the block.
    """
    try:
        yield
    except (OSError, CancelledError, asyncio.CancelledError) as error:
        raise ClusterError(CONNECTION_LOST) from error


class ChunkScheduler:
    """Submits the pending chunks of a journal to a cluster, a bounded number at a time.

    Args:
        client: a client of the cluster.
        journal: has the pending chunks.
        settings: those of the reading pipeline.
        suffix: `.parquet` or `.csv`, which decides the encoding of the rows.
        timeout_s: the most seconds that reading one image may take.
        profile: the writer's own digits.
    """

    def __init__(
        self, client: Client, journal: Journal, settings: Settings, suffix: str, timeout_s: float, profile: WriterProfile | None = None
    ) -> None:
        self._client = client
        self._pending = journal.pending_chunks()
        # As the result of a task, the profile is sent to each worker once, stays there, and is made again if its worker dies.
        shared_profile = client.submit(WriterProfile.from_json, profile.to_json()) if profile else None
        self._arguments = (journal.folder, settings.to_json(), model_sha256(), suffix, timeout_s, shared_profile)
        self._suffix = suffix
        self._in_flight: dict[str, Chunk] = {}
        self._suspects: list[Chunk] = []
        self._is_isolating = False
        self._completed = as_completed(loop=client.loop)
        self._capacity = 0
        self._capacity_checked_s = float("-inf")

    def results(self) -> Iterator[list[ChunkResult]]:
        """Run all pending chunks.

        Yields:
            The results of chunks as they complete.

        Raises:
            ClusterError: the cluster disappeared, or can't do the work.
            DigitError: a worker can't start to read at all.
        """
        self._submit_pending()
        for futures in self._completed.batches():
            yield self._collect(futures)
            self._submit_pending()

    def _submit_pending(self) -> None:
        """Fill the cluster up to its capacity; at the end, submit suspects one at a time."""
        if time.monotonic() - self._capacity_checked_s > CAPACITY_INTERVAL_S:
            self._capacity = max(CHUNKS_PER_THREAD * sum(self._client.nthreads().values()), MIN_CHUNKS_IN_FLIGHT)
            self._capacity_checked_s = time.monotonic()
        while len(self._in_flight) < self._capacity and (chunk := next(self._pending, None)):
            self._submit(chunk)
        self._is_isolating = not self._in_flight and bool(self._suspects)
        if self._is_isolating:
            self._submit(self._suspects.pop())

    def _submit(self, chunk: Chunk) -> None:
        self._watch(self._client.submit(read_chunk, chunk, *self._arguments, pure=False), chunk)

    def _watch(self, future: Future, chunk: Chunk) -> None:
        self._in_flight[future.key] = chunk
        self._completed.add(future)

    def _collect(self, futures: Iterable[Future]) -> list[ChunkResult]:
        """Gather the results of completed futures.

        A worker may die with a result before it is fetched: Dask then computes it again, and its future is watched again.
        """
        completed = list(futures)
        results: list[ChunkResult] = self._client.gather([future for future in completed if future.status == "finished"], errors="skip")
        received = {result.first for result in results}
        for future in completed:
            chunk = self._in_flight.pop(future.key)
            if chunk.first in received:
                continue
            if future.status in ("error", "cancelled"):
                results += self._handle_failure(future, chunk)
            else:
                self._watch(future, chunk)
        return results

    def _handle_failure(self, future: Future, chunk: Chunk) -> Iterator[ChunkResult]:
        """Find the image that crashes workers: split the chunk into single images, and run those that fail again last, one at a time."""
        error = future.exception() if future.status == "error" else None
        if isinstance(error, DigitError):
            raise error
        if not isinstance(error, KilledWorker):
            raise ClusterError(_describe_failure(error)) from error
        if len(chunk.references) > 1:
            for offset, reference in enumerate(chunk.references):
                self._submit(Chunk(chunk.first + offset, [reference]))
            return
        if not self._is_isolating:
            self._suspects.append(chunk)
            return
        reason = "Reading this picture ended its worker every time, since it takes too long or too much memory. Make it smaller."
        yield encode_chunk(chunk.first, [error_record(chunk.references[0].name, reason)], self._suffix)


def _describe_failure(error: BaseException | None) -> str:
    if error is None:
        return CONNECTION_LOST
    return f"A worker failed ({type(error).__name__}: {error}). Start the workers and this program from the same image."
