import logging
import threading
import time
from itertools import product
from pathlib import Path

import av
import numpy as np
import pytest

from digitcore.video import LiveReader
from digitcore.video.stream import (
    CLOSE_TIMEOUT_S,
    CONNECT_TIMEOUT_S,
    LOSS_TIMEOUT_S,
    STALL_TIMEOUT_S,
    VideoStream,
    frame_from_yuv,
    yuv_from_rgb,
)
from synthetic.video import FRAMES_PER_SECOND, STILL, number_page, shaken
from testing.frames import VIDEO_CLOCK, frame, grey_frame, rgb_of

FORMATS = ["yuv420p", "rgb24", "gray", "nv12"]
SIZES_WH = [(1, 1), (2, 2), (3, 5), (17, 64), (641, 479)]


class Clock:
    def __init__(self):
        self.now_s = 1000.0

    def __call__(self):
        return self.now_s


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def video(classifier, clock):
    return VideoStream(LiveReader(classifier=classifier, timer=clock), clock)


@pytest.fixture(scope="module")
def still():
    return list(shaken(number_page("507"), 1, STILL, 1))


@pytest.mark.parametrize("kind", FORMATS)
def test_frames_of_any_pixel_format_are_read(video, clock, still, kind):
    for pixels in still:
        shown = video.process(frame(pixels, kind))
        clock.now_s += 1 / FRAMES_PER_SECOND
    assert video.reader.view.reading.text == "507"
    assert (shown.format.name, shown.width, shown.height) == ("yuv420p", 640, 480)
    assert np.abs(rgb_of(shown).astype(int) - video.reader.view.annotated).mean() < 3


@pytest.mark.parametrize(("size_wh", "kind"), [*product(SIZES_WH, FORMATS), ((4000, 3000), "yuv420p"), ((17, 640), "yuv420p")], ids=str)
def test_frames_of_any_size_are_returned_with_even_sides(video, caplog, size_wh, kind):
    shown = video.process(grey_frame(size_wh, kind))
    assert shown.format.name == "yuv420p"
    assert shown.width % 2 == shown.height % 2 == 0
    assert caplog.records == []
    if min(size_wh) >= 8 and max(size_wh) <= 640:
        assert (shown.width, shown.height) == (size_wh[0] + size_wh[0] % 2, size_wh[1] + size_wh[1] % 2)
    assert rgb_of(shown) == pytest.approx(128, abs=3)


@pytest.mark.slow
@pytest.mark.parametrize("shape", [(1, 1), (4, 6), (4, 7), (5, 6), (479, 641)], ids=str)
def test_conversion_to_a_frame_and_back_repeats_the_edge_only(shape):
    # Grey pixels, as 4:2:0 has one colour for each block of two by two pixels.
    pixels = np.repeat(np.random.default_rng(2).integers(0, 256, (*shape, 1), np.uint8), 3, axis=2)
    back = rgb_of(frame_from_yuv(yuv_from_rgb(pixels)))
    assert back.shape == (shape[0] + shape[0] % 2, shape[1] + shape[1] % 2, 3)
    assert back[: shape[0], : shape[1]] == pytest.approx(pixels, abs=3)
    assert back[-1, -1] == pytest.approx(pixels[-1, -1], abs=3)


def test_colours_are_not_swapped():
    orange = np.full((16, 16, 3), (250, 128, 10), np.uint8)
    assert rgb_of(frame(orange)).reshape(-1, 3).mean(axis=0) == pytest.approx((250, 128, 10), abs=6)
    assert rgb_of(frame_from_yuv(yuv_from_rgb(orange))).reshape(-1, 3).mean(axis=0) == pytest.approx((250, 128, 10), abs=6)


@pytest.mark.parametrize("rows", range(2, 14, 2))
def test_a_frame_has_every_row_of_its_planes(rows):
    pixels = np.full((rows, 6, 3), 200, np.uint8)
    assert rgb_of(frame_from_yuv(yuv_from_rgb(pixels))) == pytest.approx(pixels, abs=3)


