"""Run a Chromium whose camera plays a synthetic video, and use the Webcam page as a person does."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, FrameLocator, Page, Playwright, expect, sync_playwright

from synthetic.video import numbers_in_turn, write_y4m
from testing.browser.chromium import ARGUMENTS, FAKE_CAMERA, GRANT_CAMERA, ensure
from testing.browser.devices import DESKTOP
from testing.browser.pages import ANSWER_TIMEOUT_MS, open_page

FIRST, SECOND = "31415", "2780"
"""The two numbers in the video, which alternate."""

SECONDS: Final = 5.0
"""Time for which each of the two numbers is shown."""

HEADING: Final = "Live webcam"


def make_video(path: Path) -> Path:
    """Write a Y4M video, from a shaking camera, of pages with the two numbers in turn, and return its path."""
    write_y4m(path, numbers_in_turn((FIRST, SECOND), SECONDS))
    return path


@contextmanager
def camera(video: Path | None, *, playwright: Playwright | None = None) -> Iterator[Browser]:
    """Run a Chromium with a camera until the block ends; it gives the camera to every page that asks for it.

    Args:
        video: the Y4M file that the camera plays in a loop; None for a machine without a camera.
        playwright: the running Playwright, if there is one, as there can be only one in a thread.
    """
    arguments = [*ARGUMENTS, GRANT_CAMERA]
    if video is not None:
        arguments += [FAKE_CAMERA, f"--use-file-for-fake-video-capture={video}"]
    with nullcontext(playwright) if playwright else sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=ensure(), args=arguments)
        yield browser
        browser.close()


def player(page: Page) -> FrameLocator:
    """Locate the frame that holds the video and its buttons."""
    return page.frame_locator("iframe[src*=streamlit_webrtc]")


def open_webcam(browser: Browser, url: str, script: str = "", **options: Any) -> Page:
    """Open the Webcam page in a new browser context with these options; `script` runs first in each of its frames."""
    context = browser.new_context(**{**DESKTOP, **options})
    context.set_default_timeout(ANSWER_TIMEOUT_MS)
    context.add_init_script(script)
    page = context.new_page()
    open_page(page, f"{url}/webcam", HEADING)
    return page


def start(page: Page) -> None:
    """Start the camera."""
    player(page).get_by_role("button", name="Start the camera").click(timeout=ANSWER_TIMEOUT_MS)


def stop(page: Page) -> None:
    """Stop the camera, and wait until it has stopped."""
    player(page).get_by_role("button", name="Stop", exact=True).click(timeout=ANSWER_TIMEOUT_MS)
    expect(player(page).get_by_role("button", name="Start the camera")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)


def returned_pixels(page: Page) -> list[list[int]]:
    """Return the current frame of the returned video: its `[width, height]`, and its RGBA values, 0 to 255, row by row in one list."""
    return (
        player(page)
        .locator("video")
        .evaluate(
            """video => {
             const canvas = Object.assign(document.createElement('canvas'), {width: video.videoWidth, height: video.videoHeight});
             const context = canvas.getContext('2d');
             context.drawImage(video, 0, 0);
             return [[canvas.width, canvas.height], Array.from(context.getImageData(0, 0, canvas.width, canvas.height).data)];
           }"""
        )
    )
