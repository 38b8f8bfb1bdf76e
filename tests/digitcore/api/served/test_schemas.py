"""The models describe real responses completely: a response that is parsed by its model and dumped again is unchanged."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from digitcore.api.paths import HEALTH_PATH, MODEL_PATH, READ_PATH
from digitcore.api.schemas import CardModel, HealthModel, ProblemModel, ReadingModel
from digitcore.results import Status

ROOT = Path(__file__).resolve().parents[4]


def parse_and_dump(model, response):
    return model.model_validate(response.json()).model_dump(mode="json")


@pytest.mark.parametrize("path", sorted((ROOT / "samples").glob("*.jpg")), ids=lambda path: path.name)
def test_the_reading_of_a_sample_is_described_completely(client, path):
    response = client.post(READ_PATH, content=path.read_bytes())
    assert parse_and_dump(ReadingModel, response) == response.json()
    assert response.json()["digits"]


def blank_page():
    return np.full((200, 200, 3), 255, np.uint8)


def page_with_a_blot():
    return cv2.circle(blank_page(), (100, 100), 12, (0, 0, 0), cv2.FILLED)


@pytest.mark.parametrize(("page", "status"), [(blank_page(), Status.BLANK), (page_with_a_blot(), Status.NO_DIGIT)])
def test_a_reading_without_digits_is_described_completely(client, page, status):
    response = client.post(READ_PATH, content=cv2.imencode(".png", page)[1].tobytes())
    assert parse_and_dump(ReadingModel, response) == response.json()
    assert response.json()["status"] == status


@pytest.mark.parametrize(("path", "model"), [(HEALTH_PATH, HealthModel), (MODEL_PATH, CardModel)])
def test_health_and_model_card_are_described_completely(client, path, model):
    response = client.get(path)
    assert parse_and_dump(model, response) == response.json()


@pytest.mark.parametrize("content", [b"", b"no picture"])
def test_a_problem_is_described_completely(client, content):
    response = client.post(READ_PATH, content=content)
    assert parse_and_dump(ProblemModel, response) == response.json()
