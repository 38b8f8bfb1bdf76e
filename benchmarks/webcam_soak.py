"""Measure a stream of ten minutes, and visitors who leave in different ways: memory growth, and the time until resources are released.

The server has one slot for a stream. The slot counts as free once another visitor, who was refused before, is offered the camera.
`python -m benchmarks.webcam_soak starts --starts 20` measures one section only, prints its rows and stores nothing.
"""

import argparse
import os
import signal
import time
from collections.abc import Callable, Collection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from playwright.sync_api import Browser, Page

from benchmarks.report import Report
from benchmarks.timing import Row
from digitcore.video.settings import MAXIMUM_STREAMS
from testing.browser.chromium import ARGUMENTS, ensure
from testing.browser.pages import ANSWER_TIMEOUT_MS, navigate, reading, wait_for_rest
from testing.browser.server import Server, serve
from testing.browser.webcam import camera, camera_arguments, make_video, open_webcam, start, stop, wait_for_frames

SECTIONS: Final = ("stream", "leave", "starts")
"""The long stream, the ways to leave, and the repeated starts."""

MINUTES: Final = 10.0
STARTS: Final = 20
SAMPLE_S: Final = 2.0
SAMPLES: Final = 10
"""Memory is the median of this many samples, `SAMPLE_S` apart."""

QUIET_S: Final = 12.0
"""Time without a stream after which only the server's permanent threads are left."""

RELEASE_TARGET_S: Final = 5.0
OBSERVED_S: Final = 12.0
"""Time of observation after a visitor has left. Later, thread pools end idle threads of their own."""

MIN_STREAM_THREADS: Final = 3
"""Least number of threads that belong to a stream: for decoding, reading, and detecting the end of the visit. If fewer end, some leak."""

POLL_INTERVAL_S: Final = 0.25
"""Interval of the checks, which is the resolution of the times."""

READ_TIMEOUT_MS: Final = 30_000

TRY_AGAIN: Final = ".st-key-webcam_try_again button"
"""CSS selector of the button that a visitor has while no slot is free."""

CLICK_IF_PRESENT: Final = "css => { const button = document.querySelector(css); button?.click(); return !button; }"
"""JavaScript function that clicks an element; it returns true if there is none."""

Leave = Callable[[Page], None]


def main() -> None:
    """Measure the requested sections and print their rows."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.webcam_soak", description="Measure what streams leave behind.")
    parser.add_argument("sections", nargs="*", metavar="section", help=f"sections to measure: {', '.join(SECTIONS)} (default: all)")
    parser.add_argument("--minutes", type=float, default=MINUTES, help="duration of the long stream (default: %(default)g)")
    parser.add_argument("--starts", type=int, default=STARTS, help="number of starts and stops in a row (default: %(default)d)")
    arguments = parser.parse_args()
    if unknown := sorted(set(arguments.sections) - set(SECTIONS)):
        parser.error(f"unknown section: {', '.join(unknown)}; expected one of {', '.join(SECTIONS)}")
    print(report(arguments.minutes, arguments.starts, arguments.sections or SECTIONS))


def report(minutes: float = MINUTES, starts: int = STARTS, sections: Collection[str] = SECTIONS) -> Report:
    """Measure a long stream, the ways to leave a stream, and repeated starts.

    Args:
        minutes: duration of the long stream.
        starts: number of starts and stops in a row.
        sections: which of `SECTIONS` to measure.
    """
    rows: list[Row] = []
    with TemporaryDirectory() as folder:
        video = make_video(Path(folder) / "numbers.y4m")
        with camera(video) as browser, serve(environment={MAXIMUM_STREAMS: "1"}) as server:
            if "stream" in sections:
                rows.append(_soak_row(browser, server, minutes))
            if "leave" in sections:
                rows += _leave_rows(browser, server, video)
            if "starts" in sections:
                rows += _start_rows(browser, server, starts)
            log_lines = [line for line in server.log.splitlines() if "Traceback" in line or "ERROR" in line or "WARNING" in line]
    return Report(rows, "\n".join(log_lines))


def _soak_row(browser: Browser, server: Server, minutes: float) -> Row:
    """Measure the growth of the server's memory from a tenth of the stream to its end; the video shows a new number every five seconds."""
    page = _streaming(browser, server)
    start_s = time.monotonic()
    early_mib = _memory_mib(page, server, start_s + 6 * minutes)
    late_mib = _memory_mib(page, server, start_s + 60 * minutes)
    page.context.close()
    return Row(f"memory growth from minute {minutes / 10:g} to {minutes:g} of a stream", late_mib - early_mib, "MiB", 20)


def _leave_rows(browser: Browser, server: Server, video: Path) -> list[Row]:
    """Measure the time until the slot is free and the stream's threads have ended, for each way to leave."""
    rows = []
    for name, leave in WAYS_TO_LEAVE.items():
        leaving = _second_browser(browser, video)
        slot_s, threads_s, started, ended = _release(leaving, browser, server, leave)
        leaving.close()
        rows += [
            Row(f"slot free after {name}", slot_s, "s", RELEASE_TARGET_S),
            Row(
                f"threads ended after {name} ({ended} of {started} new ones; the others belong to pools)", threads_s, "s", RELEASE_TARGET_S
            ),
        ]
    return rows


