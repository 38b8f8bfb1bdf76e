"""Compare the speed of LiteRT and TensorFlow on this machine, each in a process of its own.

The caller gives the command of each engine, so that this package needs no TensorFlow and starts no other package's code. A command prints
one line of JSON, as `digitcore.analysis.litert_benchmark` does. The processes run one after the other, and only one comparison runs at a
time in the whole server.
"""

import json
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from digitcore.errors import MeasuringError
from digitcore.messages import Message

LITERT: Final = "litert"
TENSORFLOW: Final = "tensorflow"
ENGINES: Final = {LITERT: "LiteRT", TENSORFLOW: "TensorFlow"}
"""The engines that are compared, with the names that users see."""

TIME_LIMIT_S: Final = 90.0
"""For each process, in seconds. TensorFlow takes about ten on two cores, and several times that on a busy machine."""

Commands = Mapping[str, Sequence[str]]
"""For each engine the command that measures it."""

_logger = logging.getLogger(__name__)
_measuring = threading.Lock()


@dataclass(frozen=True, slots=True)
class Speed:
    """The figures of one engine.

    Attributes:
        startup_s: seconds from the start of its process to the first answer.
        median_ms: milliseconds for one digit.
        memory_mib: peak memory of its process in MiB; None where the system doesn't report it.
    """

    startup_s: float
    median_ms: float
    memory_mib: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The figures of both engines on this machine.

    Attributes:
        litert: the figures of LiteRT.
        tensorflow: the figures of TensorFlow; None where it couldn't be measured.
        why_not: why TensorFlow couldn't be measured, a `Message`; empty where it was.
    """

    litert: Speed
    tensorflow: Speed | None
    why_not: str = ""

    @property
    def ratio(self) -> float | None:
        """Return how many times as long TensorFlow takes for a digit; None where it couldn't be measured."""
        return self.tensorflow.median_ms / self.litert.median_ms if self.tensorflow else None


def litert_command() -> list[str]:
    """Return the command that measures LiteRT with this interpreter."""
    return [sys.executable, "-m", "digitcore.analysis.litert_benchmark"]


def start_comparison(commands: Commands, *, cwd: Path | None = None, time_limit_s: float = TIME_LIMIT_S) -> Future[Comparison]:
    """Start a comparison in a thread, and return at once.

    Args:
        commands: the command of each engine in `ENGINES`; an option `--started` with the time is added to it.
        cwd: the folder in which the commands run; by default the current one.
        time_limit_s: seconds after which a process is stopped.

    Returns:
        A future that gets the `Comparison`, or a `MeasuringError`.

    Raises:
        MeasuringError: another comparison is running; two at once would disturb each other.
    """
    if not _measuring.acquire(blocking=False):
        raise MeasuringError(Message("Somebody else is measuring on this server at the moment. Try again in half a minute."))
    result: Future[Comparison] = Future()
    threading.Thread(target=_run_comparison, args=(result, commands, cwd, time_limit_s), name="measuring", daemon=True).start()
    return result


def compare(commands: Commands, *, cwd: Path | None = None, time_limit_s: float = TIME_LIMIT_S) -> Comparison:
    """Measure LiteRT, then TensorFlow if it is installed, in about ten seconds.

    Args:
        commands: as in `start_comparison`, like the rest.
        cwd: likewise.
        time_limit_s: likewise.

    Returns:
        The figures of both, or of LiteRT alone with the reason.

    Raises:
        MeasuringError: LiteRT couldn't be measured.
    """
    litert = measure(LITERT, commands[LITERT], cwd=cwd, time_limit_s=time_limit_s)
    try:
        return Comparison(litert, measure(TENSORFLOW, commands[TENSORFLOW], cwd=cwd, time_limit_s=time_limit_s))
    except MeasuringError as error:
        return Comparison(litert, None, error.message)


def measure(engine: str, command: Sequence[str], *, cwd: Path | None = None, time_limit_s: float = TIME_LIMIT_S) -> Speed:
    """Measure one engine in a process of its own, which is stopped if it takes longer than the limit.

    Args:
        engine: a key of `ENGINES`.
        command: measures it and prints one line of JSON.
        cwd: as in `start_comparison`, like the rest.
        time_limit_s: likewise.

    Returns:
        The engine's figures.

    Raises:
        MeasuringError: the engine isn't installed, took too long, or failed.
    """
    timed_command = [*command, "--started", str(time.time())]
    try:
        done = subprocess.run(timed_command, cwd=cwd, capture_output=True, timeout=time_limit_s, check=True)  # noqa: S603  the caller's command
        measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        speed = None if "missing" in measured else Speed(measured["startup_s"], measured["median_ms"], measured["memory_mib"])
    except subprocess.TimeoutExpired as error:
        raise MeasuringError(
            Message(
                "Measuring {engine} took longer than {seconds} seconds and was stopped.",
                engine=ENGINES[engine],
                seconds=round(time_limit_s),
            )
        ) from error
    except (OSError, subprocess.CalledProcessError, ValueError, TypeError, LookupError, RecursionError) as error:
        _logger.error("measuring %s failed: %s %s", engine, error, getattr(error, "stderr", b"") or b"")
        raise MeasuringError(Message("{engine} could not be measured on this machine.", engine=ENGINES[engine])) from error
    if speed is None:
        raise MeasuringError(
            Message("TensorFlow isn't installed on this machine, so there is nothing to compare with. Reading digits doesn't need it.")
        )
    return speed


def _run_comparison(result: Future[Comparison], commands: Commands, cwd: Path | None, time_limit_s: float) -> None:
    """Compare, allow the next comparison, and give the result or the error to the future."""
    try:
        comparison = compare(commands, cwd=cwd, time_limit_s=time_limit_s)
    except Exception as error:  # whatever it is, whoever waits for the future has to get it
        _measuring.release()
        result.set_exception(error)
    else:
        _measuring.release()
        result.set_result(comparison)
