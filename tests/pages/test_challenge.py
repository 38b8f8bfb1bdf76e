"""The game of the Draw page in Streamlit's test runner."""

from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app import ROUTER_PATH, language
from app.challenge.game import GAME_KEY
from app.challenge.prompts import PROMPTS
from synthetic.allographs import allographs

TIMEOUT_S = 300


@pytest.fixture
def play(monkeypatch):
    """Return a function that shows the game with these strokes on the canvas, in heights of a digit."""
    app = AppTest.from_file(str(ROUTER_PATH), default_timeout=TIMEOUT_S).run()  # imports the canvas, which needs a running Streamlit
    app.session_state[language.LANGUAGE_KEY] = "en"
    app.query_params["play"] = "1"

    def shown(*paths, code="en"):
        objects = [
            {"path": [["M", *points[0]], *(["L", *each] for each in points[1:])], "strokeWidth": 32} for points in map(scaled, paths)
        ]
        monkeypatch.setattr("app.draw.canvas.st_canvas", lambda **_: SimpleNamespace(json_data={"objects": objects}))
        app.session_state[language.LANGUAGE_KEY] = code
        app.run()
        assert not app.exception
        return app

    return shown


def scaled(path):
    return (path * 400 + (300, 160)).tolist()


def slashed_zero():
    (shape,) = (each for each in allographs(0) if each.name == "slashed")
    return shape.make(np.random.default_rng(1))


def test_what_counts_has_points_and_the_next_prompt_follows(play):
    app = play()
    assert [each.value for each in app.subheader] == [PROMPTS[0].text]
    assert app.button(key="play_next").label == "Skip"
    app = play(*slashed_zero())
    assert app.success[0].value.startswith("That counts: 1")
    assert app.button(key="play_next").label == "Next"
    app.button(key="play_next").click()
    app = play()
    assert [each.value for each in app.subheader] == [PROMPTS[1].text]
    assert app.session_state[GAME_KEY].points >= 100


def test_the_result_lists_all_prompts_and_has_a_card(play):
    app = play()
    for _ in PROMPTS:
        app.button(key="play_next").click().run()
    assert [metric.value for metric in app.metric] == ["0 points"]
    assert len(app.get("download_button")) == 1
    app.button(key="play_again").click().run()
    assert [each.value for each in app.subheader] == [PROMPTS[0].text]


def test_a_drawing_that_cannot_be_read_is_one_friendly_line(play, monkeypatch):
    app = play()
    monkeypatch.setattr("app.draw.canvas.st_canvas", lambda **_: SimpleNamespace(json_data={"objects": 5}))
    app.run()
    assert not app.exception
    assert ["can't be read" in error.value for error in app.error] == [True]


def test_giving_up_returns_to_the_page(play):
    app = play()
    app.button(key="play_leave").click().run()
    assert app.title[0].value == "Write a number"
    assert "play" not in app.query_params
    app.button(key="draw_play").click().run()
    assert app.title[0].value == "Fool the machine"
