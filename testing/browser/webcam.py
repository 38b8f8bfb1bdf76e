"""Run a Chromium whose camera plays a synthetic video, and use the Webcam page as a person does."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, FrameLocator, Page, Playwright, expect, sync_playwright

from synthetic.video import Shake, number_page, numbers_in_turn, shaken, write_y4m
from testing.browser.chromium import ARGUMENTS, ensure
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


def make_short_video(path: Path) -> Path:
    """Write a Y4M video of one second, from a shaking camera, of a page with the first number, and return its path."""
    write_y4m(path, shaken(number_page(FIRST), 1.0, Shake(), seed=1))
    return path


def camera_arguments(video: Path | None) -> list[str]:
    """Return the arguments of a Chromium with a camera, which it gives to every page that asks for it.

    `chromium-headless-shell` can't prompt, so that without these arguments pages get no camera. The state of the permission, which a page
    can query, is still the one that the browser context sets.

    Args:
        video: the Y4M file that the camera plays in a loop; None for a machine without a camera.
    """
    grant = "--use-fake-ui-for-media-stream"
    return [grant] if video is None else [grant, "--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={video}"]


@contextmanager
def camera(video: Path | None, *, playwright: Playwright | None = None) -> Iterator[Browser]:
    """Run a Chromium with a camera until the block ends.

    Args:
        video: as for `camera_arguments`.
        playwright: the running Playwright, if there is one, as there can be only one in a thread.
    """
    with nullcontext(playwright) if playwright else sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=ensure(), args=[*ARGUMENTS, *camera_arguments(video)])
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


def wait_for_frames(page: Page) -> None:
    """Wait until the page has received a frame and offers to freeze it."""
    expect(page.get_by_role("button", name="Freeze")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)


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