def test_a_frozen_frame_is_converted_once_and_keeps_its_colours_and_the_times_of_new_frames(video, still, monkeypatch):
    for pixels in still:
        shown = video.process(frame(pixels))
    expected = rgb_of(shown)
    video.reader.freeze()
    monkeypatch.setattr("digitcore.video.stream.rgb_from_frame", None)
    monkeypatch.setattr("digitcore.video.stream.yuv_from_rgb", None)
    frozen = [video.process(frame(still[0], pts=pts)) for pts in (1, 2)]
    assert all((rgb_of(each) == expected).all() for each in frozen)
    assert [each.pts for each in frozen] == [1, 2]
    assert video.reader.view.stats.frames == len(still) + 2


def test_a_stream_that_is_reset_is_off_with_no_frozen_frame_however_it_ended(video, clock):
    video.start()
    video.process(grey_frame())
    video.reader.freeze()
    clock.now_s += LOSS_TIMEOUT_S
    assert (video.phase(), video.is_on) == ("stopped", True)
    video.end()
    assert (video.phase(), video.is_on) == ("stopped", False)
    video.reset()
    assert (video.phase(), video.is_on, video.reader.view, video.reader.frozen) == ("off", False, None, False)


def test_frames_keep_no_threads_alive(video, still):
    before = len(list(Path("/proc/self/task").iterdir()))
    kept = [(each, video.process(each)) for each in (frame(pixels, "rgb24") for pixels in still)]
    assert len(list(Path("/proc/self/task").iterdir())) - before < len(kept)


def test_a_frame_keeps_its_timestamp(video):
    shown = video.process(grey_frame(pts=7_000))
    assert (shown.pts, shown.time_base, shown.format.name) == (7_000, VIDEO_CLOCK, "yuv420p")
    assert video.phase() == "off", "it was not started"


def test_dropped_frames_are_counted(video):
    video.process(grey_frame(), dropped=2)
    video.process(grey_frame())
    assert (video.reader.view.stats.frames, video.reader.view.stats.dropped) == (2, 2)


def test_a_late_frame_has_a_greater_delay(video, clock):
    def delay_ms(index, late_s, pts):
        clock.now_s = 1000 + index * 0.05 + late_s
        video.process(grey_frame(pts=pts))
        return video.reader.view.stats.delay_ms

    assert max(delay_ms(index, 0.0, 4_500 * index) for index in range(5)) == pytest.approx(0, abs=1)
    assert delay_ms(5, 0.8, 4_500 * 5) == pytest.approx(800, abs=1)
    assert delay_ms(6, 0.8, None) == 0, "it has no timestamp"


class Broken(LiveReader):
    def process(self, *_args, **_kwargs):
        raise RuntimeError("out of order")


def test_a_frame_that_cant_be_read_is_returned_unchanged_and_logged_once(clock, caplog):
    video = VideoStream(Broken(), clock)
    video.start()
    frames = [grey_frame((641, 479), pts=index) for index in range(5)]
    with caplog.at_level(logging.INFO):
        assert [video.process(each) for each in frames] == frames
    (record,) = caplog.records
    assert record.getMessage() == "A frame of 641×479 (yuv420p) could not be read."
    assert "out of order" in caplog.text
    assert video.phase() == "live", "the camera is not to blame"


