"""Measure the answer while a stroke is drawn: its delay, the processor time of one person, and what twenty people leave to the page itself.

The browser asks the API while the pen moves (`app/draw/live.js`). The delay is that from a movement of the pen, after a rest, to another
text on the page. The twenty people of `benchmarks/people.py` here also ask the API while they draw each stroke, as the script does.
"""

import asyncio
import random
import time
from collections.abc import Sequence
from functools import partial
from statistics import median
from typing import Final

import httpx
import psutil
from playwright.sync_api import Page

from benchmarks.browser import NUMBER, quick_stroke
from benchmarks.people import PEOPLE, write_numbers
from benchmarks.report import Report
from benchmarks.timing import Row, percentile
from digitcore.api.paths import STROKES_PATH
from synthetic.hands import strokes
from testing.browser.chromium import launched
from testing.browser.pages import CANVAS, CORNER_XY, HEIGHT_PX, press, reading, wait_for_canvas, wait_for_rest
from testing.browser.server import Server, serve
from testing.browser.stopwatch import arm, elapsed_ms

MOVES: Final = 31
"""The first one is the warm-up, which also starts the worker processes."""

REST_MS: Final = 400
"""Time for which the pen rests before a movement."""

STEM_AND_BAR_XY: Final = ((0.25, 1.0), (0.5, 0.0), (0.0, 0.0))
"""A 1 that its last movement makes a 7, in heights of the digit."""

STRIP: Final = ".st-key-draw-live p"
"""CSS selector of the answer while a stroke is drawn."""

DRAWING_S: Final = 10.0
"""Seconds for which one person draws without a pause, to measure the processor time."""

STROKE_S: Final = 1.0
"""Seconds that a person takes to draw a stroke."""

MIN_INTERVAL_S: Final = 0.1
"""Least interval between two requests of one person, as in the script."""

MAX_PAUSE_S: Final = 0.5
"""Longest pause after an answer: as long as that has taken, but no longer, as in the script."""

MOVE_INTERVAL_MS: Final = 16
TIMEOUT_S: Final = 30


def report() -> Report:
    """Measure one person, and twenty."""
    with launched() as browser, serve() as server:
        page = browser.new_page()
        page.goto(server.url)
        wait_for_canvas(page)
        wait_for_rest(page)
        delays_ms = [_delay_ms(page) for _ in range(MOVES)][1:]
        cores = _cores_while_drawing(page, server)
    answers_ms, asked_ms = asyncio.run(_all_draw())
    return Report(
        [
            Row("moved pen to the answer", median(delays_ms), "ms", 120),
            Row("moved pen to the answer, 95th percentile", percentile(delays_ms, 95), "ms"),
            Row("cores that one person takes who draws without a pause", cores, "cores", 0.1),
            Row(f"{PEOPLE} people drawing, with answers meanwhile: stroke to the page's own answer", median(answers_ms), "ms", 400),
            Row(f"{PEOPLE} people drawing: answers meanwhile", median(asked_ms), "ms"),
        ]
    )


def _delay_ms(page: Page) -> float:
    """Draw a 1 that becomes a 7, measure the time from its last movement to its answer, and clear the canvas."""
    *stem, bar = _on_canvas(page, STEM_AND_BAR_XY)
    page.mouse.move(*stem[0])
    page.mouse.down()
    page.mouse.move(*stem[1], steps=10)
    page.wait_for_function("selector => document.querySelector(selector)?.textContent === '1'", arg=STRIP)
    page.wait_for_timeout(REST_MS)
    arm(page, "pointermove", "text(watched) === '7'", STRIP)
    page.mouse.move(*bar)
    elapsed = elapsed_ms(page)
    page.mouse.up()
    reading(page).wait_for()
    press(page, "draw_clear")
    reading(page).wait_for(state="detached")
    wait_for_canvas(page)
    wait_for_rest(page)
    return elapsed


def _cores_while_drawing(page: Page, server: Server) -> float:
    """Follow an 8 again and again with the mouse button pressed, and measure how many cores the server and its processes take meanwhile."""
    points = _on_canvas(page, strokes(8)[0].tolist())
    page.mouse.move(*points[0])
    page.mouse.down()
    start_s, start_processor_s = time.perf_counter(), _processor_s(server)
    while time.perf_counter() - start_s < DRAWING_S:
        for point in points[::2]:
            page.mouse.move(*point)
            page.wait_for_timeout(MOVE_INTERVAL_MS)
    cores = (_processor_s(server) - start_processor_s) / (time.perf_counter() - start_s)
    page.mouse.up()
    return cores


def _on_canvas(page: Page, path: Sequence[Sequence[float]]) -> list[tuple[float, float]]:
    """Place a path, in heights of the digit, on the canvas; the result is in pixels of the page."""
    box = page.locator(CANVAS).last.bounding_box()
    if box is None:
        raise RuntimeError("the canvas is not on the page")
    return [(box["x"] + CORNER_XY[0] + HEIGHT_PX * x, box["y"] + CORNER_XY[1] + HEIGHT_PX * y) for x, y in path]


def _processor_s(server: Server) -> float:
    """Return the processor time that the server and its processes have taken, in seconds."""
    root = psutil.Process(server.process.pid)
    times = [process.cpu_times() for process in (root, *root.children(recursive=True))]
    return float(sum(each.user + each.system for each in times))


async def _all_draw() -> tuple[list[float], list[float]]:
    """Let all people draw on a new server; return the waiting times for the page's own answers and for those meanwhile, in milliseconds."""
    with serve(environment={"DIGITS_API_LOGS": "no"}) as server:
        people = [_Person(server, random.Random(number)) for number in range(PEOPLE)]  # noqa: S311
        await asyncio.gather(*(person.draw() for person in people))
    return [wait for person in people for wait in person.answers_ms], [wait for person in people for wait in person.asked_ms]


class _Person:
    """One person who writes numbers, and the waiting times in milliseconds."""

    def __init__(self, server: Server, rng: random.Random) -> None:
        self._server, self._rng = server, rng
        self.answers_ms: list[float] = []
        self.asked_ms: list[float] = []

    async def draw(self) -> None:
        """Write all numbers, and ask while each stroke is drawn."""
        async with self._client() as client:
            self.answers_ms = await write_numbers(self._server, self._rng, partial(self._ask_while_drawing, client))

    def _client(self) -> httpx.AsyncClient:
        """Create a client that keeps a connection for less time than the server."""
        return httpx.AsyncClient(base_url=self._server.url, timeout=TIMEOUT_S, limits=httpx.Limits(keepalive_expiry=1.0))

    async def _ask_while_drawing(self, client: httpx.AsyncClient, position: int) -> None:
        """Ask for answers as the script does while a stroke is drawn, the digits before it included."""
        drawn = [{"points": (quick_stroke(int(digit)) * 90 + (10 + 66 * place, 95)).tolist()} for place, digit in enumerate(NUMBER)]
        drawing = {"width": 560, "height": 370, "strokes": drawn[: position + 1]}
        end_s = time.monotonic() + STROKE_S
        while (start_s := time.monotonic()) < end_s:
            (await client.post(STROKES_PATH, json=drawing)).raise_for_status()
            took_s = time.monotonic() - start_s
            self.asked_ms.append(1000 * took_s)
            await asyncio.sleep(max(MIN_INTERVAL_S - took_s, min(took_s, MAX_PAUSE_S)))
