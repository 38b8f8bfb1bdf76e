"""The webcam: a frame in the core, how steadily it reads, and streams in Chromium. What takes long is in `webcam_soak`."""

from itertools import chain
from typing import Final

from benchmarks.live_frames import live_rows
from benchmarks.report import Report
from benchmarks.steadiness import SECONDS, steadiness
from benchmarks.streaming import one_stream, several_streams
from model.peer import KerasPeer

STREAM_S: Final = 60.0
SEVERAL_S: Final = 30.0


def report(stream_s: float = STREAM_S, several_s: float = SEVERAL_S, scene_s: float = SECONDS) -> Report:
    """Measure live video: frames, steadiness, one stream, several streams.

    The streams come first, before this process grows by TensorFlow.

    Args:
        stream_s: how long one stream is watched.
        several_s: how long several at once are.
        scene_s: how long each scene is.
    """
    one, of_one = one_stream(stream_s)
    several, of_several = several_streams(several_s)
    steady, of_steady = steadiness(scene_s)
    peer = KerasPeer()
    frames = chain.from_iterable(live_rows(ruling, peer) for ruling in ("plain", "squared"))
    return Report([*frames, *steady, *one, *several], "\n\n".join([of_steady, of_one, of_several]))
