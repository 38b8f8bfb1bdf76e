import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitcore.video.stats import CLOCK_S, MOST, WINDOW_S, Flow, FlowMeter

frames = st.lists(
    st.tuples(st.floats(0.01, 1.5), st.floats(1, 80), st.floats(0, 0.5), st.integers(0, 5)),  # since the last, analysis, way, dropped
    min_size=1,
    max_size=40,
)


def measured(steps, clock_s=0.0):
    """All frames' numbers; `clock_s` is what the camera's clock shows at time 0."""
    meter, now_s, flows = FlowMeter(), 100.0, []
    for since_s, analysis_ms, way_s, dropped in steps:
        now_s += since_s
        taken_s = now_s - analysis_ms / 1000 - way_s + clock_s
        flows.append(meter.came(now_s, analysis_ms, taken_s, dropped))
    return flows


def test_before_any_frame_all_numbers_are_nought():
    assert Flow() == Flow(0, 0.0, 0.0, 0.0, 0)


def test_the_first_frame_has_no_rate_yet():
    assert FlowMeter().came(5.0, 12.0, None, 0) == Flow(1, 0.0, 12.0, 12.0, 0)


def test_twenty_frames_a_second_are_counted_as_such():
    assert measured([(0.05, 10, 0, 0)] * 100)[-1].frames_per_second == pytest.approx(20)


def test_the_numbers_are_of_the_last_two_seconds():
    flow = measured([(0.1, 90, 0, 0)] * 50 + [(0.05, 10, 0, 0)] * 60)[-1]
    assert flow.frames_per_second == pytest.approx(20)
    assert flow.analysis_ms == pytest.approx(10)


@given(frames)
def test_rate_and_time_are_means_over_the_window(steps):
    times = 100 + np.cumsum([since_s for since_s, *_ in steps])
    lasts = np.array([analysis_ms for _, analysis_ms, *_ in steps])
    within = times[-1] - times <= WINDOW_S
    span_s = times[-1] - times[within][0]
    flow = measured(steps)[-1]
    assert flow.analysis_ms == pytest.approx(lasts[within].mean())
    assert flow.frames_per_second == pytest.approx((within.sum() - 1) / span_s if span_s else 0)


@given(frames)
def test_frames_and_those_passed_over_are_counted_from_the_start(steps):
    flows = measured(steps)
    assert [flow.frames for flow in flows] == list(range(1, len(steps) + 1))
    assert [flow.dropped for flow in flows] == np.cumsum([dropped for *_, dropped in steps]).tolist()


def steady_way(count, way_s):
    return [(0.05, 10.0, way_s, 0)] * count


def test_a_frame_that_took_its_time_is_as_much_older():
    flows = measured([*steady_way(10, 0.2), (0.05, 10.0, 0.245, 0)])
    assert flows[-2].age_ms == pytest.approx(10)
    assert flows[-1].age_ms == pytest.approx(10 + 45)


def test_a_camera_that_tells_no_time_has_frames_as_old_as_their_analysis():
    meter = FlowMeter()
    assert [meter.came(1 + 0.05 * index, 7.0 + index, None, 0).age_ms for index in range(3)] == [7, 8, 9]


@given(st.lists(st.tuples(st.floats(0.1, 1.5), st.floats(1, 40), st.floats(0, 0.04), st.just(0)), min_size=1, max_size=40))
def test_a_frame_is_older_than_its_analysis_by_what_its_way_took_longer_than_the_quickest(steps):
    times_s, ways_s = np.cumsum([since_s for since_s, *_ in steps]), np.array([way_s for _, _, way_s, _ in steps])
    here, there = ([flow.age_ms for flow in measured(steps, clock_s)] for clock_s in (0.0, -47_721.0))
    quickest_s = [ways_s[: index + 1][now_s - times_s[: index + 1] <= CLOCK_S].min() for index, now_s in enumerate(times_s)]
    assert here == pytest.approx(1000 * (ways_s - quickest_s) + [analysis_ms for _, analysis_ms, *_ in steps], abs=1e-3)
    assert there == pytest.approx(here, abs=1e-3), "where the camera's clock began makes no difference"


def test_a_camera_whose_clock_runs_slower_stays_young():
    meter = FlowMeter()
    flows = [meter.came(0.05 * index, 10.0, 0.05 * index * 0.999, 0) for index in range(1200)]  # 60 ms late in a minute
    assert flows[-1].age_ms == pytest.approx(10 + 1000 * CLOCK_S * 0.001, abs=1)


def test_a_camera_that_is_started_anew_has_young_frames():
    meter = FlowMeter()
    first = [meter.came(100 + 0.05 * index, 10.0, 0.05 * index, 0) for index in range(100)]
    again = [meter.came(107 + 0.05 * index, 10.0, 0.05 * index, 0) for index in range(100)]
    assert max(flow.age_ms for flow in first + again) == pytest.approx(10)


def test_a_camera_that_sends_without_end_takes_no_memory_without_end():
    meter = FlowMeter()
    for index in range(3 * MOST):
        flow = meter.came(index * 1e-4, 0.1, index * 1e-4, 0)
    assert flow.frames == 3 * MOST
    assert len(meter._times) == len(meter._transits) == MOST
