import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.panel import cards

TIMEOUT_S = 300


def show(reasons, separators=()):
    """Run as an app: show marks that are rejected for these reasons, or accepted, the first of which are these separators."""
    from itertools import zip_longest  # noqa: PLC0415  the function's source alone is run

    from app.reading_panel import show_answer, show_digits  # noqa: PLC0415
    from digitcore import Reading, Status  # noqa: PLC0415
    from digitcore.results import lines_of  # noqa: PLC0415
    from tests.app.reading_panel.marks import mark  # noqa: PLC0415

    marks = [
        mark(label, (30 * label, 0, 10, 20), rejection=reason, separator=separator)
        for label, (reason, separator) in enumerate(zip_longest(reasons, separators))
    ]
    lines = lines_of(marks)
    reading = Reading(Status.OK if lines else Status.NO_DIGIT, lines, marks, [], (300, 20), 1.0)
    show_answer(reading, "test")
    show_digits(reading, "test")


def shown(*reasons, separators=()):
    app = AppTest.from_function(show, default_timeout=TIMEOUT_S, kwargs={"reasons": reasons, "separators": separators}).run()
    assert not app.exception
    return app


def charts(app):
    return len(app.get("vega_lite_chart"))


def test_a_rejected_mark_is_explained_once_and_has_no_chart():
    app = shown("dot")
    assert [warning.value for warning in app.warning] == ["I can't read this: it is a dot or a blot. Write a digit, not just a dot."]
    assert (charts(app), len(app.table)) == (0, 0)
    (card,) = cards(app)
    assert (card["label"], card["note"], card["kind"]) == ("?", "not a digit", "rejected")


def test_of_rejected_marks_for_several_reasons_the_chosen_one_is_explained():
    assert [warning.value.count("I can't read this") for warning in shown("dot", "too_wide").warning] == [1, 1]


def test_among_digits_a_rejected_mark_is_explained_where_it_is_chosen():
    app = shown(None, "dot")
    assert (charts(app), len(app.table), len(app.warning)) == (1, 1, 0)
    app.session_state["test_cards"] = {"clicked": {"picture": "", "box": cards(app)[1]["box"]}}
    app.run()
    assert (charts(app), len(app.table), len(app.warning)) == (0, 0, 1)


@pytest.mark.parametrize(
    ("separator", "reason", "label", "name"),
    [("-", "relatively_small", "–", "dash"), (",", "dot", ",", "comma"), ("/", None, "/", "slash")],
)
def test_a_separator_is_no_rejected_mark(separator, reason, label, name):
    app = shown(reason, None, separators=[separator])
    card = cards(app)[0]
    assert (card["label"], card["note"], card["kind"], card["name"]) == (label, name, "separator", f"1: {name}")
    app.session_state["test_cards"] = {"clicked": {"picture": "", "box": card["box"]}}
    app.run()
    assert (charts(app), len(app.table), len(app.warning)) == (0, 0, 0)
    assert f"Read as a separator of the number: {name}." in [caption.value for caption in app.caption]


def test_a_sure_digit_has_no_percentage_on_its_card():
    assert [card["note"] for card in cards(shown(None, None))] == ["", ""]
