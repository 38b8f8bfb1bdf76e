import pytest
from streamlit.testing.v1 import AppTest

from app import language

TIMEOUT_S = 300


def show(alternatives):
    """Run as an app: show a reading with these alternatives."""
    from app.reading_panel import show_answer  # noqa: PLC0415  the function's source alone is run
    from digitcore import Alternative, Reading, Status  # noqa: PLC0415

    texts = [tuple(Alternative(*each) for each in line) for line in alternatives]
    show_answer(Reading(Status.OK, [line[0].text for line in texts], [], [], (9, 9), 1.0, alternatives=texts), "test")


@pytest.fixture
def captions():
    """Return a function that shows alternatives in a language, and returns the captions."""

    def shown(alternatives, code="en"):
        app = AppTest.from_function(show, default_timeout=TIMEOUT_S, kwargs={"alternatives": alternatives})
        app.session_state[language.LANGUAGE_KEY] = code
        app.run()
        assert not app.exception
        return [caption.value for caption in app.caption]

    return shown


def test_a_likely_second_text_is_shown_after_the_first(captions):
    assert captions([[("407", 0.93), ("401", 0.05)]]) == ["Possible readings: 407\u00a093% · 401\u00a05%"]
    (spanish,) = captions([[("407", 0.93), ("401", 0.05)]], "es")
    assert spanish.endswith(": 407\u00a093\u00a0% · 401\u00a05\u00a0%")


def test_an_unlikely_second_text_is_not_shown(captions):
    assert captions([[("407", 0.95), ("401", 0.0499)]]) == []
    assert captions([[("407", 0.95)]]) == []
    assert captions([]) == []


def test_other_digits_for_a_single_digit_are_left_to_its_card(captions):
    assert captions([[("9", 0.6), ("4", 0.25)]]) == []
    assert captions([[("4", 0.6), ("11", 0.3)]]) == ["Possible readings: 4\u00a060% · 11\u00a030%"]


def test_of_several_lines_it_is_told_which_one(captions):
    lines = [[("12", 0.9), ("17", 0.08)], [("3", 1.0)], [("45", 0.5), ("46", 0.2), ("48", 0.2), ("49", 0.1)]]
    assert captions(lines) == ["Line 1: 12\u00a090% · 17\u00a08%  \nLine 3: 45\u00a050% · 46\u00a020% · 48\u00a020%"]
