"""The question why a mark isn't another digit, on the Draw page and in the Inspector."""

from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from app import ROUTER_PATH, language
from digitcore.analysis import counterfactual
from synthetic.hands import strokes

TIMEOUT_S = 300
NO_LIMIT_S = 1e9


@pytest.fixture(autouse=True)
def without_time_limit(monkeypatch):
    """Search as long as it takes: this machine may be busy."""

    def find(*arguments):
        return counterfactual.find_counterfactual(*arguments, time_limit_s=NO_LIMIT_S)

    monkeypatch.setattr("app.why_not.panel.find_counterfactual", find)


def drawn(*paths):
    return [{"path": [["M", *path[0]], *(["L", *point] for point in path[1:])], "strokeWidth": 32} for path in paths]


NINE = drawn(*((path * 400 + (300, 120)).tolist() for path in strokes(9)))
PLUS = drawn([[300, 400], [700, 400]], [[500, 200], [500, 600]])
HATCHING = drawn(*([[300 + 4 * place, 200], [300 + 4 * place, 600]] for place in range(100)))


@pytest.fixture
def draw(monkeypatch):
    """Return a function that opens the Draw page with a drawing, in a language."""
    app = AppTest.from_file(str(ROUTER_PATH), default_timeout=TIMEOUT_S).run()  # imports the canvas, which needs a running Streamlit

    def opened(objects, code="en"):
        monkeypatch.setattr("app.draw.canvas.st_canvas", lambda **_: SimpleNamespace(json_data={"objects": objects}))
        app.session_state[language.LANGUAGE_KEY] = code
        return app.run()

    return opened


def question(app, label="Why not a …?"):
    return next((each for each in app.pills if each.label == label), None)


def answers(app):
    """Return the sentences about changes."""
    return [each.value for each in app.markdown if "would be read" in each.value or "small change" in each.value or "leería" in each.value]


def alternative_texts(app):
    return [element.value for element in app.get("html") if "orange" in element.value]


def test_a_9_would_be_a_4_with_a_part_missing_at_the_top(draw):
    app = draw(NINE)
    assert question(app).options == [str(label) for label in range(9)]
    assert answers(app) == []
    question(app).set_value(4).run()
    (answer,) = answers(app)
    assert answer.startswith("It would be read as 4 (")
    assert answer.endswith("%) if part of a stroke were missing at the top.")
    (pictures,) = alternative_texts(app)
    assert 'alt="As it is, read as 9; what would change is orange"' in pictures
    assert 'alt="After the change, read as 4; what has changed is orange"' in pictures


def test_the_answer_is_in_the_visitors_language(draw):
    app = draw(NINE, "es")
    question(app, "¿Por qué no un…?").set_value(4).run()
    (answer,) = answers(app)
    assert answer.startswith("Se leería como un 4 (")
    assert answer.endswith("\u00a0%) si faltara parte de un trazo arriba.")


def test_the_same_question_is_answered_once(draw, monkeypatch):
    app = draw(NINE)
    question(app).set_value(4).run()
    monkeypatch.setattr("app.why_not.panel.find_counterfactual", None)
    assert len(answers(app.run())) == 1
    assert not app.exception


def test_where_nothing_is_found_it_says_so(draw, monkeypatch):
    monkeypatch.setattr("app.why_not.panel.find_counterfactual", lambda *_: None)
    app = draw(NINE)
    question(app).set_value(2).run()
    assert answers(app) == ["No small change was found with which it would be read as 2."]


def test_a_rejected_mark_may_be_asked_about_every_digit(draw):
    app = draw(PLUS)
    assert question(app).options == [str(label) for label in range(10)]
    question(app).set_value(4).run()
    assert not app.exception


def test_nothing_drawn_asks_nothing(draw):
    assert question(draw([])) is None


def test_hundreds_of_strokes_are_one_friendly_line(draw):
    app = draw(HATCHING)
    question(app).set_value(0).run()
    assert not app.exception
    assert "This mark has too many strokes to tell what would change it." in [each.value for each in app.info]


def test_the_inspector_follows_the_strokes_in_the_ink():
    app = AppTest.from_file(str(ROUTER_PATH), default_timeout=TIMEOUT_S).switch_page("../pages/inspector.py")
    app.query_params["picture"] = "sample:pen.jpg"
    app.run()
    app.segmented_control(key="inspector_look").set_value("marks").run()
    question(app).set_value(9).run()
    assert not app.exception
    assert len(answers(app)) == 1
