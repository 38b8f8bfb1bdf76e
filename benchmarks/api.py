"""The HTTP API on all cores, its load generator among them: how many readings a second, how long the slowest take, and ten times that load.

The peer is the core in this process, called by one thread, picture after picture, without HTTP.
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
TIMES_THE_LOAD: Final = 10
WARM_UP_S: Final = 3
LOAD_S: Final = 20
OVERLOAD_S: Final = 20
PEER_ROUNDS: Final = 15
MEMORY_EVERY_S: Final = 0.5
PEAK_EVERY_S: Final = 0.03
"""How often memory is looked at: under load seldom, as looking takes the server's time; for the peak of a picture, often."""

NUMBERS: Final = {(160, 120): "7", (320, 240): "48", (640, 480): "90526"}
"""What the photographs of these sizes show, half of them on squared paper; single digits are pictures of 28×28."""

EACH: Final = 4
"""Pictures of each size."""

LARGEST_WH: Final = (8_000, 6_250)
LARGEST_NOISE: Final = 0.41
"""The largest picture that is read: 50 megapixels. With so much of it noise, its PNG is about as large as a body may be."""

LARGEST_CLIENTS: Final = 6
LARGEST_EACH: Final = 3
"""How many send it at once, so that some wait in memory while each core reads one, and how many times, one after another."""

LARGEST_TIMEOUT_S: Final = 120

LARGEST_MEMORY_MIB: Final = 1_200
"""A replica's limit in `deploy`, less a margin for its visitors."""


@dataclass(frozen=True, slots=True)
class Load:
    """What came of one load."""

    seconds: float
    took_ms: Mapping[str, list[float]]
    """How long each answer took, by status."""

    peak_mib: float
    """The largest memory of the server and its processes meanwhile."""

    @property
    def read_ms(self) -> list[float]:
        """Return the time of each reading, in milliseconds."""
        return self.took_ms.get("200", [])

    def count(self, *statuses: str) -> int:
        """Answers of these statuses."""
        return sum(len(self.took_ms.get(status, ())) for status in statuses)

    def a_second(self, status: str) -> float:
        """Answers of this status a second."""
        return self.count(status) / self.seconds

    @property
    def others(self) -> int:
        """Answers that are neither readings nor refusals."""
        return sum(map(len, self.took_ms.values())) - self.count("200", "503")


def report() -> Report:
    """Measure the API under load, and how many requests are refused under ten times the load."""
    with TemporaryDirectory() as folder, serve() as server:
        pictures = _write_pictures(Path(folder))
        peer = _core_a_second(pictures)
        _loaded(server, CLIENTS, WARM_UP_S, folder)
        usual = _loaded(server, CLIENTS, LOAD_S, folder)
        much = _loaded(server, TIMES_THE_LOAD * CLIENTS, OVERLOAD_S, folder)
        largest_mib = _largest_mib(server)
    rows = [
        Row(f"readings a second, {CLIENTS} clients", usual.a_second("200"), "/s", 250, peer, "the core, one thread", 0, at_least=True),
        Row("request to reading, median", percentile(usual.read_ms, 50), "ms", 400),
        Row("request to reading, 99th percentile", percentile(usual.read_ms, 99), "ms", 400),
        Row("other answers than readings", usual.others + usual.count("503"), "", 0),
        Row("memory of server and processes", usual.peak_mib, "MiB", 400),
        Row(f"readings a second, {TIMES_THE_LOAD} times as many clients", much.a_second("200"), "/s", 100, at_least=True),
        Row("the same: refused with 503", much.a_second("503"), "/s", 1, at_least=True),
        Row("the same: 99th percentile of the readings", percentile(much.read_ms, 99), "ms", 2_000),
        Row("the same: neither a reading nor 503", much.others, "", 0),
        Row("the same: memory of server and processes", much.peak_mib, "MiB", 400),
        Row("memory at the peak of 50 megapixels from the largest files, one a core", largest_mib, "MiB", LARGEST_MEMORY_MIB),
    ]
    return Report(rows)


def _loaded(server: Server, clients: int, seconds: float, folder: str) -> Load:
    """Have the pictures of a folder read by that many clients at once."""
    port = server.url.rsplit(":", 1)[1]
    command = [sys.executable, "-m", "benchmarks.api_load", port, str(clients), str(seconds), folder]
    with _watched_memory(server) as peaks:
        start = time.perf_counter()
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, timeout=seconds + 60)
        elapsed = min(time.perf_counter() - start, seconds)
    return Load(elapsed, json.loads(done.stdout), max(peaks))


def _largest_mib(server: Server) -> float:
    """Measure the peak memory while the largest pictures are read and wait; some are refused by the memory budget.

    Raises:
        RuntimeError: none was read, or one was answered in another way.
    """
    width, height = LARGEST_WH
    picture = np.full((height, width, 3), 235, np.uint8)
    noise = picture[: round(LARGEST_NOISE * height)]
    noise[:] = np.random.default_rng(1).integers(200, 256, noise.shape)
    body = encode_image(picture, "png")

    def send(_client: int) -> list[int]:
        return [httpx.post(f"{server.url}/api/v1/read", content=body, timeout=LARGEST_TIMEOUT_S).status_code for _ in range(LARGEST_EACH)]

    with _watched_memory(server, PEAK_EVERY_S) as peaks, ThreadPoolExecutor(LARGEST_CLIENTS) as clients:
        statuses = list(chain.from_iterable(clients.map(send, range(LARGEST_CLIENTS))))
    if 200 not in statuses or set(statuses) - {200, 503}:
        raise RuntimeError(f"expected readings and refusals, received {statuses}")
    return max(peaks)


@contextmanager
def _watched_memory(server: Server, every_s: float = MEMORY_EVERY_S) -> Iterator[list[float]]:
    """Sample the memory of the server and its processes while the block runs."""
    seen, ended = [server.memory_mib()], threading.Event()

    def watch() -> None:
        while not ended.wait(every_s):
            seen.append(server.memory_mib())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield seen
    finally:
        ended.set()
        watcher.join()


def _core_a_second(pictures: list[bytes]) -> float:
    """Measure what one thread reads in a second, OpenCV's own threads switched off as in the server."""
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
    """Write as many pictures of each size, sizes in turn: digits as PNG, photographs of numbers as JPEG."""
    hands, pictures = list(HANDS), []
    for index in range(EACH):
        ink = write(np.zeros((28, 28), np.uint8), strokes(index + 2, hands[index % len(hands)]), (5, 4), 20, 2.5)
        pictures.append(encode_image(ink, "png"))
        for size_wh, number in NUMBERS.items():
            scene = Scene(light_fall=0.3, ruling=("plain", "squared")[index % 2])
            page = photograph(number, hands[index % len(hands)], size_wh, size_wh[1] / 4, scene, index)
            pictures.append(encode_image(page, "jpeg"))
    for index, picture in enumerate(pictures):
        (folder / f"{index:03}").write_bytes(picture)
    return pictures
