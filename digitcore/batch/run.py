"""Run a batch job: find its files, read them on a cluster, and write one table; a stopped run can be resumed."""

import hashlib
import json
import os
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from distributed import Client
from tqdm import tqdm

from digitcore import __version__
from digitcore.batch import journal as journals
from digitcore.batch.cluster import available_cores, local_client, remote_client, require_shared_path
from digitcore.batch.journal import Journal
from digitcore.batch.output import output_suffix, write_output
from digitcore.batch.scheduler import ChunkScheduler, translate_cluster_errors
from digitcore.batch.sources import LIST_MARK, STANDARD_INPUT, Finder
from digitcore.batch.worker import model_sha256
from digitcore.errors import BatchError
from digitcore.recognition.writer_profile import WriterProfile
from digitcore.settings import Settings
from digitcore.workers.deadline import READING_TIMEOUT_S

MAX_CHUNK_FILES: Final = 64
"""The default number of files in a chunk: half a second's work for images of 640×480, ten seconds' for a phone's. A stopped run, or a
crashed worker, loses at most that."""

MIN_CHUNKS_PER_WORKER: Final = 4
"""The smallest number of chunks for each worker where there are few files, so that all workers finish at about the same time."""

TERMINAL_INTERVAL_S: Final = 0.2
LOG_INTERVAL_S: Final = 10.0
"""The time between updates of the progress bar: on a terminal, and where its lines are kept in a log."""

SEARCH_BAR_DELAY_S: Final = 2.0
"""A search for files that takes longer than this shows its progress."""

PrintStatus = Callable[[str], None]
"""Shows a status message, one or two sentences."""

