"""Follow one mark over time: fuse what the network predicts for it, and confirm its label.

A track is updated with a detection, that is a mark of one frame, whenever one is associated with it. Predictions are fused as the mean of
their log-probabilities, weighted by age. A track starts tentative; its label is confirmed once enough detections agree, and a confirmed
label changes only by repeated and certain evidence (hysteresis), so that the number shown does not flicker.
"""

import math
from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np

from digitcore.recognition.prediction import Prediction
from digitcore.results import Digit
from digitcore.types import Float64Array, UInt8Array

FUSION_TIME_CONSTANT_S: Final = 0.5
"""The age at which a detection's weight has decreased by a factor of e."""

MIN_CONFIRMATION_DETECTIONS: Final = 4
MIN_CONFIRMATION_TIME_S: Final = 0.2
MIN_CONFIRMATION_CONFIDENCE: Final = 0.8
"""A label is confirmed after at least this many detections over at least this time, with at least this fused confidence."""

MAX_TENTATIVE_TIME_S: Final = 0.6
"""A track without a confirmed label is shown, as uncertain, only after this time: a hand or a shadow has passed by then."""

MIN_CHANGE_CONFIDENCE: Final = 0.9
"""Only detections with at least this confidence count as evidence against a confirmed label."""

MIN_SAME_INK_CORRELATION: Final = 0.55
"""The correlation of a track's blurred pictures below which another mark has replaced it. Two writings of one digit have about 0.6;
one mark seen twice by a shaken, noisy camera has 0.9."""

MIN_OTHER_INK_DETECTIONS: Final = 2
MIN_OTHER_LABEL_DETECTIONS: Final = 4
"""How many consecutive detections must show other ink, or another label, before the track starts over as another mark."""

DIGIT_ON_SHARE: Final = 0.5
DIGIT_OFF_SHARE: Final = 0.25
"""A track counts as a digit from the first share of accepted detections on, and no longer below the second (hysteresis)."""

_BLUR_SIGMA_PX: Final = 1.5
_MIN_PROBABILITY: Final = 1e-6


