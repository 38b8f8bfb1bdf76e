"""What a person does on the pages, said once for tests, benchmarks and screenshots."""

from collections.abc import Sequence
from typing import Final

from playwright.sync_api import Locator, Page, expect

from factory.hands import Stroke, strokes

ANSWER_TIMEOUT_MS: Final = 15_000
CANVAS: Final = ".st-key-draw-canvas canvas"
HEIGHT_PX: Final = 180
CORNER_XY: Final = (75, 50)


def reading(page: Page) -> Locator:
    """The element that says what was read."""
    return page.locator(".st-key-reading-text")


def open_page(page: Page, url: str, heading: str) -> None:
    """Go to an address and wait for its page."""
    page.goto(url)
    expect(page.get_by_role("heading", name=heading)).to_be_visible(timeout=ANSWER_TIMEOUT_MS)


def wait_for_canvas(page: Page) -> None:
    """Wait until the canvas can be drawn on."""
    expect(page.locator(CANVAS).last).to_be_visible(timeout=ANSWER_TIMEOUT_MS)


def draw(page: Page, paths: Sequence[Stroke]) -> None:
    """Draw paths on the canvas with the mouse."""
    canvas = page.locator(CANVAS).last
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None, "the canvas is not on the page"
    for path in paths:
        points = [(box["x"] + CORNER_XY[0] + x * HEIGHT_PX, box["y"] + CORNER_XY[1] + y * HEIGHT_PX) for x, y in path]
        page.mouse.move(*points[0])
        page.mouse.down()
        for point in points[1:]:
            page.mouse.move(*point)
        page.mouse.up()


def draw_digit(page: Page, digit: int, hand: str = "round") -> None:
    """Draw one digit on the canvas."""
    draw(page, strokes(digit, hand))


def press(page: Page, key: str) -> None:
    """Click the button with this key."""
    page.locator(f".st-key-{key} button").click()
