"""What a host has to plan for: memory a visitor, and the time of a core that a visitor who draws, and one who streams, take.

The server's own processor time is counted, not how long anyone waits: the browsers here share its cores.
"""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import psutil
from websockets.asyncio.client import connect

from benchmarks.browser import NUMBER
from benchmarks.people import PAUSE_S, Visitor, stroke_ms
from benchmarks.report import Report
from benchmarks.timing import Row
from testing.browser.pages import reading, wait_for_rest
from testing.browser.server import Server, serve
from testing.browser.webcam import camera, make_video, open_webcam, start

VISITORS: Final = 60
"""Of these, the first `SETTLED` bring what any number of visitors shares."""

SETTLED: Final = 10
STROKES: Final = len(NUMBER)
STREAM_S: Final = 20.0
SETTLE_S: Final = 3.0
READ_TIMEOUT_MS: Final = 30_000

MEAN_PAUSE_S: Final = sum(PAUSE_S) / 2
"""Between two strokes of one person."""


def report() -> Report:
    """Measure a visitor who draws and one who streams."""
    memory_mib, stroke_s, idle_mib = asyncio.run(_visitors())
    stream_cores, stream_mib, stream_mbit_s = _stream()
    drawing_cores = stroke_s / MEAN_PAUSE_S
    return Report(
        [
            Row(f"memory with {SETTLED} visitors", idle_mib, "MiB"),
            Row("memory of each further visitor who has drawn a number", memory_mib, "MiB"),
            Row("processor time of a stroke", 1000 * stroke_s, "ms"),
            Row(f"visitors on one core who draw a stroke every {MEAN_PAUSE_S:g} s", 1 / drawing_cores, ""),
            Row("cores that a stream of 640×480 at 20 frames a second takes", stream_cores, ""),
            Row("streams on one core", 1 / stream_cores, ""),
            Row("memory of a server with a stream", stream_mib, "MiB"),
            Row("traffic of a stream, both directions and the page included", stream_mbit_s, "Mbit/s"),
        ]
    )


def _busy_s(server: Server) -> float:
    """Processor time that the server has taken so far."""
    times = psutil.Process(server.process.pid).cpu_times()
    return float(times.user + times.system)


async def _visitors() -> tuple[float, float, float]:
    """Memory a visitor in MiB, seconds of a core a stroke, and memory of the server with few of them."""
    with serve() as server:
        address = server.url.replace("http", "ws", 1) + "/_stcore/stream"
        sockets = [await connect(address, max_size=None) for _ in range(VISITORS)]
        try:
            visitors = [Visitor(socket) for socket in sockets]
            settled, visitors = visitors[:SETTLED], visitors[SETTLED:]
            for visitor in settled:
                await visitor.open()
                await _strokes(visitor)
            before_mib = server.resident_mib()
            for visitor in visitors:
                await visitor.open()
            opened_s = _busy_s(server)
            for visitor in visitors:
                await _strokes(visitor)
            stroke_s = (_busy_s(server) - opened_s) / (len(visitors) * STROKES)
            return (server.resident_mib() - before_mib) / len(visitors), stroke_s, before_mib
        finally:
            for socket in sockets:
                await socket.close()


async def _strokes(visitor: Visitor) -> None:
    for place, digit in enumerate(NUMBER):
        await stroke_ms(visitor, int(digit), place)


def _stream() -> tuple[float, float, float]:
    """Measure one stream: share of a core, the server's memory in MiB, and loopback traffic in Mbit/s."""
    with TemporaryDirectory() as folder:
        video = make_video(Path(folder) / "numbers.y4m")
        with camera(video) as browser, serve() as server:
            page = open_webcam(browser, server.url)
            wait_for_rest(page)
            start(page)
            reading(page).wait_for(timeout=READ_TIMEOUT_MS)
            page.wait_for_timeout(1000 * SETTLE_S)
            before_s, before_bytes = _busy_s(server), _sent_bytes()
            page.wait_for_timeout(1000 * STREAM_S)
            cores, sent_bytes = (_busy_s(server) - before_s) / STREAM_S, _sent_bytes() - before_bytes
            return cores, server.resident_mib(), 8 * sent_bytes / STREAM_S / 1_000_000


def _sent_bytes() -> int:
    """Return what this machine has sent to itself so far (Linux)."""
    return int(psutil.net_io_counters(pernic=True)["lo"].bytes_sent)
