"""Measure the time of a video frame in the core, on one thread: reading, tracking, drawing."""

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
"""One second: until then no digit is confirmed and nothing is drawn."""


def live_rows(ruling: Ruling, peer: KerasPeer, seconds: float = SECONDS) -> list[Row]:
    """Measure a frame of a video from a shaken camera; the peer is the same reader with Keras instead of LiteRT, over fewer frames."""
    frames = list(shaken(number_page(NUMBER, scene=Scene(ruling=ruling), seed=1), seconds, Shake(), seed=1))
    ours = _times_ms(frames, default_classifier())
    theirs = _times_ms(frames[: round(PEER_SECONDS * FRAMES_PER_SECOND)], _with_keras(peer))
    name = f"640×480 frame of a stream, {ruling} paper, one core"
    return [
        Row(name, statistics.median(ours), "ms", 10, statistics.median(theirs), "keras predict"),
        Row(f"{name}, 95th percentile", percentile(ours, 95), "ms", 20, percentile(theirs, 95), "keras predict"),
    ]


def _times_ms(frames: list[UInt8Array], classifier: Classifier) -> list[float]:
    """Measure the processing time of each frame after the warm-up, in milliseconds."""
    reader, times = LiveReader(classifier=classifier), []
    with one_core():
        for index, frame in enumerate(frames):
            start = time.perf_counter()
            reader.process(frame, now_s=index / FRAMES_PER_SECOND)
            times.append(1000 * (time.perf_counter() - start))
    return times[WARM_UP_FRAMES:]


def _with_keras(peer: KerasPeer) -> Classifier:
    """Copy the default classifier with its thresholds, but compute the logits with Keras."""
    classifier = copy.copy(default_classifier())
    classifier.logits = peer.logits  # type: ignore[method-assign]
    return classifier
