"""The visitor's handwriting through Streamlit's own test runner: taught, loaded, learned, used by each page, and forgotten."""

import io
import json
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from app import ROUTER_PATH, language
from app.draw.sheet import PIXEL_RATIO, Shape
from app.handwriting.guide import SIZES_WH
from app.handwriting.session import HANDWRITING_KEY, Handwriting
from app.handwriting.teaching import TEACHING_KEY
from app.inspectable_images import REGISTERED_IMAGES_KEY, SELECTED_IMAGE_KEY
from digitcore import WriterProfile, read_image
from digitcore.recognition.teaching import FieldGrid
from synthetic.hands import strokes
from synthetic.paper import Scene, photograph
from tests.pages.panel import read_text

TIMEOUT_S = 300


@pytest.fixture
def app():
    return AppTest.from_file(str(ROUTER_PATH), default_timeout=TIMEOUT_S)


def texts(elements):
    return [element.value for element in elements]


def picture(text):
    return photograph(text, "round", (480, 240), 120, Scene(), 1)


def encoded(text):
    buffer = io.BytesIO()
    Image.fromarray(picture(text)).save(buffer, "PNG")
    return buffer.getvalue()


def misleading(text, wrong):
    """Return a profile in which the picture's first digit is another one, and its true one has another shape."""
    digit, profile = read_image(encoded(text)).digits[0], WriterProfile()
    for _ in range(20):
        profile.add(digit.model_input, wrong)
    profile.add(np.eye(28, dtype=np.uint8) * 255, digit.label)
    return profile


def use(app, profile):
    app.session_state[HANDWRITING_KEY] = Handwriting()
    app.session_state[HANDWRITING_KEY].load(profile)


def upload(app, *files):
    for name, content in files:
        app.file_uploader[0].upload(name, content, "image/png")
    return app.run()


def open_upload_page(app, *files):
    app.switch_page("../pages/upload.py").run()
    return upload(app, *files)


def pills(app):
    return next(each for each in app.pills if each.label.startswith("Wrong?"))


class Canvas:
    """Stands for the canvas of a browser; `objects` is what is drawn on it."""

    def __init__(self):
        self.objects, self.backgrounds, self.initial_drawings = [], [], []

    def __call__(self, *, background_image, initial_drawing, **_):
        self.backgrounds.append(background_image)
        self.initial_drawings.append(initial_drawing)
        return SimpleNamespace(json_data={"objects": self.objects})

    def write(self, digits, hand="round"):
        grid = FieldGrid(SIZES_WH[Shape.WIDE])
        paths = [path * 90 + (grid.box(digit).x + 35, grid.box(digit).y + 25) for digit in digits for path in strokes(digit, hand)]
        points = [(path * PIXEL_RATIO).tolist() for path in paths]
        self.objects = [{"path": [["M", *first], *(["L", *point] for point in others)], "strokeWidth": 20} for first, *others in points]


@pytest.fixture
def canvas(app, monkeypatch):
    app.run()  # imports the canvas, which needs a running Streamlit
    shown = Canvas()
    monkeypatch.setattr("app.draw.canvas.st_canvas", shown)
    return shown


def teach(app, canvas, first, second):
    app.button(key="handwriting_teach").click().run()
    canvas.write(first)
    app.run()
    app.button(key="teach_next").click().run()
    canvas.write(second, "slanted")
    app.run()
    app.button(key="teach_next").click().run()
    canvas.objects = []


def cards(app):
    return next(element.value for element in app.get("html") if 'class="digit-cards"' in element.value)


def test_teaching_takes_two_rounds_and_shows_what_has_changed(app, canvas):
    teach(app, canvas, range(10), range(10))
    assert not app.exception
    assert texts(app.title) == ["Teach it your handwriting"]
    assert any("Your handwriting is in use: 20 digits" in text for text in texts(app.markdown))
    assert any(text.startswith("Of your 10 digits, ") for text in texts(app.markdown))
    assert cards(app).count("<li>") == 10
    app.button(key="teach_close").click().run()
    assert texts(app.title) == ["Write a number"]
    assert any("20 digits" in text for text in texts(app.markdown))


