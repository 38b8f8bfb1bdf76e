"""Measure the HTTP API under load: throughput, latency and memory, and the same under ten times the load.

Server and load generator share all cores. The peer is the core library in this process, called by one thread without HTTP.
"""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import cv2
import httpx
import numpy as np

from benchmarks.report import Report
from benchmarks.timing import Row, percentile
from digitcore import read_image
from digitcore.io.encode import encode_image
from synthetic.hands import HANDS, strokes, write
from synthetic.paper import Scene, photograph
from testing.browser.server import ROOT, Server, serve

CLIENTS: Final = 32
OVERLOAD_FACTOR: Final = 10
WARM_UP_S: Final = 3
LOAD_S: Final = 20
OVERLOAD_S: Final = 20
PEER_ROUNDS: Final = 15
MEMORY_INTERVAL_S: Final = 0.5
PEAK_INTERVAL_S: Final = 0.03
"""Intervals between samples of memory: long under load, since sampling takes processor time, and short for the peak of one picture."""

NUMBERS: Final = {(160, 120): "7", (320, 240): "48", (640, 480): "90526"}
"""Numbers on the photographs, by size, half of them on squared paper; there are also single digits of 28×28."""

PICTURES_PER_SIZE: Final = 4

LARGEST_WH: Final = (8_000, 6_250)
LARGEST_NOISE: Final = 0.41
"""The largest picture that is accepted: 50 megapixels. With this share of noise, its PNG nearly has the greatest size of a body."""

LARGEST_CLIENTS: Final = 6
LARGEST_PER_CLIENT: Final = 3
"""Number of clients that send it at once, so that some wait in memory while each core reads one, and requests of each."""

LARGEST_TIMEOUT_S: Final = 120

LARGEST_MEMORY_MIB: Final = 1_200
"""Memory limit of a replica in `deploy`, less a margin for its visitors."""


@dataclass(frozen=True, slots=True)
class LoadResult:
    """Responses and memory of the server under one load."""

    seconds: float
    response_times_ms: Mapping[str, list[float]]
    """Response times by status; see `benchmarks.api_load`."""

    peak_mib: float
    """Peak memory of the server and its worker processes."""

    @property
    def read_ms(self) -> list[float]:
        """Return the response times of the readings, in milliseconds."""
        return self.response_times_ms.get("200", [])

    def count(self, *statuses: str) -> int:
        """Count the responses with these statuses."""
        return sum(len(self.response_times_ms.get(status, ())) for status in statuses)

    def per_second(self, status: str) -> float:
        """Compute the number of responses with this status per second."""
        return self.count(status) / self.seconds

    @property
    def others(self) -> int:
        """Count the responses that are neither readings (200) nor rejections (503)."""
        return sum(map(len, self.response_times_ms.values())) - self.count("200", "503")


def report() -> Report:
    """Measure the API under the usual load and under ten times as many clients."""
    with TemporaryDirectory() as folder, serve() as server:
        pictures = _write_pictures(Path(folder))
        peer = _core_readings_per_s(pictures)
        _run_load(server, CLIENTS, WARM_UP_S, folder)
        usual = _run_load(server, CLIENTS, LOAD_S, folder)
        overload = _run_load(server, OVERLOAD_FACTOR * CLIENTS, OVERLOAD_S, folder)
        largest_mib = _largest_mib(server)
    rows = [
        Row(f"readings a second, {CLIENTS} clients", usual.per_second("200"), "/s", 250, peer, "the core, one thread", 0, at_least=True),
        Row("request to reading, median", percentile(usual.read_ms, 50), "ms", 400),
        Row("request to reading, 99th percentile", percentile(usual.read_ms, 99), "ms", 400),
        Row("responses other than readings", usual.others + usual.count("503"), "", 0),
        Row("memory of server and processes", usual.peak_mib, "MiB", 400),
        Row(f"readings a second, {OVERLOAD_FACTOR} times as many clients", overload.per_second("200"), "/s", 100, at_least=True),
        Row("the same: rejected with 503", overload.per_second("503"), "/s", 1, at_least=True),
        Row("the same: 99th percentile of the readings", percentile(overload.read_ms, 99), "ms", 2_000),
        Row("the same: neither a reading nor 503", overload.others, "", 0),
        Row("the same: memory of server and processes", overload.peak_mib, "MiB", 400),
        Row("peak memory while the largest files of 50 megapixels are read, one per core", largest_mib, "MiB", LARGEST_MEMORY_MIB),
    ]
    return Report(rows)


