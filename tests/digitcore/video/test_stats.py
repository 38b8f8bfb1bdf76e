import numpy as np
import pytest
from hypothesis import strategies as st

from digitcore.video.stats import MAX_SAMPLES, TRANSIT_WINDOW_S, WINDOW_S, StatsRecorder, StreamStats
from tests.properties import given

frames = st.lists(
    # time since the last frame, processing time, transit time, dropped frames
    st.tuples(st.floats(0.01, 1.5), st.floats(1, 80), st.floats(0, 0.5), st.integers(0, 5)),
    min_size=1,
    max_size=40,
)


def measured(steps, clock_s=0.0):
    """Record frames and return the statistics after each; `clock_s` is the reading of the camera's clock at time 0."""
    recorder, now_s, stats = StatsRecorder(), 100.0, []
    for since_s, processing_ms, transit_s, dropped in steps:
        now_s += since_s
        captured_s = now_s - processing_ms / 1000 - transit_s + clock_s
        stats.append(recorder.record_frame(now_s, processing_ms, captured_s, dropped))
    return stats


def test_before_the_first_frame_all_statistics_are_zero():
    assert StreamStats() == StreamStats(0, 0.0, 0.0, 0.0, 0)


def test_the_first_frame_has_no_rate_yet():
    assert StatsRecorder().record_frame(5.0, 12.0, None, 0) == StreamStats(1, 0.0, 12.0, 12.0, 0)


def test_the_frame_rate_is_measured():
    assert measured([(0.05, 10, 0, 0)] * 100)[-1].frames_per_second == pytest.approx(20)


def test_statistics_are_of_the_last_two_seconds():
    current = measured([(0.1, 90, 0, 0)] * 50 + [(0.05, 10, 0, 0)] * 60)[-1]
    assert current.frames_per_second == pytest.approx(20)
    assert current.processing_ms == pytest.approx(10)


@given(frames)
def test_frame_rate_and_processing_time_are_means_over_the_window(steps):
    times = 100 + np.cumsum([since_s for since_s, *_ in steps])
    lasts = np.array([processing_ms for _, processing_ms, *_ in steps])
    within = times[-1] - times <= WINDOW_S
    span_s = times[-1] - times[within][0]
    current = measured(steps)[-1]
    assert current.processing_ms == pytest.approx(lasts[within].mean())
    assert current.frames_per_second == pytest.approx((within.sum() - 1) / span_s if span_s else 0)


@given(frames)
def test_frames_and_dropped_frames_are_counted_from_the_start(steps):
    stats = measured(steps)
    assert [current.frames for current in stats] == list(range(1, len(steps) + 1))
    assert [current.dropped for current in stats] == np.cumsum([dropped for *_, dropped in steps]).tolist()


def steady_transit(count, transit_s):
    return [(0.05, 10.0, transit_s, 0)] * count


def test_a_late_frame_has_a_greater_delay():
    stats = measured([*steady_transit(10, 0.2), (0.05, 10.0, 0.245, 0)])
    assert stats[-2].delay_ms == pytest.approx(10)
    assert stats[-1].delay_ms == pytest.approx(10 + 45)


def test_without_timestamps_the_delay_is_the_processing_time():
    recorder = StatsRecorder()
    assert [recorder.record_frame(1 + 0.05 * index, 7.0 + index, None, 0).delay_ms for index in range(3)] == [7, 8, 9]


@given(st.lists(st.tuples(st.floats(0.1, 1.5), st.floats(1, 40), st.floats(0, 0.04), st.just(0)), min_size=1, max_size=40))
def test_the_delay_is_the_processing_time_and_the_transit_beyond_the_fastest_frame(steps):
    times_s, transits_s = np.cumsum([since_s for since_s, *_ in steps]), np.array([transit_s for _, _, transit_s, _ in steps])
    here, there = ([current.delay_ms for current in measured(steps, clock_s)] for clock_s in (0.0, -47_721.0))
    quickest_s = [transits_s[: index + 1][now_s - times_s[: index + 1] <= TRANSIT_WINDOW_S].min() for index, now_s in enumerate(times_s)]
    assert here == pytest.approx(1000 * (transits_s - quickest_s) + [processing_ms for _, processing_ms, *_ in steps], abs=1e-3)
    assert there == pytest.approx(here, abs=1e-3), "the origin of the camera's clock must not matter"


def test_a_slow_camera_clock_adds_little_delay():
    recorder = StatsRecorder()
    stats = [recorder.record_frame(0.05 * index, 10.0, 0.05 * index * 0.999, 0) for index in range(1200)]  # 60 ms late in a minute
    assert stats[-1].delay_ms == pytest.approx(10 + 1000 * TRANSIT_WINDOW_S * 0.001, abs=1)


def test_a_restarted_camera_starts_without_delay():
    recorder = StatsRecorder()
    first = [recorder.record_frame(100 + 0.05 * index, 10.0, 0.05 * index, 0) for index in range(100)]
    again = [recorder.record_frame(107 + 0.05 * index, 10.0, 0.05 * index, 0) for index in range(100)]
    assert max(current.delay_ms for current in first + again) == pytest.approx(10)


def test_memory_is_bounded():
    recorder = StatsRecorder()
    for index in range(3 * MAX_SAMPLES):
        current = recorder.record_frame(index * 1e-4, 0.1, index * 1e-4, 0)
    assert current.frames == 3 * MAX_SAMPLES
    assert len(recorder._samples) == len(recorder._transits) == MAX_SAMPLES
