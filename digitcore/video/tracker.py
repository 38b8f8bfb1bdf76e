"""Marks that keep their identity from frame to frame, and what the network says of each, fused over time."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import cv2
import numpy as np

from digitcore.recognition.prediction import Prediction
from digitcore.results import Digit
from digitcore.types import Float64Array, UInt8Array
from digitcore.video.association import centres, match, overlaps

FORGETTING_S: Final = 0.5
"""After so long, a sighting counts e times less."""

LOCK_SIGHTINGS: Final = 4
LOCK_S: Final = 0.2
LOCK_FROM: Final = 0.8
"""A mark that was seen so often and for so long, and whose fused confidence reaches this, is locked."""

UNSURE_S: Final = 0.6
"""A mark that has not been locked for so long is shown as unsure; before that not at all: a hand passes, a shadow."""

UNLOCK_FROM: Final = 0.9
"""A locked mark is unlocked only by another digit that is as sure as this."""

GONE_S: Final = 0.35
"""A mark that was not seen for so long is forgotten; for less, a finger may lie on it."""

SAME_INK: Final = 0.55
"""Correlation of a mark's pictures, blurred, under which it is another mark at the same place. Two writings of one digit have about 0.6;
one mark seen twice, shaken and noisy, has 0.9."""

OTHER_INK_SIGHTINGS: Final = 2
OTHER_LABEL_SIGHTINGS: Final = 4
"""So many sightings in a row must look like other ink, or be read as another digit with the confidence of `UNLOCK_FROM`."""

DIGIT_FROM: Final = 0.5
DIGIT_UNTIL: Final = 0.25
"""A mark is a digit once this share of its sightings says so, and stops being one below the other."""

COVERED: Final = 0.5
"""Of two marks that cover each other by this share of the smaller, one is a mistake: that which was seen less."""

BESIDE: Final = 0.5
SLOPE: Final = 1.0
"""Marks stand in one line if their middles are less than so many of their heights above one another; the second, where the line slopes
and both were counted to it."""

_BLUR_PX: Final = 1.5
_NEVER: Final = 1e-6


@dataclass(slots=True, eq=False)
class Track:
    """One mark over time."""

    track_id: int
    first_s: float
    digit: Digit
    """As it was seen last."""

    last_s: float = 0.0
    box: Float64Array = field(default_factory=lambda: np.zeros(4))
    """Left, top, width and height now, float64 `(4,)`; moved along with the others where it isn't seen."""

    sightings: int = 0
    weight: float = 0.0
    """How many sightings count, the older ones less."""

    is_digit: bool = False
    label: int | None = None
    """The digit it is locked to."""

    _log_probabilities: Float64Array = field(default_factory=lambda: np.zeros(10))
    _votes: float = 0.0
    _reference: UInt8Array = field(init=False)
    _other_ink: int = 0
    _other_label: int = 0

    def __post_init__(self) -> None:
        self.last_s = self.first_s
        self._begin(self.digit, self.first_s)
        self.see(self.digit, self.first_s)

    @property
    def prediction(self) -> Prediction:
        """What the network said of it over time: the mean of its log-probabilities, later ones counting more."""
        powers = np.exp(self._log_probabilities - self._log_probabilities.max())
        return Prediction((powers / powers.sum()).astype(np.float32))

    @property
    def shown(self) -> bool:
        """Whether it is a digit, and sure or there for long enough to be believed."""
        return self.is_digit and (self.label is not None or self.last_s - self.first_s >= UNSURE_S)

    def see(self, digit: Digit, now_s: float) -> None:
        """It was seen again."""
        if self.sightings and self._is_another(digit):
            self._begin(digit, now_s)
        kept = math.exp((self.last_s - now_s) / FORGETTING_S)
        weight = kept * self.weight + 1
        spoken = np.log(np.maximum(digit.probabilities.astype(np.float64), _NEVER))
        self._log_probabilities += (spoken - self._log_probabilities) / weight
        self._votes += (float(digit.accepted) - self._votes) / weight
        self.weight = weight
        self.sightings += 1
        self.digit, self.last_s = digit, now_s
        self.box = np.array(digit.box_xywh, np.float64)
        self.is_digit = self._votes >= (DIGIT_UNTIL if self.is_digit else DIGIT_FROM)
        self._lock(now_s)

    def fused(self) -> Digit:
        """The mark as a digit of a reading, with its fused probabilities; `label` is the one that it is locked to."""
        prediction, box = self.prediction, np.round(self.box).astype(int)
        label = prediction.label if self.label is None else self.label
        return Digit(
            label=label,
            confidence=float(prediction.probabilities[label]),
            probabilities=prediction.probabilities,
            digit_score=self.digit.digit_score,
            accepted=True,
            reason="" if self.label is not None else prediction.doubt(),
            box_xywh=(int(box[0]), int(box[1]), int(box[2]), int(box[3])),
            line=self.digit.line,
            model_input=self.digit.model_input,
        )

    def _begin(self, digit: Digit, now_s: float) -> None:
        """Whatever it was before, it is this from now on."""
        self.first_s = self.last_s = now_s
        self.sightings, self.weight, self._votes = 0, 0.0, 0.0
        self._other_ink = self._other_label = 0
        self._log_probabilities = np.zeros(10)
        self.is_digit, self.label = False, None
        self._reference = _blurred(digit.model_input)

    def _is_another(self, digit: Digit) -> bool:
        """Whether it has been another mark for some sightings. The picture to compare with follows slowly changing ink."""
        now = _blurred(digit.model_input)
        if _correlation(self._reference, now) >= SAME_INK:
            self._other_ink, self._reference = 0, now
        else:
            self._other_ink += 1
        surely = digit.accepted and digit.confidence >= UNLOCK_FROM
        self._other_label = self._other_label + 1 if surely and self.label not in (None, digit.label) else 0
        return self._other_ink >= OTHER_INK_SIGHTINGS or self._other_label >= OTHER_LABEL_SIGHTINGS

    def _lock(self, now_s: float) -> None:
        if self.label is not None or not self.is_digit or self.sightings < LOCK_SIGHTINGS or now_s - self.first_s < LOCK_S:
            return
        prediction = self.prediction
        if prediction.confidence >= LOCK_FROM:
            self.label = prediction.label


