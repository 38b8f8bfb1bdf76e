"""From frame to frame: read, follow, fuse, draw. Knows arrays alone: no camera, no network, no page."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import cv2
import numpy as np

from digitcore.io.annotation import annotate
from digitcore.io.decode import MIN_SIDE_PX, UprightPicture, load_picture
from digitcore.pipeline import read_image
from digitcore.recognition.classifier import Classifier
from digitcore.results import Digit, Reading, Status, lines_of
from digitcore.settings import Settings
from digitcore.types import UInt8Array
from digitcore.video.debounce import Steady
from digitcore.video.log import NumberLog
from digitcore.video.stats import Flow, FlowMeter
from digitcore.video.tracker import Tracker

LONGEST_PX: Final = 960
"""Larger frames are reduced to this before all else: a camera that sends more than was asked for must not make the stream slow."""


@dataclass(frozen=True, slots=True, eq=False)
class LiveView:
    """What a stream says at one moment. Never changed: any thread may keep one."""

    reading: Reading
    """The digits that are believed, with fused probabilities; without stages. Its text changes only once a new one has lasted."""

    picture: UInt8Array
    """The last frame as it came, or reduced, uint8 `(H, W, 3)` RGB."""

    annotated: UInt8Array
    """The same with boxes and digits."""

    flow: Flow
    seen_s: float
    """When, by `time.monotonic`."""


class LiveReader:
    """Reads one stream. One thread calls `see`; any may look at `view` and `log`, and hold."""

    def __init__(self, settings: Settings | None = None, classifier: Classifier | None = None) -> None:
        self.view: LiveView | None = None
        """None before the first frame."""

        self.held = False
        """Whether the picture is frozen and its reading kept, until `go_on`."""

        self.log = NumberLog()
        self._settings = settings or Settings()
        self._classifier = classifier
        self._meter = FlowMeter()
        self._tracker = Tracker()
        self._steady: Steady[Reading] = Steady(lambda reading: reading.text)

    def see(self, frame: UInt8Array, now_s: float | None = None, taken_s: float | None = None, dropped: int = 0) -> UInt8Array:
        """One more frame.

        Args:
            frame: uint8 `(H, W)`, `(H, W, 3)` RGB or `(H, W, 4)` RGBA, of any size, also another than before.
            now_s: the time, in seconds of `time.monotonic`; by default now.
            taken_s: when it was taken, by the camera's own clock.
            dropped: how many before it were passed over.

        Returns:
            The frame to show, uint8 `(h, w, 3)` RGB: with boxes and digits; while held, the frame that was held.

        Raises:
            ValueError: `frame` is of another shape or type.
        """
        start = time.perf_counter()
        now_s = time.monotonic() if now_s is None else now_s
        held = self.view
        if self.held and held is not None:
            self.view = LiveView(held.reading, held.picture, held.annotated, self._measured(start, now_s, taken_s, dropped), now_s)
            return held.annotated
        picture = load_picture(_grown(_reduced(frame)))
        reading = self._read(picture, now_s)
        annotated = annotate(picture.pixels, reading)
        steady = self._steady.take(reading, now_s)
        self.view = LiveView(steady, picture.pixels, annotated, self._measured(start, now_s, taken_s, dropped), now_s)
        self.log.note(steady.text, steady.lowest_confidence or 0.0, datetime.now(UTC), now_s)
        return annotated

    def hold(self) -> None:
        """Freeze the picture and keep its reading."""
        self.held = True

    def go_on(self) -> None:
        """Read on, from the beginning: the camera has moved meanwhile."""
        self._tracker = Tracker()
        self.held = False

    def restart(self) -> None:
        """Another stream begins: nothing of the last one counts any more, but its log."""
        self.view = None
        self._meter, self._steady = FlowMeter(), Steady(lambda reading: reading.text)
        self.go_on()

    def _read(self, picture: UprightPicture, now_s: float) -> Reading:
        seen = read_image(picture, self._settings, self._classifier)
        self._tracker.update(seen.digits, now_s)
        return _reading(self._tracker.digits(), picture.size_wh, blank=seen.status is Status.BLANK, elapsed_ms=seen.elapsed_ms)

    def _measured(self, start: float, now_s: float, taken_s: float | None, dropped: int) -> Flow:
        elapsed_s = time.perf_counter() - start
        return self._meter.came(now_s + elapsed_s, 1000 * elapsed_s, taken_s, dropped)


def _reduced(frame: UInt8Array) -> UInt8Array:
    longest = max(frame.shape[:2])
    if longest <= LONGEST_PX:
        return frame
    width, height = (max(round(side * LONGEST_PX / longest), 1) for side in (frame.shape[1], frame.shape[0]))
    return np.asarray(cv2.resize(frame, (width, height), interpolation=cv2.INTER_AREA), frame.dtype)


def _grown(frame: UInt8Array) -> UInt8Array:
    """A frame too narrow to be read, with its last row and column repeated; any other as it is."""
    lacking = [(0, max(MIN_SIDE_PX - side, 0)) for side in frame.shape[:2]]
    if lacking == [(0, 0), (0, 0)]:
        return frame
    return np.pad(frame, [*lacking, *([(0, 0)] * (frame.ndim - 2))], mode="edge")


def _reading(digits: Sequence[Digit], size_wh: tuple[int, int], *, blank: bool, elapsed_ms: float) -> Reading:
    """Digits in reading order as a reading."""
    status = Status.OK if digits else Status.BLANK if blank else Status.NO_DIGIT
    return Reading(status, lines_of(digits), list(digits), [], size_wh, elapsed_ms)
