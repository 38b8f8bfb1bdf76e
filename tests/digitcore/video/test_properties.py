"""Properties of live video: any frames are read, any marks are tracked, and the statistics stay sensible."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise

import av
import numpy as np
import pytest
from av.video.reformatter import VideoReformatter
from hypothesis import strategies as st

from digitcore import Digit, RejectionReason, Settings
from digitcore.video import LiveReader, NumberLog, Track, Tracker
from digitcore.video.association import associate, overlap_ratios
from digitcore.video.log import MAX_ENTRIES
from digitcore.video.stats import StatsRecorder
from digitcore.video.stream import VideoStream, frame_from_yuv, rgb_from_frame, yuv_from_rgb
from tests.digitcore.invariants import check_digit, check_json
from tests.properties import given, settings
from tests.strategies import SEEDS, make_picture, pictures, wrong_arrays

media = st.sampled_from([Settings(), Settings.for_drawing()])
steps_s = st.floats(0, 1.5)


def timed(values):
    """Lists of values with the times of a clock that never goes back."""
    return st.lists(st.tuples(steps_s, values), min_size=1, max_size=6).map(
        lambda pairs: list(zip(np.cumsum([step for step, _ in pairs]).tolist(), [value for _, value in pairs], strict=True))
    )


INKS = [make_picture("digits", 28, 28, 1, "contiguous", seed) for seed in range(4)]


def make_mark(seed, x, y, width, height, line):
    """Make a mark as a reading has it, with random probabilities and ink."""
    rng = np.random.default_rng(seed)
    probabilities = rng.dirichlet(np.full(10, 0.1)).astype(np.float32)
    label = int(probabilities.argmax())
    rejection = RejectionReason.DOT if rng.random() < 0.3 else None
    return Digit(
        label=label,
        confidence=float(probabilities[label]),
        probabilities=probabilities,
        digit_score=float(rng.random()),
        accepted=rejection is None,
        reason=rejection.message if rejection else "",
        box_xywh=(x, y, width, height),
        line=line,
        model_input=INKS[rng.integers(len(INKS))],
        rejection=rejection,
    )


marks = st.builds(make_mark, SEEDS, st.integers(0, 300), st.integers(0, 200), st.integers(1, 60), st.integers(1, 60), st.integers(0, 3))


@given(timed(pictures(min_side_px=1)), media)
@settings(max_examples=8)
def test_any_frames_are_read_one_after_another(frames, chosen):
    reader = LiveReader(chosen)
    for count, (now_s, frame) in enumerate(frames, 1):
        before = frame.copy()
        shown = reader.process(frame, now_s, captured_s=now_s, dropped=1)
        view = reader.view
        size = tuple(max(side, 8) for side in frame.shape[:2])
        assert shown.dtype == np.uint8
        assert shown.shape == (*size, 3)
        assert view.annotated is shown
        assert view.picture.shape == shown.shape
        assert (frame == before).all()
        assert (view.stats.frames, view.stats.dropped) == (count, count)
        assert view.reading.stages == []
        assert view.reading.status == ("ok" if view.reading.digits else view.reading.status)
        assert all(digit.accepted for digit in view.reading.digits)
        check_json(view.reading)


@given(st.integers(1, 3_000), st.integers(1, 60), st.booleans(), st.sampled_from([1, 3]), SEEDS)
@settings(max_examples=10)
def test_a_frame_of_any_size_is_reduced_to_the_limit(long_px, short_px, is_upright, channels, seed):
    height, width = (long_px, short_px) if is_upright else (short_px, long_px)
    shown = LiveReader(Settings.for_drawing()).process(make_picture("constant", height, width, channels, "contiguous", seed), 0.0)
    assert max(shown.shape[:2]) == max(min(max(height, width), 960), 8)
    assert min(shown.shape[:2]) >= 8


@given(wrong_arrays(max_side_px=60).filter(lambda array: array.ndim))
def test_a_small_array_that_is_no_frame_is_a_value_error(frame):
    with pytest.raises(ValueError, match=r"^expected bytes or uint8"):
        LiveReader().process(frame, 0.0)


WRONG_FRAMES = {
    "None": None,
    "a list": [[1]],
    "one number": np.uint8(3),
    "one axis": np.zeros(2_000, np.uint8),
    "truth values": np.zeros((1_000, 20), np.bool_),
    "integers": np.zeros((1_000, 20), np.int64),
    "too many channels": np.zeros((1_000, 2, 600), np.uint8),
    "four axes": np.zeros((1_000, 2, 3, 1), np.uint8),
    "nothing": np.zeros((0, 5), np.uint8),
    "nothing, but long": np.zeros((0, 2_000), np.uint8),
}


@pytest.mark.parametrize("frame", WRONG_FRAMES.values(), ids=WRONG_FRAMES.keys())
def test_whatever_is_no_frame_is_a_value_error(frame):
    with pytest.raises(ValueError, match=r"expected .* uint8"):
        LiveReader().process(frame, 0.0)


@given(timed(pictures(min_side_px=8, kinds=["digits", "noise"])))
@settings(max_examples=10)
def test_a_frozen_reader_shows_the_same_picture_whatever_comes(frames):
    reader = LiveReader()
    shown = reader.process(frames[0][1], frames[0][0])
    text = reader.view.reading.text
    reader.freeze()
    for now_s, frame in frames:
        assert reader.process(frame, now_s) is shown
        assert reader.view.reading.text == text
    reader.restart()
    assert reader.view is None


@given(timed(st.lists(marks, max_size=6)))
def test_any_marks_are_tracked_and_given_in_reading_order(frames):
    tracker = Tracker()
    for now_s, detections in frames:
        tracker.update(detections, now_s)
        digits = tracker.digits()
        lines = [digit.line for digit in digits]
        assert lines == sorted(lines)
        assert set(lines) == set(range(len(set(lines))))
        for line in set(lines):
            centres = [digit.box_xywh[0] + digit.box_xywh[2] / 2 for digit in digits if digit.line == line]
            assert all(right >= left - 1 for left, right in pairwise(centres))
        for digit in digits:
            check_tracked(digit)
        assert len({track.track_id for track in tracker.tracks}) == len(tracker.tracks) >= len(digits)
        assert all(now_s - track.last_seen_s < 0.35 for track in tracker.tracks)


def check_tracked(digit):
    """Check a fused digit: its label is the confirmed one, which needn't be the likeliest."""
    assert digit.accepted
    assert digit.confidence == float(digit.probabilities[digit.label])
    likeliest = int(digit.probabilities.argmax())
    x, y, width, height = digit.box_xywh
    inside = replace(digit, label=likeliest, confidence=float(digit.probabilities[likeliest]), box_xywh=(0, 0, width, height))
    check_digit(inside, (max(x, 0) + width, max(y, 0) + height))