class Tracker:
    """Follows all marks of a stream."""

    def __init__(self) -> None:
        self._tracks: list[Track] = []
        self._count = 0

    @property
    def tracks(self) -> list[Track]:
        """All that are followed, in no order."""
        return list(self._tracks)

    def update(self, digits: Sequence[Digit], now_s: float) -> None:
        """One more frame.

        Args:
            digits: its marks, the refused ones too.
            now_s: when it was taken, in seconds of any clock that doesn't go back.
        """
        boxes = np.array([digit.box_xywh for digit in digits], np.float64).reshape(-1, 4)
        pairs, shift_xy = match(self._boxes(), boxes)
        for track_index, digit_index in pairs:
            self._tracks[track_index].see(digits[digit_index], now_s)
        seen = {track_index for track_index, _ in pairs}
        for index, track in enumerate(self._tracks):
            if index not in seen:
                track.box = track.box + np.array([*shift_xy, 0.0, 0.0])
        taken = {digit_index for _, digit_index in pairs}
        for index, digit in enumerate(digits):
            if index not in taken:
                self._count += 1
                self._tracks.append(Track(self._count, now_s, digit))
        self._tracks = [track for track in self._tracks if now_s - track.last_s < GONE_S]

    def digits(self) -> list[Digit]:
        """The marks to believe, fused, in reading order: line by line, each from the left; `line` counts from the top."""
        shown = _without_covered([track for track in self._tracks if track.shown])
        newest = max((track.last_s for track in self._tracks), default=0.0)
        return [
            replace(track.fused(), line=number)
            for number, line in enumerate(_lines(shown, newest))
            for track in sorted(line, key=lambda each: float(each.box[0] + each.box[2] / 2))
        ]

    def _boxes(self) -> Float64Array:
        return np.array([track.box for track in self._tracks]).reshape(-1, 4)


def _without_covered(tracks: Sequence[Track]) -> list[Track]:
    """Of tracks that cover each other, those that were seen most."""
    kept: list[Track] = []
    for track in sorted(tracks, key=lambda each: -each.weight):
        if not kept or overlaps(track.box, np.array([other.box for other in kept])).max() < COVERED:
            kept.append(track)
    return kept


def _lines(tracks: Sequence[Track], newest_s: float) -> list[list[Track]]:
    """The tracks of each line from the top: as the last frame has them; one that it hasn't is put into the line beside it.

    Where there is none, its whole line may be covered: frames count their lines anew, so its number alone says nothing.
    """
    seen = [track for track in tracks if track.last_s >= newest_s]
    lines: dict[int, list[Track]] = {}
    for track in seen:
        lines.setdefault(track.digit.line, []).append(track)
    for track in tracks:
        if track.last_s >= newest_s:
            continue
        same = [other for other in seen if other.digit.line == track.digit.line and _is_beside(track, other, SLOPE)]
        beside = [other for other in seen if _is_beside(track, other, BESIDE)] or same
        nearest = min(beside, key=lambda other: abs(float((centres(other.box) - centres(track.box))[0])), default=None)
        line = -1 - track.digit.line if nearest is None else nearest.digit.line
        lines.setdefault(line, []).append(track)
    return sorted(lines.values(), key=lambda line: float(np.median([centres(track.box)[1] for track in line])))


def _is_beside(track: Track, other: Track, within: float) -> bool:
    """Whether two marks stand at about the same height: within so much of the higher one's."""
    apart = abs(float((centres(track.box) - centres(other.box))[1]))
    return apart < within * float(max(track.box[3], other.box[3]))


def _blurred(picture: UInt8Array) -> UInt8Array:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), _BLUR_PX), np.uint8)


def _correlation(first: UInt8Array, second: UInt8Array) -> float:
    """Normalised correlation of two pictures of the same size, −1 to 1."""
    return float(cv2.matchTemplate(first, second, cv2.TM_CCOEFF_NORMED)[0, 0])
