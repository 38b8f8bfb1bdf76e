"""Read a stream frame by frame: recognise, track, fuse, debounce, draw.

This module works on arrays only; cameras, networks and pages belong to its callers.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

import cv2
import numpy as np

from digitcore.io.annotation import annotate
from digitcore.io.conversion import check_array
from digitcore.io.decode import UprightPicture, load_picture
from digitcore.io.picture_limits import MIN_SIDE_PX
from digitcore.pipeline import read_image
from digitcore.recognition.classification import MarkClassifier
from digitcore.recognition.classifier import Classifier, default_classifier
from digitcore.recognition.personalization import PersonalClassifier
from digitcore.recognition.writer_profile import WriterProfile
from digitcore.results import Digit, Reading, Status, lines_of
from digitcore.settings import Settings
from digitcore.types import UInt8Array
from digitcore.video.debounce import Debouncer
from digitcore.video.log import NumberLog
from digitcore.video.reuse import MIN_REUSED_CONFIDENCE, ReusingClassifier
from digitcore.video.stats import StatsRecorder, StreamStats
from digitcore.video.track import Track
from digitcore.video.tracker import Tracker

MAX_FRAME_SIDE_PX: Final = 960
"""Larger frames are first reduced to this longer side, so that a camera which sends more than requested does not slow the stream down."""


@dataclass(frozen=True, slots=True, eq=False)
class LiveView:
    """The state of a stream at one moment. It is never modified, so any thread may keep one.

    Attributes:
        reading: the confirmed digits with fused probabilities, without stages; its text changes only once a new one has lasted.
        picture: the last frame as it was received, or reduced: uint8 `(H, W, 3)` RGB.
        annotated: the same with boxes and digits drawn.
        stats: frame rate, processing time, delay and dropped frames.
        time_s: when the frame was processed, in seconds of `time.monotonic`.

    Examples:
        >>> import numpy as np
        >>> reader = LiveReader()
        >>> _ = reader.process(np.full((48, 64, 3), 255, np.uint8))
        >>> reader.view.picture.shape, reader.view.stats.frames
        ((48, 64, 3), 1)
    """

    reading: Reading
    picture: UInt8Array
    annotated: UInt8Array
    stats: StreamStats
    time_s: float


class LiveReader:
    """Reads one stream. One thread calls `process`; any thread may read `view` and `log`, freeze and resume.

    Args:
        settings: those of the reading pipeline; by default `Settings()`.
        classifier: the network; by default the packaged one.
        timer: measures how long a frame takes, in seconds.

    Examples:
        >>> import numpy as np
        >>> reader = LiveReader()
        >>> shown = reader.process(np.full((480, 640, 3), 255, np.uint8), now_s=0.0)
        >>> shown.shape, reader.view.reading.text, str(reader.view.reading.status)
        ((480, 640, 3), '', 'blank')
    """

    def __init__(
        self, settings: Settings | None = None, classifier: Classifier | None = None, timer: Callable[[], float] = time.perf_counter
    ) -> None:
        self.view: LiveView | None = None
        """The current state; None before the first frame."""

        self.frozen = False
        """Whether picture and reading are kept as they are until `resume`."""

        self.profile: WriterProfile | None = None
        """The writer's own digits, to which the answers are adapted from the next frame on. Any thread may assign another profile; one that
        is in use must not be changed."""

        self.log = NumberLog()
        self._settings = settings or Settings()
        self._classifier = classifier
        self._timer = timer
        self._reset()

    def process(self, frame: UInt8Array, now_s: float | None = None, captured_s: float | None = None, dropped: int = 0) -> UInt8Array:
        """Read the next frame.

        Args:
            frame: uint8 `(H, W)`, `(H, W, 3)` RGB or `(H, W, 4)` RGBA, of any size, which may change from frame to frame.
            now_s: the time, in seconds of `time.monotonic`; by default now.
            captured_s: when the frame was captured, by the camera's own clock; None if unknown.
            dropped: frames skipped since the last call.

        Returns:
            The frame to show, uint8 `(h, w, 3)` RGB, with boxes and digits drawn; while frozen, the frozen frame.

        Raises:
            ValueError: `frame` is of another shape or type.
        """
        now_s = time.monotonic() if now_s is None else now_s
        frozen = self.show_frozen(now_s, captured_s, dropped)
        if frozen is not None:
            return frozen
        start = self._timer()
        check_array(frame)
        if not frame.size:
            raise ValueError(f"expected a uint8 frame with pixels, received shape {frame.shape}.")
        picture = load_picture(_pad_to_minimum(_reduce(frame)))
        reading = self._read(picture, now_s)
        annotated = annotate(picture.pixels, reading)
        steady = self._debouncer.update(reading, now_s)
        self.view = LiveView(steady, picture.pixels, annotated, self._record_frame(start, now_s, captured_s, dropped), now_s)
        self.log.record(steady.text, steady.lowest_confidence or 0.0, datetime.now(UTC), now_s)
        return annotated

    def show_frozen(self, now_s: float, captured_s: float | None = None, dropped: int = 0) -> UInt8Array | None:
        """Count the next frame without its pixels, while the picture is frozen.

        Args:
            now_s: as in `process`, like the rest.
            captured_s: likewise.
            dropped: likewise.

        Returns:
            The frozen frame; None where the next frame has to be processed, and nothing was counted.
        """
        last = self.view
        if not self.frozen or last is None:
            return None
        stats = self._record_frame(self._timer(), now_s, captured_s, dropped)
        self.view = LiveView(last.reading, last.picture, last.annotated, stats, now_s)
        return last.annotated

    def freeze(self) -> None:
        """Keep the current picture and reading until `resume`; frames are still counted."""
        self.frozen = True

    def resume(self) -> None:
        """Read again, with new tracks, as the camera has moved in the meantime."""
        self._start_tracking()
        self.frozen = False

    def restart(self) -> None:
        """Start over for another stream; only the log is kept."""
        self.view = None
        self._reset()
        self.frozen = False

    def _reset(self) -> None:
        self._stats = StatsRecorder()
        self._debouncer: Debouncer[Reading] = Debouncer(lambda reading: reading.text)
        self._start_tracking()

    def _start_tracking(self) -> None:
        self._tracker = Tracker()
        self._reusing: ReusingClassifier | None = None
        self._profile_in_use: WriterProfile | None = None
        self._numbers: Reading | None = None  # of the last frame that alone has the fused digits

    def _read(self, picture: UprightPicture, now_s: float) -> Reading:
        profile = self.profile
        if profile is not self._profile_in_use:  # what was read before would remain for a while, fused over time
            self._start_tracking()
            self._profile_in_use = profile
        self._reusing = reusing = self._reusing or ReusingClassifier(_adapted(self._classifier or default_classifier(), profile))
        single = read_image(picture, self._settings, reusing)
        self._tracker.update(single.digits, now_s)
        reusing.keep((track.detection.model_input for track in self._tracker.tracks if _is_locked(track)), now_s)
        fused = _fused_reading(self._tracker.digits(), picture.size_wh, single)
        if fused.lines == single.lines:
            self._numbers = single
        if self._numbers is None or self._numbers.lines != fused.lines:
            return fused
        return replace(fused, numbers=self._numbers.numbers, alternatives=self._numbers.alternatives)

    def _record_frame(self, start: float, now_s: float, captured_s: float | None, dropped: int) -> StreamStats:
        elapsed_s = self._timer() - start
        return self._stats.record_frame(now_s + elapsed_s, 1000 * elapsed_s, captured_s, dropped)


def _adapted(classifier: Classifier, profile: WriterProfile | None) -> MarkClassifier:
    """Return the classifier that uses the writer's examples, if there are any."""
    return PersonalClassifier(classifier, profile) if profile else classifier


