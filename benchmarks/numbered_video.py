"""A video whose every frame bears its number, and what the browser saw of it: how old frames are, and which came back.

The number is painted into a strip along the top, in two colours that are equally bright as grey: the app reads grey, so the strip
costs it nothing and is no ink, while the blocks survive the video's compression. Half of the blocks repeat the other half, inverted,
so that a wrongly read number is known for one.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from playwright.sync_api import Locator

from benchmarks.timing import percentile
from digitcore.io.annotation import ACCEPTED_RGB
from digitcore.types import Float64Array, UInt8Array
from synthetic.video import FRAMES_PER_SECOND, SIZE_WH

PROBE: Final = (Path(__file__).resolve().parent / "webcam_probe.js").read_text(encoding="utf-8")
NOTES: Final = "window.digitsFrames"

BITS: Final = 8
BLOCKS: Final = 2 * BITS
STRIP_PX: Final = 32
ONE_RGB: Final = (140, 200, 255)
ZERO_RGB: Final = (240, 185, 60)
"""Both of luma 188 (BT.601)."""

BAND_YY: Final = (150, 330)
"""The rows in which the digits stand and their boxes are drawn."""

BLUE_TOLERANCE: Final = 20
"""How far compression may take each of the two colour components of a box."""

BLUE_SHARE: Final = 0.01
"""Of the band; five boxes with their labels take about 0.05, writing and paper nothing."""

CAMERA_STEP: Final = 5
"""The camera's own frames come evenly: of so many, one is looked at, and the times of the others lie between."""

KEEP_CAMERA: Final = """
const ask = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
if (ask) navigator.mediaDevices.getUserMedia = async (wanted) => (window.digitsCamera = await ask(wanted));
"""
"""To run in a page before its own scripts: it keeps the camera's stream for the probe."""

GREY: Final = 128
VIDEO_RANGE: Final = 224 / 255
"""Video keeps colour differences in 16 to 240 around 128 (BT.601), pictures in 0 to 255."""

SOME: Final = 20
"""Fewer frames than a second's have no percentiles."""


@dataclass(frozen=True, slots=True)
class Flow:
    """What came back of a camera's frames during a time."""

    camera_frames: int
    seconds: float
    returned: int
    """Different frames that came back; one that is shown again counts once."""

    annotated: int
    """Of these, how many bore boxes."""

    ages_ms: list[float]
    """From the moment at which the camera took a frame to the first at which it was shown, for each that came back."""

    unreadable: int
    """Frames shown whose number couldn't be read."""

    @property
    def frames_per_second(self) -> float:
        """Return how many different frames came back in a second."""
        return self.returned / self.seconds

    def age_ms(self, percent: int) -> float:
        """Return this percentile of the frames' ages; infinite where hardly any came back."""
        return percentile(self.ages_ms, percent) if len(self.ages_ms) >= SOME else math.inf


def numbered(frames: Iterable[UInt8Array]) -> Iterator[UInt8Array]:
    """Paint consecutive numbers from 0 into the frames, uint8 `(H, W, 3)` RGB; 2⁸ of them at most."""
    for number, frame in enumerate(frames):
        bits = [number >> place & 1 for place in range(BITS)]
        colours = np.array([ONE_RGB if bit else ZERO_RGB for bit in chain(bits, (1 - bit for bit in bits))], np.uint8)
        painted = frame.copy()
        painted[:STRIP_PX] = np.repeat(colours, frame.shape[1] // BLOCKS, axis=0)
        yield painted


def watch(video: Locator) -> None:
    """Begin to note every frame of the camera and of the returned video; the page was made with `KEEP_CAMERA`."""
    geometry = {"widthPx": SIZE_WH[0], "heightPx": SIZE_WH[1], "skip": CAMERA_STEP, "stripPx": STRIP_PX, "blocks": BLOCKS}
    _, red_difference, blue_difference = cv2.cvtColor(np.array([[ACCEPTED_RGB]], np.uint8), cv2.COLOR_RGB2YCrCb)[0, 0].tolist()
    colour = [VIDEO_RANGE * (part - GREY) + GREY for part in (blue_difference, red_difference)]
    video.evaluate(PROBE, {**geometry, "bandYy": BAND_YY, "colourUv": colour, "tolerance": BLUE_TOLERANCE})


def noted(video: Locator, loop: int, seconds: float) -> Flow:
    """Observe the camera's frames for so many seconds, beginning with the first whose capture was noted.

    Args:
        video: the returned video, watched for longer than that.
        loop: number of frames after which the camera's video repeats.
        seconds: how long.
    """
    notes = video.evaluate(NOTES)
    taken, shown = (np.array(notes[kind], np.float64).reshape(-1, 3) for kind in ("taken", "shown"))
    return flow(taken, shown, loop, seconds)


def nothing(seconds: float) -> Flow:
    """Make the result of a stream of which no frame came back."""
    return Flow(round(seconds * FRAMES_PER_SECOND), seconds, 0, 0, [], 0)


def flow(taken: Float64Array, shown: Float64Array, loop: int, seconds: float) -> Flow:
    """Evaluate what became of a camera's frames.

    Args:
        taken: number, when the camera took it by its own clock, when the browser had it; for each frame looked at, float64 `(N, 3)`.
            A number of −1 wasn't readable. The quickest way from camera to browser counts as none, which tells the camera's clock.
        shown: number, when it was shown, share of boxes; likewise.
        loop: number of frames after which the camera's video repeats.
        seconds: of how long; times are milliseconds.

    Raises:
        ValueError: the camera gave no frame.
    """
    taken = taken[taken[:, 0] >= 0]
    if not len(taken):
        raise ValueError("expected frames of the camera, received none.")
    counts = np.unwrap(taken[:, 0], period=loop)
    taken_ms = taken[:, 1] + (taken[:, 2] - taken[:, 1]).min()
    wanted = round(seconds * FRAMES_PER_SECOND)
    readable = shown[(shown[:, 0] >= 0) & (shown[:, 1] >= taken[0, 2])]
    now = np.interp(readable[:, 1], taken_ms, counts).round()
    shown_counts = now - (now - readable[:, 0]) % loop
    first = min(shown_counts[shown_counts >= counts[0]], default=counts[0])
    inside = (shown_counts >= first) & (shown_counts < first + wanted)
    numbers, places = np.unique(shown_counts[inside], return_index=True)
    ages = readable[inside][places, 1] - np.interp(numbers, counts, taken_ms)
    boxed = readable[inside][places, 2] >= BLUE_SHARE
    return Flow(wanted, seconds, len(numbers), int(boxed.sum()), ages.tolist(), int((shown[:, 0] < 0).sum()))
