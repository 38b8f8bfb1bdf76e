import json
import signal

import numpy as np
import pytest

from digitcore import Classifier, ProfileError, Stroke, WriterProfile, read_image, read_strokes
from digitcore.io.encode import encode_image
from digitcore.workers.reader import MAX_PROFILE_EXAMPLES, read_drawing_to_json, read_to_json
from synthetic.hands import strokes

TIMEOUT_S = 300


@pytest.fixture
def seven(drawing):
    return encode_image(drawing(7)[..., :3], "png")


def profile_of(count):
    profile = WriterProfile()
    for index in range(count):
        profile.add(np.full((28, 28), index, np.uint8), index % 10)
    return profile


def test_a_reading_is_encoded_with_the_counts_of_its_marks(seven):
    reading = read_to_json(seven, None, TIMEOUT_S)
    expected = {**read_image(seven).to_dict(), "elapsed_ms": 0}
    assert {**json.loads(reading.json_bytes), "elapsed_ms": 0} == json.loads(json.dumps(expected))
    assert (reading.status, reading.accepted_count, reading.separator_count, reading.rejected_count) == ("ok", 1, 0, 0)


def test_as_many_examples_are_read_as_the_limit_says(seven):
    assert read_to_json(seven, None, TIMEOUT_S, profile_of(MAX_PROFILE_EXAMPLES).to_json()).accepted_count == 1
    with pytest.raises(ProfileError, match=r"more than 200 examples\. Choose a smaller one\."):
        read_to_json(seven, None, TIMEOUT_S, profile_of(MAX_PROFILE_EXAMPLES + 1).to_json().encode())


def test_the_deadline_covers_the_profile(seven, monkeypatch):
    remaining_s = []
    network_run = Classifier.logits_and_features

    def noting_the_deadline(self, images):
        remaining_s.append(signal.getitimer(signal.ITIMER_REAL)[0])
        return network_run(self, images)

    monkeypatch.setattr(Classifier, "logits_and_features", noting_the_deadline)
    read_to_json(seven, None, 100_000, profile_of(3).to_json())  # longer than any timer of the test runner
    assert len(remaining_s) >= 2
    assert min(remaining_s) > 90_000


def test_a_drawing_is_encoded_as_the_core_reads_it():
    drawn = [Stroke(path * 120 + 40, 16) for path in strokes(7)]
    content = {"width": 280, "height": 240, "strokes": [{"points": each.points.tolist()} for each in drawn]}
    reading = read_drawing_to_json(json.dumps(content).encode(), None, TIMEOUT_S)
    expected = {**read_strokes(drawn, (280, 240)).to_dict(), "elapsed_ms": 0}
    assert {**json.loads(reading.json_bytes), "elapsed_ms": 0} == json.loads(json.dumps(expected))
    assert (reading.status, reading.accepted_count, reading.separator_count, reading.rejected_count) == ("ok", 1, 0, 0)


def test_a_separator_of_a_number_is_no_refused_mark():
    digits = [path * 110 + (60 + place * 180, 60) for place, digit in enumerate((2, 8)) for path in strokes(digit)]
    dash = np.array([(170, 118), (212, 116)])
    scribble = np.array([(x, y) for x in range(500, 580, 14) for y in (70, 160)])
    content = {"width": 700, "height": 240, "strokes": [{"points": path.tolist()} for path in (*digits, dash, scribble)]}
    reading = read_drawing_to_json(json.dumps(content).encode(), None, TIMEOUT_S)
    assert [number["text"] for number in json.loads(reading.json_bytes)["numbers"][0]] == ["2-8"]
    assert (reading.accepted_count, reading.separator_count, reading.rejected_count) == (2, 1, 1)