@given(marks, timed(marks))
def test_a_track_fuses_any_detections(first, later):
    track = Track(1, 0.0, first)
    for now_s, mark in later:
        track.update(mark, now_s)
        assert track.prediction.probabilities.sum() == pytest.approx(1, abs=1e-6)
        assert 1 <= track.weight <= track.detection_count
        assert tuple(track.box_xywh) == mark.box_xywh
        assert not track.is_visible or track.is_digit
        check_tracked(track.fused_digit())


boxes = st.lists(st.tuples(st.floats(-500, 500), st.floats(-500, 500), st.floats(0, 200), st.floats(0, 200)), max_size=8).map(
    lambda rows: np.array(rows, np.float64).reshape(-1, 4)
)


@given(boxes, boxes)
def test_each_box_is_matched_at_most_once(previous, current):
    before = previous.copy(), current.copy()
    pairs, shift_xy = associate(previous, current)
    rows, columns = [row for row, _ in pairs], [column for _, column in pairs]
    assert len(set(rows)) == len(rows)
    assert len(set(columns)) == len(columns)
    assert all(0 <= row < len(previous) and 0 <= column < len(current) for row, column in pairs)
    assert np.isfinite(shift_xy).all()
    assert (previous == before[0]).all()
    assert (current == before[1]).all()


