"""Every page through Streamlit's own test runner: its states, and its errors for bad input."""

import io
import zipfile

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from app import ROUTER_PATH, language
from digitcore import ExplanationError, ModelError
from digitcore.messages import Message
from synthetic.paper import Scene, photograph
from testing.heif_files import coded, heif_file
from tests.pages.panel import cards, chosen, click, labels, read_text, shown_text

TIMEOUT_S = 300


@pytest.fixture
def app():
    return AppTest.from_file(str(ROUTER_PATH), default_timeout=TIMEOUT_S)


def picture(text, fmt="PNG"):
    buffer = io.BytesIO()
    Image.fromarray(photograph(text, "round", (480, 240), 120, Scene(), 1)).save(buffer, fmt)
    return buffer.getvalue()


def upload(app, *files):
    """Upload files together, each a name, a type and its bytes."""
    app.switch_page("../pages/upload.py").run()
    for name, kind, content in files:
        app.file_uploader[0].upload(name, content, kind)
    app.run()
    return app


def packed(*files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files:
            archive.writestr(name, content)
    return buffer.getvalue()


def texts(elements):
    return [element.value for element in elements]


def test_the_draw_page_invites(app):
    app.run()
    assert not app.exception
    assert texts(app.title) == ["Write a number"]
    assert "Write one digit, or several side by side." in texts(app.markdown)


def test_every_page_ends_with_the_promise(app):
    app.run()
    assert "forgotten when you leave" in app.caption[-1].value
    app.switch_page("../pages/upload.py").run()
    assert "forgotten when you leave" in app.caption[-1].value


def test_the_upload_page_invites(app):
    app.switch_page("../pages/upload.py").run()
    assert not app.exception
    assert texts(app.title) == ["Upload pictures"]
    assert "Add a photo" in app.info[0].value


def test_an_uploaded_digit_is_read(app):
    upload(app, ("five.png", "image/png", picture("5")))
    assert not app.exception
    assert read_text(app) == "5"
    assert labels(app) == ["5"]
    assert len(app.table[0].value) == 10
    assert not app.file_uploader[0].value, "what was read is still in the uploader"


def test_each_digit_of_a_number_can_be_chosen(app):
    upload(app, ("year.png", "image/png", picture("2026")))
    assert read_text(app) == "2026"
    assert labels(app) == ["2", "0", "2", "6"]
    assert chosen(app) == [True, False, False, False]
    click(app, "upload", 3)
    assert chosen(app) == [False, False, False, True]
    table = app.table[0].value
    assert float(table["Probability"].iloc[6].split()[-1].rstrip("%")) > 50


def test_the_choice_of_a_digit_does_not_pass_to_another_picture(app):
    upload(app, ("a.png", "image/png", picture("20")), ("b.png", "image/png", picture("26")))
    click(app, "upload", 1)
    assert chosen(app) == [False, True]
    next(button for button in app.button if "b\\.png" in button.label).click().run()
    assert chosen(app) == [True, False]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "This file is empty."),
        (b"text", "This file isn't a picture that can be read."),
        (picture("5", "JPEG")[:3000], "This picture is damaged"),
    ],
)
def test_a_bad_file_is_one_error(app, content, message):
    upload(app, ("bad.png", "image/png", content))
    assert not app.exception
    assert len(app.error) == 1
    assert app.error[0].value.startswith(message)


def test_a_blank_picture_is_reported_as_blank(app):
    buffer = io.BytesIO()
    Image.fromarray(np.full((90, 90), 255, np.uint8)).save(buffer, "PNG")
    upload(app, ("blank.png", "image/png", buffer.getvalue()))
    assert "nothing written here" in app.info[0].value


def test_several_files_are_listed_and_one_is_shown(app):
    upload(app, ("a.png", "image/png", picture("5")), ("bad.png", "image/png", b"text"), ("b.png", "image/png", picture("8")))
    rows = app.dataframe[0].value
    assert rows["File"].tolist() == ["a.png", "bad.png", "b.png"]
    assert rows["Read as"].tolist() == ["5", "unreadable", "8"]
    assert "isn't a picture" in rows["Why"].iloc[1]
    assert 0.9 < rows["Lowest confidence"].iloc[0] < 1
    assert read_text(app) == "5"
    next(button for button in app.button if "b\\.png" in button.label).click().run()
    assert read_text(app) == "8"


