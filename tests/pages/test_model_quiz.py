"""The quiz of the Model page in Streamlit's test runner."""

import pytest
from streamlit.testing.v1 import AppTest

from app import ROUTER_PATH
from app.model.mistake_pictures import read_mistakes
from app.model.quiz import PICTURE_COUNT, QUIZ_KEY, Quiz
from digitcore.recognition.artifacts import PACKAGED_NETWORK, read_card

TIMEOUT_S = 300
PAGE = "../pages/model.py"
NEXT, AGAIN = "model_quiz_next", "model_quiz_again"
CARD = read_card(PACKAGED_NETWORK)


@pytest.fixture
def mistakes():
    return read_mistakes(CARD["model"]["sha256"])


@pytest.fixture
def app(mistakes):
    app = AppTest.from_file(str(ROUTER_PATH), default_timeout=TIMEOUT_S).switch_page(PAGE)
    app.query_params["part"] = "quiz"
    app.session_state[QUIZ_KEY] = Quiz(mistakes, seed=0)
    return app


def page_text(app):
    return "\n".join(element.value for kind in (app.markdown, app.caption, app.info) for element in kind)


def pick(app, digit):
    """Pick a digit for the picture that is shown."""
    position = app.session_state[QUIZ_KEY].position
    app.pills(key=f"model_quiz_{position}").set_value(digit).run()
    assert not app.exception


def test_a_picture_is_shown_without_its_answer(app):
    app.run()
    assert not app.exception
    assert "here it scores 0" in page_text(app)
    assert "Picture 1 of 10. So far: you 0 right, the network 0." in page_text(app)
    assert "MNIST, by Y. LeCun, C. Cortes and C. J. C. Burges, [CC BY-SA 3.0]" in page_text(app)
    assert "Right answer" not in [metric.label for metric in app.metric]
    assert [image.proto.imgs[0].alt for image in app.get("image")] == ["A handwritten digit"]


def test_an_answer_shows_the_three_readings_and_is_final(app, mistakes):
    app.run()
    picture = app.session_state[QUIZ_KEY].pictures[0]
    pick(app, picture.label)
    readings = [(metric.label, metric.value) for metric in app.metric][-3:]
    confidence = f"{100 * picture.confidence:.1f}%"
    assert readings == [
        ("You read", str(picture.label)),
        (f"The network ({confidence})", str(picture.predicted)),
        ("Right answer", str(picture.label)),
    ]
    assert "So far: you 1 right, the network 0." in page_text(app)
    assert "model_quiz_0" not in [pills.key for pills in app.pills]


def test_a_game_ends_with_the_score_and_all_pictures_and_can_be_played_again(app):
    app.run()
    pictures = app.session_state[QUIZ_KEY].pictures
    for index, picture in enumerate(pictures):
        pick(app, picture.label if index < 7 else picture.predicted)
        app.button(key=NEXT).click().run()
    assert "You read **7 of 10** right." in page_text(app)
    assert f"of the whole MNIST test set it reads **{CARD['test']['accuracy_pct']:.2f}%** right" in page_text(app)
    cards = "".join(element.proto.body for element in app.get("html") if "digit-cards" in element.proto.body)
    assert (cards.count("<img"), cards.count("✓"), cards.count("✗")) == (10, 7, 3)
    app.button(key=AGAIN).click().run()
    assert not app.exception
    assert "Picture 1 of 10. So far: you 0 right" in page_text(app)
    assert app.pills(key="model_quiz_0").value is None


def test_a_game_continues_after_another_page_in_another_language(app):
    app.run()
    before = app.session_state[QUIZ_KEY]
    pick(app, 3)
    app.switch_page("../pages/draw.py").run()
    app.query_params["lang"] = "es"
    app.switch_page(PAGE).run()
    assert not app.exception
    assert app.session_state[QUIZ_KEY] is before
    assert before.answers == [3]
    assert app.button(key=NEXT).label == "Siguiente"


def test_pictures_of_another_network_are_one_message(app, monkeypatch):
    monkeypatch.setattr("app.model.mistakes.read_mistakes", lambda _sha256: read_mistakes("of another network"))
    app.run()
    assert not app.exception
    assert "belong to another network" in app.info[0].value


def test_a_game_draws_different_mistakes_and_another_one_other_mistakes(mistakes):
    quiz = Quiz(mistakes, seed=0)
    first = [id(picture) for picture in quiz.pictures]
    assert len(set(first)) == PICTURE_COUNT
    assert first == [id(picture) for picture in Quiz(mistakes, seed=0).pictures]
    for _picture in quiz.pictures:
        quiz.answer(0)
        quiz.proceed()
    quiz.play_again()
    assert first != [id(picture) for picture in quiz.pictures]


def test_clicks_out_of_turn_change_nothing(mistakes):
    quiz = Quiz(mistakes[:2], seed=0)
    quiz.proceed()
    quiz.play_again()
    assert (quiz.position, quiz.answers) == (0, [])
    for _repetition in range(50):
        quiz.answer(1)
        quiz.answer(2)
        quiz.proceed()
    assert quiz.is_over
    assert quiz.answers == [1, 1]
