"""Frames of video to pixels and back: what stands between a stream and a `LiveReader`."""

import logging
import time
from collections.abc import Callable
from typing import Final, Literal

import av
import cv2
import numpy as np
from av.video.reformatter import VideoReformatter

from digitcore.types import UInt8Array
from digitcore.video.reader import LiveReader

SILENT_S: Final = 3.0
"""A camera of which no picture came for so long has stopped."""

CLOSED_S: Final = 2.5
"""A stream whose track has ended, and of which nothing came for so long, is closed: an earlier stream's track may end after the next
has begun."""

LOST_S: Final = 10.0
"""After so long without a picture nobody waits for the next."""

CONNECTING_S: Final = 15.0
"""The first picture comes within this, or never: asking for the camera, and finding a way to it."""

Phase = Literal["off", "starting", "unreachable", "live", "stopped"]

_logger = logging.getLogger(__name__)


class LiveVideo:
    """A stream's frames, read one after another by the stream's own thread.

    It never raises: a frame that can't be read goes back as it came.

    Args:
        reader: what reads them.
        clock: seconds that never go back.
    """

    def __init__(self, reader: LiveReader, clock: Callable[[], float] = time.monotonic) -> None:
        self.reader = reader
        self.connected = False
        """Whether the last start brought any picture."""

        self._clock = clock
        self._reformatter = VideoReformatter()
        self._started_s: float | None = None
        self._ended: Phase = "off"
        self._last_s = 0.0
        self._closing = False
        self._complained = False

    def start(self) -> None:
        """A stream is being set up."""
        if self._started_s is None:
            self._started_s = self._last_s = self._clock()
            self.connected = self._closing = False
            self.reader.restart()

    def end(self) -> None:
        """There is no stream any more; if that is because nothing came, that is remembered until the next start."""
        if self._started_s is not None:
            phase = self.phase()
            self._ended = phase if phase in ("stopped", "unreachable") else "off"
        self._started_s = None

    def close(self) -> None:
        """A track says that it has ended. If frames still come, it was not this stream's."""
        self._closing = True

    def phase(self, now_s: float | None = None) -> Phase:
        """What is to be told of the stream at this moment."""
        if self._started_s is None:
            return self._ended
        quiet_s = (self._clock() if now_s is None else now_s) - self._last_s
        if self.connected:
            return "stopped" if quiet_s >= SILENT_S else "live"
        return "unreachable" if quiet_s >= CONNECTING_S else "starting"

    def is_lost(self, now_s: float | None = None) -> bool:
        """Whether nothing will come of it any more: it is closed, or no first picture came in time, or none for `LOST_S`."""
        quiet_s = (self._clock() if now_s is None else now_s) - self._last_s
        closed = self._closing and quiet_s >= CLOSED_S
        return closed or self.phase(now_s) == "unreachable" or (self.phase(now_s) == "stopped" and quiet_s >= LOST_S)

    def read(self, frame: av.VideoFrame, dropped: int = 0) -> av.VideoFrame:
        """One frame with boxes and digits; its time is the same."""
        self._last_s, self.connected, self._closing = self._clock(), True, False
        try:
            shown = frame_of(self.reader.see(pixels_of(frame, self._reformatter), self._last_s, frame.time, dropped))
        except Exception:  # a frame must never end the stream, whatever is the matter with it
            if not self._complained:
                _logger.exception("A frame of %s×%s (%s) could not be read.", frame.width, frame.height, frame.format.name)
                self._complained = True
            return frame
        if frame.pts is not None:
            shown.pts, shown.time_base = frame.pts, frame.time_base
        return shown


def pixels_of(frame: av.VideoFrame, reformatter: VideoReformatter) -> UInt8Array:
    """A frame's pixels, uint8 `(H, W, 3)` RGB. Browsers send upright frames, however the phone is held.

    Args:
        frame: of any format.
        reformatter: the stream's own. A frame's own conversion starts two threads, which last as long as the frame.
    """
    return np.asarray(reformatter.reformat(frame, format="rgb24", threads=1).to_ndarray(), np.uint8)


def frame_of(pixels: UInt8Array) -> av.VideoFrame:
    """Pixels, uint8 `(H, W, 3)` RGB, as a frame as encoders take it: in 4:2:0, with an even number of rows and columns."""
    height, width = pixels.shape[:2]
    even = np.pad(pixels, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge") if height % 2 or width % 2 else pixels
    return av.VideoFrame.from_ndarray(np.asarray(cv2.cvtColor(even, cv2.COLOR_RGB2YUV_I420), np.uint8), format="yuv420p")
