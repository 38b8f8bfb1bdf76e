"""Real runs of the command in processes of their own, a real Dask cluster on loopback, and what they leave."""

import csv
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
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
TIMEOUT_S: Final = 60
ENVIRONMENT: Final = {**os.environ, "PYTHONPATH": str(ROOT)}


def save_digit(path: Path, digit: int, hand: str = "round") -> Path:
    """A small picture of a digit, black on white."""
    path.parent.mkdir(parents=True, exist_ok=True)
    ink = write(np.zeros((64, 64), np.uint8), strokes(digit, hand), (16, 8), 48, 5)
    path.write_bytes(cv2.imencode(path.suffix, 255 - ink)[1].tobytes())
    return path


def save_digits(folder: Path, count: int) -> list[Path]:
    """So many of them, in the order of their names."""
    hands = list(HANDS)
    return [save_digit(folder / f"{place:04}.png", place % 10, hands[place % len(hands)]) for place in range(count)]


def rows(output: Path) -> list[dict[str, Any]]:
    """The rows of a table."""
    if output.suffix == ".parquet":
        return list(pq.read_table(output).to_pylist())
    with output.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def kept_files(output: Path) -> int:
    """How many files a run has read so far, seen past its lock."""
    journal = output.with_name(output.name + ".journal")
    try:
        with closing(sqlite3.connect(f"file:{journal}?immutable=1", uri=True)) as database:
            return int(database.execute("SELECT total(files) FROM part").fetchone()[0])
    except sqlite3.DatabaseError:  # not there yet, or being written this moment
        return 0


@dataclass(slots=True)
class Run:
    """The command at work."""

    process: subprocess.Popen[str]
    output: Path

    def wait_for_files(self, least: int) -> int:
        """Wait until it has read so many files, and say how many they are."""
        end = time.monotonic() + TIMEOUT_S
        while (count := kept_files(self.output)) < least:
            if time.monotonic() > end or self.process.poll() is not None:
                raise AssertionError(f"only {count} files were read:\n{self.process.communicate()}")
            time.sleep(0.01)
        return count

    def workers(self) -> list[psutil.Process]:
        """The processes that read."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        return [child for child in children if any("spawn_main" in word for word in child.cmdline())]

    def end(self) -> tuple[int, str, str]:
        """Wait for its end: the exit code, what it said, and what it said of errors."""
        said, complaints = self.process.communicate(timeout=TIMEOUT_S)
        return self.process.returncode, said, complaints


@contextmanager
def running(output: Path, *arguments: object) -> Iterator[Run]:
    """The command in a process group of its own, as a terminal's shell starts it; ended with the block."""
    command = [sys.executable, "-m", "digitcore", "batch", *map(str, arguments), "--output", str(output)]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=ENVIRONMENT,
        # What runs the tests may ignore Ctrl-C, as work in the background does, and would pass that on.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  no thread of ours holds a lock that it needs
    )
    try:
        yield Run(process, output)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def run(output: Path, *arguments: object) -> tuple[int, str, str]:
    """The command from its start to its end."""
    with running(output, *arguments) as work:
        return work.end()


@dataclass(slots=True)
class Cluster:
    """A scheduler and its workers, each a process."""

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)


@contextmanager
def cluster(folder: Path, workers: int = 2, options: Sequence[str] = ()) -> Iterator[Cluster]:
    """A real cluster on loopback until the block ends.

    Args:
        folder: for its files.
        workers: how many, each with one thread.
        options: more of the workers' command line.
    """
    file = folder / "scheduler.json"
    with ExitStack() as stack, (folder / "log").open("wb") as log:

        def start(*arguments: str) -> subprocess.Popen[bytes]:
            command = [sys.executable, "-m", "dask", *arguments, "--scheduler-file", str(file), "--host", "127.0.0.1", "--no-dashboard"]
            process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, env=ENVIRONMENT)
            stack.callback(_end, process)
            return process

        scheduler = start("scheduler", "--port", "0")
        _wait_for(file)
        own = [start("worker", "--nthreads", "1", "--local-directory", str(folder), *options) for _ in range(workers)]
        yield Cluster(json.loads(file.read_text(encoding="utf-8"))["address"], scheduler, own)


def _wait_for(file: Path) -> None:
    end = time.monotonic() + TIMEOUT_S
    while not (file.exists() and file.stat().st_size):
        if time.monotonic() > end:
            raise RuntimeError("the scheduler did not start")
        time.sleep(0.05)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
