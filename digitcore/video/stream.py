"""Process a stream's video frames: decode, read, encode, and keep track of the stream's phase. Needs PyAV, of the extra `video`."""

import logging
import os
import threading
import time
from collections.abc import Callable
from enum import StrEnum
from typing import Final

import cv2
import numpy as np

from digitcore.errors import MissingExtraError
from digitcore.types import UInt8Array
from digitcore.video.reader import LiveReader

try:
    import av
    from av.video.reformatter import VideoReformatter
except ModuleNotFoundError as error:
    raise MissingExtraError.for_extra("video") from error

STALL_TIMEOUT_S: Final = 3.0
"""The time without a frame after which a stream counts as stopped."""

CLOSE_TIMEOUT_S: Final = 2.5
"""The time without a frame after which a stream whose track has ended is lost. It is not lost at once, as an earlier stream's track may end
after the next stream has started."""

LOSS_TIMEOUT_S: Final = 10.0
"""The time without a frame after which a stream is lost."""

CONNECT_TIMEOUT_S: Final = 15.0
"""The time within which the first frame must arrive: it includes the browser's request for the camera and the ICE negotiation."""

_cores: Final = threading.BoundedSemaphore(os.cpu_count() or 1)
"""Limits how many frames are read at once. More threads than cores take the interpreter lock from each other in the middle of their frames:
without it, three streams on two cores read 112 frames a second in all, with it 140 to 160."""

_logger = logging.getLogger(__name__)


class StreamPhase(StrEnum):
    """The state of a stream."""

    OFF = "off"
    """It has not been started, or was ended normally."""

    STARTING = "starting"
    """No frame has arrived yet."""

    UNREACHABLE = "unreachable"
    """No frame arrived within `CONNECT_TIMEOUT_S`."""

    LIVE = "live"
    """Frames arrive."""

    STOPPED = "stopped"
    """Frames arrived, but none for `STALL_TIMEOUT_S`."""


