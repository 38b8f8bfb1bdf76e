"""A stream's frames, in and out: the newest is read by a thread, and goes back once, as soon as it is read."""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import av
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError

from digitcore.video.stream import LiveVideo

_readers: Final = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="live")
"""All streams share as many threads as there are cores: more would only take time from each other. Each stream has one frame there at most,
so all have their turn."""


class Returned(MediaStreamTrack):
    """The frames that go back. Of those that nobody has fetched, only the newest is kept."""

    kind = "video"

    def __init__(self) -> None:
        super().__init__()
        self._frame: av.VideoFrame | None = None
        self._changed = asyncio.Event()

    def put(self, frame: av.VideoFrame) -> None:
        """The next frame to go back; in the thread of the event loop, as all of it."""
        self._frame = frame
        self._changed.set()

    async def recv(self) -> av.VideoFrame:
        """The next frame, once there is one.

        Raises:
            MediaStreamError: there will be none any more.
        """
        if self.readyState == "live":
            await self._changed.wait()
            self._changed.clear()
        if self.readyState != "live" or self._frame is None:
            raise MediaStreamError
        return self._frame

    def stop(self) -> None:
        """There will be no more frames."""
        super().stop()
        self._changed.set()


class Exchange:
    """Takes the frames of one track, has them read, and gives them to another track; for one stream, from its start to its end.

    It is a `MediaSink` as streamlit-webrtc calls it: methods are named as there. Unlike that package's own processing by threads it returns
    a frame at once rather than when the next one comes, and none twice.

    Args:
        video: what reads the frames.
    """

    def __init__(self, video: LiveVideo) -> None:
        self.returned = Returned()
        """What goes back."""

        self._video = video
        self._track: MediaStreamTrack | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._newest: av.VideoFrame | None = None
        self._came = asyncio.Event()
        self._dropped = 0

    @property
    def is_over(self) -> bool:
        """Whether it had its stream."""
        return self.returned.readyState == "ended"

    def addTrack(self, track: MediaStreamTrack) -> None:  # noqa: N802  the protocol's name
        """The track that the frames come from."""
        self._track = track

    def hasTrack(self) -> bool:  # noqa: N802  the protocol's name
        """Whether there is one."""
        return self._track is not None

    def start(self) -> None:
        """Begin; in the thread of the event loop.

        Raises:
            ValueError: there is no track.
        """
        if self._track is None:
            raise ValueError("expected a track before the start, received none.")
        self._loop = asyncio.get_running_loop()
        self._task = self._loop.create_task(self._run(self._track))

    def stop(self) -> None:
        """End; from any thread, and any number of times."""
        if self._loop is None or self._task is None:
            self.returned.stop()
        elif not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._task.cancel)

    async def _run(self, track: MediaStreamTrack) -> None:
        reading = asyncio.create_task(self._read())
        try:
            await self._receive(track)
        except MediaStreamError:
            self._video.close()
        finally:
            reading.cancel()
            self.returned.stop()

    async def _receive(self, track: MediaStreamTrack) -> None:
        """Keep the newest frame, and count those that it takes the place of."""
        while True:
            frame = await track.recv()
            if isinstance(frame, av.VideoFrame):
                self._dropped += self._newest is not None
                self._newest = frame
                self._came.set()

    async def _read(self) -> None:
        """Have the newest frame read, again and again; the thread holds nothing that the event loop waits for."""
        while True:
            await self._came.wait()
            self._came.clear()
            frame, dropped = self._newest, self._dropped
            self._newest, self._dropped = None, 0
            if frame is not None:
                loop = asyncio.get_running_loop()
                self.returned.put(await loop.run_in_executor(_readers, self._video.read, frame, dropped))