def test_forgetting_after_teaching_leaves_no_picture(app, canvas):
    teach(app, canvas, range(10), range(10))
    app.button(key="handwriting_forget").click().run()
    assert texts(app.title) == ["Write a number"]
    assert app.session_state[HANDWRITING_KEY].profile is None
    assert (app.session_state[TEACHING_KEY].rounds, app.session_state[TEACHING_KEY].comparisons) == ([], [])


def test_the_fields_are_drawn_behind_the_writing(app, canvas):
    app.button(key="handwriting_teach").click().run()
    assert canvas.backgrounds[-1].startswith("data:image/png")


def test_fields_that_were_left_empty_are_named(app, canvas):
    teach(app, canvas, [0, 1, 2, 4, 5, 6, 8, 9], [0, 1, 2, 4, 5, 6, 7, 8, 9])
    assert "The field of 3 was left empty." in texts(app.caption)
    assert any("in use: 17 digits" in text for text in texts(app.markdown))


def test_nothing_can_be_taught_before_anything_is_written(app, canvas):
    app.button(key="handwriting_teach").click().run()
    assert app.button(key="teach_next").disabled
    canvas.write([3])
    app.run()
    assert not app.button(key="teach_next").disabled


def test_cancelling_returns_to_the_drawing(app, canvas):
    app.button(key="handwriting_teach").click().run()
    app.button(key="teach_cancel").click().run()
    assert texts(app.title) == ["Write a number"]
    assert app.session_state[HANDWRITING_KEY].profile is None


def test_a_drawing_is_brought_back_after_teaching(app, canvas):
    canvas.write([3])
    drawn = app.run() and canvas.objects
    app.button(key="handwriting_teach").click().run()
    assert canvas.initial_drawings[-1] is None
    app.button(key="teach_cancel").click().run()
    assert canvas.initial_drawings[-1] == {"objects": drawn}


def test_teaching_is_in_the_visitors_language(app, canvas):
    app.session_state[language.LANGUAGE_KEY] = "es"
    app.run()
    teach(app, canvas, range(10), range(10))
    assert texts(app.title) == ["Enséñale tu letra"]
    assert any("Se usa tu letra: 20 dígitos" in text for text in texts(app.markdown))


def test_a_damaged_round_is_one_error(app, canvas):
    app.button(key="handwriting_teach").click().run()
    canvas.objects = [5]
    app.run()
    app.button(key="teach_next").click().run()
    assert not app.exception
    assert texts(app.error) == ["This drawing can't be read. Clear it and write again."]


def test_teaching_starts_from_any_page(app, canvas):
    app.switch_page("../pages/upload.py").run()
    app.button(key="handwriting_teach").click().run()
    assert texts(app.title) == ["Teach it your handwriting"]


def open_loader(app):
    app.session_state["handwriting_load"] = True
    return app.run()


def test_a_downloaded_handwriting_can_be_loaded(app):
    profile = misleading("7", 1)
    open_loader(app.run())
    app.file_uploader[0].upload("my-handwriting.json", profile.to_json().encode(), "application/json")
    app.run()
    assert not app.exception
    assert any("in use: 21 digits" in text for text in texts(app.markdown))
    assert app.session_state[HANDWRITING_KEY].profile == profile


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"text", "it is no JSON"),
        (b"\xff\x00", "it is no JSON"),
        (b"[]", "it has no list of examples"),
        (json.dumps({"version": 1, "examples": [{"label": 12}]}).encode(), "example 1 has no label from 0 to 9"),
        (b" " * 3_000_000, "it is larger than 2 MB"),
    ],
)
def test_a_bad_file_is_one_error(app, content, reason):
    open_loader(app.run())
    app.file_uploader[0].upload("bad.json", content, "application/json")
    app.run()
    assert not app.exception
    (error,) = texts(app.error)
    assert error.startswith(f"This isn't a handwriting profile: {reason}")
    assert texts(app.title) == ["Write a number"]


