"""Measure the failure of one of two replicas behind nginx: which visitors are affected, for how long, and whether requests are lost.

Visitors draw in Chromium, half of them on each replica, and upload pictures, while other clients send requests to the API. Meanwhile one
replica is killed by SIGKILL. Everything shares this machine's cores.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from playwright.sync_api import Browser, Page, expect

from benchmarks.report import Report
from benchmarks.timing import Row
from digitcore.io.encode import encode_image
from synthetic.paper import Scene, photograph
from testing.browser.chromium import launched
from testing.browser.pages import ANSWER_TIMEOUT_MS, choose_files, navigate, wait_for_rest
from testing.browser.server import Server, serve
from testing.deploy.nginx import Proxy, ensure, proxy
from testing.deploy.visitors import Load, connections_of, failed_uploads, generate_load, open_on_each_replica, replica_index, write_and_read

REPLICAS: Final = 2
VISITORS: Final = 3
"""Visitors of each replica."""

CLIENTS: Final = 4
PAUSE_S: Final = 0.05
"""Pause between two requests of a client. All clients together send about 45 requests a second, which one replica can serve alone."""

MAX_REQUESTS: Final = 2_000
"""Greatest number of requests of each client."""

NUMBER: Final = "2730"
FILES: Final = 4
SIZE_WH: Final = (640, 480)
LARGE_WH: Final = (1600, 1200)
KILLED: Final = 0
"""Index of the replica that is killed."""

LOAD_S: Final = 3.0
"""Time under load before the kill, and again after all visitors have drawn."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Effects of the failure on visitors, uploads and API requests."""

    recovery_s: list[float]
    """Time from the kill until the next digit was read, for each visitor of the killed replica. One program draws for all of them, one
    after another, so that the later times are upper bounds."""

    affected_others: int
    """Number of visitors of the other replica whose connection was lost or whose cookie changed. The loss of a drawing would raise an
    error."""

    uploads: int
    failed_uploads: int
    load: Load


def report() -> Report:
    """Kill one of two replicas and measure the effects on visitors and requests."""
    ensure()
    with _deployment() as (browser, replicas, front), TemporaryDirectory() as folder:
        outcome = _kill_one(browser, replicas, front, _write_files(Path(folder)))
    rows = [
        Row("a replica killed: until the slowest of its visitors continued on another", max(outcome.recovery_s), "s", 10),
        Row("visitors of the other replica who were affected", outcome.affected_others, "", 0),
        Row("uploads that failed", outcome.failed_uploads, "", 0),
        Row("API requests that failed or were lost", outcome.load.failed, "", 0),
    ]
    times = ", ".join(f"{seconds:.1f}" for seconds in sorted(outcome.recovery_s))
    statuses = ", ".join(f"{count} × {status}" for status, count in sorted(outcome.load.statuses.items()))
    details = f"{len(outcome.recovery_s)} visitors had recovered after {times} s; {outcome.uploads} uploads."
    return Report(rows, f"{details} API: {statuses}; the slowest took {outcome.load.slowest_s:.2f} s.")


@contextmanager
def _deployment() -> Iterator[tuple[Browser, list[Server], Proxy]]:
    """Run a browser and the replicas behind nginx."""
    with ExitStack() as stack:
        replicas = [stack.enter_context(serve()) for _ in range(REPLICAS)]
        front = stack.enter_context(proxy([each.address for each in replicas]))
        yield stack.enter_context(launched()), replicas, front


def _kill_one(browser: Browser, replicas: list[Server], front: Proxy, files: list[Path]) -> Outcome:
    """Kill a replica under load while its visitors and those of the other one draw; then let all of them upload files."""
    pages = open_on_each_replica(browser, front.url, REPLICAS, VISITORS)
    affected, others = pages[KILLED], [page for pages_of_replica in pages[KILLED + 1 :] for page in pages_of_replica]
    for page in (*affected, *others):
        write_and_read(page, NUMBER, 0)
    connections, homes = [connections_of(page) for page in others], [replica_index(page) for page in others]
    with generate_load(front.url, files[0].read_bytes(), CLIENTS, PAUSE_S, MAX_REQUESTS) as load:
        time.sleep(LOAD_S)
        replicas[KILLED].process.kill()
        killed_at = time.monotonic()
        recovery_s = [_recovery_s(page, killed_at) for page in affected]
        for page in others:
            write_and_read(page, NUMBER, 1)
        time.sleep(LOAD_S)
    moved = [replica_index(page) != replica for page, replica in zip(others, homes, strict=True)]
    affected_others = sum(bool(opened) or away for opened, away in zip(connections, moved, strict=True))
    for page in (*affected, *others):
        _upload(page, files)
    uploads = [each for each in front.log if each["path"] == "/_stcore/upload_file/"]
    return Outcome(recovery_s, affected_others, len(uploads), len(failed_uploads(uploads)), load)


def _recovery_s(page: Page, killed_at: float) -> float:
    """Measure the seconds from the kill until a visitor's next digit is read together with the previous one, which is still drawn."""
    write_and_read(page, NUMBER, 1)
    return time.monotonic() - killed_at


def _upload(page: Page, files: list[Path]) -> None:
    """Upload files and wait until all of them are read."""
    navigate(page, "Upload")
    wait_for_rest(page)
    choose_files(page, files)
    expect(page.get_by_text(f"{len(files)} pictures: {len(files)} read")).to_be_visible(timeout=2 * ANSWER_TIMEOUT_MS)


def _write_files(folder: Path) -> list[Path]:
    """Write photographs of numbers, the last of which has more than a megabyte."""
    files = []
    for index in range(FILES):
        large = index == FILES - 1
        picture = photograph(str(37 * index + 10), "round", LARGE_WH if large else SIZE_WH, 180, Scene(light_fall=0.3), index)
        files.append(folder / f"{index}.png")
        files[-1].write_bytes(encode_image(picture, "png"))
    return files
