"""The Inspector in Streamlit's test runner: its states, and its messages about bad URLs and recipes."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app import ROUTER_PATH
from app.inspectable_images import REGISTERED_IMAGES_KEY, SELECTED_IMAGE_KEY, InspectableImage
from digitcore import Alternative, ExplanationError, Settings, read_image
from digitcore.settings import RECIPE_VERSION, setting_names
from synthetic.paper import Scene, photograph
from tests.pages.panel import click, labels, read_text

TIMEOUT_S = 300
INSPECTOR = "../pages/inspector.py"


def open_page(**parameters):
    app = AppTest.from_file(str(ROUTER_PATH), default_timeout=TIMEOUT_S).switch_page(INSPECTOR)
    for name, value in parameters.items():
        app.query_params[name] = value
    return app.run()


@pytest.fixture
def sample():
    return open_page(picture="sample:pen.jpg")


@pytest.fixture(scope="module")
def unchanged_sample():
    """The page for tests that only look at it."""
    return open_page(picture="sample:pen.jpg")


def select_tab(app, name):
    return app.segmented_control(key="inspector_look").set_value(name).run()


def parameters(app):
    """The parameters in the page's address."""
    return dict(app.query_params)


def texts(elements):
    return [element.value for element in elements]


def test_without_a_picture_the_page_explains_itself_and_offers_the_samples():
    app = open_page()
    assert not app.exception
    assert "step by step" in app.info[0].value
    assert [button.label for button in app.button] == ["Blue pen", "Pencil", "Chalk", "Hard shadow", "Whole page"]
    assert "Sample: Blue pen" in app.selectbox[0].options


def test_a_sample_opens_with_one_click_and_is_read():
    app = open_page()
    app.button(key="inspector_try_pen.jpg").click().run()
    assert not app.exception
    assert read_text(app) == "3"
    assert parameters(app) == {"picture": "sample:pen.jpg"}


def test_every_stage_is_shown_in_its_act_with_its_note_and_its_settings(unchanged_sample):
    titles = [button.label for button in unchanged_sample.button if button.key.startswith("inspector_enlarge_")]
    assert titles[0] == "1. Original"
    assert titles[-1] == "13. Centred"
    acts = [text.split(": ")[-1] for text in texts(unchanged_sample.header)[:4]]
    assert acts == ["Find the paper", "Find the ink", "Find the digits", "Read"]
    assert "The picture, upright, as RGB." in texts(unchanged_sample.caption)
    assert "Smoothing: 0.8 px" in unchanged_sample.button(key="inspector_enlarge_smoothed").help
    threshold = unchanged_sample.button(key="inspector_enlarge_threshold").help
    assert "How ink is found: Local paper" in threshold
    assert threshold.endswith(" ms")


def test_the_last_act_ends_with_what_the_network_reads(unchanged_sample):
    (answer_card,) = unchanged_sample.metric
    assert (answer_card.label, answer_card.value) == ("Read as", "3")
    network_input = unchanged_sample.image[1]
    assert network_input.proto.imgs[0].caption == "What the network sees"


def test_a_blank_picture_has_no_answer_and_no_picture_for_the_network(sample):
    sample.select_slider(key="inspector_set_minimum_contrast").set_value(0.9).run()
    assert not sample.exception
    assert not sample.metric


def test_every_setting_has_a_control_with_its_default(unchanged_sample):
    keys = {f"inspector_set_{name}" for name in setting_names()}
    controls = [
        *(*unchanged_sample.select_slider, *unchanged_sample.segmented_control),
        *(*unchanged_sample.text_input, *unchanged_sample.text_area),
    ]
    values = {control.key: control.value for control in controls if control.key in keys}
    defaults = {f"inspector_set_{name}": getattr(Settings(), name) for name in setting_names()}
    assert values == {**defaults, "inspector_set_allowed_numbers": ""}


def test_what_is_known_about_numbers_takes_effect_at_once_and_is_in_the_url(sample):
    sample.text_area(key="inspector_set_allowed_numbers").set_value(" 3, 407\n12").run()
    assert not sample.exception
    assert read_text(sample) == "3"
    sample.text_input(key="inspector_set_digit_count").set_value("2 – 4").run()
    assert read_text(sample) == "3"
    assert "No reading of this line fits everything that is known about it." in texts(sample.caption)
    known = {"digit_count": "2-4", "allowed_numbers": "3,407,12"}
    assert parameters(sample) == {"picture": "sample:pen.jpg", **known}
    assert sample.text_area(key="inspector_set_allowed_numbers").value == "3 407 12"
    sample.button(key="inspector_reset_allowed_numbers").click().run()
    assert "No reading of this line has 2 to 4 digits." in texts(sample.caption)
    sample.button(key="inspector_reset").click().run()
    assert parameters(sample) == {"picture": "sample:pen.jpg"}


