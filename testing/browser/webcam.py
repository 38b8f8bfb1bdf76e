"""A Chromium whose camera shows a video that we make, and what a person does on the Webcam page."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, FrameLocator, Page, Playwright, expect, sync_playwright

from synthetic.video import numbers_in_turn, write_y4m
from testing.browser.chromium import ARGUMENTS, ensure
from testing.browser.pages import ANSWER_TIMEOUT_MS, open_page

FIRST, SECOND = "31415", "2780"
SECONDS: Final = 5.0
"""How long each of the two numbers is shown, again and again."""

HEADING: Final = "Live webcam"
_ALLOW: Final = "--use-fake-ui-for-media-stream"
_FAKE: Final = "--use-fake-device-for-media-stream"


def make_video(path: Path) -> Path:
    """Film a shaken page with one number, then one with another."""
    write_y4m(path, numbers_in_turn((FIRST, SECOND), SECONDS))
    return path


@contextmanager
def camera(video: Path | None, *, asked: bool = False, playwright: Playwright | None = None) -> Iterator[Browser]:
    """Run a Chromium with a camera.

    Args:
        video: what its camera shows, again and again; None for a machine without a camera.
        asked: whether the browser asks before it gives the camera; else it always gives it.
        playwright: what drives it, where there is one already: there can be one a thread.
    """
    arguments = [*ARGUMENTS]
    if video is not None:
        arguments += [_FAKE, f"--use-file-for-fake-video-capture={video}"]
    if not asked:
        arguments.append(_ALLOW)
    with nullcontext(playwright) if playwright else sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=ensure(), args=arguments)
        yield browser
        browser.close()


def player(page: Page) -> FrameLocator:
    """Locate the frame that holds the video and its buttons."""
    return page.frame_locator("iframe[src*=streamlit_webrtc]")


def open_webcam(browser: Browser, url: str, script: str = "", **options: Any) -> Page:
    """Open the Webcam page in a window of its own; `script` runs first in each of its frames."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
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
    """Return the pixels of the returned video's current frame, as rows of RGBA values in one list each."""
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
