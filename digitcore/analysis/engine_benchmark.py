"""How fast this machine is: LiteRT against TensorFlow's `predict`, each in a process of its own.

The server itself never loads TensorFlow. Both processes are `python -m model.compare`, one after the other, and at most one
comparison is under way in the whole server, whoever asked for it.
"""

import json
import logging
import subprocess
import sys
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from digitcore.errors import MeasuringError
from digitcore.messages import Message

ROOT: Final = Path(__file__).resolve().parents[2]

LITERT: Final = "litert"
TENSORFLOW: Final = "tensorflow"
ENGINES: Final = {LITERT: "LiteRT", TENSORFLOW: "TensorFlow"}
"""What can be measured, and its name for people."""

TIME_LIMIT_S: Final = 90.0
"""For each process. TensorFlow takes about ten seconds on two cores; three times that on a busy machine is still no fault."""

_logger = logging.getLogger(__name__)
_measuring = threading.Lock()


@dataclass(frozen=True, slots=True)
class Speed:
    """What was measured of one engine."""

    startup_s: float
    """From the start of its process to the first answer."""

    median_ms: float
    """For one digit."""

    memory_mib: float | None
    """The most that its process had; None where the system doesn't tell."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both engines on this machine, or why there is only one."""

    litert: Speed
    tensorflow: Speed | None
    why_not: str = ""
    """Why TensorFlow wasn't measured: a `Message`, empty if it was."""

    @property
    def ratio(self) -> float | None:
        """How many times as long TensorFlow takes for a digit."""
        return self.tensorflow.median_ms / self.litert.median_ms if self.tensorflow else None


def start_comparison(time_limit_s: float = TIME_LIMIT_S) -> Future[Comparison]:
    """Begin to measure, and return at once.

    Returns:
        What becomes a `Comparison`, or fails with a `MeasuringError`.

    Raises:
        MeasuringError: somebody else's measurement is under way; two at once would disturb each other.
    """
    if not _measuring.acquire(blocking=False):
        raise MeasuringError(Message("Somebody else is measuring on this server at the moment. Try again in half a minute."))
    result: Future[Comparison] = Future()
    threading.Thread(target=_fulfil, args=(result, time_limit_s), name="measuring", daemon=True).start()
    return result


def compare(time_limit_s: float = TIME_LIMIT_S) -> Comparison:
    """Measure LiteRT, then TensorFlow if it is installed; takes some ten seconds.

    Raises:
        MeasuringError: not even LiteRT could be measured.
    """
    litert = measure(LITERT, time_limit_s)
    try:
        return Comparison(litert, measure(TENSORFLOW, time_limit_s))
    except MeasuringError as error:
        return Comparison(litert, None, error.message)


def measure(engine: str, time_limit_s: float = TIME_LIMIT_S) -> Speed:
    """Measure one engine in a process of its own, which is killed if it takes longer than the limit.

    Raises:
        MeasuringError: it isn't installed, took too long, or failed.
    """
    command = [sys.executable, "-m", "model.compare", engine, "--started", str(time.time())]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=time_limit_s, check=True)  # noqa: S603  our own module
        measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    except subprocess.TimeoutExpired as error:
        raise MeasuringError(
            Message(
                "Measuring {engine} took longer than {seconds} seconds and was stopped.",
                engine=ENGINES[engine],
                seconds=round(time_limit_s),
            )
        ) from error
    except (OSError, subprocess.CalledProcessError, ValueError, IndexError) as error:
        _logger.error("measuring %s failed: %s %s", engine, error, getattr(error, "stderr", b"") or b"")
        raise MeasuringError(Message("{engine} could not be measured on this machine.", engine=ENGINES[engine])) from error
    if "missing" in measured:
        raise MeasuringError(
            Message("TensorFlow isn't installed on this machine, so there is nothing to compare with. Reading digits doesn't need it.")
        )
    return Speed(measured["startup_s"], measured["median_ms"], measured["memory_mib"])


def _fulfil(result: Future[Comparison], time_limit_s: float) -> None:
    try:
        comparison = compare(time_limit_s)
    except Exception as error:  # whatever it is, who waits for the result must hear of it
        _measuring.release()
        result.set_exception(error)
    else:
        _measuring.release()
        result.set_result(comparison)