def _run_load(server: Server, clients: int, seconds: float, folder: str) -> LoadResult:
    """Send the pictures of a folder from `clients` simultaneous clients, for `seconds`."""
    port = server.url.rsplit(":", 1)[1]
    command = [sys.executable, "-m", "benchmarks.api_load", port, str(clients), str(seconds), folder]
    with _sampled_memory(server) as samples_mib:
        start = time.perf_counter()
        completed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, timeout=seconds + 60)
        elapsed = min(time.perf_counter() - start, seconds)
    return LoadResult(elapsed, json.loads(completed.stdout), max(samples_mib))


def _largest_mib(server: Server) -> float:
    """Measure the peak memory in MiB while the largest pictures are read or queued; the memory budget rejects some of them.

    Raises:
        RuntimeError: none was read, or a status is neither 200 nor 503.
    """
    width, height = LARGEST_WH
    picture = np.full((height, width, 3), 235, np.uint8)
    noise = picture[: round(LARGEST_NOISE * height)]
    noise[:] = np.random.default_rng(1).integers(200, 256, noise.shape)
    body = encode_image(picture, "png")

    def send(_client: int) -> list[int]:
        return [
            httpx.post(f"{server.url}/api/v1/read", content=body, timeout=LARGEST_TIMEOUT_S).status_code for _ in range(LARGEST_PER_CLIENT)
        ]

    with _sampled_memory(server, PEAK_INTERVAL_S) as samples_mib, ThreadPoolExecutor(LARGEST_CLIENTS) as clients:
        statuses = list(chain.from_iterable(clients.map(send, range(LARGEST_CLIENTS))))
    if 200 not in statuses or set(statuses) - {200, 503}:
        raise RuntimeError(f"expected statuses 200 and 503, received {statuses}")
    return max(samples_mib)


@contextmanager
def _sampled_memory(server: Server, interval_s: float = MEMORY_INTERVAL_S) -> Iterator[list[float]]:
    """Sample the memory of the server and its worker processes, in MiB, while the block runs."""
    samples_mib, stopped = [server.memory_mib()], threading.Event()

    def sample() -> None:
        while not stopped.wait(interval_s):
            samples_mib.append(server.memory_mib())

    sampler = threading.Thread(target=sample)
    sampler.start()
    try:
        yield samples_mib
    finally:
        stopped.set()
        sampler.join()


def _core_readings_per_s(pictures: list[bytes]) -> float:
    """Measure the readings per second of one thread, with OpenCV's threads switched off as in the server."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    start = time.perf_counter()
    for _ in range(PEER_ROUNDS):
        for picture in pictures:
            read_image(picture)
    elapsed = time.perf_counter() - start
    cv2.setNumThreads(threads)
    return PEER_ROUNDS * len(pictures) / elapsed


def _write_pictures(folder: Path) -> list[bytes]:
    """Write the pictures, with sizes alternating, and return their bytes: digits as PNG, photographs of numbers as JPEG."""
    hands, pictures = list(HANDS), []
    for index in range(PICTURES_PER_SIZE):
        ink = write(np.zeros((28, 28), np.uint8), strokes(index + 2, hands[index % len(hands)]), (5, 4), 20, 2.5)
        pictures.append(encode_image(ink, "png"))
        for size_wh, number in NUMBERS.items():
            scene = Scene(light_fall=0.3, ruling=("plain", "squared")[index % 2])
            page = photograph(number, hands[index % len(hands)], size_wh, size_wh[1] / 4, scene, index)
            pictures.append(encode_image(page, "jpeg"))
    for index, picture in enumerate(pictures):
        (folder / f"{index:03}").write_bytes(picture)
    return pictures
