"""Reuse what the network gave for marks of earlier frames where a mark of the current frame looks practically the same.

A locked mark that the camera shows again differs by noise and blur only, and the network's answer is the same. Two inputs of the network
count as the same if the means of all neighbourhoods of 5×5 pixels differ by at most `MAX_DIFFERENCE` grey levels: nowhere has as much ink
been added or removed as a stroke one pixel wide needs to cross such a neighbourhood. Where the mark is in the frame doesn't matter, since
the network doesn't see that.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from digitcore.recognition.classification import MarkClassifier, WrappedClassifier
from digitcore.recognition.model_input import MODEL_SIDE_PX
from digitcore.types import Float32Array, UInt8Array

MAX_DIFFERENCE: Final = 16
"""The largest difference of two local means, in grey levels, of inputs that count as the same.

Of 6,000 test images of MNIST, no two that are read as different digits with confidence differ by less than 38. An image that is blended
into its nearest one of another digit is read as that digit with confidence from 23 on in 99 of 100 cases, from 18 on if only the least
certain images are taken. A shaken camera makes up to 16 in seven of ten frames.
"""

MIN_REUSED_CONFIDENCE: Final = 0.95
"""Only answers with at least this confidence are reused: the others are near to another digit."""

MAX_REUSE_S: Final = 2.0
"""How long an answer is reused; then the network is asked again."""

MAX_ANSWERS: Final = 64
"""How many answers are kept, the newest: each mark has up to four, as its centre of mass falls on one pixel or the next."""

_WINDOW_PX: Final = 5
_STRIDE_PX: Final = 2
"""Local means are compared at every second pixel of both axes: neighbouring ones have four fifths of their pixels in common."""


@dataclass(frozen=True, slots=True, eq=False)
class _Answer:
    """What the network gave for one input.

    Attributes:
        local_means: uint8 `(K,)`, of the input.
        logits: float32 `(10,)`.
        time_s: when the network was asked.
    """

    local_means: UInt8Array
    logits: Float32Array
    time_s: float = 0.0


class ReusingClassifier(WrappedClassifier):
    """A classifier for the frames of one stream that doesn't run the network again for marks that it knows; for one thread at a time.

    Args:
        classifier: the network.

    Attributes:
        run_count: how many images the network was run for so far.

    Examples:
        >>> from digitcore import default_classifier
        >>> reusing = ReusingClassifier(default_classifier())
        >>> images = np.zeros((1, 28, 28), np.uint8)
        >>> images[0, 5:23, 12:16] = 255
        >>> for frame in range(3):
        ...     logits = reusing.logits(images)
        ...     reusing.keep(list(images), now_s=0.05 * frame)
        >>> reusing.run_count
        1
    """

    def __init__(self, classifier: MarkClassifier) -> None:
        super().__init__(classifier)
        self.run_count = 0
        self._answers: list[_Answer] = []
        self._known_means = np.zeros((0, 0), np.uint8)
        self._new: dict[bytes, _Answer] = {}

    def logits(self, images: UInt8Array) -> Float32Array:
        """Return the logits that are known, and run the network for the other images.

        Args:
            images: uint8 `(N, 28, 28)`, white ink on black, N at least 1.

        Returns:
            float32 `(N, 10)`, not calibrated.
        """
        means = _local_means(images)
        found = [self._find(row) for row in means]
        unknown = [index for index, answer in enumerate(found) if answer is None]
        computed = iter(self._run(images[unknown], means[unknown]) if unknown else ())
        return np.stack([next(computed) if answer is None else answer.logits for answer in found])

    def keep(self, locked: Iterable[UInt8Array], now_s: float) -> None:
        """Keep the answers for the locked marks of this frame, to be reused in the next ones, and forget old ones.

        Args:
            locked: the inputs of the network, uint8 `(28, 28)` each, whose answers can be relied on.
            now_s: the time of the frame, in seconds of a clock that never goes back.
        """
        new = [self._new[key] for key in dict.fromkeys(each.tobytes() for each in locked) if key in self._new]
        answers = [each for each in self._answers if now_s - each.time_s < MAX_REUSE_S]
        if new or len(answers) < len(self._answers):
            answers += [_Answer(each.local_means, each.logits, now_s) for each in new]
            self._answers = answers[-MAX_ANSWERS:]
            self._known_means = np.array([each.local_means for each in self._answers], np.uint8)
        self._new.clear()

    def _find(self, means: UInt8Array) -> _Answer | None:
        """Find the answer for the nearest known input; None where none is near enough."""
        if not self._answers:
            return None
        known = self._known_means
        differences = (np.maximum(known, means) - np.minimum(known, means)).max(axis=1)
        nearest = int(differences.argmin())
        return self._answers[nearest] if differences[nearest] <= MAX_DIFFERENCE else None

    def _run(self, images: UInt8Array, means: UInt8Array) -> Float32Array:
        """Run the network and note its answers until `keep`."""
        logits = self._wrapped.logits(images)
        self.run_count += len(images)
        self._new.update((image.tobytes(), _Answer(*answer)) for image, *answer in zip(images, means, logits, strict=True))
        return logits


def _local_means(images: UInt8Array) -> UInt8Array:
    """Average each neighbourhood of `_WINDOW_PX` squared in images, uint8 `(N, 28, 28)`, at every second pixel: uint8 `(N, K)`."""
    margin_px = _WINDOW_PX // 2
    # One image below another, with margins between them, so that OpenCV is called once.
    padded = np.zeros((len(images), MODEL_SIDE_PX + 2 * margin_px, MODEL_SIDE_PX), np.uint8)
    padded[:, margin_px:-margin_px] = images
    blurred = np.asarray(cv2.blur(padded.reshape(-1, MODEL_SIDE_PX), (_WINDOW_PX, _WINDOW_PX)), np.uint8)
    return blurred.reshape(padded.shape)[:, margin_px:-margin_px:_STRIDE_PX, ::_STRIDE_PX].reshape(len(images), -1)