def test_a_zip_is_read_picture_by_picture(app):
    inner = packed(("6.png", picture("6")))
    archive = packed(("folder/5.png", picture("5")), ("../out.png", picture("7")), ("inner.zip", inner), ("notes.txt", b"hello"))
    upload(app, ("all.zip", "application/zip", archive))
    rows = app.dataframe[0].value
    assert rows["File"].tolist() == ["folder/5.png", "../out.png", "inner.zip", "notes.txt"]
    assert rows["Read as"].iloc[0] == "5"
    for cell, word in zip(rows["Why"].tolist()[1:], ("unsafe path", "ZIP files inside a ZIP", "isn't a picture"), strict=True):
        assert word in cell


def test_a_broken_zip_is_one_error(app):
    upload(app, ("all.zip", "application/zip", b"PK\x03\x04 broken"))
    assert not app.exception
    assert "can't be opened" in app.error[0].value


@pytest.mark.parametrize(
    "name",
    ["<b>x</b>.png", *(pytest.param(name, marks=pytest.mark.nightly) for name in ("=1+1.png", "😀.png", "**b**.png", "y" * 300 + ".png"))],
)
def test_odd_names_are_shown_as_text(app, name):
    upload(app, (name, "image/png", picture("5")), ("other.png", "image/png", picture("8")))
    assert not app.exception
    assert app.dataframe[0].value["File"].iloc[0] == name


def test_nothing_is_read_twice(app, monkeypatch):
    upload(app, ("a.png", "image/png", picture("5")))
    monkeypatch.setattr("app.upload.reading.read_image", None)  # would fail if it were called again
    app.run()
    assert not app.exception
    assert read_text(app) == "5"
    app.file_uploader[0].upload("a.png", picture("5"), "image/png")
    app.run()
    assert not app.exception


def test_what_was_uploaded_is_still_there_after_a_visit_to_another_page(app):
    upload(app, ("a.png", "image/png", picture("5")))
    app.switch_page("../pages/draw.py").run()
    app.switch_page("../pages/upload.py").run()
    assert read_text(app) == "5"


def test_pictures_can_be_removed(app):
    upload(app, ("a.png", "image/png", picture("5")))
    app.button(key="upload_remove").click().run()
    assert "Add a photo" in app.info[0].value


def test_one_picture_of_several_can_be_removed(app):
    upload(app, ("a.png", "image/png", picture("5")), ("b.png", "image/png", picture("8")))
    next(button for button in app.button if button.label == "Remove a\\.png").click().run()
    assert read_text(app) == "8"
    assert not [button for button in app.button if "a\\.png" in button.label]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.pdf", b"%PDF-1.7", "PDF files aren't supported"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG files aren't supported"),
        ("a.heic", b"\0\0\0\x18ftypheic\0\0", "This picture is damaged"),
        ("a", b"text", "This file isn't a picture"),
    ],
)
def test_files_of_any_type_are_taken_and_answered(app, name, content, message):
    upload(app, (name, "", content))
    assert app.error[0].value.startswith(message)


def test_a_heic_is_read(app):
    digit = photograph("5", "round", (256, 192), 90, Scene(), 1)
    upload(app, ("IMG_0001.HEIC", "image/heic", heif_file([coded(digit)])))
    assert read_text(app) == "5"


def test_the_page_with_new_pictures_opens(app, monkeypatch):
    monkeypatch.setattr("app.upload.gallery.PICTURES_PER_PAGE", 1)
    upload(app, ("a.png", "image/png", picture("5")))
    upload(app, ("b.png", "image/png", picture("8")))
    assert read_text(app) == "8"
    assert [button.label for button in app.button if button.key.startswith("show_")] == ["**8** :small[b\\.png]"]


def test_too_much_for_one_visit_is_refused_by_name(app, monkeypatch):
    monkeypatch.setattr("app.upload.store.MAX_BYTES_PER_VISIT", 1)
    upload(app, ("a.png", "image/png", picture("5")))
    assert "Remove some" in app.error[0].value


def test_a_sample_is_read_with_one_click(app):
    app.switch_page("../pages/upload.py").run()
    app.button(key="upload_try_pen.jpg").click().run()
    assert read_text(app) == "3"