def test_after_a_frame_that_cant_be_read_the_next_one_is_read(video, still, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(video.reader, "process", Broken().process)
        video.process(frame(still[0]))
    assert video.process(frame(still[1])).format.name == "yuv420p"
    assert video.reader.view.stats.frames == 1


def test_the_phase_is_off_starting_live_and_off_again(video, clock):
    assert video.phase() == "off"
    video.start()
    assert (video.phase(), video.connected) == ("starting", False)
    clock.now_s += CONNECT_TIMEOUT_S - 1
    assert video.phase() == "starting"
    video.process(grey_frame())
    assert (video.phase(), video.connected) == ("live", True)
    clock.now_s += 1
    video.end()
    assert video.phase() == "off"


def test_without_a_first_frame_the_stream_is_unreachable(video, clock):
    video.start()
    assert video.phase(clock.now_s + CONNECT_TIMEOUT_S - 0.1) == "starting"
    assert video.phase(clock.now_s + CONNECT_TIMEOUT_S) == "unreachable"
    clock.now_s += CONNECT_TIMEOUT_S
    assert video.phase() == "unreachable"
    video.process(grey_frame())
    assert video.phase() == "live"


def test_a_stalled_stream_is_stopped_until_the_next_frame(video, clock):
    video.start()
    video.process(grey_frame())
    assert video.phase(clock.now_s + STALL_TIMEOUT_S - 0.1) == "live"
    assert video.phase(clock.now_s + STALL_TIMEOUT_S) == "stopped"
    clock.now_s += STALL_TIMEOUT_S + 1
    assert video.phase() == "stopped"
    video.process(grey_frame())
    assert video.phase() == "live"


def test_starting_twice_does_not_restart_the_timeout(video, clock):
    video.start()
    clock.now_s += CONNECT_TIMEOUT_S - 1
    video.start()
    clock.now_s += 1
    assert video.phase() == "unreachable"


def test_starting_a_live_stream_changes_nothing(video, clock):
    video.start()
    video.process(grey_frame())
    clock.now_s += 1
    video.start()
    assert (video.phase(), video.connected) == ("live", True)


@pytest.mark.parametrize(("frames", "idle_s", "final_phase"), [(0, CONNECT_TIMEOUT_S, "unreachable"), (1, STALL_TIMEOUT_S, "stopped")])
def test_the_reason_for_the_end_is_kept_until_the_next_start(video, clock, frames, idle_s, final_phase):
    video.start()
    for _ in range(frames):
        video.process(grey_frame())
    clock.now_s += idle_s
    video.end()
    video.end()
    clock.now_s += 1000
    assert video.phase() == final_phase
    video.start()
    assert (video.phase(), video.connected) == ("starting", False)
    video.end()
    assert video.phase() == "off"


def test_a_stream_is_lost_if_no_frame_arrives_in_time(video, clock):
    assert not video.is_lost()
    video.start()
    assert not video.is_lost(clock.now_s + CONNECT_TIMEOUT_S - 0.1)
    assert video.is_lost(clock.now_s + CONNECT_TIMEOUT_S)
    video.process(grey_frame())
    assert not video.is_lost(clock.now_s + LOSS_TIMEOUT_S - 0.1)
    clock.now_s += LOSS_TIMEOUT_S
    assert video.is_lost()


def test_a_stream_is_lost_after_its_track_has_ended_unless_frames_still_arrive():
    now = [0.0]
    video = VideoStream(LiveReader(), lambda: now[0])
    video.start()
    frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 255, np.uint8), format="rgb24")
    video.process(frame)
    video.mark_track_ended()
    assert not video.is_lost()
    now[0] = 0.5
    video.process(frame)
    now[0] = 0.6 + CLOSE_TIMEOUT_S
    assert not video.is_lost()
    video.mark_track_ended()
    assert video.is_lost()
    video.end()
    video.start()
    assert not video.is_lost()


def test_streams_take_turns_where_there_are_fewer_cores(monkeypatch, still):
    monkeypatch.setattr("digitcore.video.stream._cores", threading.BoundedSemaphore(1))
    now, most = [0], [0]

    class Reader(LiveReader):
        def process(self, *arguments, **options):
            now[0] += 1
            most[0] = max(most[0], now[0])
            time.sleep(0.01)
            now[0] -= 1
            return super().process(*arguments, **options)

    streams = [VideoStream(Reader()) for _ in range(3)]
    threads = [
        threading.Thread(target=lambda each=each: [each.process(frame(pixels, "rgb24")) for pixels in still[:3]]) for each in streams
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most[0] == 1
    assert all(each.reader.view for each in streams)


def test_a_frame_that_can_not_be_read_lets_the_next_stream_go_on(monkeypatch, still, caplog):
    monkeypatch.setattr("digitcore.video.stream._cores", threading.BoundedSemaphore(1))
    broken, whole = VideoStream(LiveReader()), VideoStream(LiveReader())
    monkeypatch.setattr(broken.reader, "process", lambda *_: 1 / 0)
    broken.process(frame(still[0], "rgb24"))
    whole.process(frame(still[0], "rgb24"))
    assert whole.reader.view is not None
    assert "could not be read" in caplog.text
