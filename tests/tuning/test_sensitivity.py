from pathlib import Path

import pytest

from digitcore.parameters import Parameter
from digitcore.pipeline_params import PipelineParams
from tuning.reader import Answer
from tuning.record import Change, Record
from tuning.sensitivity import Measurement, changed_values, selected_names, wide_values

PARAMS = PipelineParams()
ONLY = "layout.slant"


class FakeReader:
    """Changes one text wherever a number of the slant differs."""

    def __init__(self):
        self.answers = {"a": Answer("1", "1"), "b": Answer("2", "2")}
        self.calls = 0

    def differences(self, params):
        self.calls += 1
        return ({"a": Answer("7", "7")} if params.layout.slant != PARAMS.layout.slant else {}), 2


@pytest.mark.parametrize(
    ("value", "low", "high", "expected"),
    [
        (8, 0, 100, [6, 10]),
        (2, 0, 100, [1, 3]),
        (0.8, 0.0, 1.0, [0.6, 1.0]),
        (-2.0, -5.0, 5.0, [-2.5, -1.5]),
        (0.0, 0.0, 1.0, [0.05]),
        (0.0, -1.0, 1.0, [-0.1, 0.1]),
        (1, 1, 1, []),
    ],
)
def test_a_number_is_changed_by_a_quarter_within_its_range(value, low, high, expected):
    changed = changed_values(value, Parameter(low, high, "share", "an example"))
    assert changed == pytest.approx(expected)
    assert all(type(each) is type(value) for each in changed) or not isinstance(value, int)


def test_numbers_are_selected_by_a_part_of_their_name():
    names = [name for name, _, _ in selected_names(PARAMS, ONLY)]
    assert names
    assert all(name.startswith(ONLY) for name in names)
    assert len(list(selected_names(PARAMS))) > len(names)


def test_an_interrupted_measurement_goes_on_where_it_was(tmp_path):
    class Interrupted(FakeReader):
        def differences(self, params):
            if self.calls == 3:
                raise KeyboardInterrupt
            return super().differences(params)

    path, names = tmp_path / "record.json", [name for name, _, _ in selected_names(PARAMS, ONLY)]
    with pytest.raises(KeyboardInterrupt):
        Measurement(Interrupted(), Record("f"), path, PARAMS, ONLY, show=list).measure()
    record = Record.open(path, "f")
    assert list(record.changes) == names[:1]
    reader, lines = FakeReader(), []
    Measurement(reader, record, path, PARAMS, ONLY, show=lines.append).measure()
    assert list(Record.load(path).changes) == names
    assert len(lines) == len(names) - 1


@pytest.mark.parametrize(
    ("value", "low", "high", "expected"),
    [
        (8, 0, 100, [4, 16]),
        (1, 0, 100, [0, 3]),
        (1, 1, 2, [2]),
        (0.8, 0.0, 1.0, [0.4, 1.0]),
        (0.0, 0.0, 1.0, []),
        (-2.0, -5.0, 5.0, [-4.0, -1.0]),
    ],
)
def test_a_number_is_halved_and_doubled_within_its_range(value, low, high, expected):
    assert wide_values(value, Parameter(low, high, "share", "an example")) == expected


def test_only_numbers_that_are_used_and_change_nothing_are_halved_and_doubled(tmp_path):
    (unused, *_), (changing, *_), (still, value, known), (unknown, *_), *_ = selected_names(PARAMS, ONLY)
    changes = {unused: [Change(1)], changing: [Change(1, 2, {"a": Answer("7", "7")})], still: [Change(wide_values(value, known)[0], 2)]}
    record = Record("f", changes=changes)
    Measurement(FakeReader(), record, tmp_path / "record.json", PARAMS, ONLY, show=list).measure_widely()
    assert [change.value for change in record.changes.pop(still)] == wide_values(value, known)
    assert record.changes == {unused: changes[unused], changing: changes[changing]}
    assert still in Record.load(tmp_path / "record.json").changes
    assert unknown not in record.changes


def test_a_change_tells_which_answers_differ():
    (name, value, known), *_ = selected_names(PARAMS, ONLY)
    change = Measurement(FakeReader(), Record("f"), Path("record.json"), PARAMS).try_value(name, changed_values(value, known)[0])
    assert (change.users, change.differing) == (2, {"a": Answer("7", "7")})


def test_a_value_out_of_its_range_is_refused():
    name, _, known = next(selected_names(PARAMS, ONLY))
    change = Measurement(FakeReader(), Record("f"), Path("record.json"), PARAMS).try_value(name, known.high + 1)
    assert change.refused.startswith("expected ")
    assert not change.differing