def test_a_correction_is_counted_and_can_be_taken_back(app):
    upload(app, ("a.png", "image/png", picture("5")))
    pills = next(each for each in app.pills if each.label.startswith("Wrong?"))
    pills.set_value("6").run()
    assert "1 correction in this visit, thank you." in texts(app.caption)
    (correction,) = app.session_state["ui_corrections"].values()
    assert (correction.label, correction.predicted) == (6, 5)
    pills = next(each for each in app.pills if each.label.startswith("Wrong?"))
    pills.set_value(None).run()
    assert app.session_state["ui_corrections"] == {}


def test_the_right_digit_is_no_correction(app):
    upload(app, ("a.png", "image/png", picture("5")))
    pills = next(each for each in app.pills if each.label.startswith("Wrong?"))
    pills.set_value("5").run()
    assert "ui_corrections" not in app.session_state
    assert shown_text(app) == "5"


def test_a_correction_that_was_learned_is_taken_back_by_the_digit_that_was_read_at_first(app):
    upload(app, ("a.png", "image/png", picture("5")))
    for answer, corrections in (("6", [6]), ("5", [])):
        next(each for each in app.pills if each.label.startswith("Wrong?")).set_value(answer).run()
        assert [each.label for each in app.session_state["ui_corrections"].values()] == corrections
    assert (read_text(app), shown_text(app)) == ("5", "5")


def test_a_correction_replaces_what_is_struck_through_in_the_text_and_on_the_card(app):
    upload(app, ("a.png", "image/png", picture("20")))
    app.toggle(key="upload_learn").set_value(False).run()
    for answer, shown, correction in (("6", "-2+60", "6"), ("none", "-20", ""), ("2", "20", None)):
        next(each for each in app.pills if each.label.startswith("Wrong?")).set_value(answer).run()
        assert (shown_text(app), cards(app)[0]["correction"]) == (shown, correction)
        assert read_text(app) == "20"


def test_the_class_activation_map_is_one_click_away(app):
    upload(app, ("a.png", "image/png", picture("5")))
    plain = cards(app)[0]["image"]
    app.toggle(key="upload_with_map").set_value(True).run()
    assert not app.exception
    assert cards(app)[0]["image"] != plain


def test_without_the_explainer_the_reading_goes_on(app, monkeypatch):
    def missing(_):
        raise ExplanationError(Message("It is missing."))

    monkeypatch.setattr("app.reading_panel.digits.explain", missing)
    upload(app, ("a.png", "image/png", picture("55")))
    app.toggle(key="upload_with_map").set_value(True).run()
    assert not app.exception
    assert texts(app.warning) == ["It is missing."]
    assert read_text(app) == "55"


@pytest.mark.parametrize("page", ["draw", "upload", "inspector", "model"])
def test_without_its_network_the_page_shows_the_remedy(app, monkeypatch, page):
    def missing():
        raise ModelError("The network's file is missing. Restore it.")

    monkeypatch.setattr("digitcore.default_classifier", missing)
    app.switch_page(f"../pages/{page}.py").run()
    assert not app.exception
    assert texts(app.error) == ["The network's file is missing. Restore it."]
    assert not app.title


@pytest.mark.parametrize(
    ("parameter", "title"), [("es", "Sube imágenes"), ("es-MX", "Sube imágenes"), ("xx", "Upload pictures"), ("", "Upload pictures")]
)
def test_the_address_names_the_language_or_else_the_browser_does(app, parameter, title):
    app.query_params["lang"] = parameter
    app.switch_page("../pages/upload.py").run()
    assert not app.exception
    assert texts(app.title) == [title]


def test_a_selected_language_is_written_into_the_address_of_every_page(app):
    app.switch_page("../pages/upload.py").run()
    next(each for each in app.segmented_control if each.label == "Language").set_value("es").run()
    assert app.query_params["lang"] == "es"
    assert texts(app.title) == ["Sube imágenes"]
    del app.query_params["lang"]
    app.switch_page("../pages/inspector.py").run()
    assert app.query_params["lang"] == "es"
    assert "Ignorado" not in " ".join(texts(app.caption))


def test_without_its_catalogue_the_page_is_in_english_and_shows_the_remedy(app, monkeypatch, tmp_path):
    monkeypatch.setattr("app.language.LOCALE_DIR", tmp_path)
    language._read_catalogue.cache_clear()
    app.session_state[language.LANGUAGE_KEY] = "es"
    app.run()
    assert not app.exception
    assert texts(app.title) == ["Write a number"]
    assert "make messages" in app.error[0].value
