import statistics

import pytest
from hypothesis import strategies as st

from digitcore.layout.weighted_median import weighted_median
from tests.properties import given


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(1, 6)), min_size=1, max_size=8))
def test_it_is_the_lower_median_of_repeated_values(weighted):
    values, weights = zip(*weighted, strict=True)
    assert weighted_median(values, weights) == statistics.median_low([value for value, weight in weighted for _ in range(weight)])


@pytest.mark.parametrize(
    ("values", "weights", "median"),
    [([], [], 0.0), ([7], [0], 7.0), ([3, 1], [0, 0], 1.0), ([3, 1], [2, 2], 1.0), ([3, 1], [2.5, 2], 3.0), ([1, 5, 2], [1, 1, 0], 1.0)],
)
def test_half_of_the_weight_is_enough(values, weights, median):
    assert weighted_median(values, weights) == median
    assert type(weighted_median(values, weights)) is float
