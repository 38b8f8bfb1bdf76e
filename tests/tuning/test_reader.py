import pytest

from digitcore import read_strokes
from digitcore.parameters import replace_parameter
from digitcore.pipeline_params import PipelineParams
from tuning.reader import Answer, ParallelReader, SampleReader, with_differences

PARAMS = PipelineParams()


def other(name, value):
    return replace_parameter(PARAMS, name, value)


@pytest.fixture(scope="module")
def reader(drawings):
    return SampleReader(drawings)


def test_answers_are_those_of_the_pipeline(drawings, reader):
    for sample in drawings:
        reading = read_strokes(sample.strokes, sample.size_wh)
        assert reader.answers[sample.key] == Answer(reading.text, reading.written_text)


def test_only_differing_answers_are_returned(drawings, reader):
    params = other("recognition.acceptance.digit_prior_log_odds", -5.0)
    anew = {each.key: read_strokes(each.strokes, each.size_wh, params=params) for each in drawings}
    expected = {key: Answer(each.text, each.written_text) for key, each in anew.items()}
    assert reader.differences(params) == {key: answer for key, answer in expected.items() if answer != reader.answers[key]}
    assert with_differences(reader.answers, reader.differences(params)) == expected


def test_a_number_that_is_not_used_changes_nothing(reader):
    params = other("preprocessing.sheet.min_area", 0.2)  # drawings have no sheet
    assert reader.users(params) == []
    assert reader.differences(params) == {}


def test_the_samples_for_which_a_number_is_used_are_known(drawings, reader):
    assert reader.users(other("recognition.acceptance.digit_prior_log_odds", -5.0)) == [each.key for each in drawings]


def test_a_failing_pipeline_is_an_answer(drawings, reader, monkeypatch):
    def fail(*args, **kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr("digitcore.pipeline.marks.prefer_usual_shapes", fail)
    params = other("recognition.acceptance.digit_prior_log_odds", -5.0)
    assert set(reader.differences(params).values()) == {Answer("ZeroDivisionError", "")}


@pytest.mark.slow
def test_two_processes_give_the_answers_of_one(drawings, reader):
    params = other("recognition.acceptance.digit_prior_log_odds", -5.0)
    with ParallelReader(drawings) as parallel:
        assert parallel.answers == reader.answers
        assert parallel.differences(params) == (reader.differences(params), len(drawings))
