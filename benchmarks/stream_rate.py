"""Measure how many frames a second the streams of several visitors reach together in one process, without browsers and networks.

Each stream has a thread that gives its frames to a `VideoStream`, as WebRTC's worker threads do. Processor time is measured, too, as
other processes disturb it less. `python -m benchmarks.stream_rate --against FOLDER` compares this checkout with another one: each is
measured by its own process, in turn.
"""

import argparse
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

import av
import cv2

from benchmarks.timing import Row
from digitcore.types import UInt8Array
from digitcore.video import LiveReader
from digitcore.video.stream import VideoStream
from synthetic.video import FRAMES_PER_SECOND, Shake, number_page, shaken

ROOT: Final = Path(__file__).resolve().parent.parent
NUMBERS: Final = ("31415", "27180", "90246")
"""What the visitors show; there is a stream for each."""

SECONDS: Final = 4.0
"""Duration of each visitor's video, which is repeated."""

ROUNDS: Final = 9


class Rate(NamedTuple):
    """The result of one round, in which each stream reads its video once."""

    frames_per_second: float
    """Of all streams together."""

    processor_ms: float
    """Processor time of a frame in milliseconds, of all threads."""


class _Visitor:
    """One stream and the frames of its camera. Its clock runs at the camera's rate, however fast the frames are read."""

    def __init__(self, number: str, seed: int) -> None:
        self.frames = [_to_frame(pixels) for pixels in shaken(number_page(number, seed=seed), SECONDS, Shake(), seed)]
        self._now_s = 0.0
        self._stream = VideoStream(LiveReader(), lambda: self._now_s)

    def play(self) -> None:
        for frame in self.frames:
            self._stream.process(frame)
            self._now_s += 1 / FRAMES_PER_SECOND


class Streams:
    """The streams of all visitors, after a round of warm-up."""

    def __init__(self) -> None:
        cv2.setNumThreads(1)  # as in the app
        self._visitors = [_Visitor(number, seed) for seed, number in enumerate(NUMBERS)]
        self.measure()

    def measure(self) -> Rate:
        """Measure a round."""
        threads = [threading.Thread(target=visitor.play) for visitor in self._visitors]
        count = sum(len(visitor.frames) for visitor in self._visitors)
        start_s, start_processor_s = time.perf_counter(), time.process_time()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        processor_s = time.process_time() - start_processor_s
        return Rate(count / (time.perf_counter() - start_s), 1000 * processor_s / count)


def rate_rows() -> list[Row]:
    """Measure this checkout; return the rows."""
    threads = cv2.getNumThreads()
    streams = Streams()
    rate = median_rate([streams.measure() for _ in range(ROUNDS)])
    cv2.setNumThreads(threads)
    name = f"{len(NUMBERS)} streams without browsers"
    return [
        Row(f"{name}: frames a second together", rate.frames_per_second, "", len(NUMBERS) * FRAMES_PER_SECOND, at_least=True),
        Row(f"{name}: processor time of a frame", rate.processor_ms, "ms"),
    ]


def median_rate(rates: Sequence[Rate]) -> Rate:
    """Return the medians of several rounds."""
    return Rate(*(median(values) for values in zip(*rates, strict=True)))


def compare(folders: Sequence[Path], rounds: int) -> list[Rate]:
    """Measure several checkouts in turn, each in a process of its own; return the medians."""
    processes = [_start_worker(folder) for folder in folders]
    rates: list[list[Rate]] = [[] for _ in folders]
    for _ in range(rounds):
        for process, results in zip(processes, rates, strict=True):
            results.append(_ask(process))
    for process in processes:
        process.communicate()
    return [median_rate(results) for results in rates]


def _ask(worker: "subprocess.Popen[str]") -> Rate:
    """Let a worker measure a round."""
    if worker.stdin is None or worker.stdout is None:
        raise ValueError("expected a worker with pipes, received one without.")
    print(file=worker.stdin, flush=True)
    return Rate(*map(float, worker.stdout.readline().split()))


def _start_worker(folder: Path) -> "subprocess.Popen[str]":
    """Start this program as a worker that imports a checkout's packages."""
    command = [sys.executable, str(Path(__file__).resolve()), "--worker"]
    environment = {**os.environ, "PYTHONPATH": str(folder.resolve())}
    return subprocess.Popen(command, cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _work() -> None:
    """Measure a round for each line of the standard input."""
    streams = Streams()
    for _ in sys.stdin:
        print(*streams.measure(), flush=True)


def _to_frame(pixels: UInt8Array) -> av.VideoFrame:
    """Make a frame as WebRTC decodes it."""
    return av.VideoFrame.from_ndarray(pixels, format="rgb24").reformat(format="yuv420p")


def main() -> None:
    """Measure this checkout, and another one in turn with it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stream_rate", description="Measure the frame rate of several streams.")
    parser.add_argument("--against", type=Path, metavar="FOLDER", help="another checkout, to be measured in turn with this one")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="number of rounds (default: %(default)d)")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        _work()
        return
    folders = [ROOT] if arguments.against is None else [arguments.against, ROOT]
    for folder, rate in zip(folders, compare(folders, arguments.rounds), strict=True):
        print(f"{folder}: {rate.frames_per_second:.1f} frames a second, {rate.processor_ms:.2f} ms of processor time a frame")


if __name__ == "__main__":
    main()
