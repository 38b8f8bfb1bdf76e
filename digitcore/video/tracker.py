"""Track the marks of a stream: associate detections with tracks, and arrange the visible tracks in lines."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from digitcore.results import Digit
from digitcore.types import Float64Array
from digitcore.video.association import associate, box_centers, overlap_ratios
from digitcore.video.track import Track

MAX_MISSED_TIME_S: Final = 0.35
"""A track is deleted after this time without a detection; a finger may cover a mark for less."""

MAX_OVERLAP_RATIO: Final = 0.5
"""Of two tracks whose boxes overlap by at least this share of the smaller one, the one with less weight is suppressed."""

SAME_LINE_TOLERANCE: Final = 0.5
SLOPED_LINE_TOLERANCE: Final = 1.0
"""Two marks belong to one line if the vertical distance of their centres is below this multiple of the greater height; the second holds
for marks that were last detected in the same line, which may slope."""


class Tracker:
    """Tracks all marks of a stream.

    Examples:
        >>> import numpy as np
        >>> probabilities = np.full(10, 0.01, np.float32)
        >>> probabilities[3] = 0.91
        >>> mark = Digit(3, 0.91, probabilities, 0.9, True, "", (10, 10, 20, 30), 0, np.eye(28, dtype=np.uint8) * 255)
        >>> tracker = Tracker()
        >>> for frame in range(8):
        ...     tracker.update([mark], now_s=0.05 * frame)
        >>> [digit.label for digit in tracker.digits()]
        [3]
    """

    def __init__(self) -> None:
        self._tracks: list[Track] = []
        self._last_id = 0

    @property
    def tracks(self) -> list[Track]:
        """Return all tracks, tentative ones included, in no particular order; the list is a copy."""
        return list(self._tracks)

    def update(self, detections: Sequence[Digit], now_s: float) -> None:
        """Associate the marks of the next frame with the tracks.

        Args:
            detections: the marks of the frame, the refused ones included.
            now_s: the time of the frame, in seconds of a clock that never goes back.
        """
        boxes = np.array([detection.box_xywh for detection in detections], np.float64).reshape(-1, 4)
        pairs, shift_xy = associate(self._boxes(), boxes)
        for track_index, detection_index in pairs:
            self._tracks[track_index].update(detections[detection_index], now_s)
        updated = {track_index for track_index, _ in pairs}
        for index, track in enumerate(self._tracks):
            if index not in updated:
                track.box_xywh = track.box_xywh + np.array([*shift_xy, 0.0, 0.0])
        associated = {detection_index for _, detection_index in pairs}
        for index, detection in enumerate(detections):
            if index not in associated:
                self._last_id += 1
                self._tracks.append(Track(self._last_id, now_s, detection))
        self._tracks = [track for track in self._tracks if now_s - track.last_seen_s < MAX_MISSED_TIME_S]

    def digits(self) -> list[Digit]:
        """List the visible tracks as digits.

        Returns:
            Fused digits in reading order: lines from the top, each from the left; `line` counts from 0.
        """
        visible = _suppress_overlapping([track for track in self._tracks if track.is_visible])
        newest_s = max((track.last_seen_s for track in self._tracks), default=0.0)
        return [
            replace(track.fused_digit(), line=number)
            for number, line in enumerate(_group_in_lines(visible, newest_s))
            for track in sorted(line, key=lambda each: float(each.box_xywh[0] + each.box_xywh[2] / 2))
        ]

    def _boxes(self) -> Float64Array:
        return np.array([track.box_xywh for track in self._tracks]).reshape(-1, 4)


def _suppress_overlapping(tracks: Sequence[Track]) -> list[Track]:
    """Keep of overlapping tracks the one with the most weight (non-maximum suppression)."""
    kept: list[Track] = []
    for track in sorted(tracks, key=lambda each: -each.weight):
        if not kept or overlap_ratios(track.box_xywh, np.array([other.box_xywh for other in kept])).max() < MAX_OVERLAP_RATIO:
            kept.append(track)
    return kept


def _group_in_lines(tracks: Sequence[Track], newest_s: float) -> list[list[Track]]:
    """Group tracks in lines, from the top.

    Tracks detected in the newest frame have its line numbers. Each other track joins the line of its nearest neighbour at the same height.
    Where there is none, its whole line may be covered: it gets a line of its own, as line numbers of different frames are unrelated.
    """
    current = [track for track in tracks if track.last_seen_s >= newest_s]
    lines: dict[int, list[Track]] = {}
    for track in current:
        lines.setdefault(track.detection.line, []).append(track)
    for track in tracks:
        if track.last_seen_s < newest_s:
            neighbour = _nearest_in_line(track, current)
            line = -1 - track.detection.line if neighbour is None else neighbour.detection.line
            lines.setdefault(line, []).append(track)
    return sorted(lines.values(), key=lambda line: float(np.median([box_centers(track.box_xywh)[1] for track in line])))


def _nearest_in_line(track: Track, others: Sequence[Track]) -> Track | None:
    """Find the horizontally nearest track at the same height; failing that, in the same sloping line."""
    same_height = [other for other in others if _is_at_height_of(track, other, SAME_LINE_TOLERANCE)]
    if not same_height:
        same_line = [other for other in others if other.detection.line == track.detection.line]
        same_height = [other for other in same_line if _is_at_height_of(track, other, SLOPED_LINE_TOLERANCE)]
    return min(same_height, key=lambda other: abs(float((box_centers(other.box_xywh) - box_centers(track.box_xywh))[0])), default=None)


def _is_at_height_of(track: Track, other: Track, tolerance: float) -> bool:
    """Return whether the vertical distance of the centres is below `tolerance` times the greater height."""
    distance = abs(float((box_centers(track.box_xywh) - box_centers(other.box_xywh))[1]))
    return distance < tolerance * float(max(track.box_xywh[3], other.box_xywh[3]))
