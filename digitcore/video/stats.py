"""How well a stream flows: frames a second, how long one takes, how old it is, how many were passed over."""

from collections import deque
from dataclasses import dataclass
from typing import Final

WINDOW_S: Final = 2.0
"""Frames a second and milliseconds are of so long a time."""

CLOCK_S: Final = 10.0
"""The quickest frame of so long a time tells the camera's clock from this machine's."""

MOST: Final = 1_000
"""No camera sends more frames in `CLOCK_S`."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Numbers of a stream at one moment."""

    frames: int = 0
    """Analysed since the start."""

    frames_per_second: float = 0.0
    analysis_ms: float = 0.0
    """Of a frame, in the mean: reading, following and drawing."""

    age_ms: float = 0.0
    """How long after the quickest frame's way the last one was ready, its own analysis included."""

    dropped: int = 0
    """Passed over since the start, as a newer one was there already."""


class FlowMeter:
    """Counts the frames of one stream."""

    def __init__(self) -> None:
        self._flow = Flow()
        self._times: deque[tuple[float, float]] = deque(maxlen=MOST)
        self._transits: deque[tuple[float, float]] = deque(maxlen=MOST)
        self._taken_s = float("-inf")

    def came(self, now_s: float, analysis_ms: float, taken_s: float | None, dropped: int) -> Flow:
        """One more frame is ready.

        Args:
            now_s: the time.
            analysis_ms: how long it took.
            taken_s: when it was taken by the camera's clock, which may have any beginning; None where it says nothing.
            dropped: how many before it were passed over.

        Returns:
            The numbers from now on.
        """
        self._times.append((now_s, analysis_ms))
        while now_s - self._times[0][0] > WINDOW_S:
            self._times.popleft()
        span = now_s - self._times[0][0]
        self._flow = Flow(
            frames=self._flow.frames + 1,
            frames_per_second=(len(self._times) - 1) / span if span > 0 else 0.0,
            analysis_ms=sum(each for _, each in self._times) / len(self._times),
            age_ms=self._age_ms(now_s, analysis_ms, taken_s),
            dropped=self._flow.dropped + dropped,
        )
        return self._flow

    def _age_ms(self, now_s: float, analysis_ms: float, taken_s: float | None) -> float:
        if taken_s is None:
            return analysis_ms
        if taken_s < self._taken_s:  # the camera was started anew, and its clock with it
            self._transits.clear()
        self._taken_s = taken_s
        transit_s = now_s - analysis_ms / 1000 - taken_s
        self._transits.append((now_s, transit_s))
        while now_s - self._transits[0][0] > CLOCK_S:
            self._transits.popleft()
        return 1000 * (transit_s - min(each for _, each in self._transits)) + analysis_ms