@pytest.mark.parametrize(
    ("kind", "name", "text"), [("text_input", "digit_count", "5-3"), ("text_area", "allowed_numbers", "4.7 [x](http://y)")]
)
def test_a_text_that_is_not_allowed_stays_with_the_reason_and_changes_nothing(sample, kind, name, text):
    control = getattr(sample, kind)
    control(key=f"inspector_set_{name}").set_value(text).run()
    assert not sample.exception
    assert len(sample.error) == 1
    assert name.replace("_", "\\_") in sample.error[0].value
    assert "](" not in sample.error[0].value
    assert control(key=f"inspector_set_{name}").value == text
    assert parameters(sample) == {"picture": "sample:pen.jpg"}
    control(key=f"inspector_set_{name}").set_value("").run()
    assert not sample.error


def test_the_possible_readings_of_a_doubtful_line_are_given_once(sample, monkeypatch):
    def read_doubtfully(*arguments, **options):
        reading = read_image(*arguments, **options)
        return replace(reading, alternatives=[(Alternative("3", 0.9), Alternative("31", 0.06), Alternative("8", 0.01))])

    monkeypatch.setattr("app.inspector.inspection.read_image", read_doubtfully)
    sample.segmented_control(key="inspector_set_centring").set_value("box").run()
    assert not sample.exception
    assert [text for text in texts(sample.caption) if "Possible readings" in text] == ["Possible readings: 3\u00a090% · 31\u00a06%"]


def test_a_changed_setting_takes_effect_at_once_and_is_in_the_url(sample):
    sample.select_slider(key="inspector_set_minimum_contrast").set_value(0.9).run()
    assert "nothing written here" in sample.info[0].value
    assert parameters(sample) == {"picture": "sample:pen.jpg", "minimum_contrast": "0.9"}


def test_settings_are_reset_one_by_one_and_all_at_once(sample):
    sample.select_slider(key="inspector_set_minimum_contrast").set_value(0.9).run()
    sample.segmented_control(key="inspector_set_aspect_ratio").set_value("squash").run()
    sample.button(key="inspector_reset_minimum_contrast").click().run()
    assert parameters(sample) == {"picture": "sample:pen.jpg", "aspect_ratio": "squash"}
    assert sample.select_slider(key="inspector_set_minimum_contrast").value == Settings().minimum_contrast
    sample.button(key="inspector_reset").click().run()
    assert parameters(sample) == {"picture": "sample:pen.jpg"}
    assert sample.button(key="inspector_reset").disabled
    assert read_text(sample) == "3"


def test_a_url_opens_its_picture_with_its_settings():
    app = open_page(picture="sample:shadow.jpg", threshold="otsu", smoothing_px="2.5")
    assert not app.exception
    assert app.segmented_control(key="inspector_set_threshold").value == "otsu"
    assert app.select_slider(key="inspector_set_smoothing_px").value == 2.5
    assert parameters(app) == {"picture": "sample:shadow.jpg", "threshold": "otsu", "smoothing_px": "2.5"}


SLIDERS = {
    "smoothing_px": ("0,0 px", "5,0 px"),
    "minimum_contrast": ("0\u00a0%", "100\u00a0%"),
    "clahe_clip": ("0,0", "10,0"),
    "clahe_tiles": ("1", "32"),
}
"""Ends of some sliders in Spanish."""


def test_a_number_between_the_steps_of_its_slider_is_kept():
    app = open_page(picture="sample:pen.jpg", smoothing_px="0.84", minimum_contrast="0.065")
    app.select_slider(key="inspector_set_clahe_clip").set_value(0.1).run()
    assert not app.exception
    assert app.select_slider(key="inspector_set_smoothing_px").value == 0.84
    assert parameters(app) == {"picture": "sample:pen.jpg", "clahe_clip": "0.1", "smoothing_px": "0.84", "minimum_contrast": "0.065"}


