"""Send the server what would hurt it, and measure what others still get: worst files, half requests, and workers that are killed.

The server runs in a control group with the memory limit of a replica, without swap (Linux, root). The files are those of
`testing.hostile_pictures` and `testing.large_pictures`.
"""

import asyncio
import http.client
import os
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Final

import psutil
from websockets.asyncio.client import connect

from benchmarks.browser import NUMBER
from benchmarks.people import Visitor, stroke_ms
from benchmarks.report import Report
from benchmarks.timing import Row, percentile
from testing.browser.server import ROOT, Server, serve
from testing.deploy.memory_cgroup import MemoryCgroup, memory_cgroup, replica_limit_mib
from testing.hostile_pictures import HOSTILE
from testing.large_pictures import LARGE

STORM_S: Final = 60.0
"""The seconds that worst files are sent without pause, and that workers are killed."""

SENDERS: Final = 4
HONEST_PAUSE_S: Final = 0.2
STROKE_PAUSE_S: Final = 1.0
KILL_INTERVAL_S: Final = 1.0
READINGS_AFTERWARDS: Final = 10
"""One of them may still meet the last process that was killed."""

HALF_HEADS: Final = 1_000
IDLE_CONNECTIONS: Final = 200
SLOW_BODIES: Final = 64
HEALTH_CHECKS: Final = 50

LATENCY_TARGET_MS: Final = 2_000
STROKE_TARGET_MS: Final = 1_000
SAMPLE_INTERVAL_S: Final = 0.02
TIMEOUT_S: Final = 120
LOST: Final = "lost"
"""Counted in place of a status if a connection ended without a response."""

HONEST_PICTURE: Final = ROOT / "samples" / "pen.jpg"
READ_PATH: Final = "/api/v1/read"
HEALTH_PATH: Final = "/api/v1/health"
_ENVIRONMENT: Final = {"DIGITS_API_LOGS": "no"}


@dataclass
class Responses:
    """The responses that one kind of client got."""

    times_ms: list[float] = field(default_factory=list)
    """The times of the readings, in milliseconds."""

    statuses: Counter[str] = field(default_factory=Counter)

    @property
    def others(self) -> int:
        """Count the responses that are neither 200, nor 4xx, nor 503."""
        return sum(count for status, count in self.statuses.items() if not (status in ("200", "503") or status.startswith("4")))

    @property
    def read_percent(self) -> float:
        """Return the share of readings among the responses, in percent."""
        return 100 * self.statuses["200"] / max(self.statuses.total(), 1)


def report() -> Report:
    """Run all storms, each on a server of its own."""
    limit_mib = replica_limit_mib()
    return Report([*_worst_files_rows(limit_mib), *_table_rows(limit_mib), *_flood_rows(limit_mib), *_kill_rows(limit_mib)])


def _worst_files_rows(limit_mib: int) -> list[Row]:
    """Let four clients send the worst files without pause, while one reads a picture and a visitor draws."""
    files = [make() for make in HOSTILE.values()]
    with _limited_server(limit_mib) as (server, group), _peak_mib(group) as peaks_mib:
        honest, senders, stop = Responses(), [Responses() for _ in range(SENDERS)], threading.Event()
        with ExitStack() as stack:
            for index, responses in enumerate(senders):
                stack.enter_context(_running(_send_repeatedly, server, files[index:] + files[:index], responses, stop))
            stack.enter_context(_running(_send_repeatedly, server, [HONEST_PICTURE.read_bytes()], honest, stop, HONEST_PAUSE_S))
            stack.callback(stop.set)
            strokes_ms = asyncio.run(_draw(server, STORM_S))
        alive, killed = _is_healthy(server), group.killed()
    while_sent = f"while {SENDERS} clients send the worst files"
    return [
        Row(f"picture to reading {while_sent}, 99th percentile", percentile(honest.times_ms, 99), "ms", LATENCY_TARGET_MS),
        Row("the same: median", median(honest.times_ms), "ms"),
        Row("the same: answered with a reading, others with 503", honest.read_percent, "%"),
        Row("the same: neither 200, 4xx nor 503, all clients", sum(each.others for each in (honest, *senders)), "", 0),
        Row("the same: worst files answered", sum(each.statuses.total() for each in senders), ""),
        Row("the same: stroke to answer, median", median(strokes_ms), "ms", STROKE_TARGET_MS),
        Row("the same: memory at the peak, in a replica's limit", peaks_mib[0], "MiB", limit_mib),
        Row("the same: processes killed for lack of memory", killed, "", 0),
        Row("the same: healthy afterwards", alive, "", 1, at_least=True),
    ]


