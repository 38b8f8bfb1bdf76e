"""Drive visitors and API clients who use the replicas through the proxy; each visitor has a separate browser context."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event
from typing import Final

import httpx
from playwright.sync_api import Browser, Page, expect

from synthetic.hands import strokes
from testing.browser.devices import DESKTOP
from testing.browser.pages import ANSWER_TIMEOUT_MS, draw, open_page, reading, wait_for_canvas, wait_for_rest
from testing.browser.server import REQUEST_TIMEOUT_S

COOKIE: Final = "digits_replica"
"""Name of the cookie that holds the number of the visitor's replica."""

HEIGHT_PX: Final = 110
"""Height of a digit on the canvas."""

PITCH_PX: Final = 110
"""Distance from one digit to the next on the canvas."""

CORNER_XY: Final = (15.0, 60.0)
"""Upper left corner of the first digit on the canvas, in pixels."""

MAX_VISITORS: Final = 20
"""Maximum number of visitors who are opened in order to have enough of them on each replica."""

NO_RESPONSE: Final = 0
"""Status that is recorded for a request without a response."""


def replica_index(page: Page) -> int:
    """Return the index, from 0, of the replica that holds this visitor's session."""
    cookie = next(each for each in page.context.cookies() if each.get("name") == COOKIE)
    return int(cookie.get("value", "").split("-")[0]) - 1


def open_canvas(browser: Browser, url: str) -> Page:
    """Open the Draw page in a new browser context."""
    page = browser.new_context(**DESKTOP).new_page()
    page.set_default_timeout(ANSWER_TIMEOUT_MS)
    open_page(page, url, "Write a number")
    wait_for_canvas(page)
    return page


def open_on_each_replica(browser: Browser, url: str, replicas: int, visitors: int = 1) -> list[list[Page]]:
    """Open the Draw page for new visitors until each replica has enough of them; close the pages of surplus visitors.

    Args:
        browser: the browser of all visitors.
        url: address of the proxy.
        replicas: number of replicas.
        visitors: number of visitors for each replica.

    Returns:
        The pages on each replica.
    """
    pages: list[list[Page]] = [[] for _ in range(replicas)]
    for _ in range(MAX_VISITORS):
        page = open_canvas(browser, url)
        if len(pages[replica_index(page)]) < visitors:
            pages[replica_index(page)].append(page)
        else:
            page.context.close()
        if all(len(each) == visitors for each in pages):
            return pages
    raise AssertionError(f"after {MAX_VISITORS} visitors the replicas have {[len(each) for each in pages]}")


def write(page: Page, digit: int, position: int) -> None:
    """Write a digit on the canvas, at its position in the number from 0."""
    draw(page, strokes(digit), (CORNER_XY[0] + position * PITCH_PX, CORNER_XY[1]), HEIGHT_PX)


def write_and_read(page: Page, number: str, position: int) -> None:
    """Write the digit at a position of the number, and wait until the number up to that digit is read."""
    write(page, int(number[position]), position)
    expect(reading(page)).to_have_text(number[: position + 1], timeout=ANSWER_TIMEOUT_MS)
    wait_for_rest(page)


def connections_of(page: Page) -> list[str]:
    """Return a list to which the URL of each websocket that this page opens from now on is added."""
    opened: list[str] = []
    page.on("websocket", lambda socket: opened.append(socket.url))
    return opened


@dataclass(slots=True)
class Load:
    """The responses to the requests of all API clients."""

    statuses: Counter[int] = field(default_factory=Counter)
    """Number of responses by HTTP status."""

    slowest_s: float = 0.0
    """Duration of the slowest request."""

    @property
    def sent(self) -> int:
        """Count the requests."""
        return self.statuses.total()

    @property
    def failed(self) -> int:
        """Count the requests without a response, or with a status other than 200."""
        return self.sent - self.statuses[200]


@contextmanager
def generate_load(url: str, picture: bytes, clients: int, pause_s: float, max_requests: int) -> Iterator[Load]:
    """Send API requests from several clients at once, until the block ends or each client has sent `max_requests`.

    Args:
        url: address of the proxy.
        picture: the PNG file to be read.
        clients: number of clients.
        pause_s: pause of each client between two requests.
        max_requests: maximum number of requests of each client.
    """
    load, is_over = Load(), Event()

    def send_requests() -> None:
        with httpx.Client(timeout=REQUEST_TIMEOUT_S) as client:
            for _ in range(max_requests):
                if is_over.is_set():
                    return
                start = time.monotonic()
                try:
                    status = client.post(f"{url}/api/v1/read", content=picture, headers={"Content-Type": "image/png"}).status_code
                except httpx.HTTPError:
                    status = NO_RESPONSE
                load.statuses[status] += 1
                load.slowest_s = max(load.slowest_s, time.monotonic() - start)
                time.sleep(pause_s)

    with ThreadPoolExecutor(clients) as pool:
        running = [pool.submit(send_requests) for _ in range(clients)]
        try:
            yield load
        finally:
            is_over.set()
            for each in running:
                each.result()


def failed_uploads(log: Sequence[dict[str, object]]) -> list[dict[str, object]]:
    """Return the entries of the access log for uploads with a status of 300 or above."""
    return [each for each in log if each["path"] == "/_stcore/upload_file/" and int(str(each["status"])) >= 300]