class VideoStream:
    """Reads the frames of one stream, one after another.

    It never raises: a frame that can't be read is returned unchanged, and the first such error is logged.

    Args:
        reader: reads the pixels.
        clock: gives seconds that never go back.
    """

    def __init__(self, reader: LiveReader, clock: Callable[[], float] = time.monotonic) -> None:
        self.reader = reader
        self.connected = False
        """Whether a frame has arrived since the last start."""

        self._clock = clock
        self._reformatter = VideoReformatter()
        self._shown: tuple[UInt8Array, UInt8Array] | None = None
        self._started_s: float | None = None
        self._final_phase = StreamPhase.OFF
        self._last_frame_s = 0.0
        self._track_ended = False
        self._has_logged_error = False

    @property
    def is_on(self) -> bool:
        """Return whether the stream has been started and not ended since."""
        return self._started_s is not None

    def start(self) -> None:
        """Start the stream; nothing happens if it is running."""
        if self._started_s is None:
            self._started_s = self._last_frame_s = self._clock()
            self.connected = self._track_ended = False
            self.reader.restart()

    def end(self) -> None:
        """End the stream. If it ended because frames failed to arrive, its phase shows that until the next start."""
        if self._started_s is not None:
            phase = self.phase()
            self._final_phase = phase if phase in (StreamPhase.STOPPED, StreamPhase.UNREACHABLE) else StreamPhase.OFF
        self._started_s = self._shown = None

    def reset(self) -> None:
        """End the stream, and forget its last frame and how it ended; only the log is kept."""
        self.end()
        self._final_phase = StreamPhase.OFF
        self.reader.restart()

    def mark_track_ended(self) -> None:
        """Record that a track has ended. If frames still arrive, the track belonged to an earlier stream."""
        self._track_ended = True

    def phase(self, now_s: float | None = None) -> StreamPhase:
        """Determine the state of the stream.

        Args:
            now_s: the time by the stream's clock; by default now.

        Returns:
            The phase at that time.
        """
        if self._started_s is None:
            return self._final_phase
        idle_s = self._idle_s(now_s)
        if self.connected:
            return StreamPhase.STOPPED if idle_s >= STALL_TIMEOUT_S else StreamPhase.LIVE
        return StreamPhase.UNREACHABLE if idle_s >= CONNECT_TIMEOUT_S else StreamPhase.STARTING

    def is_lost(self, now_s: float | None = None) -> bool:
        """Return whether no more frames can be expected.

        Args:
            now_s: the time by the stream's clock; by default now.
        """
        idle_s = self._idle_s(now_s)
        closed = self._track_ended and idle_s >= CLOSE_TIMEOUT_S
        phase = self.phase(now_s)
        return closed or phase is StreamPhase.UNREACHABLE or (phase is StreamPhase.STOPPED and idle_s >= LOSS_TIMEOUT_S)

    def process(self, frame: av.VideoFrame, dropped: int = 0) -> av.VideoFrame:
        """Read a frame and draw boxes and digits into it.

        Args:
            frame: of any size and pixel format.
            dropped: frames skipped since the last call.

        Returns:
            The annotated frame with the same timestamp, in 4:2:0; the same frame if it can't be read.
        """
        self._last_frame_s, self.connected, self._track_ended = self._clock(), True, False
        try:
            captured_s = None if frame.time_base is None else frame.time
            with _cores:
                pixels = self.reader.show_frozen(self._last_frame_s, captured_s, dropped)
                if pixels is None:
                    pixels = self.reader.process(rgb_from_frame(frame, self._reformatter), self._last_frame_s, captured_s, dropped)
                annotated = self._to_frame(pixels)
        except Exception:  # no fault in one frame may end the stream
            if not self._has_logged_error:
                _logger.exception("A frame of %s×%s (%s) could not be read.", frame.width, frame.height, frame.format.name)
                self._has_logged_error = True
            return frame
        if frame.pts is not None and frame.time_base is not None:
            annotated.pts, annotated.time_base = frame.pts, frame.time_base
        return annotated

    def _to_frame(self, pixels: UInt8Array) -> av.VideoFrame:
        """Convert pixels to a frame; those of a frozen frame, which are shown again and again, only once."""
        shown = self._shown
        if shown is None or shown[0] is not pixels:
            self._shown = shown = pixels, yuv_from_rgb(pixels)
        return frame_from_yuv(shown[1])

    def _idle_s(self, now_s: float | None) -> float:
        return (self._clock() if now_s is None else now_s) - self._last_frame_s


def rgb_from_frame(frame: av.VideoFrame, reformatter: VideoReformatter) -> UInt8Array:
    """Convert a frame to RGB. Browsers send upright frames, however a phone is held.

    Args:
        frame: of any pixel format.
        reformatter: one for the whole stream; `frame.to_ndarray` would start two threads that live as long as the frame.

    Returns:
        uint8 `(H, W, 3)` RGB.
    """
    return np.asarray(reformatter.reformat(frame, format="rgb24", threads=1).to_ndarray(), np.uint8)


def yuv_from_rgb(pixels: UInt8Array) -> UInt8Array:
    """Convert pixels to 4:2:0, as encoders take it.

    Args:
        pixels: uint8 `(H, W, 3)` RGB; an odd last row or column is repeated.

    Returns:
        uint8 `(1.5 H, W)`, H and W even: the planes Y, U and V, one after another.
    """
    height, width = pixels.shape[:2]
    even = np.pad(pixels, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge") if height % 2 or width % 2 else pixels
    return np.asarray(cv2.cvtColor(even, cv2.COLOR_RGB2YUV_I420), np.uint8)


def frame_from_yuv(planes: UInt8Array) -> av.VideoFrame:
    """Make a frame of planes in 4:2:0, which aren't copied if their height is a multiple of four.

    Args:
        planes: as `yuv_from_rgb` returns them; they must not change afterwards.

    Returns:
        A frame in `yuv420p`.
    """
    is_cropped_by_pyav = len(planes) % 6 != 0  # PyAV 18 takes the height for a multiple of four here
    make_frame = av.VideoFrame.from_ndarray if is_cropped_by_pyav else av.VideoFrame.from_numpy_buffer
    return make_frame(planes, format="yuv420p")
