import json
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import strategies as st

from digitcore.messages import Message
from digitcore.numbers import Number, Separator
from digitcore.rejections import RejectionReason
from digitcore.results import Digit, Reading, Status, lines_of
from digitcore.stages import GlobalThreshold, Stage, StageName
from tests.properties import given

DIGIT = Digit(
    label=4,
    confidence=0.12345678,
    probabilities=np.array([0.1234567, *[0.0] * 8, 0.8765433], np.float32),
    digit_score=0.98765432,
    accepted=True,
    reason="",
    box_xywh=(1, 2, 3, 4),
    line=0,
    model_input=np.zeros((28, 28), np.uint8),
)

marks = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 4), st.booleans()), max_size=12)


def digits(*label_line_accepted):
    return [replace(DIGIT, label=label, line=line, accepted=accepted) for label, line, accepted in label_line_accepted]


def reading(*found, status=Status.OK, notes=(), elapsed_ms=1.0):
    return Reading(status, lines_of(found), list(found), [], (60, 40), elapsed_ms, notes)


@pytest.mark.parametrize(
    ("found", "lines"),
    [
        ([], []),
        ([(7, 0, True)], ["7"]),
        ([(7, 0, False)], []),
        ([(1, 0, True), (2, 0, True)], ["12"]),
        ([(2, 0, True), (1, 0, True)], ["21"]),
        ([(1, 0, True), (5, 0, False), (2, 0, True)], ["12"]),
        ([(1, 0, True), (2, 1, True)], ["1", "2"]),
        ([(1, 1, True), (2, 0, True)], ["2", "1"]),
        ([(1, 9, True), (2, 10, True), (3, 2, True)], ["3", "1", "2"]),
        ([(1, 0, True), (2, 1, False), (3, 2, True)], ["1", "3"]),
        ([(0, 0, True), (0, 0, True), (7, 0, True)], ["007"]),
        ([(1, 0, True), (2, 1, True), (3, 0, True)], ["13", "2"]),
    ],
)
def test_the_accepted_digits_of_each_line_are_joined_from_the_top(found, lines):
    assert lines_of(digits(*found)) == lines
    assert reading(*digits(*found)).text == "/".join(lines)


@given(marks)
def test_lines_agree_with_digits_collected_one_by_one(found):
    expected = {}
    for label, line, accepted in found:
        if accepted:
            expected[line] = expected.get(line, "") + str(label)
    assert lines_of(digits(*found)) == [expected[line] for line in sorted(expected)]


@pytest.mark.parametrize(
    ("confidences", "lowest"),
    [
        ([], None),
        ([(0.5, False)], None),
        ([(0.5, True)], 0.5),
        ([(0.9, True), (0.2, False), (0.7, True), (0.8, True)], 0.7),
        ([(0, True)], 0),
    ],
)
def test_the_lowest_confidence_is_that_of_the_least_sure_accepted_digit(confidences, lowest):
    found = [replace(DIGIT, confidence=confidence, accepted=accepted) for confidence, accepted in confidences]
    assert reading(*found).lowest_confidence == lowest


def test_a_digit_as_a_dictionary_has_its_numbers_rounded_to_six_decimals():
    assert DIGIT.to_dict() == {
        "label": 4,
        "confidence": 0.123457,
        "probabilities": [0.123457, *[0.0] * 8, 0.876543],
        "digit_score": 0.987654,
        "accepted": True,
        "reason": "",
        "box_xywh": [1, 2, 3, 4],
        "line": 0,
        "separator": None,
    }


def test_a_refused_digit_as_a_dictionary_has_its_reason_as_text():
    refused = replace(DIGIT, accepted=False, reason=RejectionReason.DOT.message, rejection=RejectionReason.DOT, line=3)
    answer = json.loads(json.dumps(refused.to_dict()))
    assert (answer["accepted"], answer["reason"], answer["line"]) == (False, "it is a dot or a blot", 3)
    assert "rejection" not in answer


def test_a_mark_stands_for_its_digit_its_separator_or_a_hole():
    refused = replace(DIGIT, accepted=False)
    assert (DIGIT.character, refused.character, replace(refused, separator=Separator.COMMA).character) == ("4", "?", ",")
    slash = replace(DIGIT, label=1, separator=Separator.SLASH)
    assert (slash.character, json.loads(json.dumps(slash.to_dict()))["separator"]) == ("/", "/")


def test_a_reading_as_json_has_all_but_the_pictures():
    found = digits((4, 0, True), (1, 0, False), (2, 1, True))
    answer = json.loads(json.dumps(reading(*found, notes=(Message("Too many marks."),), elapsed_ms=12.34567).to_dict()))
    assert answer == {
        "status": "ok",
        "text": "4/2",
        "lines": ["4", "2"],
        "numbers": [],
        "alternatives": [],
        "digits": [digit.to_dict() for digit in found],
        "notes": ["Too many marks."],
        "elapsed_ms": 12.346,
    }


def test_a_reading_without_digits_is_an_empty_text():
    answer = reading(status=Status.BLANK).to_dict()
    assert (answer["status"], answer["text"], answer["lines"], answer["digits"], answer["notes"]) == ("blank", "", [], [], [])


def test_each_reason_has_a_message_of_its_own_that_can_be_translated():
    messages = [reason.message for reason in RejectionReason]
    assert len(set(messages)) == len(messages)
    for message in messages:
        assert isinstance(message, Message)
        assert message.startswith(("it ", "its "))
        assert not message.endswith(".")


@pytest.mark.parametrize("kind", [Status, StageName, RejectionReason])
def test_names_are_their_own_text(kind):
    for name in kind:
        assert kind(str(name)) is name
        assert f"{name}" == name.value == name.name.lower()
        assert json.dumps({"name": name}) == f'{{"name": "{name.value}"}}'


def test_a_stage_has_no_threshold_unless_it_has_one_for_the_whole_picture():
    stage = Stage(StageName.INK, np.zeros((2, 2), np.uint8), "Ink.", 1.5)
    assert stage.threshold is None
    assert replace(stage, threshold=GlobalThreshold(StageName.GREY, 127.0)).threshold == ("grey", 127.0)


@pytest.mark.parametrize("result", [DIGIT, reading(), Stage(StageName.INK, np.zeros((2, 2), np.uint8), "Ink.", 1.5)])
def test_results_are_frozen_and_compared_by_identity(result):
    field = next(iter(result.__slots__))
    with pytest.raises(AttributeError):
        setattr(result, field, None)
    assert result == result  # noqa: PLR0124
    assert result != replace(result)


def test_numbers_are_written_as_one_text():
    found = replace(reading(*digits((4, 0, True), (2, 1, True))), numbers=[[Number("-4", Decimal(-4), 1.0, (0, 0, 9, 9))], []])
    assert found.written_text == "-4"
    assert not found.is_plain
    assert found.to_dict()["numbers"][0][0]["text"] == "-4"


def test_a_reading_is_plain_where_each_line_is_one_number():
    numbers = [[Number(text, Decimal(text), 1.0, (0, 0, 9, 9))] for text in ("4", "2")]
    found = reading(*digits((4, 0, True), (2, 1, True)))
    assert replace(found, numbers=numbers).is_plain
    assert not replace(found, numbers=[[*numbers[0], *numbers[1]]]).is_plain
