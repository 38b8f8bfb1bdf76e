"""Ten minutes of one stream, and visitors who leave in every way: what memory grows, and how soon all that they held is free.

The server has one place. It is free once another visitor, who was turned away, is offered the camera.
"""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from playwright.sync_api import Browser, Page, expect

from benchmarks.report import Report
from benchmarks.timing import Row
from digitcore.video.settings import MAXIMUM_STREAMS
from testing.browser.chromium import ARGUMENTS, ensure
from testing.browser.pages import ANSWER_TIMEOUT_MS, navigate, reading, wait_for_rest
from testing.browser.server import Server, serve
from testing.browser.webcam import camera, make_video, open_webcam, start, stop

MINUTES: Final = 10.0
STARTS: Final = 20
SAMPLE_S: Final = 2.0
SAMPLES: Final = 10
"""Memory at a moment is the median of so many looks, `SAMPLE_S` apart."""

QUIET_S: Final = 12.0
"""After so long without a stream, the server's threads are those that stay."""

FREED_S: Final = 5.0
WATCHED_S: Final = 12.0
"""So long is watched what ends. After that pools give up threads of their own that have had nothing to do."""

OWN_LEAST: Final = 3
"""A stream has this many threads of its own or more: to decode, to read, to see whether the visit is over. With fewer ended, some stay."""

LOOK_S: Final = 0.25
"""How often is looked whether all is free: so exact are the times."""

READ_TIMEOUT_MS: Final = 30_000

ASK_AGAIN: Final = ".st-key-webcam_try_again button"
"""CSS of the button for a visitor who found no place."""

ASK: Final = "css => { const button = document.querySelector(css); button?.click(); return !button; }"

Leave = Callable[[Page], None]


def report(minutes: float = MINUTES, starts: int = STARTS) -> Report:
    """Measure a long stream, ways to leave it, and repeated starts.

    Args:
        minutes: how long one stream flows.
        starts: how many starts and stops in a row.
    """
    with TemporaryDirectory() as folder:
        video = make_video(Path(folder) / "numbers.y4m")
        with camera(video) as browser, serve(environment={MAXIMUM_STREAMS: "1"}) as server:
            rows = [_soak_row(browser, server, minutes), *_leave_rows(browser, server, video), *_start_rows(browser, server, starts)]
            complaints = [line for line in server.log.splitlines() if "Traceback" in line or "ERROR" in line or "WARNING" in line]
    return Report(rows, "\n".join(complaints))


def _soak_row(browser: Browser, server: Server, minutes: float) -> Row:
    """Measure how much the server's memory grows from a tenth of the time to its end; numbers change every five seconds."""
    page = _streaming(browser, server)
    since = time.monotonic()
    early = _memory_mib(page, server, since + 6 * minutes)
    late = _memory_mib(page, server, since + 60 * minutes)
    page.context.close()
    return Row(f"memory grown from minute {minutes / 10:g} to {minutes:g} of a stream", late - early, "MiB", 20)


def _leave_rows(browser: Browser, server: Server, video: Path) -> list[Row]:
    """Until the place is free and the stream's own threads have ended, for each way to leave."""
    rows = []
    for what, leave in LEAVES.items():
        leaving = _another(browser, video)
        place_s, threads_s, came, ended = _left(leaving, browser, server, leave)
        leaving.close()
        rows += [
            Row(f"place free after {what}", place_s, "s", FREED_S),
            Row(f"threads gone after {what} (of {came} new ones {ended} ended, the others are pools')", threads_s, "s", FREED_S),
        ]
    return rows


def _start_rows(browser: Browser, server: Server, starts: int) -> list[Row]:
    """Measure what twenty starts and stops leave behind; the first counts as what any stream brings along."""
    page = open_webcam(browser, server.url)
    _start_and_stop(page)
    _rest(page)
    threads, memory = len(_threads(server)), server.resident_mib()
    for _ in range(starts):
        _start_and_stop(page)
    _rest(page)
    what = f"after {starts} starts and stops"
    rows = [
        Row(f"threads more {what}", len(_threads(server)) - threads, "", 0),
        Row(f"memory more {what}", server.resident_mib() - memory, "MiB", 20),
    ]
    page.context.close()
    return rows


