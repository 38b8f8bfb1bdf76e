import math

import numpy as np
import pytest
from hypothesis import strategies as st

from digitcore.video.track import FUSION_TIME_CONSTANT_S, Track
from testing.detections import detection, probabilities_with
from tests.properties import given, settings

uncertain = st.tuples(st.integers(0, 9), st.floats(0.1, 0.85)).map(lambda pair: probabilities_with(*pair))
predictions = st.one_of(
    uncertain,
    st.just(probabilities_with(4, 1.0)),
    st.lists(st.floats(0.01, 1), min_size=10, max_size=10).map(np.array).map(lambda p: p / p.sum()),
)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0.02, 0.3), predictions), min_size=1, max_size=30))
def test_fused_probabilities_are_the_weighted_geometric_mean(detections):
    times_s = np.cumsum([step_s for step_s, _ in detections])
    probabilities = np.array([each for _, each in detections])
    track = None
    for now_s, each in zip(times_s, probabilities, strict=True):
        current = detection(3, confidence=0.5, probabilities=each.astype(np.float32))
        if track is None:
            track = Track(1, now_s, current)
        else:
            track.update(current, now_s)
    weights = np.exp((times_s - times_s[-1]) / FUSION_TIME_CONSTANT_S)
    means = weights @ np.log(np.maximum(probabilities, 1e-6)) / weights.sum()
    expected = np.exp(means) / np.exp(means).sum()
    assert track.prediction.probabilities == pytest.approx(expected, abs=1e-5)
    assert math.isclose(track.prediction.probabilities.sum(), 1, abs_tol=1e-5)
    assert track.fused_digit().confidence == pytest.approx(expected[track.fused_digit().label], abs=1e-5)
