"""The section of the Model page in which a small network learns, in Streamlit's test runner."""

from contextlib import ExitStack

import pytest
from streamlit.runtime.scriptrunner_utils.exceptions import StopException
from streamlit.testing.v1 import AppTest

from app import ROUTER_PATH, language
from app.model.learning import LEARNED_KEY, MAX_RUNS, PASS_COUNT, free_runs
from digitcore.errors import DataUnavailableError, RequestError
from digitcore.messages import Message

TIMEOUT_S = 300
PAGE = "../pages/model.py"


@pytest.fixture
def app(monkeypatch):
    monkeypatch.setattr("app.model.learning.MIN_PASS_S", 0.0)
    app = AppTest.from_file(str(ROUTER_PATH), default_timeout=TIMEOUT_S).switch_page(PAGE)
    app.query_params["part"] = "learn"
    app.session_state[language.LANGUAGE_KEY] = "en"
    return app.run()


def learn(app):
    app.button(key="model_learn_start").click().run()
    assert not app.exception
    return app.session_state[LEARNED_KEY]


def test_nothing_is_learned_before_it_is_asked_for(app):
    assert not app.exception
    assert LEARNED_KEY not in app.session_state
    assert not app.subheader


def test_it_learns_to_read_most_digits_and_shows_its_mistakes(app):
    learned = learn(app)
    assert len(learned.accuracies) == PASS_COUNT + 1
    assert learned.accuracies[0][1] < 0.3
    assert learned.accuracies[-1][0] >= 0.9
    assert learned.accuracies[-1][1] > 0.8
    assert "Its first mistakes" in [subheader.value for subheader in app.subheader]
    assert {metric.label: metric.value for metric in app.metric}["Pass"] == f"{PASS_COUNT} of {PASS_COUNT}"


def test_more_digits_teach_more(app):
    few = learn(app).accuracies[-1][1]
    app.segmented_control(key="model_learn_count").set_value(1_000).run()
    assert learn(app).accuracies[-1][1] > few


def test_a_digit_that_is_left_out_is_never_read(app):
    app.selectbox(key="model_learn_left_out").set_value(7).run()
    assert 7 not in learn(app).predictions
    assert any("it reads 0: it doesn't know that there is such a digit" in text.value for text in app.markdown)


def test_a_missing_sample_is_one_friendly_line(app, monkeypatch):
    def missing():
        raise DataUnavailableError(Message("The sample of the test set is missing or damaged: run `python -m model.digit_sample`."))

    monkeypatch.setattr("app.model.learning.read_sample", missing)
    app.button(key="model_learn_start").click().run()
    assert not app.exception
    assert ["run `python -m model.digit_sample`" in error.value for error in app.error] == [True]


def test_where_many_learn_already_one_friendly_line_says_so(app):
    with ExitStack() as others:
        for _ in range(MAX_RUNS):
            others.enter_context(free_runs())
        app.button(key="model_learn_start").click().run()
        assert not app.exception
        assert [error.value for error in app.error] == ["Many networks are learning here at this moment. Try again in ten seconds."]
        assert LEARNED_KEY not in app.session_state
    learn(app)
    assert not app.error


@pytest.mark.parametrize("early_end", [RequestError("The server is too busy.", 503), StopException()])
def test_a_run_that_ends_early_makes_way_for_others(app, monkeypatch, early_end):
    def end(*_arguments):
        raise early_end

    monkeypatch.setattr("app.model.learning.measure_network", end)
    app.button(key="model_learn_start").click().run()
    assert not app.exception
    assert LEARNED_KEY not in app.session_state
    with ExitStack() as others:
        for _ in range(MAX_RUNS):
            assert free_runs().acquire(blocking=False)
            others.callback(free_runs().release)