def test_the_numbers_of_the_sliders_follow_the_language_of_the_page():
    app = open_page(lang="es", picture="sample:pen.jpg")
    shown = {key: (slider.options[0], slider.options[-1]) for key in SLIDERS for slider in [app.select_slider(key=f"inspector_set_{key}")]}
    assert shown == SLIDERS


@pytest.mark.parametrize(
    ("parameters_given", "named"),
    [
        ({"sharpness": "1"}, "sharpness"),
        ({"clahe_clip": "99999999999999999999"}, r"clahe\_clip"),
        pytest.param({"clahe_clip": "lots"}, r"clahe\_clip", marks=pytest.mark.nightly),
        ({"clahe_tiles": ["3", "4"]}, r"clahe\_tiles"),
        ({"<img src=x onerror=alert(1)>": "1"}, r"\<img"),
        pytest.param({"x" * 5000: "y" * 5000}, "xxx", marks=pytest.mark.nightly),
        pytest.param({"threshold": "<script>"}, "threshold", marks=pytest.mark.nightly),
        pytest.param({"picture": "sample:../README.md"}, "picture", marks=pytest.mark.nightly),
        pytest.param({"picture": "upload:1"}, "picture", marks=pytest.mark.nightly),
        pytest.param({"picture": ["sample:pen.jpg", "sample:pencil.jpg"]}, "picture", marks=pytest.mark.nightly),
    ],
)
def test_parameters_that_are_unknown_or_not_allowed_are_ignored_with_one_line(parameters_given, named):
    app = open_page(**parameters_given)
    assert not app.exception
    lines = [text for text in texts(app.caption) if text.startswith("Ignored in the address")]
    assert len(lines) == 1
    assert named in lines[0]
    assert len(lines[0]) < 300
    assert "step by step" in app.info[0].value


def test_bad_parameters_do_not_spoil_the_good_ones():
    app = open_page(picture="sample:pen.jpg", smoothing_px="2", sharpness="1")
    assert read_text(app) == "3"
    assert app.select_slider(key="inspector_set_smoothing_px").value == 2
    assert parameters(app) == {"picture": "sample:pen.jpg", "smoothing_px": "2.0"}


def test_the_state_is_kept_while_another_page_is_visited(sample):
    sample.select_slider(key="inspector_set_smoothing_px").set_value(2.0).run()
    select_tab(sample, "marks")
    sample.query_params.clear()  # as a browser does when another page is opened
    sample.switch_page("../pages/upload.py").run()
    sample.switch_page(INSPECTOR).run()
    assert not sample.exception
    assert sample.select_slider(key="inspector_set_smoothing_px").value == 2.0
    assert sample.segmented_control(key="inspector_look").value == "marks"
    assert read_text(sample) == "3"


def offer(app, *subjects):
    app.session_state[REGISTERED_IMAGES_KEY] = {"upload": list(subjects)}
    app.session_state[SELECTED_IMAGE_KEY] = subjects[0].image_id


def photo(text="52"):
    return photograph(text, "round", (640, 360), 200, Scene(), 1)


def test_a_picture_from_another_page_is_read_with_the_settings_of_that_page():
    app = AppTest.from_file(str(ROUTER_PATH), default_timeout=TIMEOUT_S)
    app.run()
    offer(app, InspectableImage("drawing", "Your drawing", 255 - np.asarray(photo()), Settings(polarity="light_ink")))
    app.switch_page(INSPECTOR).run()
    assert read_text(app) == "52"
    assert app.segmented_control(key="inspector_set_polarity").value == "light_ink"
    assert app.button(key="inspector_reset").disabled
    assert app.selectbox[0].value == "drawing"


def test_a_changed_drawing_of_the_same_name_is_read_anew():
    app = AppTest.from_file(str(ROUTER_PATH), default_timeout=TIMEOUT_S)
    app.run()
    for text in ("5", "8"):
        offer(app, InspectableImage("drawing", "Your drawing", photo(text)))
        app.switch_page(INSPECTOR).run()
        assert read_text(app) == text
        app.switch_page("../pages/upload.py").run()


def test_another_picture_keeps_the_changed_settings(sample):
    sample.select_slider(key="inspector_set_smoothing_px").set_value(2.0).run()
    sample.selectbox[0].set_value("sample:chalk.jpg").run()
    assert read_text(sample) == "4"
    assert parameters(sample) == {"picture": "sample:chalk.jpg", "smoothing_px": "2.0"}