def _table_rows(limit_mib: int) -> list[Row]:
    """Send each of the worst files and of the largest honest ones twice at once."""
    rows = []
    for name, files in {"each of the worst files": HOSTILE, "each kind of the largest honest pictures": LARGE}.items():
        contents = [make() for make in files.values()]
        with _limited_server(limit_mib) as (server, group), _peak_mib(group) as peaks_mib:
            both, never = [Responses(), Responses()], threading.Event()
            with ExitStack() as stack:
                for responses in both:
                    stack.enter_context(_running(_send_each, server, contents, responses, never))
            alive, killed = _is_healthy(server), group.killed()
        rows += [
            Row(f"{name}, twice at once: memory at the peak", peaks_mib[0], "MiB", limit_mib),
            Row("the same: processes killed for lack of memory", killed, "", 0),
            Row("the same: neither 200, 4xx nor 503", sum(each.others for each in both), "", 0),
            Row("the same: readings", sum(each.statuses["200"] for each in both), ""),
            Row("the same: healthy afterwards", alive, "", 1, at_least=True),
        ]
    return rows


def _flood_rows(limit_mib: int) -> list[Row]:
    """Open connections that never ask for anything, and measure health."""
    with _limited_server(limit_mib) as (server, _), ExitStack() as stack:
        slow = f"POST {READ_PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: 1000000\r\n\r\n"
        heads = [b"GET / HTTP/1.1\r\nHost"] * HALF_HEADS + [b""] * IDLE_CONNECTIONS + [slow.encode()] * SLOW_BODIES
        for head in heads:
            connection = stack.enter_context(socket.create_connection(_address(server), TIMEOUT_S))
            connection.sendall(head)
        times_ms, statuses = [], Counter[str]()
        for _ in range(HEALTH_CHECKS):
            start_s = time.perf_counter()
            statuses[_request(server, "GET", HEALTH_PATH)] += 1
            times_ms.append(1000 * (time.perf_counter() - start_s))
        log_characters = len(server.log)
    what = f"health with {HALF_HEADS:,} half heads, {IDLE_CONNECTIONS} idle connections and {SLOW_BODIES} slow bodies"
    return [
        Row(f"{what}: slowest", max(times_ms), "ms", LATENCY_TARGET_MS),
        Row("the same: checks that failed", statuses.total() - statuses["200"], "", 0),
        Row("the same: characters in the log", log_characters, "", 20_000),
    ]


def _kill_rows(limit_mib: int) -> list[Row]:
    """Kill a worker process each second while pictures are read."""
    with _limited_server(limit_mib) as (server, _):
        responses, stop = Responses(), threading.Event()
        with ExitStack() as stack:
            stack.enter_context(_running(_send_repeatedly, server, [HONEST_PICTURE.read_bytes()], responses, stop))
            stack.callback(stop.set)
            kills = _kill_workers(server, STORM_S)
        after = Responses()
        _send_each(server, [HONEST_PICTURE.read_bytes()] * READINGS_AFTERWARDS, after, threading.Event(), 1.0)
    return [
        Row("worker processes killed, one a second", kills, "", 1, at_least=True),
        Row("the same: answered with a reading, others with 503", responses.read_percent, "%"),
        Row("the same: neither 200 nor 503", responses.statuses.total() - responses.statuses["200"] - responses.statuses["503"], "", 0),
        Row(f"the same: readings afterwards, of {READINGS_AFTERWARDS}", after.statuses["200"], "", READINGS_AFTERWARDS - 1, at_least=True),
    ]


