import json

import pytest

from digitcore.evaluation.comparison import Comparison, compare
from digitcore.evaluation.evaluate import evaluate, measure
from digitcore.evaluation.labels import Labels
from digitcore.io.records import error_record
from digitcore.messages import Message


def record(name, *lines, rejected=0):
    """A record of lines of digits, each with a confidence of 0.9."""
    digits = [{"label": int(each), "confidence": 0.9, "accepted": True, "line": line} for line, text in enumerate(lines) for each in text]
    digits += [{"label": 0, "confidence": 0.1, "accepted": False, "line": 0}] * rejected
    status = "ok" if lines else "blank"
    return {"file": name, "status": status, "text": "/".join(lines), "digits": digits}


@pytest.mark.parametrize(
    ("lines", "label", "is_right", "wrong_characters", "is_aligned"),
    [
        (["407"], "407", True, 0, True),
        (["401"], "407", False, 1, True),
        (["40"], "407", False, 1, False),
        (["12", "34"], "12/34", True, 0, True),
        (["1234"], "12/34", False, 0, True),
        ([], "", True, 0, False),
        (["7"], "", False, 1, False),
        ([], "7", False, 1, False),
    ],
)
def test_a_picture_is_right_as_a_whole_and_wrong_by_characters(lines, label, is_right, wrong_characters, is_aligned):
    comparison = compare(record("a.png", *lines, rejected=1), label)
    assert (comparison.is_right, comparison.wrong_characters, comparison.is_aligned) == (is_right, wrong_characters, is_aligned)
    assert len(comparison.confidences) == sum(map(len, lines))


def test_a_picture_that_cannot_be_read_is_never_right():
    comparison = compare(error_record("a.png", "Damaged."), "")
    assert comparison.is_unreadable
    assert not comparison.is_right
    assert comparison.error == "Damaged."


def test_a_set_is_measured():
    labels = Labels({"a": "17", "b": "71", "c": "5", "d": "3"}, (Message("A note."),))
    records = [record("a", "17"), record("b", "77"), record("c", "55"), error_record("d", "Damaged."), record("unlabelled", "9")]
    evaluation = evaluate(records, labels)
    answer = evaluation.to_dict()
    counts = ("pictures", "right", "unreadable", "characters", "wrong_characters", "aligned_pictures")
    assert [answer[name] for name in counts] == [4, 1, 1, 6, 3, 2]
    assert (answer["accuracy_pct"], answer["character_accuracy_pct"]) == (25.0, 50.0)
    assert (answer["confusion"][1][1], answer["confusion"][7][7], answer["confusion"][1][7]) == (1, 2, 1)
    assert answer["reliability_bins"] == [{"count": 4, "confidence": 0.9, "accuracy": 0.75}]
    assert answer["expected_calibration_error_pct"] == 15.0
    assert {each["file"] for each in answer["misread"]} == {"b", "c", "d"}
    assert answer["notes"] == ["A note."]
    assert json.loads(json.dumps(answer)) == answer


def test_what_cannot_be_measured_is_none():
    answer = measure([Comparison("a", "", "", "blank")]).to_dict()
    assert (answer["accuracy_pct"], answer["character_accuracy_pct"], answer["expected_calibration_error_pct"]) == (100.0, None, None)
    assert answer["advice"] is None


def test_more_wrong_characters_than_written_ones_are_no_negative_accuracy():
    assert measure([Comparison("a", "1", "2345", "ok")]).character_accuracy == 0
