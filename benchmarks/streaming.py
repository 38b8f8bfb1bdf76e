"""Streams in Chromium against a real server: what comes back of the camera's frames, how old it is, for one visitor and for several.

The camera is a video of ours whose frames bear their numbers. A frame's age is the time from when the browser's camera took it to
when the returned video, boxes drawn, first showed it, both by the browser's own clock. Browser and server share this machine's cores.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from playwright.sync_api import Browser, Locator, Page
from playwright.sync_api import TimeoutError as BrowserTimeoutError

from benchmarks.numbered_video import KEEP_CAMERA, Flow, noted, nothing, numbered, watch
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
"""From the first reading to the first frame that counts: the browser's estimate of the network has risen by then."""

STRAGGLERS_S: Final = 2.0
"""After the last frame that counts, so that it can still come back."""

READ_TIMEOUT_MS: Final = 30_000

STREAM_STATUS: Final = "[data-testid=stCaptionContainer]:has-text('frames a second'), [data-testid=stAlertContainer]"
"""CSS of what the page says of its stream: numbers, or what is the matter with it."""


def one_stream(seconds: float) -> tuple[list[Row], str]:
    """Measure one visitor's stream: the rows, and the page's own figures."""
    flows, said = _flows(1, seconds)
    flow = flows[0]
    what = f"one stream of {seconds:g} s in Chromium"
    rows = [
        Row(f"{what}: camera's frames that came back with boxes", flow.annotated / flow.camera_frames, "", 0.95, at_least=True),
        Row(f"{what}: frames a second", flow.frames_per_second, "", 0.95 * FRAMES_PER_SECOND, at_least=True),
        Row(f"{what}: age of a frame when shown, 95th percentile", flow.age_ms(95), "ms", 150),
    ]
    return rows, f"One stream: {_said(flow)}\n  The page says: {said[0]}"


def several_streams(seconds: float, count: int = STREAMS) -> tuple[list[Row], str]:
    """Measure several visitors' streams at once."""
    flows, said = _flows(count, seconds)
    rates = [flow.frames_per_second for flow in flows]
    rows = [Row(f"{count} streams of {seconds:g} s in Chromium: frames a second, slowest", min(rates), "", 10, at_least=True)]
    lines = [f"  {_said(flow)}\n    The page says: {words}" for flow, words in zip(flows, said, strict=True)]
    return rows, "\n".join([f"{count} streams at once:", *lines])


@contextmanager
def numbered_camera() -> Iterator[Browser]:
    """Run a Chromium whose camera shows five digits, each frame numbered."""
    with TemporaryDirectory() as folder:
        video = Path(folder) / "numbered.y4m"
        write_y4m(video, numbered(shaken(number_page(NUMBER, seed=1), LOOP_S, Shake(), seed=1)))
        with camera(video) as browser:
            yield browser


def returned_video(page: Page) -> Locator:
    """Locate the video that the server sends back."""
    return player(page).locator("video").first


def _flows(count: int, seconds: float) -> tuple[list[Flow], list[str]]:
    """Measure what came back of each of so many streams at once, with each page's own figures."""
    with numbered_camera() as browser, serve(environment={MAXIMUM_STREAMS: str(count)}) as server:
        pages = [open_webcam(browser, server.url, KEEP_CAMERA) for _ in range(count)]
        for page in pages:
            wait_for_rest(page)
            start(page)
        for page in pages:
            with suppress(BrowserTimeoutError):  # its numbers and its words then tell
                reading(page).wait_for(timeout=READ_TIMEOUT_MS)
        pages[0].wait_for_timeout(1000 * SETTLE_S)
        videos = [returned_video(page) for page in pages]
        flowing = [video for video in videos if video.count()]
        for video in flowing:
            watch(video)
        pages[0].wait_for_timeout(1000 * (seconds + STRAGGLERS_S))
        loop = round(LOOP_S * FRAMES_PER_SECOND)
        flows = [noted(video, loop, seconds) if video in flowing else nothing(seconds) for video in videos]
        return flows, [" ".join(page.locator(STREAM_STATUS).all_inner_texts()) or "nothing" for page in pages]


def _said(flow: Flow) -> str:
    return (
        f"{flow.returned} of {flow.camera_frames} frames came back, {flow.annotated} with boxes, {flow.frames_per_second:.1f} a second; "
        f"median age {flow.age_ms(50):.0f} ms; {flow.unreadable} numbers unreadable"
    )