def test_a_picture_that_cannot_be_read_shows_the_reason():
    app = AppTest.from_file(str(ROUTER_PATH), default_timeout=TIMEOUT_S)
    app.run()
    offer(app, InspectableImage("upload:1", "<b>bad</b>.png", b"text"))
    app.switch_page(INSPECTOR).run()
    assert not app.exception
    assert "isn't a picture" in app.error[0].value


def test_a_picture_that_no_longer_exists_leaves_the_empty_state():
    app = AppTest.from_file(str(ROUTER_PATH), default_timeout=TIMEOUT_S)
    app.run()
    app.session_state[SELECTED_IMAGE_KEY] = "upload:gone"
    app.switch_page(INSPECTOR).run()
    assert "step by step" in app.info[0].value


def test_the_camera_is_requested_only_when_it_is_selected(sample):
    assert not sample.get("camera_input")
    sample.selectbox[0].set_value("camera").run()
    assert not sample.exception
    assert len(sample.get("camera_input")) == 1
    assert parameters(sample) == {}


def test_the_histogram_has_a_threshold_line_or_a_caption_that_explains_why_not(sample):
    for threshold, has_caption in {"adaptive": True, "otsu": False, "paper": False}.items():
        sample.segmented_control(key="inspector_set_threshold").set_value(threshold).run()
        assert any(text.startswith("Each neighbourhood has its own threshold") for text in texts(sample.caption)) is has_caption
        assert any(text.startswith("Grey levels") for text in texts(sample.header))


def test_a_stage_is_enlarged_in_a_dialog(sample):
    sample.button(key="inspector_enlarge_darkness").click().run()
    assert not sample.exception
    assert "640 × 480 pixels" in " ".join(texts(sample.caption))


def test_a_rejected_mark_has_its_reason_without_probabilities():
    app = AppTest.from_file(str(ROUTER_PATH), default_timeout=TIMEOUT_S)
    app.run()
    dot = np.full((100, 100, 3), 255, np.uint8)
    dot[40:60, 40:60] = 0
    offer(app, InspectableImage("drawing", "Your drawing", dot))
    select_tab(app.switch_page(INSPECTOR).run(), "marks")
    assert not app.exception
    assert "It is a dot or a blot." in texts(app.warning)
    assert [metric.label for metric in app.metric] == ["Looks like a digit"]
    assert not app.table


def test_any_mark_can_be_chosen_and_a_separator_is_no_rejected_one():
    app = select_tab(open_page(picture="sample:page.jpg"), "marks")
    assert not app.exception
    assert "Confidence" in [metric.label for metric in app.metric]
    click(app, "inspector", labels(app).index("–"))
    assert not app.exception
    assert (app.metric[0].label, app.metric[0].value) == ("Read as", "–")
    assert "Read as a separator of the number: dash." in texts(app.caption)
    assert not app.warning
    assert not app.table


def test_without_the_explanation_file_there_is_one_message_and_the_rest_is_shown(sample, monkeypatch):
    def missing(_model_input):
        raise ExplanationError("This can't be explained.")

    monkeypatch.setattr("app.inspector.marks.explain", missing)
    select_tab(sample, "marks")
    assert not sample.exception
    assert texts(sample.warning) == ["This can't be explained."]
    assert sample.metric


def bars(app):
    return [button for button in app.button if button.key.startswith("inspector_apply_")]


@pytest.fixture
def ablated(sample):
    select_tab(sample, "matters")
    assert not bars(sample)
    return sample.button(key="inspector_what_matters").click().run()


def test_the_ablation_is_run_on_request_and_kept(ablated, monkeypatch):
    assert not ablated.exception
    table = ablated.table[0].value
    assert table["Step"].iloc[0] == "Without any change"
    assert "Squashed into a square" in table["Step"].tolist()
    changed = [mark for mark in table["Changed?"] if "changed" in mark]
    assert all("▲" in mark for mark in changed)
    assert f"{len(changed)} of {len(table) - 1} changes" in [*texts(ablated.warning), *texts(ablated.success)][0]
    monkeypatch.setattr("app.inspector.ablation.ablate", None)  # would fail if it were called again
    select_tab(select_tab(ablated, "stages"), "matters")
    assert not ablated.exception
    assert len(ablated.table[0].value) == len(table) == len(bars(ablated))