@contextmanager
def _limited_server(limit_mib: int) -> Iterator[tuple[Server, MemoryCgroup]]:
    """Run the app in a control group of its own."""
    with memory_cgroup(limit_mib) as group, serve(environment=_ENVIRONMENT, prefix=group.runner) as server:
        yield server, group


@contextmanager
def _peak_mib(group: MemoryCgroup) -> Iterator[list[float]]:
    """Sample a group's memory during the block; the one element of the list is the peak so far, in MiB."""
    peaks_mib, stop = [0.0], threading.Event()

    def sample() -> None:
        while not stop.wait(SAMPLE_INTERVAL_S):
            peaks_mib[0] = max(peaks_mib[0], group.used_mib())

    with _running(sample):
        try:
            yield peaks_mib
        finally:
            stop.set()


@contextmanager
def _running(work: Callable[..., None], *arguments: object) -> Iterator[None]:
    """Run a function on a thread during the block, and wait for its end."""
    thread = threading.Thread(target=work, args=arguments)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def _send_repeatedly(server: Server, files: Sequence[bytes], responses: Responses, stop: threading.Event, pause_s: float = 0.0) -> None:
    """Send files one after the other, repeatedly until the event is set."""
    while not stop.is_set():
        _send_each(server, files, responses, stop, pause_s)


def _send_each(server: Server, files: Sequence[bytes], responses: Responses, stop: threading.Event, pause_s: float = 0.0) -> None:
    """Send each file once; the server may answer and close the connection before it has arrived."""
    for content in files:
        if stop.is_set():
            return
        start_s = time.perf_counter()
        status = _request(server, "POST", READ_PATH, content)
        responses.statuses[status] += 1
        if status == "200":
            responses.times_ms.append(1000 * (time.perf_counter() - start_s))
        stop.wait(pause_s)


def _is_healthy(server: Server) -> bool:
    return _request(server, "GET", HEALTH_PATH) == "200"


def _request(server: Server, method: str, path: str, content: bytes | None = None) -> str:
    """Send a request on a new connection; return the status."""
    connection = http.client.HTTPConnection(*_address(server), timeout=TIMEOUT_S)
    try:
        connection.request(method, path, content)
        return str(connection.getresponse().status)
    except (OSError, http.client.HTTPException):
        return LOST
    finally:
        connection.close()


def _address(server: Server) -> tuple[str, int]:
    host, port = server.address.split(":")
    return host, int(port)


async def _draw(server: Server, seconds: float) -> list[float]:
    """Draw numbers on a page for some seconds; return the milliseconds from each stroke to its answer."""
    times_ms: list[float] = []
    async with connect(server.url.replace("http", "ws", 1) + "/_stcore/stream", max_size=None) as page:
        visitor = Visitor(page)
        await visitor.open()
        end_s = time.monotonic() + seconds
        while time.monotonic() < end_s:
            visitor.strokes.clear()
            for position, digit in enumerate(NUMBER):
                times_ms.append(await stroke_ms(visitor, int(digit), position))
                await asyncio.sleep(STROKE_PAUSE_S)
    return times_ms


def _kill_workers(server: Server, seconds: float) -> int:
    """Kill one worker process after another for some seconds; return how many."""
    kills, end_s = 0, time.monotonic() + seconds
    while time.monotonic() < end_s:
        time.sleep(KILL_INTERVAL_S)
        workers = [child for child in psutil.Process(server.process.pid).children(recursive=True) if _is_worker(child)]
        if workers:
            os.kill(workers[kills % len(workers)].pid, signal.SIGKILL)
            kills += 1
    return kills


def _is_worker(process: psutil.Process) -> bool:
    """Return whether a process reads pictures: loky's command lines name its module for them."""
    try:
        return "popen_loky_posix" in " ".join(process.cmdline())
    except psutil.Error:
        return False
