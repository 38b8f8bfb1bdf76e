"""The README's pictures, taken from the running app: `python -m benchmarks.screenshots` (or `make screenshots`)."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page, sync_playwright

from tests.browser.chromium import ARGUMENTS, ensure
from tests.browser.pages import draw_digit, open_page, reading, wait_for_canvas
from tests.browser.server import serve

FOLDER: Final = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
SETTLE_MS: Final = 1_500
"""Charts draw themselves a moment after their page has come."""

DEVICES: Final[dict[str, dict[str, Any]]] = {
    "desktop": {"viewport": {"width": 1280, "height": 860}},
    "phone": {"viewport": {"width": 360, "height": 780}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True},
}


def shoot_draw(page: Page, url: str) -> None:
    """A 5, drawn and read."""
    open_page(page, url, "Draw a digit")
    wait_for_canvas(page)
    draw_digit(page, 5)
    reading(page).wait_for()


def shoot_upload(page: Page, url: str) -> None:
    """A sample, read."""
    open_page(page, f"{url}/upload", "Upload pictures")
    page.get_by_role("button", name="Hard shadow", exact=True).click()
    reading(page).wait_for()


PAGES: Final[dict[str, Callable[[Page, str], None]]] = {"draw": shoot_draw, "upload": shoot_upload}


def main() -> None:
    """Every page, in light and dark, on a desktop and on a phone."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with serve() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=ensure(), args=list(ARGUMENTS))
        for device, options in DEVICES.items():
            for scheme in ("light", "dark"):
                for name, shoot in PAGES.items():
                    page = browser.new_context(color_scheme=scheme, **options).new_page()
                    shoot(page, server.url)
                    page.wait_for_timeout(SETTLE_MS)
                    page.mouse.move(0, 0)
                    page.screenshot(path=FOLDER / f"{name}-{device}-{scheme}.png", full_page=device == "phone")
                    page.context.close()


if __name__ == "__main__":
    main()
