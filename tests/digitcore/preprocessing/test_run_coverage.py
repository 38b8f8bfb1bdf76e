from dataclasses import replace

import numpy as np
import pytest
from hypothesis import strategies as st
from scipy import ndimage

from digitcore.preprocessing.line_detection import LineKind, _covered_rows, horizontal_lines, run_coverage
from digitcore.preprocessing.parameters import LineDetectionParams
from tests.properties import given

PARAMS = LineDetectionParams()
EVERYWHERE = np.ones((1, 1), np.uint8)
SEEDS = st.integers(0, 2**32 - 1)


def columns_set(mask, row, reach_px):
    """Find the columns in which a band around a row is set."""
    return {x for y in range(max(row - reach_px, 0), min(row + reach_px + 1, len(mask))) for x in np.flatnonzero(mask[y])}


def slow_runs(thin, run_px):
    """Keep the pixels that lie on a straight run, each of whose columns is set in its row or in the row above or below."""
    height, width = thin.shape
    runs = np.zeros_like(thin)
    for y in range(height):
        columns, start = columns_set(thin, y, 1), 0
        for x in range(width + 1):
            if x not in columns:
                if x - start >= run_px:
                    runs[y, start:x] = thin[y, start:x]
                start = x + 1
    return runs


def slow_run_coverage(thin, run_px, min_coverage_px):
    """Count the columns that runs cover within two rows of each row, where enough columns are set at all."""
    runs = slow_runs(thin, run_px)
    least_px = np.broadcast_to(min_coverage_px.ravel(), len(thin)) if min_coverage_px.size == 1 else min_coverage_px.ravel()
    return [len(columns_set(runs, row, 2)) if len(columns_set(thin, row, 2)) >= least_px[row] else 0 for row in range(len(thin))]


def test_coverage_counts_columns_of_long_runs_alone():
    thin = np.zeros((50, 100), np.uint8)
    thin[20, 10:60] = 1
    thin[20, 70:73] = 1
    coverage_px = run_coverage(thin, 9, np.full((1, 1), 40.0))
    assert coverage_px[18:23, 0].tolist() == [50] * 5
    assert coverage_px.sum() == 5 * 50


@pytest.mark.parametrize(("min_coverage_px", "is_measured"), [(52.9, True), (53.0, True), (53.1, False)])
def test_rows_that_cannot_reach_the_least_coverage_are_not_measured(min_coverage_px, is_measured):
    thin = np.zeros((50, 100), np.uint8)
    thin[20, 10:60] = thin[22, 70:73] = 1
    coverage_px = run_coverage(thin, 9, np.full((1, 1), min_coverage_px))
    assert coverage_px[:, 0].tolist() == [50 * (is_measured and 20 <= row <= 22) for row in range(50)]


def test_a_run_steps_by_one_row_but_not_by_two():
    for step, coverage_px in ((1, 20), (2, 0)):
        thin = np.zeros((20, 40), np.uint8)
        thin[8, 5:15] = thin[8 + step, 15:25] = 1
        assert run_coverage(thin, 11, np.zeros((1, 1)))[9, 0] == coverage_px


@given(SEEDS, st.sampled_from([1, 3, 5, 7]), st.sampled_from([0.0, 4.0, 8.5, 15.0]))
def test_coverage_agrees_with_a_slow_count(seed, run_px, min_coverage_px):
    rng = np.random.default_rng(seed)
    thin = ((rng.random((30, 24)) < 0.75) & (rng.random((30, 1)) < 0.25)).view(np.uint8)
    least_px = np.full((1, 1), min_coverage_px)
    coverage_px = run_coverage(thin, run_px, least_px)
    assert coverage_px.shape == (30, 1)
    assert coverage_px.dtype == np.int32
    assert coverage_px[:, 0].tolist() == slow_run_coverage(thin, run_px, least_px)


@given(SEEDS)
def test_coverage_with_another_least_for_each_row_agrees_with_a_slow_count(seed):
    rng = np.random.default_rng(seed)
    thin = ((rng.random((30, 24)) < 0.75) & (rng.random((30, 1)) < 0.25)).view(np.uint8)
    least_px = rng.uniform(0, 30, (30, 1))
    assert run_coverage(thin, 5, least_px)[:, 0].tolist() == slow_run_coverage(thin, 5, least_px)


@given(SEEDS)
def test_lines_agree_with_a_slow_search(seed):
    rng = np.random.default_rng(seed)
    strokes = ((rng.random((40, 36)) < 0.9) & np.repeat(rng.random((20, 1)) < 0.25, 2, axis=0)).view(np.uint8)
    thick = ndimage.binary_opening(strokes, np.ones((5, 1)))
    thin = strokes & ~thick
    runs = slow_runs(thin, 1)
    rows = [len(columns_set(runs, row, 2)) >= 20 for row in range(40)]
    expected = [[thin[y, x] and any(rows[max(y - 2, 0) : y + 3]) for x in range(36)] for y in range(40)]
    assert (horizontal_lines(strokes, EVERYWHERE, LineKind(4, 0.5, is_thick=False)) == expected).all()


@given(SEEDS, st.sampled_from([0.3, 0.5, 0.8]))
def test_covered_rows_agree_with_a_slow_count(seed, min_length):
    rng = np.random.default_rng(seed)
    strokes = (rng.random((24, 20)) < rng.random((24, 1)) ** 2).view(np.uint8)
    full_length_px = rng.choice([10.0, 20.0], (24, 1))
    expected = [
        len(columns_set(strokes, row, 2)) >= min_length * full_length_px[row, 0]
        and len(columns_set(strokes, row, 0)) >= min_length * min_length * full_length_px[row, 0]
        for row in range(24)
    ]
    assert _covered_rows(strokes, full_length_px, replace(PARAMS, min_covered_length=min_length))[:, 0].tolist() == expected
