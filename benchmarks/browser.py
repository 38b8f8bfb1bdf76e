"""What one visitor waits for, in Chromium against a real server: the first canvas, an answer, another page, a changed setting.

The peer is Streamlit itself: the app in `bare/` with the same widgets and nothing behind them. Times are taken inside the page
(see `tests/browser/stopwatch.py`), after a warm-up, and are medians where nothing else is said.
"""

import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

import numpy as np
from playwright.sync_api import Browser, Page

from benchmarks.report import Report
from benchmarks.settings_change import setting_row
from benchmarks.timing import Row, percentile
from digitcore.types import Float64Array
from synthetic.hands import strokes
from testing.browser.chromium import launched
from testing.browser.pages import draw, navigate, press, reading, wait_for_canvas
from testing.browser.server import ROOT, serve
from testing.browser.stopwatch import ANSWER, arm, elapsed_ms

BARE_APP: Final = Path(__file__).resolve().parent / "bare"
BARE: Final = "bare Streamlit"
BARE_ENVIRONMENT: Final = {"STREAMLIT_SERVER_HEADLESS": "true", "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false"}

FRESH_RUNS: Final = 5
FRESH_DIGIT: Final = 2

NUMBER: Final = "2730"
"""Written digit by digit, one stroke each, then cleared and written again."""

NUMBER_HEIGHT_PX: Final = 90
NUMBER_PITCH_PX: Final = 66
NUMBER_CORNER_XY: Final = (10, 95)
NUMBER_ROUNDS: Final = 11
"""The first is the warm-up: 40 strokes count."""

POINTS: Final = 12

MOVE_ROUNDS: Final = 11
"""Through all pages in turn; the first is the warm-up."""


class Destination(NamedTuple):
    """A page as the navigation leads to it."""

    link: str
    heading: str
    sign: str
    """CSS of what must be visible before the page is of use, besides its heading."""


DESTINATIONS: Final = (
    Destination("Upload", "Upload pictures", "input[type=file], [data-testid=stFileUploaderDropzone]"),
    Destination("Inspector", "Inspector", "h1"),
    Destination("Model", "Model", "h1"),
    Destination("Draw", "Write a number", ".st-key-draw-canvas canvas, canvas"),
)
BARE_DESTINATIONS: Final = (Destination("Empty", "Empty", "h1"), Destination("Upload", "Upload", "h1"))


def report() -> Report:
    """Measure all of one visitor's waits."""
    with launched() as browser:
        fresh = fresh_row(browser)
        with serve() as ours, serve(BARE_APP, BARE_ENVIRONMENT) as bare:
            rows = [fresh, *answer_rows(browser, ours.url, bare.url), *move_rows(browser, ours.url, bare.url)]
            setting, skipped = setting_row(browser, ours.url)
    return Report([*rows, *setting], skipped)


def fresh_row(browser: Browser) -> Row:
    """Measure from the start of the server to a usable canvas for its first visitor, with an empty browser cache.

    The canvas counts only because a stroke that is drawn on it at once is read.
    """
    ours = median(_fresh_s(browser, ROOT, str(FRESH_DIGIT)) for _ in range(FRESH_RUNS))
    theirs = median(_fresh_s(browser, BARE_APP, "1") for _ in range(FRESH_RUNS))
    return Row("fresh server to a usable canvas", ours, "s", 3, theirs, BARE, 0)


def answer_rows(browser: Browser, url: str, bare_url: str) -> list[Row]:
    """Measure from mouse-up to the new answer on the page, over 40 strokes; the canvas itself waits 200 ms."""
    ours, theirs = _answers_ms(browser, url, clear=True), _answers_ms(browser, bare_url, clear=False)
    last = percentile(ours, 95), percentile(theirs, 95)
    return [
        Row("mouse-up to the new answer", median(ours), "ms", 450, median(theirs), BARE, 0),
        Row("mouse-up to the new answer, 95th percentile", last[0], "ms", 700, last[1], BARE, 0),
    ]


def move_rows(browser: Browser, url: str, bare_url: str) -> list[Row]:
    """Measure from the click on a link to the other page with its heading, its script finished: a row for each page.

    The slowest page's first time in a visit, which the warm-up leaves out of the others, has a row of its own.
    """
    ours, first = _moves_ms(browser, url, DESTINATIONS)
    theirs, theirs_first = _moves_ms(browser, bare_url, BARE_DESTINATIONS)
    peer = theirs["Empty"]
    rows = [Row(f"moving to {link}", median(times), "ms", 600, median(peer), f"{BARE}, empty page", 0) for link, times in ours.items()]
    slowest = max(first, key=first.__getitem__)
    return [*rows, Row(f"moving for the first time, slowest ({slowest})", first[slowest], "ms", 600, max(theirs_first.values()), BARE, 0)]


def quick_stroke(digit: int) -> Float64Array:
    """Return the first stroke of a digit as a quick mouse sends it: `POINTS` points, both ends among them."""
    path = strokes(digit)[0]
    return np.asarray(path[np.linspace(0, len(path) - 1, POINTS).round().astype(int)])


def _fresh_s(browser: Browser, root: Path, answer: str) -> float:
    context = browser.new_context()
    page = context.new_page()
    start = time.perf_counter()
    with serve(root, BARE_ENVIRONMENT) as server:
        page.goto(server.url)
        wait_for_canvas(page)
        elapsed = time.perf_counter() - start
        draw(page, [quick_stroke(FRESH_DIGIT)])
        reading(page).filter(has_text=answer).wait_for()
        context.close()
    return elapsed


def _answers_ms(browser: Browser, url: str, *, clear: bool) -> list[float]:
    context = browser.new_context()
    page = context.new_page()
    page.goto(url)
    times = []
    for _ in range(NUMBER_ROUNDS):
        wait_for_canvas(page)
        times.append([_answer_ms(page, place) for place in range(len(NUMBER))])
        if clear:
            press(page, "draw_clear")
            reading(page).wait_for(state="detached")
    context.close()
    return [elapsed for each in times[1:] for elapsed in each]


def _answer_ms(page: Page, place: int) -> float:
    arm(page, "pointerup", ANSWER)
    corner = NUMBER_CORNER_XY[0] + place * NUMBER_PITCH_PX, NUMBER_CORNER_XY[1]
    draw(page, [quick_stroke(int(NUMBER[place]))], corner, NUMBER_HEIGHT_PX)
    elapsed = elapsed_ms(page)
    page.wait_for_timeout(300)  # the charts below the answer are drawn; a person looks at it, too
    return elapsed


def _moves_ms(browser: Browser, url: str, destinations: Sequence[Destination]) -> tuple[dict[str, list[float]], dict[str, float]]:
    """Measure for each page its times in all rounds but the first, and its time in the first."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(url)
    wait_for_canvas(page)
    times: dict[str, list[float]] = {each.link: [] for each in destinations}
    for _ in range(MOVE_ROUNDS):
        for each in destinations:
            arm(page, "click", f"text('h1') === {each.heading!r} && visible({each.sign!r}) && idle()")
            navigate(page, each.link)
            times[each.link].append(elapsed_ms(page))
            page.wait_for_timeout(200)
    context.close()
    return {link: each[1:] for link, each in times.items()}, {link: each[0] for link, each in times.items()}
