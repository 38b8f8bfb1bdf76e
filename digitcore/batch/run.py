"""A bulk run: its files found, read by a cluster a bounded number at a time, and put into one table; it may stop and go on at any point."""

import json
import os
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from distributed import Client
from tqdm import tqdm

from digitcore import __version__
from digitcore.batch import journal as journals
from digitcore.batch.cluster import check_sight, cores, local_client, remote_client
from digitcore.batch.flow import Flow, told_if_gone
from digitcore.batch.journal import Journal
from digitcore.batch.output import suffix_of, write_output
from digitcore.batch.sources import LIST_MARK, STANDARD_INPUT, Finder
from digitcore.batch.worker import model_sha256
from digitcore.errors import BatchError
from digitcore.settings import Settings

CHUNK_FILES: Final = 64
"""About half a second's work on pictures of 640×480, ten seconds' on a phone's: so much is lost with a worker, or with a stop."""

CHUNKS_A_WORKER: Final = 4
"""So many at least, where there are few files: the last ones end together."""

TERMINAL_S: Final = 0.2
LOG_S: Final = 10.0
"""How often the bar moves: on a terminal, and where its lines are kept."""

SHOWN_AFTER_S: Final = 2.0
"""A search that takes longer shows how far it is."""

Say = Callable[[str], None]
Check = Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be done."""

    sources: Sequence[str]
    output: Path
    settings: Settings
    scheduler: str | None = None
    """A running cluster's; without one, one is started here."""

    workers: int = field(default_factory=cores)
    chunk_files: int = CHUNK_FILES


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it."""

    files: int
    failed: int
    rate: float | None = None
    """Files a second while they were read; None if there was none left to read."""


def run(order: Order, say: Say, check: Check) -> Outcome:
    """Do it, or go on where it was left.

    Args:
        order: what is to be done.
        say: is told what to know on the way.
        check: interrupts if a stop was asked for; it is called every now and then.

    Raises:
        BatchError: it can't begin or go on, with what to do.
        ModelError: the network can't be loaded.
        KeyboardInterrupt: it was stopped; the same order goes on.
    """
    suffix = suffix_of(order.output)
    with Journal(order.output.with_name(order.output.name + journals.SUFFIX)) as journal:
        _begin(journal, order, say)
        read, _ = journal.done()
        if journal.finished:
            say(f"{order.output} is finished. Remove it to read anew, or name another output.")
            return Outcome(*journal.done())
        rate = _read(journal, order, suffix, say, check) if read < journal.files else None
        write_output(order.output, journal.parts(), suffix)
        journal.finish()
        return Outcome(*journal.done(), rate)


def _begin(journal: Journal, order: Order, say: Say) -> None:
    """Find the files, or see that they have been found for the very same order.

    Raises:
        BatchError: there are none, or the output belongs to something else.
    """
    asked, there = _identity(order), order.output.exists()
    known = None if journal.finished and not there else journal.identity
    if known is not None and known != asked:
        different = ", ".join(name for name in asked if known.get(name) != asked[name])
        raise BatchError(
            f"{order.output} was begun with others of these: {different}. Run it as before, remove {journal.path}, or name another output."
        )
    if known is None and there:
        raise BatchError(f"{order.output} is there already. Remove it, or name another output.")
    if known is None:
        _find(journal, order, asked)
    elif not journal.finished:
        say(f"Going on: {journal.done()[0]:,} of {journal.files:,} files have been read.")
    if journal.passed_over:
        say(f"Passed over: {journal.passed_over:,} files without a picture's name. A glob or a list takes files of any name.")


def _find(journal: Journal, order: Order, asked: dict[str, Any]) -> None:
    finder = Finder()
    shown = {"desc": "looking for pictures", "unit": " files", "leave": False, "delay": SHOWN_AFTER_S, "mininterval": _pace()}
    journal.begin(asked, tqdm(finder.find(order.sources), **shown), finder, order.chunk_files, order.workers * CHUNKS_A_WORKER)
    if not journal.files:
        raise BatchError("There is no picture in these sources. Name others; a glob or a list takes files of any name.")


def _identity(order: Order) -> dict[str, Any]:
    """What rows depend on: if any of it changes, it is another run."""
    return {
        "sources": [_absolute(source) for source in order.sources],
        "settings": json.loads(order.settings.to_json()),
        "network": model_sha256(),
        "version": __version__,
    }


def _absolute(source: str) -> str:
    mark = LIST_MARK if source.startswith(LIST_MARK) else ""
    name = source.removeprefix(mark)
    return source if name == STANDARD_INPUT else mark + os.path.abspath(name)  # noqa: PTH100  a pattern is no path


def _read(journal: Journal, order: Order, suffix: str, say: Say, check: Check) -> float:
    """Read all that waits; how many a second.

    Raises:
        ClusterError: the cluster can't do it, or went away.
    """
    read, failed = journal.done()
    with told_if_gone(), _client(order) as client:
        if order.scheduler:
            _look_around(client, journal, say)
        start = time.monotonic()
        with tqdm(total=journal.files, initial=read, unit=" files", mininterval=_pace(), dynamic_ncols=True) as bar:
            for parts in Flow(client, journal, order.settings, suffix).parts():
                journal.store(parts)
                failed += sum(part.failed for part in parts)
                bar.set_postfix(failed=failed, refresh=False)
                bar.update(sum(part.files for part in parts))
                check()
        return (journal.files - read) / (time.monotonic() - start)


def _client(order: Order) -> AbstractContextManager[Client]:
    return remote_client(order.scheduler) if order.scheduler else local_client(order.workers)


def _look_around(client: Client, journal: Journal, say: Say) -> None:
    if not client.nthreads():
        say("The scheduler has no workers yet. The work begins with the first.")
        return
    first = next(journal.waiting()).references[0]
    check_sight(client, os.path.join(journal.folder, first.path))  # noqa: PTH118


def _pace() -> float:
    return TERMINAL_S if os.isatty(2) else LOG_S
