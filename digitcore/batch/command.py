"""`python -m digitcore batch SOURCE… --output readings.parquet`: the words of bulk work on the command line."""

import argparse
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from digitcore.errors import ClusterError, DigitError
from digitcore.settings import Settings

if TYPE_CHECKING:
    from digitcore.batch.run import Outcome

BROKEN_OFF: Final = 3
"""The exit code where the same again may go better."""

STOPPED: Final = 128
"""A shell's exit code for what a signal ended, to which the signal's number is added."""


class _Stop:
    """Ctrl-C, or a request to end, as at the end of a container: it interrupts, and is remembered.

    An interruption that meets the interpreter while it tidies up an object is lost, as Python ignores every exception there.
    """

    number: int | None = None
    """The signal's."""

    def __call__(self, number: int, _frame: object) -> None:
        """Be the signal's handler."""
        self.number = number
        raise KeyboardInterrupt

    def check(self) -> None:
        """Interrupt again where the first time was lost.

        Raises:
            KeyboardInterrupt: a stop was asked for.
        """
        if self.number is not None:
            raise KeyboardInterrupt


def add_batch(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to those of the program."""
    batch = commands.add_parser("batch", help="read any number of pictures into one table")
    batch.add_argument(
        "sources",
        nargs="*",
        metavar="SOURCE",
        help="a file, a folder, a ZIP, a glob in quotation marks, or @LIST: a file with a path a line",
    )
    batch.add_argument("--list", action="append", default=[], dest="lists", metavar="LIST", help="the same as @LIST; - is standard input")
    batch.add_argument("--output", type=Path, required=True, metavar="TABLE", help="ends in .parquet or .csv")
    batch.add_argument("--settings", type=Path, metavar="RECIPE", help="a JSON file of settings")
    who = batch.add_mutually_exclusive_group()
    who.add_argument("--scheduler", metavar="ADDRESS", help="a running Dask cluster's, as in tcp://host:8786")
    who.add_argument("--workers", type=_count, metavar="N", help="processes on this machine; by default as many as cores")
    batch.add_argument("--chunk", type=_count, metavar="N", help="files that a worker reads at a time, at most")


def run_batch(options: argparse.Namespace, settings: Settings) -> int:
    """Do what was asked; 0 if every file was read, 1 if any failed, 2 for a wrong call, 3 for a lost cluster, 130 and so on if stopped."""
    from digitcore.batch.run import Order, run  # noqa: PLC0415  Dask takes longer to import than `read` to read

    chosen = {"workers": options.workers, "chunk_files": options.chunk}
    order = Order(
        sources=[*options.sources, *(f"@{name}" for name in options.lists)],
        output=options.output,
        settings=settings,
        scheduler=options.scheduler,
        **{name: value for name, value in chosen.items() if value is not None},
    )
    stop = _Stop()
    try:
        with _heard_by(stop):
            outcome = run(order, _say, stop.check)
    except KeyboardInterrupt:
        _say(f"Stopped. What was read is kept in {order.output}.journal: run the same again, and it goes on.")
        return STOPPED + (stop.number or signal.SIGINT)
    except DigitError as error:
        _say(str(error))
        return BROKEN_OFF if isinstance(error, ClusterError) else 2
    print(_summary(order.output, outcome), flush=True)
    return int(outcome.failed > 0)


def _summary(output: Path, outcome: "Outcome") -> str:
    rate = "" if outcome.rate is None else f", {outcome.rate:,.0f} a second"
    return f"{output}: {outcome.files:,} files, {outcome.files - outcome.failed:,} read, {outcome.failed:,} failed{rate}"


@contextmanager
def _heard_by(stop: _Stop) -> Iterator[None]:
    """Until the block ends; what is ignored stays so, as Ctrl-C is by work in a shell's background."""
    heard = [number for number in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.signal(number, stop) for number in heard}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 on, received {text}")
    return int(text)


def _say(sentence: str) -> None:
    print(f"digitcore: {sentence}", file=sys.stderr, flush=True)
