"""The Draw page, given what a browser may send as the canvas's JSON: a drawing is read, anything else is one friendly line."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app import ROUTER_PATH, language
from digitcore import Stroke
from digitcore.io.packing import pack_strokes
from digitcore.io.strokes import MAX_POINTS, MAX_STROKES
from synthetic.hands import strokes
from tests.pages.panel import read_text, shown_text

TIMEOUT_S = 300
TOOLS = ["draw_undo", "draw_redo", "draw_clear"]

ONE = {"path": [["M", 280, 100], ["Q", 280, 200, 280, 270], ["L", 280, 440]], "strokeWidth": 32}
"""A 1, in pixels of the canvas."""


@pytest.fixture
def draw(monkeypatch):
    """Return a function that opens the page with a canvas that has sent this JSON, in a language."""
    app = AppTest.from_file(str(ROUTER_PATH), default_timeout=TIMEOUT_S).run()  # imports the canvas, which needs a running Streamlit

    def opened(json_data, code="en"):
        monkeypatch.setattr("app.draw.canvas.st_canvas", lambda **_: SimpleNamespace(json_data=json_data))
        app.session_state[language.LANGUAGE_KEY] = code
        return app.run()

    return opened


def texts(elements):
    return [element.value for element in elements]


def path_of(points):
    return [["M", *points[0]], *(["L", *point] for point in points[1:])]


def test_a_drawing_is_read_after_every_stroke(draw):
    four = [{"path": path_of((path * 300 + (100, 100)).tolist()), "strokeWidth": 32} for path in strokes(4)]
    assert read_text(draw({"objects": [ONE]})) == "1"
    assert read_text(draw({"objects": four})) == "4"


@pytest.mark.parametrize("json_data", [None, {}, {"objects": []}, {"objects": [{"type": "rect"}]}, {"objects": [{"path": [["M"]]}]}])
def test_a_canvas_without_strokes_invites(draw, json_data):
    app = draw(json_data)
    assert not app.exception
    assert not app.error
    assert "Write one digit, or several side by side." in texts(app.markdown)


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
    paths = [path * 240 + (120 + 340 * index, 120) for index, digit in enumerate((2, 5)) for path in strokes(digit)]
    objects = [{"path": path_of(path.tolist()), "strokeWidth": 32} for path in paths]
    point = {"path": [["M", 370, 356], ["L", 370, 358]], "strokeWidth": 32}
    assert shown_text(draw({"objects": objects})) == "25"
    app = draw({"objects": [*objects, point]})
    assert (read_text(app), shown_text(app)) == ("25", "2.5")


def packed_one(size_wh=(560, 370)):
    return pack_strokes([Stroke(np.array([[280.0, 60.0], [280.0, 300.0]]), 16.0)], size_wh)


@pytest.fixture
def canvas(monkeypatch):
    """Return a new page, and the arguments of its canvas, which shows the drawing that it was given."""
    app = AppTest.from_file(str(ROUTER_PATH), default_timeout=TIMEOUT_S)
    AppTest.from_file(str(ROUTER_PATH), default_timeout=TIMEOUT_S).run()
    shown = {}

    def show(**arguments):
        shown.update(arguments)
        return SimpleNamespace(json_data=arguments["initial_drawing"])

    monkeypatch.setattr("app.draw.canvas.st_canvas", show)
    return app, shown


def test_a_link_opens_its_drawing_on_a_sheet_of_its_size(canvas):
    app, shown = canvas
    app.query_params["d"] = packed_one((500, 380))
    app.run()
    assert read_text(app) == "1"
    assert (shown["width"], shown["height"]) == (1000, 760)
    app.button(key="draw_undo").click().run()
    assert "Write one digit, or several side by side." in texts(app.markdown)


@pytest.mark.parametrize("link", ["", "NaN", "%00", "A" * 100_000, "é", packed_one()[:-9], "Ag" + packed_one()[2:]])
def test_a_link_that_can_not_be_opened_is_one_line_until_something_is_drawn(canvas, link):
    app, _shown = canvas
    app.query_params["d"] = link
    app.run()
    assert not app.exception
    assert [text.startswith("This drawing can't be opened: ") for text in texts(app.warning)] == [True]
    app.button(key="draw_try_seven").click().run()
    assert read_text(app) == "7"


def test_an_example_is_drawn_in_place_of_the_drawing_and_can_be_undone(canvas):
    app, _shown = canvas
    app.run()
    app.button(key="draw_try_postcode").click().run()
    assert read_text(app) == "28013"
    app.button(key="draw_try_seven").click().run()
    assert read_text(app) == "7"
    app.button(key="draw_undo").click().run()
    assert read_text(app) == "28013"


def test_the_presenters_view_has_the_answer_and_its_bars_only(canvas):
    app, _shown = canvas
    app.query_params["present"] = "1"
    app.run()
    app.query_params["d"] = packed_one()
    app.run()
    assert read_text(app) == "1"
    assert any('class="digit-bars"' in each for each in texts(app.get("html")))
    assert not app.title
    assert not app.table
    app.button(key="draw_leave").click().run()
    assert texts(app.title) == ["Write a number"]
    assert "present" not in app.query_params
    app.button(key="draw_present").click().run()
    assert not app.title
