"""Define the command `digit-reader batch SOURCE… --output readings.parquet`."""

import argparse
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from digitcore.errors import ClusterError, DigitError, MissingExtraError
from digitcore.recognition.writer_profile import WriterProfile
from digitcore.settings import Settings

if TYPE_CHECKING:
    from digitcore.batch.run import Summary

REQUIRED_PACKAGES: Final = ("dask", "distributed", "pyarrow", "tqdm")
"""The packages of the extra `batch`."""

EXIT_WRONG_CALL: Final = 2

EXIT_CLUSTER_ERROR: Final = 3
"""The exit code for an error of the cluster: the same command may succeed later."""

EXIT_SIGNAL_BASE: Final = 128
"""The exit code after a signal is this plus the signal's number, as in shells."""


class StopRequest:
    """A signal handler that raises `KeyboardInterrupt` and remembers the signal.

    If the exception is raised while the interpreter runs a finaliser, Python discards it; `raise_if_stopped` then raises it again.
    """

    signal_number: int | None = None

    def __call__(self, number: int, _frame: object) -> None:
        """Handle the signal.

        Args:
            number: the signal's number.

        Raises:
            KeyboardInterrupt: always.
        """
        self.signal_number = number
        raise KeyboardInterrupt

    def raise_if_stopped(self) -> None:
        """Raise again if a signal has arrived.

        Raises:
            KeyboardInterrupt: a signal has arrived.
        """
        if self.signal_number is not None:
            raise KeyboardInterrupt


def add_batch(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """Add the command `batch` to the command line.

    Args:
        commands: the subparsers of the program.

    Returns:
        The parser of the command, without the options that it shares with `read`.
    """
    batch = commands.add_parser("batch", help="read any number of pictures into one table")
    batch.add_argument(
        "sources",
        nargs="*",
        metavar="SOURCE",
        help="a file, a folder, a ZIP, a quoted glob, or @LIST: a file with one path per line",
    )
    batch.add_argument("--list", action="append", default=[], dest="lists", metavar="LIST", help="the same as @LIST; - is standard input")
    batch.add_argument("--output", type=Path, required=True, metavar="TABLE", help="the table to write, .parquet or .csv")
    add_worker_options(batch)
    return batch


def add_worker_options(command: argparse.ArgumentParser) -> None:
    """Add the options that say where and how long pictures are read; `worker_options` returns what was given."""
    cluster = command.add_mutually_exclusive_group()
    cluster.add_argument("--scheduler", metavar="ADDRESS", help="a running Dask scheduler, such as tcp://host:8786")
    cluster.add_argument("--workers", type=_positive_integer, metavar="N", help="worker processes on this machine; by default one per core")
    command.add_argument("--timeout", type=_positive_seconds, metavar="SECONDS", help="how long reading one file may take; by default 10")
    command.add_argument("--chunk", type=_positive_integer, metavar="N", help="the largest number of files per task")


def worker_options(options: argparse.Namespace) -> dict[str, Any]:
    """Return the fields of a `BatchJob` that the options of `add_worker_options` give."""
    given = {
        "scheduler": options.scheduler,
        "workers": options.workers,
        "chunk_files": options.chunk,
        "timeout_s": options.timeout,
    }
    return {name: value for name, value in given.items() if value is not None}


def run_batch(options: argparse.Namespace, settings: Settings, profile: WriterProfile | None = None) -> int:
    """Run the command `batch`.

    Args:
        options: the parsed options that `add_batch` defines.
        settings: those of the reading pipeline.
        profile: the writer's own digits.

    Returns:
        The exit code: 0 if every file was read, 1 if any failed, 2 for a wrong call, 3 for an error of the cluster, and 128 plus the
        signal's number (130, 143) if stopped by a signal.
    """
    try:
        require_packages()
    except MissingExtraError as error:
        print_status(str(error))
        return EXIT_WRONG_CALL
    return _run(options, settings, profile)


def require_packages() -> None:
    """Check that the packages of the extra `batch` are installed.

    Raises:
        MissingExtraError: one of them is missing.
    """
    if not all(map(find_spec, REQUIRED_PACKAGES)):
        raise MissingExtraError.for_extra("batch")


def _run(options: argparse.Namespace, settings: Settings, profile: WriterProfile | None) -> int:
    from digitcore.batch.run import BatchJob, run  # noqa: PLC0415  importing Dask takes longer than `read` takes to read

    job = BatchJob(
        sources=[*options.sources, *(f"@{name}" for name in options.lists)],
        output=options.output,
        settings=settings,
        profile=profile,
        **worker_options(options),
    )
    stop = StopRequest()
    try:
        with handle_signals(stop):
            summary = run(job, print_status, stop.raise_if_stopped)
    except KeyboardInterrupt:
        print_status(f"Stopped. Results so far are kept in {job.output}.journal: run the same command again to resume.")
        return EXIT_SIGNAL_BASE + (stop.signal_number or signal.SIGINT)
    except DigitError as error:
        print_status(str(error))
        return exit_code(error)
    print(_format_summary(job.output, summary), flush=True)
    return int(summary.failed > 0)


def exit_code(error: DigitError) -> int:
    """Return the exit code for an error: 3 for one of the cluster, 2 for any other."""
    return EXIT_CLUSTER_ERROR if isinstance(error, ClusterError) else EXIT_WRONG_CALL


@contextmanager
def handle_signals(stop: StopRequest) -> Iterator[None]:
    """Handle SIGINT and SIGTERM until the block ends; signals that are ignored stay ignored, as in a shell's background jobs.

    Args:
        stop: the handler.
    """
    handled = [number for number in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(number) != signal.SIG_IGN]
    previous = {number: signal.signal(number, stop) for number in handled}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _format_summary(output: Path, summary: "Summary") -> str:
    rate = "" if summary.files_per_second is None else f", {summary.files_per_second:,.0f} a second"
    return f"{output}: {summary.files:,} files, {summary.files - summary.failed:,} read, {summary.failed:,} failed{rate}"


def _positive_integer(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be an integer of at least 1, not {text}")
    return int(text)


def _positive_seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"must be a number above 0, not {text}")
    return seconds


def print_status(sentence: str) -> None:
    """Print a message to standard error, which standard output's answers are separate from."""
    print(f"digitcore: {sentence}", file=sys.stderr, flush=True)
