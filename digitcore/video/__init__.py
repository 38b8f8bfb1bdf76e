"""Read a stream of frames: track the marks from frame to frame, and fuse what the network predicts over time.

`LiveReader` needs arrays only. The modules `stream` and `webrtc` (frames of PyAV, tracks of aiortc) and the settings of ICE need the extra
`video`: `pip install 'digit-reader[video]'`.
"""

from digitcore.video.log import LogEntry, NumberLog
from digitcore.video.reader import LiveReader, LiveView
from digitcore.video.stats import StreamStats
from digitcore.video.track import Track
from digitcore.video.tracker import Tracker

__all__ = ["LiveReader", "LiveView", "LogEntry", "NumberLog", "StreamStats", "Track", "Tracker"]
