"""The reader answers as it did when `tests/snapshot.json` was written: `python -m testing.snapshot outline tests/snapshot.json`.

A change of behaviour writes that file anew, and says in its commit what changed and why.
"""

import json
from pathlib import Path

import pytest

from testing.snapshot import differences, take_outline

SNAPSHOT = Path(__file__).with_name("snapshot.json")
MEAN_TOLERANCE = 0.5
"""Grey levels by which a stage's mean may differ, since processors round differently."""


def without_means(outline):
    return {name: {**reading, "stages": [stage[:-1] for stage in reading["stages"]]} for name, reading in outline.items()}


def test_every_answer_and_every_stage_is_the_recorded_one():
    recorded, now = json.loads(SNAPSHOT.read_text(encoding="utf-8")), take_outline()
    assert list(differences(without_means(recorded), without_means(now))) == []
    for name, reading in recorded.items():
        means = [stage[-1] for stage in now[name]["stages"]]
        assert means == pytest.approx([stage[-1] for stage in reading["stages"]], abs=MEAN_TOLERANCE), name


def test_a_difference_is_found():
    recorded = json.loads(SNAPSHOT.read_text(encoding="utf-8"))
    changed = json.loads(SNAPSHOT.read_text(encoding="utf-8"))
    changed["pen.jpg"]["lines"] = ["8"]
    assert [line.split(":")[0] for line in differences(recorded, changed)] == ["/pen.jpg/lines"]
