"""Measure video streams in Chromium against a real server: how many frames come back, and after how long, for one visitor and several.

The camera plays a synthetic video with numbered frames. The age of a frame is the time from its capture to its first display in the
returned video, both by the browser's clock. Browser and server share this machine's cores.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from playwright.sync_api import Browser, Locator, Page
from playwright.sync_api import TimeoutError as BrowserTimeoutError

from benchmarks.numbered_video import KEEP_CAMERA, StreamResult, no_frames, paint_numbers, recorded_stream, start_recording
from benchmarks.timing import Row
from digitcore.video.settings import MAXIMUM_STREAMS
from synthetic.video import FRAMES_PER_SECOND, Shake, number_page, shaken, write_y4m
from testing.browser.pages import reading, wait_for_rest
from testing.browser.server import serve
from testing.browser.webcam import camera, open_webcam, player, start

NUMBER: Final = "31415"
LOOP_S: Final = 7.0
"""Duration of the camera's video, which is repeated. It is one period of the varying light, so that the brightness never jumps."""

STREAMS: Final = 3
SETTLE_S: Final = 3.0
"""Time from the first reading to the start of the recording, in which the browser's bandwidth estimate rises."""

TAIL_S: Final = 2.0
"""Time after the period, so that its last frames can still come back."""

READ_TIMEOUT_MS: Final = 30_000

STREAM_STATUS: Final = "[data-testid=stPopoverBody], [data-testid=stAlertContainer]"
"""CSS selector of the stream's figures, once they are open, or of the message if it fails."""


def one_stream(seconds: float) -> tuple[list[Row], str]:
    """Measure one visitor's stream; return the rows, and a text with the figures that the page shows."""
    streams, statuses = _streams(1, seconds)
    stream = streams[0]
    name = f"one stream of {seconds:g} s in Chromium"
    rows = [
        Row(f"{name}: camera's frames that came back with boxes", stream.annotated / stream.camera_frames, "", 0.95, at_least=True),
        Row(f"{name}: frames a second", stream.frames_per_second, "", 0.95 * FRAMES_PER_SECOND, at_least=True),
        Row(f"{name}: age of a frame when shown, 95th percentile", stream.age_ms(95), "ms", 150),
    ]
    return rows, f"One stream: {_description(stream)}\n  Shown on the page: {statuses[0]}"


def several_streams(seconds: float, count: int = STREAMS) -> tuple[list[Row], str]:
    """Measure simultaneous streams of several visitors; return the row, and a text with the figures that the pages show."""
    streams, statuses = _streams(count, seconds)
    rates = [stream.frames_per_second for stream in streams]
    rows = [Row(f"{count} streams of {seconds:g} s in Chromium: frames a second, slowest", min(rates), "", 10, at_least=True)]
    lines = [f"  {_description(stream)}\n    Shown on the page: {status}" for stream, status in zip(streams, statuses, strict=True)]
    return rows, "\n".join([f"{count} streams at once:", *lines])


@contextmanager
def numbered_camera() -> Iterator[Browser]:
    """Run Chromium with a camera that shows five digits in numbered frames."""
    with TemporaryDirectory() as folder:
        video = Path(folder) / "numbered.y4m"
        write_y4m(video, paint_numbers(shaken(number_page(NUMBER, seed=1), LOOP_S, Shake(), seed=1)))
        with camera(video) as browser:
            yield browser


def returned_video(page: Page) -> Locator:
    """Locate the video that the server sends back."""
    return player(page).locator("video").first


def _streams(count: int, seconds: float) -> tuple[list[StreamResult], list[str]]:
    """Measure `count` simultaneous streams; return their results, and the figures that their pages show."""
    with numbered_camera() as browser, serve(environment={MAXIMUM_STREAMS: str(count)}) as server:
        pages = [open_webcam(browser, server.url, KEEP_CAMERA) for _ in range(count)]
        for page in pages:
            wait_for_rest(page)
            start(page)
        for page in pages:
            with suppress(BrowserTimeoutError):  # the result and the message on the page then show the failure
                reading(page).wait_for(timeout=READ_TIMEOUT_MS)
        pages[0].wait_for_timeout(1000 * SETTLE_S)
        videos = [returned_video(page) for page in pages]
        playing = [video for video in videos if video.count()]
        for video in playing:
            start_recording(video)
        pages[0].wait_for_timeout(1000 * (seconds + TAIL_S))
        loop_frames = round(LOOP_S * FRAMES_PER_SECOND)
        streams = [recorded_stream(video, loop_frames, seconds) if video in playing else no_frames(seconds) for video in videos]
        return streams, [_status(page) for page in pages]


def _status(page: Page) -> str:
    """Return the figures that the page shows, or its message if the stream fails."""
    figures = page.get_by_role("button", name="About the video")
    if figures.count():
        figures.click()
        page.locator(STREAM_STATUS).first.wait_for()
    return " ".join(page.locator(STREAM_STATUS).all_inner_texts()) or "nothing"


def _description(stream: StreamResult) -> str:
    """Describe the result of a stream in one line."""
    return (
        f"{stream.returned} of {stream.camera_frames} frames came back, {stream.annotated} with boxes, "
        f"{stream.frames_per_second:.1f} per second; median age {stream.age_ms(50):.0f} ms; {stream.unreadable} numbers unreadable"
    )
