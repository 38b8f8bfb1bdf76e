import asyncio
import os
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from aiortc import MediaStreamTrack
from aiortc.contrib.media import MediaRelay
from aiortc.mediastreams import MediaStreamError
from streamlit_webrtc.sink import MediaSink

from digitcore.video import LiveReader
from digitcore.video.stream import VideoStream
from digitcore.video.webrtc import FrameProcessor
from synthetic.video import FRAMES_PER_SECOND, STILL, number_page, shaken
from testing.frames import VIDEO_CLOCK, frame, grey_frame, rgb_of

WAIT_S = 300


class Camera(MediaStreamTrack):
    """A track of some frames, at the rate of a camera or as fast as possible, that then ends."""

    kind = "video"

    def __init__(self, frames, interval_s=1 / FRAMES_PER_SECOND):
        super().__init__()
        self._frames = iter(frames)
        self._interval_s = interval_s
        self.sent = 0

    async def recv(self):
        await asyncio.sleep(self._interval_s)
        given = next(self._frames, None)
        if given is None:
            self.stop()
            raise MediaStreamError
        self.sent += 1
        return given

    async def wait_for_frames(self, count):
        while self.sent < count:
            await asyncio.sleep(self._interval_s)


class WaitingCamera(Camera):
    """A camera that sends no frame before the last one was returned, however busy the machine is."""

    def __init__(self, frames):
        super().__init__(frames)
        self.returned = asyncio.Event()
        self.returned.set()

    async def recv(self):
        await self.returned.wait()
        self.returned.clear()
        return await super().recv()


class BlockedStream(VideoStream):
    """Blocks until it is released; records the dropped frames."""

    def __init__(self):
        super().__init__(LiveReader())
        self.released = threading.Event()
        self.dropped = []

    def process(self, given, dropped=0):
        assert self.released.wait(WAIT_S)
        self.dropped.append(dropped)
        return given


def run(coroutine):
    """Run a coroutine in a thread of its own, as the browser tests leave an event loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, asyncio.wait_for(coroutine, WAIT_S)).result()


def started(video, track):
    processor = FrameProcessor(video)
    processor.addTrack(track)
    processor.start()
    return processor


async def frames_of(track, camera=None):
    """Receive all frames of a track; a waiting camera is notified of each."""
    given = []
    while True:
        try:
            given.append(await track.recv())
        except MediaStreamError:
            return given
        if camera is not None:
            camera.returned.set()


def test_it_implements_the_sink_protocol_of_streamlit_webrtc():
    processor = FrameProcessor(VideoStream(LiveReader()))
    assert isinstance(processor, MediaSink)
    assert not processor.hasTrack()
    processor.addTrack(Camera([]))
    assert processor.hasTrack()


@pytest.mark.slow
def test_every_frame_is_returned_annotated_with_its_timestamp(classifier):
    pixels = list(shaken(number_page("507"), 1, STILL, 1))
    pts = [7_000 + 4_500 * index for index in range(len(pixels))]
    video = VideoStream(LiveReader(classifier=classifier))

    async def stream():
        frames = [frame(each, pts=at) for each, at in zip(pixels, pts, strict=True)]
        camera = WaitingCamera(frames)
        return await frames_of(started(video, camera).output, camera)

    shown = run(stream())
    assert [each.pts for each in shown] == pts
    assert {each.time_base for each in shown} == {VIDEO_CLOCK}
    assert video.reader.view.reading.text == "507"
    assert np.abs(rgb_of(shown[-1]).astype(int) - pixels[-1]).max() > 100, "boxes were drawn"


def test_the_newest_frame_replaces_waiting_frames_while_another_is_read():
    video = BlockedStream()

    async def stream():
        camera = Camera((grey_frame(pts=index) for index in range(10_000)), interval_s=0.01)
        processor = started(video, camera)
        await camera.wait_for_frames(4)
        video.released.set()
        shown = [(await processor.output.recv()).pts for _ in range(2)]
        processor.stop()
        await frames_of(processor.output)
        return shown

    first, second = run(stream())
    assert (first, video.dropped[0]) == (0, 0)
    assert second > 1
    assert video.dropped[1] == second - 1


def test_the_event_loop_is_not_blocked_while_a_frame_is_read():
    video = BlockedStream()

    async def stream():
        camera = Camera((grey_frame(pts=index) for index in range(10_000)), interval_s=0.01)
        processor = started(video, camera)
        await camera.wait_for_frames(4)
        sent = camera.sent
        video.released.set()
        await processor.output.recv()
        processor.stop()
        return sent

    assert run(stream()) > 1, "frames were received all the time"


def test_the_end_of_the_input_track_ends_the_output_track_and_is_recorded():
    video = VideoStream(LiveReader())
    video.start()

    async def stream():
        processor = started(video, Camera([grey_frame()]))
        relayed = MediaRelay().subscribe(processor.output)
        await frames_of(relayed)
        with pytest.raises(MediaStreamError):
            await processor.output.recv()
        return processor

    assert run(stream()).has_ended
    assert video.is_lost(video._clock() + 5)


def test_it_can_be_stopped_from_another_thread_and_more_than_once():
    async def stream():
        before = asyncio.all_tasks()
        processor = started(VideoStream(LiveReader()), Camera(grey_frame(pts=index) for index in range(10_000)))
        await processor.output.recv()
        for _ in range(2):
            await asyncio.to_thread(processor.stop)
        await frames_of(processor.output)
        others = asyncio.all_tasks() - before
        await asyncio.sleep(0.2)
        return processor, [task for task in others if not task.done()]

    processor, left = run(stream())
    assert processor.has_ended
    assert left == []
    processor.stop()  # its event loop is closed


def test_without_a_track_it_can_be_stopped_but_not_started():
    processor = FrameProcessor(VideoStream(LiveReader()))
    with pytest.raises(ValueError, match="expected a track"):
        processor.start()
    processor.stop()
    assert processor.has_ended


def test_streams_share_as_many_threads_as_there_are_cores(classifier):
    pixels = np.full((48, 64, 3), 255, np.uint8)

    async def stream():
        cameras = [Camera([frame(pixels, pts=index) for index in range(10)], interval_s=0) for _ in range(8)]
        processors = [started(VideoStream(LiveReader(classifier=classifier)), camera) for camera in cameras]
        await asyncio.gather(*(frames_of(processor.output) for processor in processors))

    run(stream())
    assert 1 <= sum(thread.name.startswith("live") for thread in threading.enumerate()) <= os.cpu_count()
