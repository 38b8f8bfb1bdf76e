"""What a frame of a stream takes in the core: reading, following, drawing, on one thread."""

import copy
import statistics
import time
from typing import Final

from benchmarks.pictures import one_core
from benchmarks.timing import Row, percentile
from digitcore import default_classifier
from digitcore.recognition.classifier import Classifier
from digitcore.types import UInt8Array
from digitcore.video import LiveReader
from model.peer import KerasPeer
from synthetic.paper import Ruling, Scene
from synthetic.video import FRAMES_PER_SECOND, Shake, number_page, shaken

NUMBER: Final = "31415"
SECONDS: Final = 10.0
PEER_SECONDS: Final = 3.0
WARM_UP_FRAMES: Final = 20
"""A second: until then the marks are not locked and nothing is drawn."""


def live_rows(ruling: Ruling, peer: KerasPeer, seconds: float = SECONDS) -> list[Row]:
    """Measure a frame of a shaken video; the peer is the same reader with Keras instead of LiteRT, over fewer frames."""
    frames = list(shaken(number_page(NUMBER, scene=Scene(ruling=ruling), seed=1), seconds, Shake(), seed=1))
    ours = _times_ms(frames, default_classifier())
    theirs = _times_ms(frames[: round(PEER_SECONDS * FRAMES_PER_SECOND)], _with_keras(peer))
    what = f"640×480 frame of a stream, {ruling} paper, one core"
    return [
        Row(what, statistics.median(ours), "ms", 10, statistics.median(theirs), "keras predict"),
        Row(f"{what}, 95th percentile", percentile(ours, 95), "ms", 20, percentile(theirs, 95), "keras predict"),
    ]


def _times_ms(frames: list[UInt8Array], classifier: Classifier) -> list[float]:
    reader, times = LiveReader(classifier=classifier), []
    with one_core():
        for place, frame in enumerate(frames):
            start = time.perf_counter()
            reader.process(frame, now_s=place / FRAMES_PER_SECOND)
            times.append(1000 * (time.perf_counter() - start))
    return times[WARM_UP_FRAMES:]


def _with_keras(peer: KerasPeer) -> Classifier:
    """Copy the shipped classifier, thresholds included, with logits from Keras."""
    classifier = copy.copy(default_classifier())
    classifier.logits = peer.logits  # type: ignore[method-assign]
    return classifier
