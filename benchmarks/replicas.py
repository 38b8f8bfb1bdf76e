"""Two replicas behind the real nginx, one of them killed: who notices, for how long, and is any request lost?

Visitors draw in Chromium windows, half of them with each replica, and upload pictures; meanwhile programs ask for readings by the API. Then
one replica gets SIGKILL, in the middle of it all. All of this shares this machine's cores.
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
"""With each replica."""

CLIENTS: Final = 4
PAUSE_S: Final = 0.05
"""Pause between two requests of a client. All clients together send about 45 requests a second, which one replica can serve alone."""

MOST_REQUESTS: Final = 2_000
"""Of each client."""

NUMBER: Final = "2730"
FILES: Final = 4
SIZE_WH: Final = (640, 480)
LARGE_WH: Final = (1600, 1200)
KILLED: Final = 0
BEFORE_S: Final = 3.0
"""Of the load, before the kill, and again at its end."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it."""

    back_s: list[float]
    """For each visitor of the killed replica, from the kill until what he wrote next was read. They write one after another, as one driver
    leads them all; so the later ones could have had theirs earlier."""

    touched: int
    """Visitors of the other whose connection was lost or whose cookie changed; one whose drawing was lost would end the measurement."""

    uploads: int
    refused_uploads: int
    load: Load


def report() -> Report:
    """Kill one of two replicas and measure what its visitors notice."""
    ensure()
    with _stage() as (browser, replicas, front), TemporaryDirectory() as folder:
        outcome = _kill_one(browser, replicas, front, _write_files(Path(folder)))
    rows = [
        Row("a replica killed: until the slowest of its visitors went on with another", max(outcome.back_s), "s", 10),
        Row("visitors of the other replica who noticed", outcome.touched, "", 0),
        Row("uploads refused", outcome.refused_uploads, "", 0),
        Row("API requests that failed or were lost", outcome.load.failed, "", 0),
    ]
    said = ", ".join(f"{each:.1f}" for each in sorted(outcome.back_s))
    statuses = ", ".join(f"{count} × {status}" for status, count in sorted(outcome.load.statuses.items()))
    details = f"{len(outcome.back_s)} visitors were back after {said} s; {outcome.uploads} uploads."
    return Report(rows, f"{details} API: {statuses}; the slowest took {outcome.load.slowest_s:.2f} s.")


@contextmanager
def _stage() -> Iterator[tuple[Browser, list[Server], Proxy]]:
    with ExitStack() as stack:
        replicas = [stack.enter_context(serve()) for _ in range(REPLICAS)]
        front = stack.enter_context(proxy([each.address for each in replicas]))
        yield stack.enter_context(launched()), replicas, front


def _kill_one(browser: Browser, replicas: list[Server], front: Proxy, files: list[Path]) -> Outcome:
    pages = open_on_each_replica(browser, front.url, REPLICAS, VISITORS)
    theirs, others = pages[KILLED], [page for each in pages[KILLED + 1 :] for page in each]
    for page in (*theirs, *others):
        write_and_read(page, NUMBER, 0)
    connections, homes = [connections_of(page) for page in others], [replica_index(page) for page in others]
    with generate_load(front.url, files[0].read_bytes(), CLIENTS, PAUSE_S, MOST_REQUESTS) as load:
        time.sleep(BEFORE_S)
        replicas[KILLED].process.kill()
        killed = time.monotonic()
        back_s = [_back_s(page, killed) for page in theirs]
        for page in others:
            write_and_read(page, NUMBER, 1)
        time.sleep(BEFORE_S)
    touched = sum(bool(opened) or replica_index(page) != before for page, opened, before in zip(others, connections, homes, strict=True))
    for page in (*theirs, *others):
        _upload(page, files)
    uploads = [each for each in front.log if each["path"] == "/_stcore/upload_file/"]
    return Outcome(back_s, touched, len(uploads), len(failed_uploads(uploads)), load)


def _back_s(page: Page, since: float) -> float:
    """Measure the seconds until a visitor's next digit is read together with the one before, which stays drawn."""
    write_and_read(page, NUMBER, 1)
    return time.monotonic() - since


def _upload(page: Page, files: list[Path]) -> None:
    navigate(page, "Upload")
    wait_for_rest(page)
    choose_files(page, files)
    expect(page.get_by_text(f"{len(files)} pictures: {len(files)} read")).to_be_visible(timeout=2 * ANSWER_TIMEOUT_MS)


def _write_files(folder: Path) -> list[Path]:
    """Photographs of numbers, the last of more than a megabyte."""
    files = []
    for index in range(FILES):
        large = index == FILES - 1
        picture = photograph(str(37 * index + 10), "round", LARGE_WH if large else SIZE_WH, 180, Scene(light_fall=0.3), index)
        files.append(folder / f"{index}.png")
        files[-1].write_bytes(encode_image(picture, "png"))
    return files
