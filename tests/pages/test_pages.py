"""Every page through Streamlit's own test runner: its states, and what it says of bad input."""

import io

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from digitcore import ModelError
from digitcore.ui.server import ROUTER_PATH
from factory.paper import Scene, photograph

TIMEOUT_S = 30


@pytest.fixture
def app():
    return AppTest.from_file(str(ROUTER_PATH), default_timeout=TIMEOUT_S)


def picture(text, fmt="PNG"):
    buffer = io.BytesIO()
    Image.fromarray(photograph(text, "round", (480, 240), 120, Scene(), 1)).save(buffer, fmt)
    return buffer.getvalue()


def upload(app, *files):
    app.run().switch_page("../../pages/upload.py").run()
    for name, kind, content in files:
        app.file_uploader[0].upload(name, content, kind)
    app.run()
    return app


def texts(elements):
    return [element.value for element in elements]


def test_the_draw_page_invites(app):
    app.run()
    assert not app.exception
    assert texts(app.title) == ["Draw a digit"]
    assert "Draw a digit with the mouse" in app.info[0].value
    assert not app.metric


def test_every_page_ends_with_the_promise(app):
    app.run()
    assert "forgotten when you leave" in app.caption[-1].value
    app.switch_page("../../pages/upload.py").run()
    assert "forgotten when you leave" in app.caption[-1].value


def test_the_upload_page_invites(app):
    app.run().switch_page("../../pages/upload.py").run()
    assert not app.exception
    assert texts(app.title) == ["Upload pictures"]
    assert "Drop a picture above" in app.info[0].value


def test_an_uploaded_digit_is_read(app):
    upload(app, ("five.png", "image/png", picture("5")))
    assert not app.exception
    assert "5" in texts(app.markdown)
    assert app.metric[0].label == "Confidence"
    assert len(app.table[0].value) == 10


def test_each_digit_of_a_number_can_be_looked_at(app):
    upload(app, ("year.png", "image/png", picture("2026")))
    assert "2026" in texts(app.markdown)
    assert app.segmented_control[0].options == ["1: 2", "2: 0", "3: 2", "4: 6"]
    app.segmented_control[0].set_value("4: 6").run()
    table = app.table[0].value
    assert float(table["Probability"].iloc[6].rstrip("%")) > 50


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This file is empty."),
        (b"text", "This file isn't a picture that can be read."),
        (picture("5", "JPEG")[:3000], "This picture is damaged"),
    ],
)
def test_a_bad_file_is_one_sentence(app, content, sentence):
    upload(app, ("bad.png", "image/png", content))
    assert not app.exception
    assert len(app.error) == 1
    assert app.error[0].value.startswith(sentence)


def test_a_blank_picture_is_said_to_be_blank(app):
    buffer = io.BytesIO()
    Image.fromarray(np.full((90, 90), 255, np.uint8)).save(buffer, "PNG")
    upload(app, ("blank.png", "image/png", buffer.getvalue()))
    assert "nothing written here" in app.info[0].value
    assert not app.metric


def test_several_files_are_listed_and_one_is_shown(app):
    upload(app, ("a.png", "image/png", picture("5")), ("bad.png", "image/png", b"text"), ("b.png", "image/png", picture("8")))
    rows = app.dataframe[0].value
    assert rows["File"].tolist() == ["a.png", "bad.png", "b.png"]
    assert rows["Says"].tolist()[::2] == ["5", "8"]
    assert "isn't a picture" in rows["Says"].iloc[1]
    app.selectbox[0].set_value(2).run()
    assert "8" in texts(app.markdown)


def test_nothing_is_read_twice(app, monkeypatch):
    upload(app, ("a.png", "image/png", picture("5")))
    monkeypatch.setattr("digitcore.ui.gallery.read_image", None)  # would fail if it were called again
    app.run()
    assert not app.exception
    assert "5" in texts(app.markdown)


def test_a_sample_is_read_with_one_click(app):
    app.run().switch_page("../../pages/upload.py").run()
    app.button(key="upload_try_pen.jpg").click().run()
    assert "3" in texts(app.markdown)


@pytest.mark.parametrize("page", ["../../pages/draw.py", "../../pages/upload.py"])
def test_without_its_network_the_page_says_how_to_mend_it(app, monkeypatch, page):
    app.run()

    def missing():
        raise ModelError("The network's file is missing. Restore it.")

    monkeypatch.setattr("digitcore.default_classifier", missing)
    app.switch_page(page).run()
    assert not app.exception
    assert texts(app.error) == ["The network's file is missing. Restore it."]
    assert not app.title
