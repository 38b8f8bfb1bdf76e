"""Number the frames of a video, and find out from the browser which of them the server returned, and after how long.

The number is painted as blocks into a strip along the top, in two colours of the same luma. The app reads greyscale, so the strip
neither counts as ink nor slows it down, while the blocks survive the compression of the video. The second half of the blocks repeats the
first half, inverted, so that a wrongly decoded number is detected.
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
RECORDS: Final = "window.digitsFrames"
"""JavaScript expression for the frames that the probe has recorded."""

BITS: Final = 8
BLOCKS: Final = 2 * BITS
STRIP_PX: Final = 32
ONE_RGB: Final = (140, 200, 255)
ZERO_RGB: Final = (240, 185, 60)
"""Both have luma 188 (BT.601)."""

BAND_YY: Final = (150, 330)
"""First and last row of the band that contains the digits and their boxes."""

BLUE_TOLERANCE: Final = 20
"""Greatest change of each chroma component of a box by the compression."""

BLUE_SHARE: Final = 0.01
"""Least share of the band with the colour of boxes in an annotated frame; five boxes with labels have about 0.05, ink and paper 0."""

CAMERA_STEP: Final = 5
"""The probe looks at one of this many frames of the camera; they come at even intervals, so that the other times are interpolated."""

KEEP_CAMERA: Final = """
const getUserMedia = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
if (getUserMedia) navigator.mediaDevices.getUserMedia = async (constraints) => (window.digitsCamera = await getUserMedia(constraints));
"""
"""JavaScript to run in a page before its own scripts: it keeps the camera's stream for the probe."""

GREY: Final = 128
VIDEO_RANGE: Final = 224 / 255
"""Scale from full-range chroma (0 to 255, JPEG) to that of video (16 to 240, BT.601), both around `GREY`."""

MIN_FRAMES: Final = 20
"""Least number of frames, those of one second, for a percentile."""


@dataclass(frozen=True, slots=True)
class StreamResult:
    """The frames of a camera in a period, and those that the server returned."""

    camera_frames: int
    seconds: float
    returned: int
    """Number of distinct frames that came back."""

    annotated: int
    """Number of these with boxes drawn."""

    ages_ms: list[float]
    """Time from capture to first display of each frame that came back."""

    unreadable: int
    """Number of displayed frames whose number couldn't be decoded."""

    @property
    def frames_per_second(self) -> float:
        """Return the number of distinct frames that came back per second."""
        return self.returned / self.seconds

    def age_ms(self, percent: int) -> float:
        """Return a percentile of the frames' ages; infinite if fewer than `MIN_FRAMES` came back."""
        return percentile(self.ages_ms, percent) if len(self.ages_ms) >= MIN_FRAMES else math.inf


def paint_numbers(frames: Iterable[UInt8Array]) -> Iterator[UInt8Array]:
    """Paint consecutive numbers from 0 into copies of at most 2⁸ frames, uint8 `(H, W, 3)` RGB."""
    for number, frame in enumerate(frames):
        bits = [number >> index & 1 for index in range(BITS)]
        colours = np.array([ONE_RGB if bit else ZERO_RGB for bit in chain(bits, (1 - bit for bit in bits))], np.uint8)
        painted = frame.copy()
        painted[:STRIP_PX] = np.repeat(colours, frame.shape[1] // BLOCKS, axis=0)
        yield painted


def start_recording(video: Locator) -> None:
    """Start to record the frames of the camera and of the returned video; the page must have been opened with `KEEP_CAMERA`."""
    geometry = {"heightPx": SIZE_WH[1], "cameraStep": CAMERA_STEP, "stripPx": STRIP_PX, "blocks": BLOCKS}
    _, red_difference, blue_difference = cv2.cvtColor(np.array([[ACCEPTED_RGB]], np.uint8), cv2.COLOR_RGB2YCrCb)[0, 0].tolist()
    chroma = [VIDEO_RANGE * (value - GREY) + GREY for value in (blue_difference, red_difference)]
    video.evaluate(PROBE, {**geometry, "bandYy": BAND_YY, "colourUv": chroma, "tolerance": BLUE_TOLERANCE})


def recorded_stream(video: Locator, loop_frames: int, seconds: float) -> StreamResult:
    """Evaluate a period of a recording, from the first frame of the camera that was recorded and came back.

    Args:
        video: the returned video, which has been recorded for longer than the period.
        loop_frames: number of frames after which the camera's video repeats.
        seconds: duration of the period.

    Raises:
        ValueError: the camera gave no frame.
    """
    records = video.evaluate(RECORDS)
    captured, shown = (np.array(records[kind], np.float64).reshape(-1, 3) for kind in ("captured", "shown"))
    return evaluate_frames(captured, shown, loop_frames, seconds)


def no_frames(seconds: float) -> StreamResult:
    """Make the result of a stream of which no frame came back."""
    return StreamResult(round(seconds * FRAMES_PER_SECOND), seconds, 0, 0, [], 0)


def evaluate_frames(captured: Float64Array, shown: Float64Array, loop_frames: int, seconds: float) -> StreamResult:
    """Match the frames that were shown with those of the camera.

    The offset between the clocks of camera and browser is taken from the frame with the least delay between the two, which counts as 0.

    Args:
        captured: for each recorded frame of the camera its number, its capture by the camera's clock, and its arrival in the browser by
            the browser's clock, in milliseconds: float64 `(N, 3)`. The number is −1 where it couldn't be decoded.
        shown: for each displayed frame its number, its time in milliseconds, and the share of pixels with the colour of boxes:
            float64 `(M, 3)`.
        loop_frames: number of frames after which the camera's video repeats.
        seconds: duration of the period.

    Raises:
        ValueError: the camera gave no frame.
    """
    captured = captured[captured[:, 0] >= 0]
    if not len(captured):
        raise ValueError("expected frames of the camera, received none.")
    counts = np.unwrap(captured[:, 0], period=loop_frames)
    captured_ms = captured[:, 1] + (captured[:, 2] - captured[:, 1]).min()
    expected = round(seconds * FRAMES_PER_SECOND)
    readable = shown[(shown[:, 0] >= 0) & (shown[:, 1] >= captured[0, 2])]
    newest = np.interp(readable[:, 1], captured_ms, counts).round()
    shown_counts = newest - (newest - readable[:, 0]) % loop_frames
    first = min(shown_counts[shown_counts >= counts[0]], default=counts[0])
    inside = (shown_counts >= first) & (shown_counts < first + expected)
    numbers, indices = np.unique(shown_counts[inside], return_index=True)
    ages = readable[inside][indices, 1] - np.interp(numbers, counts, captured_ms)
    annotated = readable[inside][indices, 2] >= BLUE_SHARE
    return StreamResult(expected, seconds, len(numbers), int(annotated.sum()), ages.tolist(), int((shown[:, 0] < 0).sum()))
