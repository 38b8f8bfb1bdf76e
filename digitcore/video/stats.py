"""Measure a stream: frame rate, processing time, delay, and dropped frames."""

from collections import deque
from dataclasses import dataclass
from typing import Final

WINDOW_S: Final = 2.0
"""The time over which the frame rate and the processing time are averaged."""

TRANSIT_WINDOW_S: Final = 10.0
"""The time within which the fastest frame gives the offset between the camera's clock and this machine's; short enough for clock drift."""

MAX_SAMPLES: Final = 1_000
"""The most samples that are kept, which bounds the memory: no camera sends more frames in `TRANSIT_WINDOW_S`."""


@dataclass(frozen=True, slots=True)
class StreamStats:
    """Statistics of a stream at one moment.

    Attributes:
        frames: frames processed since the start.
        frames_per_second: frame rate over the last `WINDOW_S` seconds.
        processing_ms: mean time per frame for reading, tracking and drawing.
        delay_ms: how long after capture the last frame was ready, processing included, beyond the transit time of the fastest frame.
        dropped: frames skipped since the start because a newer one had already arrived.

    Examples:
        >>> recorder = StatsRecorder()
        >>> for frame in range(21):
        ...     stats = recorder.record_frame(now_s=0.05 * frame, processing_ms=10.0, captured_s=None, dropped=0)
        >>> stats.frames, round(stats.frames_per_second), stats.delay_ms
        (21, 20, 10.0)
    """

    frames: int = 0
    frames_per_second: float = 0.0
    processing_ms: float = 0.0
    delay_ms: float = 0.0
    dropped: int = 0


class StatsRecorder:
    """Accumulates the statistics of one stream, in bounded memory."""

    def __init__(self) -> None:
        self._stats = StreamStats()
        self._samples: deque[tuple[float, float]] = deque(maxlen=MAX_SAMPLES)
        self._transits: deque[tuple[float, float]] = deque(maxlen=MAX_SAMPLES)
        self._captured_s = float("-inf")

    def record_frame(self, now_s: float, processing_ms: float, captured_s: float | None, dropped: int) -> StreamStats:
        """Add a frame that is ready to be shown.

        Args:
            now_s: the time, in seconds of a clock that never goes back.
            processing_ms: how long the frame took.
            captured_s: when it was captured, by the camera's clock, which may start anywhere; None where the frame has no timestamp.
            dropped: frames skipped since the last one.

        Returns:
            The statistics including this frame.
        """
        self._samples.append((now_s, processing_ms))
        while now_s - self._samples[0][0] > WINDOW_S:
            self._samples.popleft()
        span = now_s - self._samples[0][0]
        self._stats = StreamStats(
            frames=self._stats.frames + 1,
            frames_per_second=(len(self._samples) - 1) / span if span > 0 else 0.0,
            processing_ms=sum(each for _, each in self._samples) / len(self._samples),
            delay_ms=self._delay_ms(now_s, processing_ms, captured_s),
            dropped=self._stats.dropped + dropped,
        )
        return self._stats

    def _delay_ms(self, now_s: float, processing_ms: float, captured_s: float | None) -> float:
        """Estimate the frame's delay: its transit time beyond the fastest frame's, and its processing time."""
        if captured_s is None:
            return processing_ms
        if captured_s < self._captured_s:  # the camera, and with it its clock, was restarted
            self._transits.clear()
        self._captured_s = captured_s
        transit_s = now_s - processing_ms / 1000 - captured_s
        self._transits.append((now_s, transit_s))
        while now_s - self._transits[0][0] > TRANSIT_WINDOW_S:
            self._transits.popleft()
        return 1000 * (transit_s - min(each for _, each in self._transits)) + processing_ms
