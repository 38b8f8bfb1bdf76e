"""Measure the upload of a hundred files of one megapixel: the time until all are read, the progress bar, and memory that isn't released.

The peer is a page with the same file uploader that only counts the bytes received.
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
MIN_PROGRESS_VALUES: Final = 5
"""Least number of different values that the progress bar must show."""

SESSION_EXPIRY_S: Final = 125
"""Streamlit keeps the session of a visitor who has left for two minutes, in case only the connection was lost."""

_RELEASE_S: Final = 5
"""Time for the server to release the memory of expired sessions."""


def report() -> Report:
    """Measure the upload of `COUNT` files."""
    with TemporaryDirectory() as folder, launched() as browser:
        files = _write_files(Path(folder))
        with serve(BARE_APP, BARE_ENVIRONMENT, "streamlit") as bare:
            theirs = median(_bare_s(browser, bare, files) for _ in range(RUNS))
        times, value_counts, kept_mib = _ours(browser, files)
    return Report(
        [
            Row(f"{COUNT} files of 1 megapixel, chosen to all read", median(times), "s", 8, theirs, f"{BARE}, only uploaded", 0),
            Row("different values of the progress bar, fewest of all runs", min(value_counts), "", MIN_PROGRESS_VALUES, at_least=True),
            Row("memory kept after the visitors have left", kept_mib, "MiB", 50),
        ]
    )


def _ours(browser: Browser, files: Sequence[Path]) -> tuple[list[float], list[int], float]:
    """Measure several visits that upload the files.

    Returns:
        The seconds of each visit, the number of values of the progress bar in each, and the memory in MiB that the server keeps
        afterwards. It is compared with the memory after a visit that uploaded one file, so that memory of libraries doesn't count.
    """
    times, value_counts = [], []
    with serve() as server:
        _upload_s(browser, server, files[:1])
        before = server.resident_mib()
        for _ in range(RUNS):
            elapsed, values = _upload_s(browser, server, files)
            times.append(elapsed)
            value_counts.append(len(values))
        return times, value_counts, _mib_after_expiry(browser, server, files) - before


def _upload_s(browser: Browser, server: Server, files: Sequence[Path]) -> tuple[float, set[str]]:
    """Measure the seconds from the choice of the files until all are read; return them with the values of the progress bar."""
    with _window(browser) as page:
        open_page(page, f"{server.url}/upload", "Upload pictures")
        watch_values(page, progress_bar())
        arm(page, "change", all_read_condition(len(files)))
        choose_files(page, files)
        return elapsed_ms(page) / 1000, seen_values(page)


def _bare_s(browser: Browser, server: Server, files: Sequence[Path]) -> float:
    """Measure the seconds from the choice of the files until the peer has received all their bytes."""
    with _window(browser) as page:
        open_page(page, f"{server.url}/upload", "Upload")
        size = sum(file.stat().st_size for file in files)
        arm(page, "change", f"{ANSWER} && text(watched) === '{size}'")
        choose_files(page, files)
        return elapsed_ms(page) / 1000


def _mib_after_expiry(browser: Browser, server: Server, files: Sequence[Path]) -> float:
    """Measure the server's memory without expired sessions, which it removes when the next visitor leaves."""
    time.sleep(SESSION_EXPIRY_S)
    _upload_s(browser, server, files[:1])
    time.sleep(_RELEASE_S)
    return server.resident_mib()


@contextmanager
def _window(browser: Browser) -> Iterator[Page]:
    """Open a page in a new browser context, which is closed at the end of the block."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


def _write_files(folder: Path) -> list[Path]:
    """Write JPEG files with a number of two to four digits each, in several handwriting styles."""
    hands, files = list(HANDS), []
    for index in range(COUNT):
        scene = Scene(light_fall=0.3, shadow=0.3 * (index % 2), ruling=("plain", "squared", "ruled")[index % 3])
        number = str(37 * index + 10)
        path = folder / f"{index + 1:03}.jpg"
        path.write_bytes(encode_image(photograph(number, hands[index % len(hands)], SIZE_WH, 220, scene, index), "jpeg"))
        files.append(path)
    return files