def test_changes_of_the_answer_are_the_first_bars(ablated):
    table = ablated.table[0].value
    changed = {step for step, mark in zip(table["Step"], table["Changed?"], strict=True) if "changed" in mark}
    assert changed
    first = {bar.label.split(" · ")[0] for bar in bars(ablated)[: len(changed)]}
    assert first == changed
    assert bars(ablated)[0].label == "Ink assumed lighter than the paper · **(no digit)**"


def test_a_bar_applies_its_settings_and_the_others_stay_to_be_tried(ablated):
    count = len(bars(ablated))
    bars(ablated)[0].click().run()
    assert not ablated.exception
    assert parameters(ablated) == {"picture": "sample:pen.jpg", "polarity": "light_ink"}
    assert ablated.segmented_control(key="inspector_set_polarity").value == "light_ink"
    assert len(bars(ablated)) == count
    unchanged = next(bar for bar in bars(ablated) if bar.label.startswith("Without any change"))
    unchanged.click().run()
    assert parameters(ablated) == {"picture": "sample:pen.jpg"}


def test_settings_that_were_not_tried_need_another_ablation(ablated):
    ablated.select_slider(key="inspector_set_smoothing_px").set_value(2.0).run()
    assert not bars(ablated)
    assert ablated.button(key="inspector_what_matters")


def film_of(app):
    """The HTML of the open film's frames; empty without a film."""
    return "".join(json.loads(each.proto.json)["html"] for each in app.get("bidi_component") if each.proto.component_name == "digits.film")


def test_the_film_shows_every_stage_in_order_then_the_network_and_its_answer(sample):
    assert film_of(sample) == ""
    sample.button(key="inspector_play").click().run()
    assert not sample.exception
    assert parameters(sample) == {"picture": "sample:pen.jpg", "film": "1"}
    film = film_of(sample)
    titles = re.findall(r"<b>\d+/\d+ · (.*?)</b>", film)
    steps = [button.label.partition(". ")[2] for button in sample.button if button.key.startswith("inspector_enlarge_")]
    network = ["First block, fine", "Second block, coarse", "Third block, coarse", "Evidence for each digit", "What it answers"]
    marks = steps.index("Ink (greyscale)") + 1
    assert titles == [*steps[:marks], "Marks", *steps[marks:], *network]
    assert film.count("<s style=") == 10
    alts = re.findall('<img src="data:[^"]+" alt="(.*?)"', film)
    assert film.count("<img") == len(alts)
    assert alts[0] == "Original: The picture, upright, as RGB."
    assert "The picture with its digits marked: 3" in alts
    sample.button(key="inspector_leave").click().run()
    assert film_of(sample) == ""
    assert parameters(sample) == {"picture": "sample:pen.jpg"}


def test_the_film_of_a_mark_that_cannot_be_explained_has_its_answer(monkeypatch):
    def fail(_image):
        raise ExplanationError("This can't be explained.")

    monkeypatch.setattr("app.inspector.film.explain", fail)
    film = film_of(open_page(picture="sample:pen.jpg", film="1"))
    assert re.findall(r"<b>\d+/\d+ · (.*?)</b>", film)[-2:] == ["Centred", "What it answers"]


def upload_recipe(app, content):
    select_tab(app, "recipe")
    app.file_uploader[0].upload("recipe.json", content, "application/json")
    return app.run()


def test_a_recipe_is_loaded(sample):
    upload_recipe(sample, Settings(minimum_contrast=0.9, centring="box").to_json().encode())
    assert not sample.exception
    assert "nothing written here" in sample.info[0].value
    assert sample.segmented_control(key="inspector_set_centring").value == "box"
    assert parameters(sample)["minimum_contrast"] == "0.9"


def test_a_bad_recipe_is_one_message_and_changes_nothing(sample):
    bad_recipes = {
        b"": "isn't JSON",
        b"\xff\xfe": "isn't JSON",
        b'{"sharpness": 1}': "sharpness",
        b'{"![x](http://x.org/y.png)": 1}': r"x\.org",
        json.dumps({"version": 1, "sharpness": 1}).encode(): "Unknown settings",
        json.dumps({**json.loads(Settings().to_json()), "version": RECIPE_VERSION + 1}).encode(): f"version {RECIPE_VERSION + 1}",
    }
    for content, message in bad_recipes.items():
        upload_recipe(sample, content)
        assert not sample.exception
        assert len(sample.error) == 1
        assert message.replace("'", "\\'") in sample.error[0].value
        assert "](" not in sample.error[0].value
        assert parameters(sample) == {"picture": "sample:pen.jpg"}
        assert read_text(sample) == "3"