def _streaming(browser: Browser, server: Server) -> Page:
    """Open a page on which the camera's numbers are read."""
    page = open_webcam(browser, server.url)
    wait_for_rest(page)
    start(page)
    reading(page).wait_for(timeout=READ_TIMEOUT_MS)
    return page


def _start_and_stop(page: Page) -> None:
    wait_for_rest(page)
    start(page)
    expect(page.get_by_text("frames a second")).to_be_visible(timeout=READ_TIMEOUT_MS)
    stop(page)


def _memory_mib(page: Page, server: Server, until_s: float) -> float:
    """Around a moment of `time.monotonic`, when the last of several looks is taken; the page is asked whether its stream still flows."""
    page.wait_for_timeout(1000 * max(until_s - SAMPLES * SAMPLE_S - time.monotonic(), 0))
    looks = []
    for _ in range(SAMPLES):
        page.wait_for_timeout(1000 * SAMPLE_S)
        looks.append(server.resident_mib())
    expect(page.get_by_text("frames a second")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    return median(looks)


def _left(leaving: Browser, staying: Browser, server: Server, leave: Leave) -> tuple[float, float, int, int]:
    """Measure the seconds until the slot is free and until the last thread ended, and count threads started and ended."""
    waiting = open_webcam(staying, server.url)
    _rest(waiting)
    before = _threads(server)
    page = _streaming(leaving, server)
    waiting.reload()
    waiting.locator(ASK_AGAIN).wait_for(timeout=ANSWER_TIMEOUT_MS)
    waiting.wait_for_timeout(1000 * SAMPLE_S)
    first = _threads(server)
    waiting.wait_for_timeout(1000 * SAMPLE_S)
    came = (first & _threads(server)) - before  # without those of a single run of the page
    leave(page)
    place_s, gone_s = _watched(waiting, server, came)
    waiting.context.close()
    ended = [seconds for seconds in gone_s.values() if seconds < WATCHED_S]
    return place_s, max(ended) if len(ended) >= OWN_LEAST else WATCHED_S, len(came), len(ended)


def _watched(waiting: Page, server: Server, came: set[str]) -> tuple[float, dict[str, float]]:
    """Watch when the waiting visitor found the slot free, and when each thread was gone; `WATCHED_S` at most."""
    since = time.monotonic()
    place_s, gone_s = WATCHED_S, dict.fromkeys(came, WATCHED_S)
    while (now_s := time.monotonic() - since) < WATCHED_S:
        if place_s == WATCHED_S and waiting.evaluate(ASK, ASK_AGAIN):
            place_s = now_s
        for thread in came - _threads(server):
            gone_s[thread] = min(gone_s[thread], now_s)
        waiting.wait_for_timeout(1000 * LOOK_S)
    return place_s, gone_s


def _threads(server: Server) -> set[str]:
    """Return the ids of the server's threads (Linux)."""
    return {each.name for each in Path(f"/proc/{server.process.pid}/task").iterdir()}


def _rest(page: Page) -> None:
    """Until only the threads are left that stay."""
    page.wait_for_timeout(1000 * QUIET_S)


def _another(browser: Browser, video: Path) -> Browser:
    """Start a second Chromium with the same camera, for the same Playwright."""
    flags = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={video}")
    return browser.browser_type.launch(executable_path=ensure(), args=[*ARGUMENTS, *flags])


def _kill(page: Page) -> None:
    """Kill all processes of the page's browser, so that it can't close its connections."""
    browser = page.context.browser
    if browser is None:
        raise ValueError("expected a page in a browser of its own, received one without.")
    system = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
    for process in system["processInfo"]:
        os.kill(process["id"], signal.SIGKILL)


LEAVES: Final[dict[str, Leave]] = {
    "its tab is closed": lambda page: page.close(),
    "another page is opened": lambda page: navigate(page, "Upload"),
    "its browser is killed": _kill,
}
"""The ways to leave; each visitor has a browser of its own."""
