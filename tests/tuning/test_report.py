from digitcore.parameters import iterate_parameters
from digitcore.pipeline_params import PipelineParams
from tuning.reader import Answer
from tuning.record import Change, Record
from tuning.report import document
from tuning.samples import Sample

SAMPLES = [Sample("pages", "a", "a", "12"), Sample("pages", "b", "b", "3"), Sample("empty", "c", "c", "")]
ANSWERS = {each.key: Answer(each.expected, each.expected) for each in SAMPLES}
NAMES = [name for name, _, _ in iterate_parameters(PipelineParams())]


def sections(changes):
    page = document(Record("f", ANSWERS, changes), SAMPLES)
    return {title: body.strip().splitlines() for title, _, body in (part.partition("\n") for part in page.split("\n## ")[1:])}


def test_numbers_are_sorted_by_how_many_texts_they_change():
    wrong = {"pages/a": Answer("1", "1"), "empty/c": Answer("7", "7")}
    few = [Change(1, 3, {"pages/b": Answer("", "")}), Change(2, 2)]
    found = sections({NAMES[0]: few, NAMES[1]: [Change(5, 3, wrong)]})["Numbers that change a text"][2:]
    value = {name: f"{value:g}" for name, value, _ in iterate_parameters(PipelineParams())}
    assert found == [
        f"| `{NAMES[1]}` | {value[NAMES[1]]} | 5 | −1 | +1 | −1 | 2 | 3 |",
        f"| `{NAMES[0]}` | {value[NAMES[0]]} | 1; 2 | −1; 0 | +1; 0 | 0; 0 | 1; 0 | 3 |",
    ]


def test_the_others_are_told_apart():
    found = sections({NAMES[0]: [Change(1, 3)], NAMES[1]: [Change(1, 0)], NAMES[2]: [Change(1, 1), Change(9, refused="too high")]})
    assert [row.split("`")[1] for row in found["Numbers that change no text"][2:]] == [NAMES[0], NAMES[2]]
    assert "9 (refused)" in found["Numbers that change no text"][3]
    assert [row.split("`")[1] for row in found["Numbers that no sample uses"]] == [NAMES[1]]
    assert [row.split("`")[1] for row in found["Numbers that haven't been measured"]] == NAMES[3:]
    assert "Numbers that change a text" not in found


def test_the_samples_are_listed_with_their_measures():
    assert "| pages | 2 | 100.0 | 100.0 |  |  |" in sections({})["Samples"]
