"""Measure the waiting times of one visitor, in Chromium against a real server: first canvas, new answer, navigation, changed setting.

The peer is Streamlit itself: the app in `bare/` with the same widgets and no recognition. Times are measured inside the page (see
`testing/browser/stopwatch.py`) after a warm-up, and are medians unless the row says otherwise.
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
"""Written digit by digit, each in one stroke; then the canvas is cleared and the number written again."""

NUMBER_HEIGHT_PX: Final = 90
NUMBER_PITCH_PX: Final = 66
NUMBER_CORNER_XY: Final = (10, 95)
NUMBER_ROUNDS: Final = 11
"""The first round is the warm-up, so that 40 strokes count."""

STROKE_POINTS: Final = 12

NAVIGATION_ROUNDS: Final = 11
"""Each round opens all pages in turn; the first one is the warm-up."""


class Destination(NamedTuple):
    """A page that the navigation leads to."""

    link: str
    heading: str
    ready_css: str
    """CSS selector of an element that must be visible, in addition to the heading, before the page can be used."""


DESTINATIONS: Final = (
    Destination("Upload", "Upload pictures", ".upload-area button"),
    Destination("Inspector", "Inspector", "h1"),
    Destination("Model", "Model", "h1"),
    Destination("Draw", "Write a number", ".st-key-draw-canvas canvas, canvas"),
)
BARE_DESTINATIONS: Final = (Destination("Empty", "Empty", "h1"), Destination("Upload", "Upload", "h1"))


def report() -> Report:
    """Measure all waiting times of one visitor."""
    with launched() as browser:
        fresh = fresh_row(browser)
        with serve() as ours, serve(BARE_APP, BARE_ENVIRONMENT, "streamlit") as bare:
            rows = [fresh, *answer_rows(browser, ours.url, bare.url), *navigation_rows(browser, ours.url, bare.url)]
            setting, reason_skipped = setting_row(browser, ours.url)
    return Report([*rows, *setting], reason_skipped)


def fresh_row(browser: Browser) -> Row:
    """Measure the time from the start of the server to a usable canvas for its first visitor, with an empty browser cache.

    A stroke is drawn at once and must be read, which proves that the canvas was usable.
    """
    ours = median(_fresh_s(browser, ROOT, str(FRESH_DIGIT)) for _ in range(FRESH_RUNS))
    theirs = median(_fresh_s(browser, BARE_APP, "1") for _ in range(FRESH_RUNS))
    return Row("fresh server to a usable canvas", ours, "s", 3, theirs, BARE, 0)


def answer_rows(browser: Browser, url: str, bare_url: str) -> list[Row]:
    """Measure the time from mouse-up to the new answer on the page, over 40 strokes; it includes the 200 ms that the canvas waits."""
    ours, theirs = _answers_ms(browser, url, clear=True), _answers_ms(browser, bare_url, clear=False)
    return [
        Row("mouse-up to the new answer", median(ours), "ms", 450, median(theirs), BARE, 0),
        Row("mouse-up to the new answer, 95th percentile", percentile(ours, 95), "ms", 700, percentile(theirs, 95), BARE, 0),
    ]


def navigation_rows(browser: Browser, url: str, bare_url: str) -> list[Row]:
    """Measure the time from the click on a link until the other page is shown and its script has finished, in a row for each page.

    A further row has the first visit to the page for which it takes longest; the other rows leave first visits out as a warm-up.
    """
    ours, first = _navigations_ms(browser, url, DESTINATIONS)
    theirs, theirs_first = _navigations_ms(browser, bare_url, BARE_DESTINATIONS)
    peer = theirs["Empty"]
    rows = [Row(f"moving to {link}", median(times), "ms", 600, median(peer), f"{BARE}, empty page", 0) for link, times in ours.items()]
    slowest = max(first, key=first.__getitem__)
    return [*rows, Row(f"moving for the first time, slowest ({slowest})", first[slowest], "ms", 600, max(theirs_first.values()), BARE, 0)]


def quick_stroke(digit: int) -> Float64Array:
    """Sample `STROKE_POINTS` points of a digit's first stroke, both ends included, as a quick mouse movement does: float64 `(N, 2)`."""
    path = strokes(digit)[0]
    return np.asarray(path[np.linspace(0, len(path) - 1, STROKE_POINTS).round().astype(int)])


def _fresh_s(browser: Browser, root: Path, answer: str) -> float:
    """Measure the seconds from the start of a server until its canvas is visible; then draw a digit and wait for the answer."""
    context = browser.new_context()
    page = context.new_page()
    start = time.perf_counter()
    with serve(root, BARE_ENVIRONMENT, "streamlit") as server:
        page.goto(server.url)
        wait_for_canvas(page)
        elapsed = time.perf_counter() - start
        draw(page, [quick_stroke(FRESH_DIGIT)], point_step=1)
        reading(page).filter(has_text=answer).wait_for()
        context.close()
    return elapsed


def _answers_ms(browser: Browser, url: str, *, clear: bool) -> list[float]:
    """Measure the time to the new answer after each stroke, without the first round; `clear` clears the canvas after each round."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(url)
    times = []
    for _ in range(NUMBER_ROUNDS):
        wait_for_canvas(page)
        times.append([_answer_ms(page, position) for position in range(len(NUMBER))])
        if clear:
            press(page, "draw_clear")
            reading(page).wait_for(state="detached")
    context.close()
    return [elapsed for times_of_round in times[1:] for elapsed in times_of_round]


def _answer_ms(page: Page, position: int) -> float:
    """Draw the digit at a position of the number and measure the time to the new answer."""
    arm(page, "pointerup", ANSWER)
    corner = NUMBER_CORNER_XY[0] + position * NUMBER_PITCH_PX, NUMBER_CORNER_XY[1]
    draw(page, [quick_stroke(int(NUMBER[position]))], corner, NUMBER_HEIGHT_PX, point_step=1)
    elapsed = elapsed_ms(page)
    page.wait_for_timeout(300)  # until the charts below the answer are drawn; a person pauses to look at it, too
    return elapsed


def _navigations_ms(browser: Browser, url: str, destinations: Sequence[Destination]) -> tuple[dict[str, list[float]], dict[str, float]]:
    """Measure the navigation to each page; return its times in all rounds but the first, and its time in the first, both by link."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(url)
    wait_for_canvas(page)
    times: dict[str, list[float]] = {each.link: [] for each in destinations}
    for _ in range(NAVIGATION_ROUNDS):
        for each in destinations:
            arm(page, "click", f"text('h1') === {each.heading!r} && visible({each.ready_css!r}) && idle()")
            navigate(page, each.link)
            times[each.link].append(elapsed_ms(page))
            page.wait_for_timeout(200)
    context.close()
    return {link: later for link, (_, *later) in times.items()}, {link: first for link, (first, *_) in times.items()}
