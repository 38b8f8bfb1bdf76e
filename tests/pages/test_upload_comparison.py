"""The comparison of uploaded pictures with their labels, through Streamlit's own test runner."""

import pytest
from streamlit.testing.v1 import AppTest

from app import ROUTER_PATH
from app.upload.comparison import COMPARISON_KEY
from digitcore.evaluation.report import create_report
from tests.pages.test_pages import TIMEOUT_S, packed, picture, texts, upload

SEVEN_AND_FIVE = (("7_a.png", "image/png", picture("7")), ("4_b.png", "image/png", picture("5")))


@pytest.fixture
def app():
    return AppTest.from_file(str(ROUTER_PATH), default_timeout=TIMEOUT_S)


def has_offer(app):
    return any(button.key == "upload_compare" for button in app.button)


def compare(app):
    app.button(key="upload_compare").click().run()
    assert not app.exception
    return app


def measures(app):
    return {metric.label: metric.value for metric in app.metric}


def test_pictures_whose_names_have_labels_are_compared(app):
    compare(upload(app, *SEVEN_AND_FIVE))
    assert [measures(app)[name] for name in ("Pictures read whole", "Digits read correctly")] == ["50.0%", "50.0%"]
    assert {"Compared with the labels", "Misread pictures", "Which digits get confused"} <= set(texts(app.header))
    assert not has_offer(app)
    evaluation = app.session_state[COMPARISON_KEY].evaluation
    assert [each.name for each in evaluation.misread] == ["4_b.png"]
    assert evaluation.advice.misread_tried == 1
    assert "4_b.png" in create_report(evaluation, {})


def test_another_picture_ends_the_comparison_and_offers_a_new_one(app):
    compare(upload(app, *SEVEN_AND_FIVE))
    app.file_uploader[0].upload("8_c.png", picture("8"), "image/png")
    app.run()
    assert has_offer(app)
    assert not app.metric
    assert measures(compare(app))["Pictures read whole"] == "66.7%"


def test_nothing_is_offered_for_pictures_without_labels(app):
    upload(app, *SEVEN_AND_FIVE, ("photo.png", "image/png", picture("8")))
    assert not has_offer(app)


def test_the_table_of_a_zip_is_no_picture_and_has_the_labels(app):
    table = "file;label\na.png;7\nb.png;8\ngone.png;1\nc.png;3,5\n".encode("utf-8-sig")
    archive = packed(("set/a.png", picture("7")), ("set/b.png", picture("8")), ("set/c.png", picture("5")), ("set/labels.csv", table))
    compare(upload(app, ("set.zip", "application/zip", archive)))
    assert measures(app)["Pictures read whole"] == "100.0%"
    assert "Every picture was read as its label." in texts(app.success)
    assert {
        "1 row of labels.csv names no picture here.",
        "1 label has other characters than digits: “3,5”.",
        "1 picture without a label was left out.",
    } <= set(texts(app.caption))


@pytest.mark.parametrize(
    ("table", "sentence"), [(b"name,text\na.png,7", "must name the columns"), (b"file,label\nb.png,7", "No picture has a label")]
)
def test_labels_that_cannot_be_used_are_one_sentence_and_the_pictures_stay(app, table, sentence):
    compare(upload(app, ("a.png", "image/png", picture("7")), ("labels.csv", "text/csv", table)))
    assert sentence in app.error[0].value
    assert not app.metric
    assert any(button.key == "upload_remove" for button in app.button)


def test_labels_may_come_before_their_pictures_and_go_with_them(app):
    upload(app, ("labels.csv", "text/csv", b"file,label\na.png,7"))
    assert "Now add their pictures." in app.info[0].value
    app.file_uploader[0].upload("a.png", picture("7"), "image/png")
    app.run()
    assert has_offer(app)
    app.button(key="upload_remove").click().run()
    assert not any("Now add their pictures." in text for text in texts(app.info))
