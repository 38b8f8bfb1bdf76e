"""Use the app as a visitor and an API client do, in a container or from the image's files alone."""

from typing import Final

import httpx
from playwright.sync_api import Page, expect

from testing.browser.pages import ANSWER_TIMEOUT_MS, draw_digit, open_page, reading, wait_for_canvas
from testing.browser.server import REQUEST_TIMEOUT_S, ROOT

SAMPLE: Final = ROOT / "samples" / "page.jpg"
SAMPLE_TEXT: Final = "0589/51939/54149/98228"

PAGES: Final = {"/upload": "Upload pictures", "/webcam": "Live webcam", "/inspector": "Inspector", "/model": "Model"}


def draw_and_see_every_page(page: Page, url: str) -> None:
    """Draw a digit, expect its reading, and open every other page."""
    open_page(page, url, "Write a number")
    wait_for_canvas(page)
    draw_digit(page, 4)
    expect(reading(page)).to_have_text("4", timeout=ANSWER_TIMEOUT_MS)
    for address, heading in PAGES.items():
        open_page(page, url + address, heading)


def expect_missing_tensorflow(page: Page, url: str) -> None:
    """Start the comparison with TensorFlow, and expect the message that it isn't installed."""
    open_page(page, f"{url}/model", "Model")
    page.get_by_role("radio", name="Speed on this server").click()
    page.locator(".st-key-model_measure button").click()
    expect(page.get_by_text("TensorFlow isn't installed on this machine")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)


def send_sample(url: str) -> None:
    """Send a picture to the API, and expect its reading."""
    response = httpx.post(f"{url}/api/v1/read", content=SAMPLE.read_bytes(), timeout=REQUEST_TIMEOUT_S)
    assert (response.status_code, response.json()["text"]) == (200, SAMPLE_TEXT)
