"""What holds for every reading, checked in one place."""

import json

import numpy as np

from digitcore import StageName
from digitcore.numbers import parse_value

ALL_STAGES = list(StageName)


def check_reading(reading, size_wh, *, numbers_are_known=False):
    """Check all invariants of a reading of a picture of this size; where something is known about numbers, they decide on the digits."""
    accepted = [digit for digit in reading.digits if digit.accepted]
    line_numbers = [digit.line for digit in reading.digits]
    assert reading.size_wh == size_wh
    assert reading.status == ("ok" if accepted else "no_digit" if reading.digits else "blank")
    assert line_numbers == sorted(line_numbers)
    assert set(line_numbers) == set(range(len(set(line_numbers))))
    texts = ["".join(str(digit.label) for digit in accepted if digit.line == line) for line in range(len(set(line_numbers)))]
    assert reading.lines == [text for text in texts if text]
    assert reading.text == "/".join(reading.lines)
    assert reading.lowest_confidence == (min(digit.confidence for digit in accepted) if accepted else None)
    assert reading.elapsed_ms >= 0
    assert len(reading.numbers) == len(reading.lines)
    for number in (each for line in reading.numbers for each in line):
        check_number(number, size_wh)
    check_alternatives(reading)
    assert all(note.endswith(".") for note in reading.notes)
    for digit in reading.digits:
        check_digit(digit, size_wh)
        assert digit.label == int(digit.probabilities.argmax()) or (numbers_are_known and digit.accepted)
    check_stages(reading)
    check_json(reading)


def check_alternatives(reading):
    """Check that each line has alternatives, the line itself first, with descending probabilities."""
    assert [texts[0].text for texts in reading.alternatives] == reading.lines
    for texts in reading.alternatives:
        probabilities = [each.probability for each in texts]
        assert len({each.text for each in texts}) == len(texts) <= 5
        assert all(each.text.isdecimal() for each in texts)
        assert probabilities == sorted(probabilities, reverse=True)
        assert probabilities[-1] >= 0
        assert sum(probabilities) <= 1 + 1e-9


def check_number(number, size_wh):
    """Check all invariants of a number in a picture of this size."""
    x, y, width, height = number.box_xywh
    assert 0 <= x < x + width <= size_wh[0]
    assert 0 <= y < y + height <= size_wh[1]
    assert set(number.text) <= set("0123456789.,-/:?")
    assert any(character.isdigit() for character in number.text)
    assert 0 <= number.confidence <= 1
    assert number.value is None or parse_value(number.text) == number.value


def check_digit(digit, size_wh):
    """Check all invariants of a mark in a picture of this size."""
    x, y, width, height = digit.box_xywh
    assert 0 <= x < x + width <= size_wh[0]
    assert 0 <= y < y + height <= size_wh[1]
    assert digit.probabilities.dtype == np.float32
    assert digit.probabilities.shape == (10,)
    assert ((digit.probabilities >= 0) & (digit.probabilities <= 1)).all()
    assert abs(float(digit.probabilities.sum(dtype=np.float64)) - 1) < 1e-6
    assert digit.confidence == float(digit.probabilities[digit.label])
    assert 0 <= digit.digit_score <= 1
    assert digit.accepted == (digit.rejection is None)
    assert digit.accepted or digit.reason == digit.rejection.message
    assert digit.model_input.dtype == np.uint8
    assert digit.model_input.shape == (28, 28)


def check_stages(reading):
    """Check that the stages are pictures in the documented order, each once."""
    names = [stage.name for stage in reading.stages]
    assert names == sorted(set(names), key=ALL_STAGES.index)
    assert {StageName.ORIGINAL, StageName.GREY, StageName.INK} <= set(names)
    assert ({StageName.CROP, StageName.FIT, StageName.CENTRE} <= set(names)) == bool(reading.digits)
    for stage in reading.stages:
        assert stage.image.dtype == np.uint8
        assert stage.image.ndim == (3 if stage.name == StageName.ORIGINAL else 2)
        assert stage.image.size
        assert stage.elapsed_ms >= 0
        assert stage.note.endswith(".")
        assert stage.threshold is None or stage.threshold.level >= 0


def check_json(reading):
    """Check that the JSON face is strict JSON, and the same after a round trip."""
    face = reading.to_dict()
    assert json.loads(json.dumps(face, allow_nan=False)) == face
    assert face["text"] == reading.text
    assert [digit["label"] for digit in face["digits"]] == [digit.label for digit in reading.digits]


def facts(reading):
    """List what a reading says, without its times: two readings of the same picture have the same facts."""
    digits = [
        (
            digit.label,
            digit.probabilities.tolist(),
            digit.digit_score,
            digit.reason,
            digit.box_xywh,
            digit.line,
            digit.model_input.tobytes(),
        )
        for digit in reading.digits
    ]
    stages = [(stage.name, stage.image.shape, stage.image.tobytes(), stage.note, stage.threshold) for stage in reading.stages]
    return reading.status, reading.lines, digits, stages, reading.size_wh, reading.notes


def attempt(call, *errors):
    """Return the result of a call and None, or None and the error where it raises one of these; any other error is raised."""
    try:
        return call(), None
    except errors as error:
        return None, error
