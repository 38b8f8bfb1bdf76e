"""A hundred files of one megapixel, chosen together: how long until all are read, does the bar move, is the memory given back.

The peer is an empty page with the same file chooser, which only counts the bytes that came.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from playwright.sync_api import Browser, Page

from benchmarks.browser import BARE, BARE_APP, BARE_ENVIRONMENT
from benchmarks.report import Report
from benchmarks.timing import Row
from digitcore.io.encode import encode_image
from synthetic.hands import HANDS
from synthetic.paper import Scene, photograph
from testing.browser.chromium import launched
from testing.browser.pages import all_read_condition, choose_files, open_page, progress_bar
from testing.browser.server import Server, serve
from testing.browser.stopwatch import ANSWER, arm, elapsed_ms, seen_values, watch_values

COUNT: Final = 100
SIZE_WH: Final = (1155, 866)
RUNS: Final = 3
MOVES_AT_LEAST: Final = 5
"""Different values of the progress bar that must have been on the page."""

FORGOTTEN_AFTER_S: Final = 125
"""Streamlit keeps the session of a visitor who has gone for two minutes, in case that the connection was only lost."""

_SETTLE_S: Final = 5


def report() -> Report:
    """Measure 100 files."""
    with TemporaryDirectory() as folder, launched() as browser:
        files = _write_files(Path(folder))
        with serve(BARE_APP, BARE_ENVIRONMENT) as bare:
            theirs = median(_bare_s(browser, bare, files) for _ in range(RUNS))
        times, moves, grown = _ours(browser, files)
    return Report(
        [
            Row(f"{COUNT} files of 1 megapixel, chosen to all read", median(times), "s", 8, theirs, f"{BARE}, only uploaded", 0),
            Row("different values of the progress bar, fewest of all runs", min(moves), "", MOVES_AT_LEAST, at_least=True),
            Row("memory kept after the visitors have left", grown, "MiB", 50),
        ]
    )


def _ours(browser: Browser, files: Sequence[Path]) -> tuple[list[float], list[int], float]:
    """Measure the seconds and the progress bar's values of each run, and the MiB that the server keeps afterwards.

    Before: after a visitor who uploaded one file, so that no library's own memory counts. Each run is a visit of its own.
    """
    times, moves = [], []
    with serve() as server:
        _upload_s(browser, server, files[:1])
        before = server.resident_mib()
        for _ in range(RUNS):
            elapsed, values = _upload_s(browser, server, files)
            times.append(elapsed)
            moves.append(len(values))
        return times, moves, _forgotten_mib(browser, server, files) - before


def _upload_s(browser: Browser, server: Server, files: Sequence[Path]) -> tuple[float, set[str]]:
    """Measure the seconds from choosing the files until all are read, and the progress bar's values."""
    with _window(browser) as page:
        open_page(page, f"{server.url}/upload", "Upload pictures")
        watch_values(page, progress_bar())
        arm(page, "change", all_read_condition(len(files)))
        choose_files(page, files)
        return elapsed_ms(page) / 1000, seen_values(page)


def _bare_s(browser: Browser, server: Server, files: Sequence[Path]) -> float:
    with _window(browser) as page:
        open_page(page, f"{server.url}/upload", "Upload")
        size = sum(file.stat().st_size for file in files)
        arm(page, "change", f"{ANSWER} && text(watched) === '{size}'")
        choose_files(page, files)
        return elapsed_ms(page) / 1000


def _forgotten_mib(browser: Browser, server: Server, files: Sequence[Path]) -> float:
    """Measure the server's memory once it has forgotten who left, which it does when the next visitor leaves."""
    time.sleep(FORGOTTEN_AFTER_S)
    _upload_s(browser, server, files[:1])
    time.sleep(_SETTLE_S)
    return server.resident_mib()


@contextmanager
def _window(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def _write_files(folder: Path) -> list[Path]:
    """JPEGs of a number of two to four digits each, by many hands."""
    hands, files = list(HANDS), []
    for index in range(COUNT):
        scene = Scene(light_fall=0.3, shadow=0.3 * (index % 2), ruling=("plain", "squared", "ruled")[index % 3])
        number = str(37 * index + 10)
        path = folder / f"{index + 1:03}.jpg"
        path.write_bytes(encode_image(photograph(number, hands[index % len(hands)], SIZE_WH, 220, scene, index), "jpeg"))
        files.append(path)
    return files
