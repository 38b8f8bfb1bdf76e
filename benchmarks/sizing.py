"""Measure the resources that a host has to plan for: memory and processor time per visitor who draws, and per video stream.

The processor time of the server is measured, not waiting times, since the browsers share its cores.
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
SHARED_VISITORS: Final = 10
"""Number of visitors that come first, so that memory shared by all visitors isn't counted."""

STROKES: Final = len(NUMBER)
STREAM_S: Final = 20.0
SETTLE_S: Final = 3.0
READ_TIMEOUT_MS: Final = 30_000

MEAN_PAUSE_S: Final = sum(PAUSE_S) / 2
"""Mean pause between two strokes of one person."""


def report() -> Report:
    """Measure visitors who draw, and a video stream."""
    memory_mib, stroke_s, idle_mib = asyncio.run(_visitors())
    stream_cores, stream_mib, stream_mbit_s = _stream()
    drawing_cores = stroke_s / MEAN_PAUSE_S
    return Report(
        [
            Row(f"memory with {SHARED_VISITORS} visitors", idle_mib, "MiB"),
            Row("memory of each further visitor who has drawn a number", memory_mib, "MiB"),
            Row("processor time of a stroke", 1000 * stroke_s, "ms"),
            Row(f"visitors on one core who draw a stroke every {MEAN_PAUSE_S:g} s", 1 / drawing_cores, ""),
            Row("cores that a stream of 640×480 at 20 frames a second takes", stream_cores, ""),
            Row("streams on one core", 1 / stream_cores, ""),
            Row("memory of a server with a stream", stream_mib, "MiB"),
            Row("traffic of a stream, both directions and the page included", stream_mbit_s, "Mbit/s"),
        ]
    )


def _processor_s(server: Server) -> float:
    """Return the processor time of the server so far, in seconds."""
    times = psutil.Process(server.process.pid).cpu_times()
    return float(times.user + times.system)


async def _visitors() -> tuple[float, float, float]:
    """Measure visitors who draw a number each.

    Returns:
        Memory per further visitor in MiB, processor time per stroke in seconds, and memory of the server with `SHARED_VISITORS` in MiB.
    """
    with serve() as server:
        address = server.url.replace("http", "ws", 1) + "/_stcore/stream"
        sockets = [await connect(address, max_size=None) for _ in range(VISITORS)]
        try:
            visitors = [Visitor(socket) for socket in sockets]
            first, further = visitors[:SHARED_VISITORS], visitors[SHARED_VISITORS:]
            for visitor in first:
                await visitor.open()
                await _strokes(visitor)
            before_mib = server.resident_mib()
            for visitor in further:
                await visitor.open()
            opened_s = _processor_s(server)
            for visitor in further:
                await _strokes(visitor)
            stroke_s = (_processor_s(server) - opened_s) / (len(further) * STROKES)
            return (server.resident_mib() - before_mib) / len(further), stroke_s, before_mib
        finally:
            for socket in sockets:
                await socket.close()


async def _strokes(visitor: Visitor) -> None:
    """Draw a number, one digit after another."""
    for position, digit in enumerate(NUMBER):
        await stroke_ms(visitor, int(digit), position)


def _stream() -> tuple[float, float, float]:
    """Measure one stream: cores in use, memory of the server in MiB, and loopback traffic in Mbit/s."""
    with TemporaryDirectory() as folder:
        video = make_video(Path(folder) / "numbers.y4m")
        with camera(video) as browser, serve() as server:
            page = open_webcam(browser, server.url)
            wait_for_rest(page)
            start(page)
            reading(page).wait_for(timeout=READ_TIMEOUT_MS)
            page.wait_for_timeout(1000 * SETTLE_S)
            before_s, before_bytes = _processor_s(server), _sent_bytes()
            page.wait_for_timeout(1000 * STREAM_S)
            cores, sent_bytes = (_processor_s(server) - before_s) / STREAM_S, _sent_bytes() - before_bytes
            return cores, server.resident_mib(), 8 * sent_bytes / STREAM_S / 1_000_000


def _sent_bytes() -> int:
    """Return the number of bytes sent over the loopback interface so far (Linux)."""
    return int(psutil.net_io_counters(pernic=True)["lo"].bytes_sent)
