from digitcore.parameters import replace_parameter
from digitcore.pipeline_params import PipelineParams
from digitcore.preprocessing.parameters import SheetParams, SkewParams
from tuning.dependencies import ReadRecorder, changed_fields


def test_only_what_is_read_in_the_context_is_recorded():
    recorder, params = ReadRecorder(), SheetParams()
    with recorder.active():
        params.max_open_edge  # noqa: B018
        with recorder.reads() as reads:
            params.min_area  # noqa: B018
    params.min_solidity  # noqa: B018
    assert reads == {(SheetParams, "min_area")}


def test_what_is_read_in_an_inner_context_belongs_to_the_outer_one_too():
    recorder, params = ReadRecorder(), SheetParams()
    with recorder.active(), recorder.reads() as outer:
        params.min_area  # noqa: B018
        with recorder.reads() as inner:
            params.min_solidity  # noqa: B018
    assert inner == {(SheetParams, "min_solidity")}
    assert outer == {(SheetParams, "min_area"), (SheetParams, "min_solidity")}


def test_a_comparison_and_a_hash_read_every_field():
    recorder = ReadRecorder()
    for use in (hash, lambda params: params == SkewParams()):
        with recorder.active(), recorder.reads() as reads:
            use(SkewParams())
        assert {name for _, name in reads} >= set(SkewParams.__slots__)


def test_changed_fields_are_found_in_inner_groups():
    params = PipelineParams()
    assert changed_fields(params, params) == frozenset()
    assert changed_fields(params, replace_parameter(params, "preprocessing.sheet.min_area", 0.2)) == {(SheetParams, "min_area")}
