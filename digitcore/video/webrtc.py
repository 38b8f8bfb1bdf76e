"""Connect a WebRTC track to a `VideoStream`: the newest frame is read in a worker thread and sent back as soon as it is ready.

Needs aiortc, of the extra `video`.
"""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from digitcore.errors import MissingExtraError
from digitcore.video.stream import VideoStream

try:
    import av
    from aiortc import MediaStreamTrack
    from aiortc.mediastreams import MediaStreamError
except ModuleNotFoundError as error:
    raise MissingExtraError.for_extra("video") from error

_executor: Final = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="live")
"""One thread for each core, shared by all streams. A stream submits one frame at a time, so that streams take turns."""


class OutputTrack(MediaStreamTrack):
    """The track that is sent back. Of frames not yet fetched, only the newest is kept."""

    kind = "video"

    def __init__(self) -> None:
        super().__init__()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._frame: av.VideoFrame | None = None
        self._changed = asyncio.Event()

    def put(self, frame: av.VideoFrame) -> None:
        """Set the next frame to send. Must be called in the event loop's thread.

        Args:
            frame: replaces one that has not been fetched.
        """
        self._frame = frame
        self._changed.set()

    async def recv(self) -> av.VideoFrame:
        """Wait for the next frame.

        Returns:
            The newest frame; each is returned once.

        Raises:
            MediaStreamError: the track has ended.
        """
        self._loop = asyncio.get_running_loop()
        if self.readyState == "live":
            await self._changed.wait()
            self._changed.clear()
        if self.readyState != "live" or self._frame is None:
            raise MediaStreamError
        return self._frame

    def stop(self) -> None:
        """End the track. May be called from any thread, and more than once."""
        if self._loop is None or self._loop.is_closed():
            self._end()
        else:
            self._loop.call_soon_threadsafe(self._end)

    def _end(self) -> None:
        super().stop()
        self._changed.set()


class FrameProcessor:
    """Passes the frames of an input track through a `VideoStream` to an output track, for one stream from its start to its end.

    It implements streamlit-webrtc's `MediaSink` protocol, hence the method names. Unlike that package's threaded processing it sends each
    frame once, as soon as it is ready instead of when the next one arrives.

    Args:
        video: reads the frames.
    """

    def __init__(self, video: VideoStream) -> None:
        self.output = OutputTrack()
        """The track to send back."""

        self._video = video
        self._input: MediaStreamTrack | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._newest: av.VideoFrame | None = None
        self._frame_arrived = asyncio.Event()
        self._dropped = 0

    @property
    def has_ended(self) -> bool:
        """Return whether the stream has ended; a processor is not started twice."""
        return self.output.readyState == "ended"

    def addTrack(self, track: MediaStreamTrack) -> None:  # noqa: N802  the protocol's name
        """Set the input track.

        Args:
            track: gives the frames to read.
        """
        self._input = track

    def hasTrack(self) -> bool:  # noqa: N802  the protocol's name
        """Return whether there is an input track."""
        return self._input is not None

    def start(self) -> None:
        """Start processing. Must be called in the event loop's thread.

        Raises:
            ValueError: there is no input track.
        """
        if self._input is None:
            raise ValueError("expected a track before the start, received none.")
        self._loop = asyncio.get_running_loop()
        self._task = self._loop.create_task(self._run(self._input))

    def stop(self) -> None:
        """Stop processing. May be called from any thread, and more than once."""
        if self._loop is None or self._task is None:
            self.output.stop()
        elif not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._task.cancel)

    async def _run(self, track: MediaStreamTrack) -> None:
        processing = asyncio.create_task(self._process())
        try:
            await self._receive(track)
        except MediaStreamError:
            self._video.mark_track_ended()
        finally:
            processing.cancel()
            self.output.stop()

    async def _receive(self, track: MediaStreamTrack) -> None:
        """Keep the newest frame, and count the frames that it replaces."""
        while True:
            frame = await track.recv()
            if isinstance(frame, av.VideoFrame):
                self._dropped += self._newest is not None
                self._newest = frame
                self._frame_arrived.set()

    async def _process(self) -> None:
        """Process the newest frame in the executor, over and over; the event loop is never blocked."""
        while True:
            await self._frame_arrived.wait()
            self._frame_arrived.clear()
            frame, dropped = self._newest, self._dropped
            self._newest, self._dropped = None, 0
            if frame is not None:
                loop = asyncio.get_running_loop()
                self.output.put(await loop.run_in_executor(_executor, self._video.process, frame, dropped))
