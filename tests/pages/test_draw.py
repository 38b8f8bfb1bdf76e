"""The Draw page, given what a browser may send as the canvas's JSON: a drawing is read, anything else is one friendly line."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app import ROUTER_PATH, language
from digitcore.io.strokes import MAX_POINTS, MAX_STROKES
from synthetic.hands import strokes
from tests.pages.panel import read_text, shown_text

TIMEOUT_S = 300
TOOLS = ["draw_undo", "draw_redo", "draw_clear"]

ONE = {"path": [["M", 140, 50], ["Q", 140, 100, 140, 135], ["L", 140, 220]], "strokeWidth": 16}


@pytest.fixture
def draw(monkeypatch):
    """Return a function that opens the page with a canvas that has sent this JSON, in a language."""
    app = AppTest.from_file(str(ROUTER_PATH), default_timeout=TIMEOUT_S).run()  # imports the canvas, which needs a running Streamlit

    def opened(json_data, code="en"):
        monkeypatch.setattr("app.draw.canvas.available_width_px", lambda *_: 560)
        monkeypatch.setattr("app.draw.canvas.st_canvas", lambda **_: SimpleNamespace(json_data=json_data))
        app.session_state[language.LANGUAGE_KEY] = code
        return app.run()

    return opened


def texts(elements):
    return [element.value for element in elements]


def path_of(points):
    return [["M", *points[0]], *(["L", *point] for point in points[1:])]


def test_a_drawing_is_read_after_every_stroke(draw):
    four = [{"path": path_of((path * 150 + (50, 50)).tolist()), "strokeWidth": 16} for path in strokes(4)]
    assert read_text(draw({"objects": [ONE]})) == "1"
    assert read_text(draw({"objects": four})) == "4"


@pytest.mark.parametrize("json_data", [None, {}, {"objects": []}, {"objects": [{"type": "rect"}]}, {"objects": [{"path": [["M"]]}]}])
def test_a_canvas_without_strokes_invites(draw, json_data):
    app = draw(json_data)
    assert not app.exception
    assert not app.error
    assert "Write one digit" in app.info[0].value


DAMAGED = {
    "no object": 5,
    "no objects": {"objects": 5},
    "a text": {"objects": "path"},
    "not an object": {"objects": [5]},
    "no commands": {"objects": [{"path": [5]}]},
    "no numbers": {"objects": [{"path": [["M", None, "1"]]}]},
    "not a number": {"objects": [{"path": [["M", math.nan, 1]]}]},
    "infinity": {"objects": [{"path": [["M", math.inf, 1]]}]},
    "beyond floating point": {"objects": [{"path": [["M", 10**400, 1]]}]},
    "far away": {"objects": [{"path": [["M", 1e300, 1]]}]},
    "half a point": {"objects": [{"path": [["M", 1]]}]},
    "no width": {"objects": [{**ONE, "strokeWidth": None}]},
    "an impossible width": {"objects": [{**ONE, "strokeWidth": 1e9}]},
}


@pytest.mark.parametrize("json_data", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_drawing_is_one_error_and_can_be_cleared(draw, json_data):
    app = draw(json_data)
    assert not app.exception
    assert texts(app.error) == ["This drawing can't be read. Clear it and write again."]
    assert "forgotten when you leave" in app.caption[-1].value
    assert not app.button(key="draw_clear").disabled
    assert texts(draw({"objects": [ONE]}).error) == []


TOO_LARGE = {
    "strokes": [ONE] * (MAX_STROKES + 1),
    "points of a stroke": [{"path": path_of(np.random.default_rng(1).uniform(0, 360, (MAX_POINTS + 1, 2)).tolist())}],
    "points of all strokes": [{"path": path_of([[1, 2]] * 1000)}] * (MAX_POINTS // 1000 + 1),
}


@pytest.mark.parametrize("objects", TOO_LARGE.values(), ids=TOO_LARGE.keys())
def test_a_drawing_that_is_too_large_is_one_error_and_can_be_undone(draw, objects):
    app = draw({"objects": objects})
    assert not app.exception
    assert texts(app.error) == ["There is too much to read: the limit is 10,000 strokes with 500,000 points in all. Undo some strokes."]
    assert [app.button(key=key).disabled for key in TOOLS] == [False, True, False]


def test_the_error_is_in_the_visitors_language(draw):
    assert texts(draw({"objects": [5]}, "es").error) == ["No se puede leer este dibujo. Bórralo y escribe de nuevo."]


def test_a_drawing_of_the_most_points_is_read(draw):
    points = np.random.default_rng(1).uniform(0, 360, (MAX_POINTS, 2)).tolist()
    app = draw({"objects": [{"path": path_of(points), "strokeWidth": 16}]})
    assert not app.exception
    assert not app.error


def test_a_number_with_a_separator_is_shown_as_it_is_written(draw):
    paths = [path * 120 + (60 + 170 * index, 60) for index, digit in enumerate((2, 5)) for path in strokes(digit)]
    objects = [{"path": path_of(path.tolist()), "strokeWidth": 16} for path in paths]
    point = {"path": [["M", 185, 178], ["L", 185, 179]], "strokeWidth": 16}
    assert shown_text(draw({"objects": objects})) == "25"
    app = draw({"objects": [*objects, point]})
    assert (read_text(app), shown_text(app)) == ("25", "2.5")
