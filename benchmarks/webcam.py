"""Measure live video: the time of a frame in the core, the stability of readings, and streams in Chromium (long ones in `webcam_soak`)."""

from itertools import chain
from typing import Final

from benchmarks.live_frames import live_rows
from benchmarks.report import Report
from benchmarks.steadiness import SECONDS, steadiness
from benchmarks.stream_rate import rate_rows
from benchmarks.streaming import one_stream, several_streams
from model.peer import KerasPeer

STREAM_S: Final = 60.0
SEVERAL_S: Final = 30.0


def report(stream_s: float = STREAM_S, several_s: float = SEVERAL_S, scene_s: float = SECONDS) -> Report:
    """Measure frames, stability, one stream, and several streams, in browsers and without.

    The streams come first, before this process imports TensorFlow and grows.

    Args:
        stream_s: duration of the single stream.
        several_s: duration of the simultaneous streams.
        scene_s: duration of the first number of each scene.
    """
    one, one_details = one_stream(stream_s)
    several, several_details = several_streams(several_s)
    rates = rate_rows()
    steady, steady_details = steadiness(scene_s)
    peer = KerasPeer()
    frames = chain.from_iterable(live_rows(ruling, peer) for ruling in ("plain", "squared"))
    return Report([*frames, *steady, *one, *several, *rates], "\n\n".join([steady_details, one_details, several_details]))
