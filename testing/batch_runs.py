"""Run the command `batch` in a separate process or on a Dask cluster on loopback, and read its results."""

import csv
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import psutil
import pyarrow.parquet as pq

from synthetic.hands import HANDS, strokes, write

ROOT: Final = Path(__file__).resolve().parents[1]
TIMEOUT_S: Final = 1200
"""Timeout of each wait, generous for a machine that is busy with other work."""

ENVIRONMENT: Final = {**os.environ, "PYTHONPATH": str(ROOT)}
"""Environment variables of the processes that are started, which find the project in any working directory."""


def save_digit(path: Path, digit: int, hand: str = "round") -> Path:
    """Write a picture of a digit, 64×64 pixels, black on white, and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    ink = write(np.zeros((64, 64), np.uint8), strokes(digit, hand), (16, 8), 48, 5)
    path.write_bytes(cv2.imencode(path.suffix, 255 - ink)[1].tobytes())
    return path


def save_digits(folder: Path, count: int) -> list[Path]:
    """Write `count` pictures of digits, named `0000.png`, `0001.png` and so on, and return their paths."""
    hands = list(HANDS)
    return [save_digit(folder / f"{index:04}.png", index % 10, hands[index % len(hands)]) for index in range(count)]


def rows(output: Path) -> list[dict[str, Any]]:
    """Read the rows of a table, CSV or Parquet, by its suffix."""
    if output.suffix == ".parquet":
        return list(pq.read_table(output).to_pylist())
    with output.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def stored_files(output: Path) -> int:
    """Count the files that a run has read so far, from its journal, without waiting for the journal's lock."""
    journal = output.with_name(output.name + ".journal")
    try:
        with closing(sqlite3.connect(f"file:{journal}?immutable=1", uri=True)) as database:
            return int(database.execute("SELECT total(files) FROM part").fetchone()[0])
    except sqlite3.DatabaseError:  # it doesn't exist yet, or is being written at this moment
        return 0


_HOLD_SCRIPT: Final = """
import os, sys, time
def wait(event, arguments):
    if event == "open" and str(arguments[0]).endswith(os.environ["HELD_PICTURE"]):
        while not os.path.exists(os.environ["HELD_UNTIL"]):
            time.sleep(0.01)
sys.addaudithook(wait)
"""
"""Runs first in each process with the environment of a `Hold`."""


class Hold:
    """Keep processes from reading one picture until `release`, so that a run can't end before a test has interrupted it.

    Args:
        folder: folder for the hold's own files.
        picture: the picture, or the end of its path.
    """

    def __init__(self, folder: Path, picture: Path) -> None:
        self._released = folder / "released"
        (folder / "hold").mkdir()
        (folder / "hold" / "sitecustomize.py").write_text(_HOLD_SCRIPT, encoding="utf-8")
        self.environment = {
            "PYTHONPATH": f"{folder / 'hold'}{os.pathsep}{ROOT}",
            "HELD_PICTURE": str(picture),
            "HELD_UNTIL": str(self._released),
        }
        """Environment variables of the processes that have to wait."""

    def release(self) -> None:
        """Let the processes read the picture."""
        self._released.touch()


@dataclass(slots=True)
class Run:
    """A running `batch` command."""

    process: subprocess.Popen[str]
    output: Path

    def wait_for_files(self, minimum: int) -> int:
        """Wait until it has read at least `minimum` files, and return their number."""
        deadline = time.monotonic() + TIMEOUT_S
        while (count := stored_files(self.output)) < minimum:
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise AssertionError(f"only {count} files were read:\n{self.process.communicate()}")
            time.sleep(0.01)
        return count

    def workers(self) -> list[psutil.Process]:
        """List the worker processes."""
        return _without_resource_tracker(psutil.Process(self.process.pid).children(recursive=True))

    def finish(self) -> tuple[int, str, str]:
        """Wait until it exits, and return the exit code, standard output and standard error."""
        out, err = self.process.communicate(timeout=TIMEOUT_S)
        return self.process.returncode, out, err


@contextmanager
def running(output: Path, *arguments: object, environment: Mapping[str, str] | None = None) -> Iterator[Run]:
    """Start the command in a new process group, as a shell in a terminal does, and kill it when the block ends.

    Args:
        output: the table to write.
        arguments: further arguments of the command line.
        environment: environment variables to set, in addition to `ENVIRONMENT`.
    """
    patience = ("--timeout", str(TIMEOUT_S))
    command = [sys.executable, "-m", "digitcore", "batch", *patience, *map(str, arguments), "--output", str(output)]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**ENVIRONMENT, **(environment or {})},
        # The test runner may ignore SIGINT, as background jobs do, and child processes would inherit that.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  no thread of this process holds a lock that it needs
    )
    try:
        yield Run(process, output)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def run(output: Path, *arguments: object) -> tuple[int, str, str]:
    """Run the command until it exits, and return the exit code, standard output and standard error."""
    with running(output, *arguments) as started:
        return started.finish()


@dataclass(slots=True)
class Cluster:
    """A Dask scheduler and its workers, each in a separate process."""

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def kill_one(self) -> None:
        """Kill the process that reads for the first worker; the process that was started here replaces it."""
        reader, *_ = _without_resource_tracker(psutil.Process(self.workers[0].pid).children())
        reader.kill()


@contextmanager
def cluster(folder: Path, workers: int = 2, options: Sequence[str] = (), environment: Mapping[str, str] | None = None) -> Iterator[Cluster]:
    """Start a Dask cluster on loopback, and stop it when the block ends.

    Args:
        folder: folder for its log and temporary files.
        workers: the number of workers, each with one thread.
        options: further options of the workers' command line.
        environment: environment variables to set, in addition to `ENVIRONMENT`.
    """
    file = folder / "scheduler.json"
    with ExitStack() as stack, (folder / "log").open("wb") as log:

        def start(*arguments: str) -> subprocess.Popen[bytes]:
            command = [sys.executable, "-m", "dask", *arguments, "--scheduler-file", str(file), "--host", "127.0.0.1", "--no-dashboard"]
            process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, env={**ENVIRONMENT, **(environment or {})})
            stack.callback(_stop, process)
            return process

        scheduler = start("scheduler", "--port", "0")
        _wait_for(file)
        processes = [start("worker", "--nthreads", "1", "--local-directory", str(folder), *options) for _ in range(workers)]
        yield Cluster(json.loads(file.read_text(encoding="utf-8"))["address"], scheduler, processes)


def _without_resource_tracker(processes: Sequence[psutil.Process]) -> list[psutil.Process]:
    """Leave out the helper of `multiprocessing`; Dask's own processes may have any name, as the package `setproctitle` renames them."""
    return [each for each in processes if not any("resource_tracker" in word for word in each.cmdline())]


def _wait_for(file: Path) -> None:
    deadline = time.monotonic() + TIMEOUT_S
    while not (file.exists() and file.stat().st_size):
        if time.monotonic() > deadline:
            raise RuntimeError("the scheduler did not start")
        time.sleep(0.05)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
