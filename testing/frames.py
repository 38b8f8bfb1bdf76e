"""Make video frames as browsers send them."""

from fractions import Fraction

import av
import numpy as np
from av.video.reformatter import VideoReformatter

from digitcore.video.stream import rgb_from_frame

VIDEO_CLOCK = Fraction(1, 90_000)
"""Time base of video in RTP (RFC 3551), in seconds."""


def frame(pixels, kind="yuv420p", pts=None):
    """Make a frame.

    Args:
        pixels: uint8 `(H, W, 3)` RGB.
        kind: PyAV's name of the frame's pixel format.
        pts: the timestamp in units of `VIDEO_CLOCK`; None for a frame without one.
    """
    created = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")
    created = created if kind == "rgb24" else created.reformat(format=kind)
    if pts is not None:
        created.pts, created.time_base = pts, VIDEO_CLOCK
    return created


def grey_frame(size_wh=(64, 48), kind="yuv420p", pts=None):
    """Make a uniformly grey frame."""
    return frame(np.full((size_wh[1], size_wh[0], 3), 128, np.uint8), kind, pts)


def rgb_of(frame):
    """Convert a frame to uint8 `(H, W, 3)` RGB."""
    return rgb_from_frame(frame, VideoReformatter())
