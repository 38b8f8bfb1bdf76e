import json

import numpy as np
import pytest

from app.draw.live import MAX_EXAMPLES, MAX_POINTS, live_data
from app.draw.sheet import PIXEL_RATIO, canvas_objects
from digitcore import Stroke, WriterProfile, read_strokes, strokes_of
from digitcore.workers.reader import read_drawing_to_json
from synthetic.hands import HANDS, strokes

SIZE_WH = (560, 370)
TIMEOUT_S = 300


def number(text, hand):
    """Return the strokes of a number on the canvas, as the page parses them."""
    drawn = [Stroke(path * 100 + (40 + 85 * place, 120), 16) for place, digit in enumerate(text) for path in strokes(int(digit), hand)]
    return [Stroke(each.points / PIXEL_RATIO, each.pen_px / PIXEL_RATIO) for each in strokes_of(canvas_objects(drawn))]


def profile_of(count):
    profile = WriterProfile()
    for index in range(count):
        profile.add(np.full((28, 28), index, np.uint8), index % 10)
    return profile


@pytest.mark.parametrize("hand", HANDS)
@pytest.mark.parametrize("text", ["27305", "14689"])
def test_the_api_answers_what_the_page_reads(hand, text):
    on_page = number(text, hand)
    data = live_data(on_page, SIZE_WH, 0, None)
    sent = {name: data[name] for name in ("width", "height", "strokes", "profile")}
    answer = json.loads(read_drawing_to_json(json.dumps(sent).encode(), None, TIMEOUT_S).json_bytes)
    expected = read_strokes(on_page, SIZE_WH)
    assert answer["text"] == expected.text
    assert [digit["confidence"] for digit in answer["digits"]] == pytest.approx([digit.confidence for digit in expected.digits], abs=0.05)


@pytest.mark.parametrize("count", [0, 1, MAX_EXAMPLES])
def test_a_small_profile_is_sent(count):
    profile = profile_of(count)
    assert live_data([], SIZE_WH, 3, profile) == {
        "isPossible": True,
        "generation": 3,
        "width": 560,
        "height": 370,
        "strokes": [],
        "profile": profile.to_json() if count else None,
    }


def zigzag(count):
    """Return a stroke none of whose points can be left out."""
    return Stroke(np.array([[index % 560, 100 * (index % 2)] for index in range(count)], float), 16)


@pytest.mark.parametrize(("drawn", "profile"), [([zigzag(3_000)] * 2, None), ([zigzag(3)], profile_of(MAX_EXAMPLES + 1))])
def test_what_is_too_large_for_ten_requests_a_second_is_left_to_the_page(drawn, profile):
    assert MAX_POINTS < 6_000
    data = live_data(drawn, SIZE_WH, 0, profile)
    assert (data["isPossible"], data["strokes"], data["profile"]) == (False, [], None)
