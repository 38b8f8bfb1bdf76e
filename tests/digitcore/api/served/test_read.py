import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import httpx
import numpy as np
import pytest

from digitcore import ImageError, Settings, read_image
from digitcore.cli import main
from digitcore.recognition.classifier import default_classifier
from testing.heif_files import Item, coded, grid, heif_file, size
from testing.writer_profiles import profile_that_reads
from tests.digitcore.api.conftest import TIMEOUT_S

ROOT = Path(__file__).resolve().parents[4]
READ = "/api/v1/read"


@pytest.fixture
def blank():
    return cv2.imencode(".png", np.full((50, 50), 255, np.uint8))[1].tobytes()


def test_a_form_and_a_body_are_read_alike(client, seven):
    as_form = client.post(READ, files={"file": ("a.png", seven, "image/png")}).json()
    as_body = client.post(READ, content=seven, headers={"content-type": "image/png"}).json()
    unnamed = client.post(READ, content=seven).json()
    assert as_form["text"] == "7"
    assert {**as_form, "elapsed_ms": 0} == {**as_body, "elapsed_ms": 0} == {**unnamed, "elapsed_ms": 0}


def test_the_answer_has_the_contracts_fields(client, seven):
    answer = client.post(READ, content=seven)
    assert answer.headers["content-type"] == "application/json"
    assert set(answer.json()) == {"status", "text", "lines", "numbers", "alternatives", "digits", "notes", "elapsed_ms"}
    fields = {"label", "confidence", "probabilities", "digit_score", "accepted", "reason", "box_xywh", "line", "separator"}
    assert set(answer.json()["digits"][0]) == fields


def test_a_heic_is_read(client, seven):
    content = heif_file([coded(cv2.resize(cv2.imdecode(np.frombuffer(seven, np.uint8), cv2.IMREAD_COLOR), (128, 128)))])
    for sent in ({"content": content, "headers": {"content-type": "image/heic"}}, {"files": {"file": ("a.heic", content, "image/heic")}}):
        assert client.post(READ, **sent).json()["text"] == "7"


@pytest.mark.parametrize("path", sorted((ROOT / "samples").glob("*.jpg")), ids=lambda path: path.name)
def test_the_command_line_prints_the_same_reading(capsys, client, path):
    main(["read", str(path), "--json"])
    printed = json.loads(capsys.readouterr().out)
    answer = client.post(READ, files={"file": path.read_bytes()}).json()
    assert {**answer, "file": str(path), "elapsed_ms": 0} == {**printed, "elapsed_ms": 0}


def test_the_command_line_prints_the_same_error_for_a_bad_file(capsys, client, tmp_path, seven):
    tiny = cv2.imencode(".png", np.zeros((4, 4), np.uint8))[1].tobytes()
    tile = coded(np.full((64, 64, 3), 230, np.uint8), hidden=True)
    heif = [heif_file([tile])[:-9], heif_file([grid(1, 1, (9_000, 9_000), [2]), tile]), heif_file([Item(b"jpeg", b"", [size(64, 64)])])]
    for content in (b"", b"%PDF-1.7", b"no picture", seven[:60], tiny, *heif):
        path = tmp_path / "bad"
        path.write_bytes(content)
        main(["read", str(path), "--json"])
        answer = client.post(READ, content=content)
        assert answer.json()["detail"] == json.loads(capsys.readouterr().out)["error"]
        with pytest.raises(ImageError) as caught:
            read_image(content)
        assert answer.status_code == answer.json()["status"] == caught.value.status


def test_a_blank_picture_is_a_reading_and_not_an_error(client, blank):
    answer = client.post(READ, content=blank)
    assert (answer.status_code, answer.json()["status"]) == (200, "blank")


def test_a_recipe_changes_the_reading(client, drawing):
    faint = cv2.imencode(".png", 127 + drawing(7) // 2)[1].tobytes()
    assert client.post(READ, content=faint).json()["text"] == "7"
    recipe = Settings(minimum_contrast=0.7).to_json()
    assert client.post(READ, content=faint, params={"settings": recipe}).json()["status"] == "blank"


@pytest.mark.parametrize(("recipe", "expected"), [("{", "isn't JSON"), ('{"magic": 1}', "magic"), ("", "isn't JSON")])
def test_the_error_for_a_bad_recipe_names_the_fault(client, seven, recipe, expected):
    answer = client.post(READ, content=seven, params={"settings": recipe})
    assert answer.status_code == 400
    assert expected in answer.json()["detail"]


def test_a_profile_changes_the_reading_over_http_as_on_the_command_line(capsys, client, tmp_path, seven, drawing):
    (tmp_path / "seven.png").write_bytes(seven)
    (tmp_path / "my-hand.json").write_text(profile_that_reads(seven, 1, unlike=drawing(0)).to_json())
    main(["read", str(tmp_path / "seven.png"), "--profile", str(tmp_path / "my-hand.json"), "--json"])
    printed = json.loads(capsys.readouterr().out)
    with (tmp_path / "my-hand.json").open("rb") as profile:
        answer = client.post(READ, files={"file": seven, "profile": profile}).json()
    assert answer["text"] == "1"
    assert {**answer, "file": str(tmp_path / "seven.png"), "elapsed_ms": 0} == {**printed, "elapsed_ms": 0}
    assert client.post(READ, files={"file": seven}).json()["text"] == "7", "a profile must not outlive its request"


def test_health_and_model_card_describe_the_served_network(client):
    card = default_classifier().card
    assert client.get("/api/v1/health").json() == {"status": "ok", "model_sha256": card["model"]["sha256"]}
    assert client.get("/api/v1/model").json() == card
    assert client.head("/api/v1/health").status_code == 200


def test_concurrent_readings_are_not_mixed_up(running, drawing):
    digits = [index % 10 for index in range(30)]
    pictures = [cv2.imencode(".png", drawing(digit))[1].tobytes() for digit in range(10)]
    alone = [read_image(picture).text for picture in pictures]

    async def ask():
        async with httpx.AsyncClient(base_url=running.url, timeout=TIMEOUT_S) as client:
            answers = await asyncio.gather(*(client.post(READ, content=pictures[digit]) for digit in digits))
        return [answer.json()["text"] for answer in answers]

    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(asyncio.run, ask()).result() == [alone[digit] for digit in digits]