@given(boxes)
def test_boxes_that_stay_are_matched_with_themselves_unless_they_coincide(still):
    pairs, shift_xy = associate(still, still)
    assert len(pairs) == len(still)
    assert all((still[row] == still[column]).all() or np.allclose(still[row], still[column]) for row, column in pairs)
    assert shift_xy == pytest.approx((0, 0))


@given(boxes.filter(len))
def test_an_overlap_is_a_share_and_whole_with_the_box_itself(given_boxes):
    ratios = overlap_ratios(given_boxes[0], given_boxes)
    assert ((ratios >= 0) & (ratios <= 1 + 1e-9)).all()
    assert ratios[0] == pytest.approx(1) or given_boxes[0][2] * given_boxes[0][3] < 1


@given(timed(st.tuples(st.floats(0, 500), st.none() | st.floats(-1e6, 1e6), st.integers(0, 5))))
def test_statistics_are_never_negative(frames):
    recorder = StatsRecorder()
    for count, (now_s, (processing_ms, captured_s, dropped)) in enumerate(frames, 1):
        stats = recorder.record_frame(now_s, processing_ms, captured_s, dropped)
        assert stats.frames == count
        assert stats.dropped == sum(each[2] for _, each in frames[:count])
        assert stats.frames_per_second >= 0
        assert 0 <= stats.processing_ms <= 500
        assert stats.delay_ms >= processing_ms - 1e-3


@given(timed(st.tuples(st.text("0123456789/", max_size=6), st.floats(0, 1))), st.booleans())
def test_a_log_holds_numbers_that_were_read_in_the_order_of_time(numbers, periodic):
    log = NumberLog()
    log.periodic = periodic
    start = datetime(2026, 1, 2, tzinfo=UTC)
    for now_s, (text, confidence) in numbers:
        log.record(text, confidence, start + timedelta(seconds=now_s), now_s)
    assert len(log.entries) <= MAX_ENTRIES
    assert [entry.at for entry in log.entries] == sorted(entry.at for entry in log.entries)
    assert {(entry.text, entry.confidence) for entry in log.entries} <= {each for _, each in numbers if each[0]}
    rows = list(csv.DictReader(io.StringIO(log.to_csv())))
    assert [row["text"] for row in rows] == [entry.text for entry in log.entries]


@given(pictures(min_side_px=1, channels=[3]))
def test_a_frame_of_video_has_even_sides_and_about_its_colours(picture):
    frame = frame_from_yuv(yuv_from_rgb(picture))
    back = rgb_from_frame(frame, VideoReformatter())
    assert back.shape == (*(side + side % 2 for side in picture.shape[:2]), 3)
    assert abs(float(back[: picture.shape[0], : picture.shape[1]].mean()) - float(picture.mean())) < 24


def video_frame(picture, pixel_format, pts):
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24").reformat(format=pixel_format)
    frame.pts = pts
    return frame


pixel_formats = st.sampled_from(["rgb24", "yuv420p", "gray", "rgba", "nv12"])


@given(pictures(min_side_px=2, channels=[3]), pixel_formats, st.none() | st.integers(0, 10**6))
@settings(max_examples=10)
def test_a_stream_answers_every_frame_with_one_of_its_time(picture, pixel_format, pts):
    frame = video_frame(picture, pixel_format, pts)
    frame.time_base = Fraction(1, 90_000)
    answer = VideoStream(LiveReader(Settings.for_drawing())).process(frame)
    assert (answer.format.name, answer.pts) == ("yuv420p", pts)
    assert pts is None or answer.time_base == frame.time_base


def test_a_stream_never_raises():
    frame = video_frame(np.zeros((16, 16, 3), np.uint8), "rgb24", 5)
    assert VideoStream(LiveReader()).process(frame).width == 16
