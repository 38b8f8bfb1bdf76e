import pytest

from digitcore.parameters import iterate_parameters
from digitcore.pipeline_params import PipelineParams
from tuning.optimiser import FoldResult, changed_numbers, coordinate_search, cross_validate, describe, divide, loss_of
from tuning.reader import Answer
from tuning.samples import Sample

PARAMS = PipelineParams()
AREA, STEP = "preprocessing.sheet.min_area", "preprocessing.sheet.min_edge_px"


def number(params, name):
    return next(value for each, value, _ in iterate_parameters(params) if each == name)


def pages(count, *, sources=1):
    return [Sample("pages", str(index), str(index % sources), "1") for index in range(count)]


def test_each_set_counts_alike_in_the_loss():
    samples = [*pages(2), Sample("empty", "c", "c", "")]
    read = {"pages/0": Answer("1", "1"), "pages/1": Answer("", ""), "empty/c": Answer("4", "4")}
    assert loss_of(samples, read) == pytest.approx((0.5 + 0.5 + 1) / 3)
    assert loss_of(samples[:1], read) == 0


def test_no_source_is_in_two_folds():
    samples = pages(20, sources=5)
    folds = divide(samples, 3)
    assert sorted(sample.key for fold in folds for sample in fold) == sorted(sample.key for sample in samples)
    sources = [{sample.source for sample in fold} for fold in folds]
    assert all(sources)
    assert sum(map(len, sources)) == 5


def test_the_search_approaches_the_minimum_within_the_range():
    best = coordinate_search(
        PARAMS, [AREA, STEP], lambda params: abs(number(params, AREA) - 0.19) + abs(number(params, STEP) - 3), rounds=3
    )
    assert abs(number(best, AREA) - 0.19) < abs(number(PARAMS, AREA) - 0.19)
    assert number(best, STEP) == 3
    assert set(changed_numbers(PARAMS, best)) == {AREA, STEP}


def test_values_that_gain_nothing_stay():
    assert coordinate_search(PARAMS, [AREA], lambda _: 1.0) == PARAMS


def test_an_unknown_name_is_refused():
    with pytest.raises(ValueError, match="received nothing"):
        coordinate_search(PARAMS, ["nothing"], lambda _: 1.0)


def test_what_helps_every_source_gains_on_the_held_out_ones():
    samples, calls = pages(9, sources=3), []

    def answer(params):
        calls.append(params)
        right = number(params, AREA) > number(PARAMS, AREA)
        return {sample.key: Answer("1", "1") if right else Answer("", "") for sample in samples}

    results = cross_validate(samples, [AREA], answer, PARAMS)
    assert [result.held_out_gain for result in results] == [1.0, 1.0, 1.0]
    assert len(calls) == len(set(calls))


def test_what_helps_one_source_alone_gains_nothing_elsewhere():
    samples = pages(3, sources=3)

    def answer(params):
        larger = number(params, AREA) > number(PARAMS, AREA)
        return {sample.key: Answer("1", "1") if larger == (sample.source == "0") else Answer("", "") for sample in samples}

    first, *others = cross_validate(samples, [AREA], answer, PARAMS)
    assert (first.values, first.held_out_gain) == ({}, 0)
    assert all(result.values == {} for result in others)


def test_results_are_described_in_percentage_points():
    text = describe([FoldResult({AREA: 0.15}, 0.02, -0.01), FoldResult({}, 0.0, 0.0)])
    assert text.splitlines() == [
        f"fold 1: searched +2.00, held out -1.00: {AREA} = 0.15",
        "fold 2: searched +0.00, held out +0.00: nothing changed",
        "mean gain on held-out folds: -0.50 percentage points",
    ]
