import json

import cv2
import numpy as np
import pytest
from pydantic import ValidationError

from digitcore.api.schemas import CardModel, DigitModel, HealthModel, ProblemModel, ReadingModel
from digitcore.recognition.classifier import default_classifier
from digitcore.workers.reader import read_to_json
from tests.digitcore.api.conftest import TIMEOUT_S

DIGIT = {
    "label": 7,
    "confidence": 0.9,
    "probabilities": [0.1] * 10,
    "digit_score": 1.0,
    "accepted": True,
    "reason": "",
    "box_xywh": [1, 2, 3, 4],
    "line": 0,
    "separator": "/",
}
NUMBER = {"text": "-7", "value": "-7", "confidence": 0.9, "box_xywh": [1, 2, 3, 4], "reason": ""}
READING = {
    "status": "ok",
    "text": "7",
    "lines": ["7"],
    "numbers": [[NUMBER]],
    "alternatives": [[{"text": "7", "probability": 0.9}, {"text": "1", "probability": 0.08}]],
    "digits": [DIGIT],
    "notes": [],
    "elapsed_ms": 1.5,
}
HEALTH = {"status": "ok", "model_sha256": "0123456789abcdef" * 4}
PROBLEM = {"type": "about:blank", "title": "Not Found", "status": 404, "detail": "Nothing.", "request_id": None}


def parse_and_dump(model, content):
    return model.model_validate(content).model_dump(mode="json")


@pytest.mark.parametrize(
    ("model", "content"), [(DigitModel, DIGIT), (ReadingModel, READING), (HealthModel, HEALTH), (ProblemModel, PROBLEM)]
)
def test_what_is_described_is_kept(model, content):
    assert parse_and_dump(model, content) == content


def test_a_reading_is_described_completely(drawing):
    page = np.hstack([drawing(digit) for digit in (1, 7)])
    content = json.loads(read_to_json(cv2.imencode(".png", page)[1].tobytes(), None, TIMEOUT_S).json_bytes)
    assert parse_and_dump(ReadingModel, content) == content
    assert content["text"] == "17"


def test_the_model_card_is_described_completely():
    card = default_classifier().card
    assert parse_and_dump(CardModel, card) == card


CARD = {"classes": "0123456789", "model": {}, "serving": {}}
OUTSIDE: list[tuple] = [
    (DigitModel, DIGIT, {"label": [-1], "line": [-1], "confidence": [-0.001, 1.001], "digit_score": [1.001], "accepted": [None]}),
    (DigitModel, DIGIT, {"probabilities": [[1.0], [1.1] * 10], "box_xywh": [[1, 2, 3], [1, 2, 3, 4, 5]]}),
    (ReadingModel, READING, {"status": ["fine"], "elapsed_ms": [-0.1], "lines": ["7"], "digits": [[{}]]}),
    (HealthModel, HEALTH, {"status": ["ill"], "model_sha256": ["0" * 63, "G" * 64]}),
    (ProblemModel, PROBLEM, {"status": [399, 600], "type": ["a:b"]}),
    (CardModel, CARD, {"classes": ["0"], "model": [[]], "serving": [None]}),
]


@pytest.mark.parametrize(
    ("model", "content", "name", "value"),
    [(*example, name, value) for *example, wrong in OUTSIDE for name, values in wrong.items() for value in values],
)
def test_what_lies_outside_the_described_range_is_refused(model, content, name, value):
    with pytest.raises(ValidationError) as caught:
        model.model_validate({**content, name: value})
    assert {error["loc"][0] for error in caught.value.errors()} == {name}


@pytest.mark.parametrize(("model", "content"), [(DigitModel, DIGIT), (ReadingModel, READING), (HealthModel, HEALTH)])
def test_every_field_is_required(model, content):
    for name in content:
        with pytest.raises(ValidationError):
            model.model_validate({other: content[other] for other in content if other != name})


@pytest.mark.parametrize(
    ("model", "title"),
    [(DigitModel, "Digit"), (ReadingModel, "Reading"), (HealthModel, "Health"), (CardModel, "ModelCard"), (ProblemModel, "Problem")],
)
def test_a_model_has_a_plain_name_in_the_description(model, title):
    assert model.model_json_schema()["title"] == title
