"""A stream of frames, read as it comes: marks followed from frame to frame, and what they say fused over time."""

from digitcore.video.reader import LiveReader, LiveView
from digitcore.video.tracker import Track, Tracker

__all__ = ["LiveReader", "LiveView", "Track", "Tracker"]
