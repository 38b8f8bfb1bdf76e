"""Visitors who come to the replicas by the proxy, each with a browser window of his own."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import httpx
from playwright.sync_api import Browser, Page, expect

from synthetic.hands import strokes
from testing.browser.pages import ANSWER_TIMEOUT_MS, draw, open_page, reading, wait_for_canvas, wait_for_rest
from testing.browser.server import REQUEST_TIMEOUT_S

COOKIE: Final = "digits_replica"
HEIGHT_PX: Final = 110
PITCH_PX: Final = 110
"""From one digit to the next, on the canvas."""

CORNER_XY: Final = (15.0, 60.0)
MOST_WINDOWS: Final = 20
LOST: Final = 0
"""Stands for the status of a request that got no answer at all."""


def home(page: Page) -> int:
    """Return the number of the replica that this visitor belongs to, from 0."""
    cookie = next(each for each in page.context.cookies() if each.get("name") == COOKIE)
    return int(cookie.get("value", "").split("-")[0]) - 1


def open_canvas(browser: Browser, url: str) -> Page:
    """Open the Draw page in a window of its own."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.set_default_timeout(ANSWER_TIMEOUT_MS)
    open_page(page, url, "Write a number")
    wait_for_canvas(page)
    return page


def at_each_home(browser: Browser, url: str, replicas: int, visitors: int = 1) -> list[list[Page]]:
    """Open so many visitors' canvases for each replica; those that reach a full one leave again."""
    pages: list[list[Page]] = [[] for _ in range(replicas)]
    for _ in range(MOST_WINDOWS):
        page = open_canvas(browser, url)
        if len(pages[home(page)]) < visitors:
            pages[home(page)].append(page)
        else:
            page.context.close()
        if all(len(each) == visitors for each in pages):
            return pages
    raise AssertionError(f"after {MOST_WINDOWS} visitors the replicas have {[len(each) for each in pages]}")


def write(page: Page, digit: int, place: int) -> None:
    """Write one more digit on the canvas, to the right of the others."""
    draw(page, strokes(digit), (CORNER_XY[0] + place * PITCH_PX, CORNER_XY[1]), HEIGHT_PX)


def write_and_read(page: Page, number: str, place: int) -> None:
    """Write the number's digit of this place, and wait until the whole number so far is read."""
    write(page, int(number[place]), place)
    expect(reading(page)).to_have_text(number[: place + 1], timeout=ANSWER_TIMEOUT_MS)
    wait_for_rest(page)


def connections_of(page: Page) -> list[str]:
    """Collect every websocket that this visitor opens from now on."""
    opened: list[str] = []
    page.on("websocket", lambda socket: opened.append(socket.url))
    return opened


@dataclass(slots=True)
class Load:
    """What programs that ask for readings all the time have got."""

    statuses: Counter[int] = field(default_factory=Counter)
    slowest_s: float = 0.0

    @property
    def sent(self) -> int:
        """Count the requests."""
        return self.statuses.total()

    @property
    def failed(self) -> int:
        """Count those without an answer, or with another one than a reading."""
        return self.sent - self.statuses[200]


@contextmanager
def asking(url: str, picture: bytes, clients: int, pause_s: float, most: int) -> Iterator[Load]:
    """Programs ask for readings, each again and again, until the block ends or they have asked often enough.

    Args:
        url: where.
        picture: of what.
        clients: how many at a time.
        pause_s: how long each waits between two requests.
        most: how many requests each sends at the most.
    """
    load, over = Load(), [False]

    def ask() -> None:
        with httpx.Client(timeout=REQUEST_TIMEOUT_S) as client:
            for _ in range(most):
                if over[0]:
                    return
                start = time.monotonic()
                try:
                    status = client.post(f"{url}/api/v1/read", content=picture, headers={"Content-Type": "image/png"}).status_code
                except httpx.HTTPError:
                    status = LOST
                load.statuses[status] += 1
                load.slowest_s = max(load.slowest_s, time.monotonic() - start)
                time.sleep(pause_s)

    with ThreadPoolExecutor(clients) as pool:
        asked = [pool.submit(ask) for _ in range(clients)]
        try:
            yield load
        finally:
            over[0] = True
            for each in asked:
                each.result()


def failed_uploads(log: Sequence[dict[str, object]]) -> list[dict[str, object]]:
    """Return the log's entries of uploads that were refused."""
    return [each for each in log if each["path"] == "/_stcore/upload_file/" and int(str(each["status"])) >= 300]