def test_uploaded_pictures_are_read_with_the_handwriting_and_again_without_it(app):
    app.run()
    use(app, misleading("7", 1))
    open_upload_page(app, ("a.png", encoded("7")))
    assert read_text(app) == "1"
    app.button(key="handwriting_forget").click().run()
    assert read_text(app) == "7"


def test_of_many_pictures_the_selected_one_is_read_again_at_once_and_the_others_on_request(app):
    open_upload_page(app, *((f"{index}.png", encoded("7")) for index in range(6)))
    use(app, misleading("7", 1))
    app.run()
    assert read_text(app) == "1"
    assert "5 pictures were read before your handwriting changed." in texts(app.markdown)
    app.button(key="upload_read_again").click().run()
    assert not app.exception
    assert set(app.dataframe[0].value["Read as"]) == {"1"}
    assert not any("before your handwriting changed" in text for text in texts(app.markdown))


def test_the_inspector_reads_with_the_handwriting_and_shows_what_it_changes(app):
    app.run()
    use(app, misleading("7", 1))
    open_upload_page(app, ("a.png", encoded("7")))
    app.session_state[SELECTED_IMAGE_KEY] = app.session_state[REGISTERED_IMAGES_KEY]["upload"][0].image_id
    app.switch_page("../pages/inspector.py").run()
    app.segmented_control(key="inspector_look").set_value("marks").run()
    assert not app.exception
    assert "What your handwriting changes" in texts(app.header)
    answers = {metric.label: metric.value for metric in app.metric}
    assert answers["Without your handwriting"].startswith("7:")
    assert answers["With your handwriting"].startswith("1:")
    assert cards(app).count("<li>") == 5
    app.button(key="handwriting_forget").click().run()
    assert "What your handwriting changes" not in texts(app.header)
    assert read_text(app) == "7"


def test_a_correction_is_an_example_until_it_is_taken_back(app):
    open_upload_page(app, ("a.png", encoded("5")))
    pills(app).set_value("6").run()
    assert any("in use: 1 digit" in text for text in texts(app.markdown))
    assert app.session_state[HANDWRITING_KEY].profile.labels.tolist() == [6]
    pills(app).set_value("8").run()
    assert app.session_state[HANDWRITING_KEY].profile.labels.tolist() == [8]
    pills(app).set_value(None).run()
    assert app.session_state[HANDWRITING_KEY].profile is None


def test_a_mark_that_is_not_a_digit_is_no_example(app):
    open_upload_page(app, ("a.png", encoded("5")))
    pills(app).set_value("none").run()
    assert len(app.session_state["ui_corrections"]) == 1
    assert app.session_state[HANDWRITING_KEY].profile is None


def test_corrections_teach_nothing_if_the_visitor_does_not_want_it(app):
    open_upload_page(app, ("a.png", encoded("5")))
    app.toggle(key="upload_learn").set_value(False).run()
    pills(app).set_value("6").run()
    assert len(app.session_state["ui_corrections"]) == 1
    assert app.session_state[HANDWRITING_KEY].profile is None


def test_a_forgotten_correction_is_not_learned_again(app):
    open_upload_page(app, ("a.png", encoded("5")))
    pills(app).set_value("6").run()
    app.button(key="handwriting_forget").click().run()
    app.run()
    assert app.session_state[HANDWRITING_KEY].profile is None


def test_another_visitor_has_no_handwriting(app):
    app.run()
    use(app, misleading("7", 1))
    open_upload_page(app, ("a.png", encoded("7")))
    other = AppTest.from_file(str(ROUTER_PATH), default_timeout=TIMEOUT_S).run()
    open_upload_page(other, ("a.png", encoded("7")))
    assert (read_text(app), read_text(other)) == ("1", "7")