@dataclass(slots=True, eq=False)
class Track:
    """One mark over time, created from its first detection.

    Attributes:
        track_id: a number that no other track of the same tracker has.
        first_seen_s: when the mark was first detected, in seconds of the tracker's clock.
        detection: the last detection.
        last_seen_s: when the mark was last detected.
        box_xywh: left, top, width and height now, float64 `(4,)`, in pixels; moved with the camera while the mark is not detected.
        detection_count: how many detections there were.
        weight: the sum of the detections' weights, which decrease with their age.
        is_digit: whether enough detections were accepted as a digit.
        label: the confirmed digit, 0 to 9; None while the track is tentative.

    Examples:
        >>> import numpy as np
        >>> probabilities = np.full(10, 0.01, np.float32)
        >>> probabilities[3] = 0.91
        >>> mark = Digit(3, 0.91, probabilities, 0.9, True, "", (10, 10, 20, 30), 0, np.eye(28, dtype=np.uint8) * 255)
        >>> track = Track(1, first_seen_s=0.0, detection=mark)
        >>> for frame in range(1, 8):
        ...     track.update(mark, now_s=0.05 * frame)
        >>> track.label, round(track.prediction.confidence, 2)
        (3, 0.91)
    """

    track_id: int
    first_seen_s: float
    detection: Digit
    last_seen_s: float = 0.0
    box_xywh: Float64Array = field(default_factory=lambda: np.zeros(4))
    detection_count: int = 0
    weight: float = 0.0
    is_digit: bool = False
    label: int | None = None
    _log_probabilities: Float64Array = field(init=False)
    _accepted_share: float = 0.0
    _reference: UInt8Array = field(init=False)
    _other_ink_count: int = 0
    _other_label_count: int = 0

    def __post_init__(self) -> None:
        self.last_seen_s = self.first_seen_s
        self._start(self.detection, self.first_seen_s)
        self.update(self.detection, self.first_seen_s)

    @property
    def prediction(self) -> Prediction:
        """Return the fused prediction: the normalised weighted geometric mean of all predictions."""
        powers = np.exp(self._log_probabilities - self._log_probabilities.max())
        return Prediction((powers / powers.sum()).astype(np.float32), self.detection.classes)

    @property
    def is_visible(self) -> bool:
        """Return whether to show the track: a digit that is confirmed, or tentative for longer than `MAX_TENTATIVE_TIME_S`."""
        return self.is_digit and (self.label is not None or self.last_seen_s - self.first_seen_s >= MAX_TENTATIVE_TIME_S)

    def update(self, detection: Digit, now_s: float) -> None:
        """Fuse another detection.

        Args:
            detection: the mark as the current frame shows it.
            now_s: the time of the frame, in seconds of a clock that never goes back.
        """
        if self.detection_count and self._is_replaced_by(detection):
            self._start(detection, now_s)
        decay = math.exp((self.last_seen_s - now_s) / FUSION_TIME_CONSTANT_S)
        weight = decay * self.weight + 1
        log_probabilities = np.log(np.maximum(detection.probabilities.astype(np.float64), _MIN_PROBABILITY))
        self._log_probabilities += (log_probabilities - self._log_probabilities) / weight
        self._accepted_share += (float(detection.accepted) - self._accepted_share) / weight
        self.weight = weight
        self.detection_count += 1
        self.detection, self.last_seen_s = detection, now_s
        self.box_xywh = np.array(detection.box_xywh, np.float64)
        self.is_digit = self._accepted_share >= (DIGIT_OFF_SHARE if self.is_digit else DIGIT_ON_SHARE)
        self._confirm(now_s)

    def fused_digit(self) -> Digit:
        """Describe the track as a digit of a reading.

        Returns:
            An accepted digit with the fused probabilities. Its label is the confirmed one, or else the likeliest, with the reason why it
            is uncertain.
        """
        prediction, box = self.prediction, np.round(self.box_xywh).astype(int)
        label = prediction.label if self.label is None else self.label
        return Digit(
            label=label,
            confidence=float(prediction.probabilities[label]),
            probabilities=prediction.probabilities,
            digit_score=self.detection.digit_score,
            accepted=True,
            reason="" if self.label is not None else prediction.doubt(),
            box_xywh=(int(box[0]), int(box[1]), int(box[2]), int(box[3])),
            line=self.detection.line,
            model_input=self.detection.model_input,
            classes=self.detection.classes,
        )

    def _start(self, detection: Digit, now_s: float) -> None:
        """Forget all earlier detections: the track is another mark from now on."""
        self.first_seen_s = self.last_seen_s = now_s
        self.detection_count, self.weight, self._accepted_share = 0, 0.0, 0.0
        self._other_ink_count = self._other_label_count = 0
        self._log_probabilities = np.zeros(len(detection.probabilities))
        self.is_digit, self.label = False, None
        self._reference = _blur(detection.model_input)

    def _is_replaced_by(self, detection: Digit) -> bool:
        """Return whether recent detections show another mark. The reference picture follows ink that changes slowly."""
        blurred = _blur(detection.model_input)
        if _correlation(self._reference, blurred) >= MIN_SAME_INK_CORRELATION:
            self._other_ink_count, self._reference = 0, blurred
        else:
            self._other_ink_count += 1
        is_certain = detection.accepted and detection.confidence >= MIN_CHANGE_CONFIDENCE
        contradicts = is_certain and self.label not in (None, detection.label)
        self._other_label_count = self._other_label_count + 1 if contradicts else 0
        return self._other_ink_count >= MIN_OTHER_INK_DETECTIONS or self._other_label_count >= MIN_OTHER_LABEL_DETECTIONS

    def _confirm(self, now_s: float) -> None:
        """Confirm the label of a tentative track once its detections suffice."""
        if self.label is not None or not self.is_digit:
            return
        if self.detection_count < MIN_CONFIRMATION_DETECTIONS or now_s - self.first_seen_s < MIN_CONFIRMATION_TIME_S:
            return
        prediction = self.prediction
        if prediction.confidence >= MIN_CONFIRMATION_CONFIDENCE:
            self.label = prediction.label


def _blur(picture: UInt8Array) -> UInt8Array:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), _BLUR_SIGMA_PX), np.uint8)


def _correlation(first: UInt8Array, second: UInt8Array) -> float:
    """Compute the normalised correlation of two pictures of the same size, in [-1, 1]; 1 if either is uniform."""
    a, b = first.ravel().astype(np.float32), second.ravel().astype(np.float32)
    mean_a, mean_b = float(a.mean()), float(b.mean())
    variances = (float(a @ a) / a.size - mean_a**2) * (float(b @ b) / b.size - mean_b**2)
    return (float(a @ b) / a.size - mean_a * mean_b) / math.sqrt(variances) if variances > 0 else 1.0