def _start_rows(browser: Browser, server: Server, starts: int) -> list[Row]:
    """Measure the threads and the memory that remain after starts and stops, compared with those after the first start and stop."""
    page = open_webcam(browser, server.url)
    _start_and_stop(page)
    _wait_for_threads(page)
    threads, memory_mib = len(_threads(server)), server.resident_mib()
    for _ in range(starts):
        _start_and_stop(page)
    _wait_for_threads(page)
    when = f"after {starts} starts and stops"
    rows = [
        Row(f"additional threads {when}", len(_threads(server)) - threads, "", 0),
        Row(f"additional memory {when}", server.resident_mib() - memory_mib, "MiB", 20),
    ]
    page.context.close()
    return rows


def _streaming(browser: Browser, server: Server) -> Page:
    """Open a page, start its stream, and wait for the first reading."""
    page = open_webcam(browser, server.url)
    wait_for_rest(page)
    start(page)
    reading(page).wait_for(timeout=READ_TIMEOUT_MS)
    return page


def _start_and_stop(page: Page) -> None:
    """Start a stream, wait until it flows, and stop it."""
    wait_for_rest(page)
    start(page)
    wait_for_frames(page)
    stop(page)


def _memory_mib(page: Page, server: Server, until_s: float) -> float:
    """Measure the server's memory just before a time of `time.monotonic`, and check that the stream still flows."""
    page.wait_for_timeout(1000 * max(until_s - SAMPLES * SAMPLE_S - time.monotonic(), 0))
    samples = []
    for _ in range(SAMPLES):
        page.wait_for_timeout(1000 * SAMPLE_S)
        samples.append(server.resident_mib())
    wait_for_frames(page)
    return median(samples)


def _release(leaving: Browser, staying: Browser, server: Server, leave: Leave) -> tuple[float, float, int, int]:
    """Let a visitor leave and measure the release of the resources.

    Args:
        leaving: browser of the visitor who leaves.
        staying: browser of another visitor, who waits for the slot.
        server: the server, with one slot.
        leave: the way to leave.

    Returns:
        Seconds until the slot is free, seconds until the last thread of the stream has ended, and the numbers of threads that were
        started for the visit and that ended. Where a time was too long to be measured, it is `OBSERVED_S`.
    """
    waiting = open_webcam(staying, server.url)
    _wait_for_threads(waiting)
    before = _threads(server)
    page = _streaming(leaving, server)
    waiting.reload()
    waiting.locator(TRY_AGAIN).wait_for(timeout=ANSWER_TIMEOUT_MS)
    waiting.wait_for_timeout(1000 * SAMPLE_S)
    first = _threads(server)
    waiting.wait_for_timeout(1000 * SAMPLE_S)
    started = (first & _threads(server)) - before  # present in both samples: without threads that only a run of the page uses
    leave(page)
    slot_s, ended_s = _observe_release(waiting, server, started)
    waiting.context.close()
    ended = [seconds for seconds in ended_s.values() if seconds < OBSERVED_S]
    return slot_s, max(ended) if len(ended) >= MIN_STREAM_THREADS else OBSERVED_S, len(started), len(ended)


def _observe_release(waiting: Page, server: Server, threads: set[str]) -> tuple[float, dict[str, float]]:
    """Measure the seconds until the waiting visitor finds the slot free, and until each thread has ended; `OBSERVED_S` if later."""
    start_s = time.monotonic()
    slot_s, ended_s = OBSERVED_S, dict.fromkeys(threads, OBSERVED_S)
    while (now_s := time.monotonic() - start_s) < OBSERVED_S:
        if slot_s == OBSERVED_S and waiting.evaluate(CLICK_IF_PRESENT, TRY_AGAIN):
            slot_s = now_s
        for thread in threads - _threads(server):
            ended_s[thread] = min(ended_s[thread], now_s)
        waiting.wait_for_timeout(1000 * POLL_INTERVAL_S)
    return slot_s, ended_s


def _threads(server: Server) -> set[str]:
    """Return the ids of the server's threads (Linux)."""
    return {each.name for each in Path(f"/proc/{server.process.pid}/task").iterdir()}


def _wait_for_threads(page: Page) -> None:
    """Wait until only the server's permanent threads are left."""
    page.wait_for_timeout(1000 * QUIET_S)


def _second_browser(browser: Browser, video: Path) -> Browser:
    """Start another Chromium with the same camera in the same Playwright."""
    return browser.browser_type.launch(executable_path=ensure(), args=[*ARGUMENTS, *camera_arguments(video)])


def _kill(page: Page) -> None:
    """Kill all processes of the page's browser, so that it can't close its connections."""
    browser = page.context.browser
    if browser is None:
        raise ValueError("expected a page of a browser, received one without a browser.")
    system = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
    for process in system["processInfo"]:
        os.kill(process["id"], signal.SIGKILL)


WAYS_TO_LEAVE: Final[dict[str, Leave]] = {
    "its tab is closed": lambda page: page.close(),
    "another page is opened": lambda page: navigate(page, "Upload"),
    "its browser is killed": _kill,
}
"""Functions by way to leave; each visitor has their own browser."""


if __name__ == "__main__":
    main()