def _is_locked(track: Track) -> bool:
    """Return whether a mark has a confirmed label, and its last detection agrees with confidence."""
    detection = track.detection
    return detection.accepted and detection.label == track.label and detection.confidence >= MIN_REUSED_CONFIDENCE


def _reduce(frame: UInt8Array) -> UInt8Array:
    """Reduce a frame to `MAX_FRAME_SIDE_PX`; smaller ones are returned as they are."""
    longer_side = max(frame.shape[:2])
    if longer_side <= MAX_FRAME_SIDE_PX:
        return frame
    width, height = (max(round(side * MAX_FRAME_SIDE_PX / longer_side), 1) for side in (frame.shape[1], frame.shape[0]))
    return np.asarray(cv2.resize(frame, (width, height), interpolation=cv2.INTER_AREA), frame.dtype)


def _pad_to_minimum(frame: UInt8Array) -> UInt8Array:
    """Repeat the last row and column of a frame too narrow to be read; others are returned as they are."""
    padding = [(0, max(MIN_SIDE_PX - side, 0)) for side in frame.shape[:2]]
    if padding == [(0, 0), (0, 0)]:
        return frame
    return np.pad(frame, [*padding, *([(0, 0)] * (frame.ndim - 2))], mode="edge")


def _fused_reading(digits: Sequence[Digit], size_wh: tuple[int, int], single: Reading) -> Reading:
    """Make a reading from fused digits in reading order, without numbers."""
    lines = lines_of(digits)
    without_digits = Status.BLANK if single.status is Status.BLANK else Status.NO_DIGIT
    status = Status.OK if digits else without_digits
    return Reading(status, lines, list(digits), [], size_wh, single.elapsed_ms)
