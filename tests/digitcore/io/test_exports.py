import csv
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest

from digitcore import Settings, read_image
from digitcore.io.exports import Correction, labelled_zip, stages_zip

ROOT = Path(__file__).resolve().parents[3]


def unpacked(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_every_stage_is_a_numbered_picture_in_its_order(drawing):
    reading = read_image(drawing(7))
    files = unpacked(stages_zip(reading, Settings()))
    assert list(files) == [*(f"{place:02}-{stage.name}.png" for place, stage in enumerate(reading.stages, 1)), "recipe.json"]
    for place, stage in enumerate(reading.stages, 1):
        stored = cv2.imdecode(np.frombuffer(files[f"{place:02}-{stage.name}.png"], np.uint8), cv2.IMREAD_UNCHANGED)
        assert (stored == (stage.image if stage.image.ndim == 2 else stage.image[..., ::-1])).all()


def test_the_same_reading_gives_the_same_bytes(drawing):
    reading = read_image(drawing(7))
    assert stages_zip(reading, Settings()) == stages_zip(reading, Settings())


@pytest.mark.parametrize(
    ("sample", "settings"),
    [
        ("pen.jpg", Settings(minimum_contrast=0.9)),
        ("page.jpg", Settings(threshold="otsu", aspect_ratio="squash")),
        ("chalk.jpg", Settings()),
    ],
)
def test_the_command_line_replays_the_recipe_to_the_same_answer(tmp_path, sample, settings):
    picture = ROOT / "samples" / sample
    reading = read_image(picture.read_bytes(), settings)
    recipe = tmp_path / "recipe.json"
    recipe.write_bytes(unpacked(stages_zip(reading, settings))["recipe.json"])
    command = [sys.executable, "-m", "digitcore", "read", "--json", str(picture), "--settings", str(recipe)]
    answer = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
    assert (answer["status"], answer["lines"]) == (reading.status, reading.lines)
    assert answer["digits"] == [digit.to_dict() for digit in reading.digits]


def test_each_picture_is_in_the_folder_of_its_right_label(drawing):
    digit = read_image(drawing(3)).digits[0]
    archive = zipfile.ZipFile(io.BytesIO(labelled_zip([Correction.from_digit(digit, 8), Correction.from_digit(digit, None)])))
    assert archive.namelist() == ["8/0001.png", "none/0002.png", "labels.csv"]
    picture = cv2.imdecode(np.frombuffer(archive.read("8/0001.png"), np.uint8), cv2.IMREAD_UNCHANGED)
    assert (picture == digit.model_input).all()
    table = list(csv.DictReader(io.StringIO(archive.read("labels.csv").decode())))
    assert [(row["file"], row["label"], row["said"]) for row in table] == [("8/0001.png", "8", "3"), ("none/0002.png", "none", "3")]


def test_no_corrections_are_an_empty_table():
    archive = zipfile.ZipFile(io.BytesIO(labelled_zip([])))
    assert archive.read("labels.csv").decode().strip() == "file,label,said,confidence"
