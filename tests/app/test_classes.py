import pytest
from streamlit.testing.v1 import AppTest

import app.classes
from app.classes import reads_digits
from digitcore.class_names import DIGITS


class Network:
    def __init__(self, classes):
        self.classes = classes


def show_parts_about_digits():
    from app.challenge.game_view import show_play_button  # noqa: PLC0415
    from app.handwriting.panel import show_handwriting_panel  # noqa: PLC0415

    show_play_button()
    show_handwriting_panel()


@pytest.mark.parametrize("classes", [DIGITS, "ABCDEFGHIJ", "AB"])
def test_what_is_about_digits_is_only_shown_for_digits(monkeypatch, classes):
    monkeypatch.setattr(app.classes, "default_classifier", lambda: Network(classes))
    page = AppTest.from_function(show_parts_about_digits).run(timeout=300)
    assert not page.exception
    assert reads_digits() == bool(page.button) == (classes == DIGITS)