RaiseIfStopped = Callable[[], None]
"""Raises `KeyboardInterrupt` if the run is to stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchJob:
    """What to read, how, and into which table.

    Attributes:
        sources: files, folders, ZIP files, globs and lists.
        output: the table, `.parquet` or `.csv`.
        settings: those of the reading pipeline.
        profile: the writer's own digits, to which the answers are adapted; an empty one changes nothing.
        scheduler: the address of a running Dask scheduler; None starts a local cluster.
        workers: the number of worker processes of a local cluster.
        chunk_files: the largest number of files in a chunk.
        timeout_s: the most seconds that reading one image may take.
    """

    sources: Sequence[str]
    output: Path
    settings: Settings
    profile: WriterProfile | None = None
    scheduler: str | None = None
    workers: int = field(default_factory=available_cores)
    chunk_files: int = MAX_CHUNK_FILES
    timeout_s: float = READING_TIMEOUT_S


@dataclass(frozen=True, slots=True)
class Summary:
    """The result of a run.

    Attributes:
        files: the number of all files.
        failed: the number of files that could not be read.
        files_per_second: the rate while files were read; None if there were none left to read.
    """

    files: int
    failed: int
    files_per_second: float | None = None


def run(job: BatchJob, print_status: PrintStatus, raise_if_stopped: RaiseIfStopped) -> Summary:
    """Run a job, or resume it.

    Args:
        job: what to do.
        print_status: shows status messages.
        raise_if_stopped: is called from time to time.

    Returns:
        The counts of files.

    Raises:
        BatchError: the job can't start or continue.
        ModelError: the network can't be loaded.
        KeyboardInterrupt: the run was stopped; the same job resumes it.
    """
    suffix = output_suffix(job.output)
    with Journal(job.output.with_name(job.output.name + journals.SUFFIX)) as journal:
        _prepare(journal, job, print_status)
        read, _ = journal.progress()
        if journal.finished:
            print_status(f"{job.output} is complete. Remove it to read everything again, or choose another output.")
            return Summary(*journal.progress())
        rate = _read_pending(journal, job, suffix, print_status, raise_if_stopped) if read < journal.files else None
        with closing(journal.encoded_rows()) as rows:
            write_output(job.output, rows, suffix)
        journal.finish()
        return Summary(*journal.progress(), rate)


def _prepare(journal: Journal, job: BatchJob, print_status: PrintStatus) -> None:
    """Find the files of a new run, or check that the journal belongs to the same job.

    Raises:
        BatchError: there are no files, or the output belongs to something else.
    """
    identity, output_exists = _identity(job), job.output.exists()
    stored = None if journal.finished and not output_exists else journal.identity
    if stored is not None and stored != identity:
        different = ", ".join(name for name in identity if stored.get(name) != identity[name])
        raise BatchError(
            f"{job.output} was started with different values of: {different}. "
            f"Run the command as before, remove {journal.path}, or choose another output."
        )
    if stored is None and output_exists:
        raise BatchError(f"{job.output} exists already. Remove it, or choose another output.")
    if stored is None:
        _store_files(journal, job, identity)
    elif not journal.finished:
        print_status(f"Resuming: {journal.progress()[0]:,} of {journal.files:,} files have been read.")
    if journal.skipped:
        files = "1 file" if journal.skipped == 1 else f"{journal.skipped:,} files"
        print_status(f"Skipped {files} without the name of a picture. A glob or a list takes files of any name.")


def _store_files(journal: Journal, job: BatchJob, identity: dict[str, Any]) -> None:
    finder = Finder()
    bar = {"desc": "finding pictures", "unit": " files", "leave": False, "delay": SEARCH_BAR_DELAY_S, "mininterval": _bar_interval_s()}
    found = tqdm(finder.find(job.sources), **bar)
    journal.store_files(identity, found, finder, job.chunk_files, job.workers * MIN_CHUNKS_PER_WORKER)
    if not journal.files:
        raise BatchError("There is no picture in these sources. Name others; a glob or a list takes files of any name.")


def _identity(job: BatchJob) -> dict[str, Any]:
    """Gather the parameters that rows depend on: with any other value it is another run."""
    return {
        "sources": [_absolute(source) for source in job.sources],
        "settings": json.loads(job.settings.to_json()),
        "profile": hashlib.sha256(job.profile.to_json().encode()).hexdigest() if job.profile else None,
        "network": model_sha256(),
        "version": __version__,
    }


def _absolute(source: str) -> str:
    mark = LIST_MARK if source.startswith(LIST_MARK) else ""
    name = source.removeprefix(mark)
    return source if name == STANDARD_INPUT else mark + os.path.abspath(name)  # noqa: PTH100  a pattern is no path


def _read_pending(journal: Journal, job: BatchJob, suffix: str, print_status: PrintStatus, raise_if_stopped: RaiseIfStopped) -> float:
    """Read all pending chunks and return the rate in files per second.

    Raises:
        ClusterError: the cluster can't do the work, or disappeared.
    """
    read, failed = journal.progress()
    with translate_cluster_errors(), _connect(job) as client:
        if job.scheduler:
            _check_workers(client, journal, print_status)
        start = time.monotonic()
        with tqdm(total=journal.files, initial=read, unit=" files", mininterval=_bar_interval_s(), dynamic_ncols=True) as bar:
            for results in ChunkScheduler(client, journal, job.settings, suffix, job.timeout_s, job.profile).results():
                journal.store_results(results)
                failed += sum(result.failed for result in results)
                bar.set_postfix(failed=failed, refresh=False)
                bar.update(sum(result.files for result in results))
                raise_if_stopped()
        return (journal.files - read) / (time.monotonic() - start)


def _connect(job: BatchJob) -> AbstractContextManager[Client]:
    return remote_client(job.scheduler) if job.scheduler else local_client(job.workers)


def _check_workers(client: Client, journal: Journal, print_status: PrintStatus) -> None:
    """Check that the workers of a running cluster see the files; if there are none yet, print a status message."""
    if not client.nthreads():
        print_status("The scheduler has no workers yet. Reading starts when the first one joins.")
        return
    first = next(journal.pending_chunks()).references[0]
    require_shared_path(client, os.path.join(journal.folder, first.path))  # noqa: PTH118


def _bar_interval_s() -> float:
    return TERMINAL_INTERVAL_S if os.isatty(2) else LOG_INTERVAL_S
