"""The Model page in Streamlit's test runner: its sections and states."""

import time

import pytest
from streamlit.testing.v1 import AppTest

from app import ROUTER_PATH
from app.model.calibration import DEFAULT_REQUIRED_CONFIDENCE, REQUIRED_CONFIDENCE_KEY, coverage_text
from app.model.engine_comparison import COMPARISON_KEY, engine_commands
from app.model.mistake_pictures import read_mistakes
from app.model.mistakes import PAIR_KEY
from app.model.robustness import CORRUPTION_TITLES, NOT_DIGIT_TITLES, UNCROPPED_SUFFIX
from app.model.sections import SECTION_KEY, Section
from digitcore.analysis.engine_benchmark import Comparison, Speed, start_comparison
from digitcore.charts import layer_titles
from digitcore.recognition import classifier
from digitcore.recognition.artifacts import PACKAGED_NETWORK, read_card

TIMEOUT_S = 300
WAIT_S = 600
PAGE = "../pages/model.py"


@pytest.fixture
def app():
    return AppTest.from_file(str(ROUTER_PATH), default_timeout=TIMEOUT_S).switch_page(PAGE)


@pytest.fixture
def card():
    return read_card(PACKAGED_NETWORK)


@pytest.fixture
def without_tensorflow(tmp_path, monkeypatch):
    """Keep the processes that measure from importing Keras or TensorFlow."""
    for name in ("keras", "tensorflow"):
        (tmp_path / f"{name}.py").write_text(f"raise ModuleNotFoundError('No module named {name}', name='{name}')", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))


def open_section(app, section):
    """Open the page with one of its sections."""
    app.run().pills(key=SECTION_KEY).set_value(section).run()
    assert not app.exception
    return app


def page_text(app):
    """Return all the page's texts."""
    kinds = (app.markdown, app.caption, app.info, app.success, app.warning, app.error, app.header)
    return "\n".join(element.value for kind in kinds for element in kind)


def charts(app):
    return list(app.get("vega_lite_chart"))


def test_the_page_opens_with_the_headlines_of_the_card_and_offers_every_section(app, card):
    app.run()
    assert not app.exception
    assert app.title[0].value == "Model"
    headlines = {metric.label: metric.value for metric in app.metric}
    assert headlines["MNIST test"] == f"{card['test']['accuracy_pct']:.2f}%"
    assert headlines["Whole pages"] == f"{card['pages']['whole_pct']:.1f}%"
    assert headlines["Size"] == f"{card['model']['size_bytes'] / 1e6:.1f} MB"
    assert len(headlines) == 8
    assert f"{card['test']['errors']} are not" in page_text(app)
    sections = ["Mistakes", "Confidence", "Hard cases", "Handwriting", "Architecture", "Speed on this server", "Can you beat it?"]
    sections += ["Break it", "Watch one learn"]
    assert app.pills(key=SECTION_KEY).options == sections
    assert len(Section) == len(sections)


def test_each_section_has_its_charts_and_tables(app, card):
    robustness = 1 + bool(card["seeds"])
    counts = {"mistakes": 2, "confidence": 2, "robustness": robustness, "handwriting": 1, "architecture": 1, "speed": 0}
    for section, count in counts.items():
        open_section(app, section)
        assert not app.exception, section
        assert len(charts(app)) == count, section
        assert len(app.table) >= count, section


def test_the_section_is_kept_while_another_page_is_visited(app):
    open_section(app, "confidence").select_slider(key=REQUIRED_CONFIDENCE_KEY).set_value(0.99).run()
    app.switch_page("../pages/draw.py").run()
    app.switch_page(PAGE).run()
    assert app.pills(key=SECTION_KEY).value == "confidence"
    assert app.select_slider(key=REQUIRED_CONFIDENCE_KEY).value == 0.99


def test_the_slider_shows_the_effect_of_a_required_confidence(app, card):
    open_section(app, "confidence")
    at_first = next(step for step in card["test"]["coverage_accuracy"] if step["confidence"] == DEFAULT_REQUIRED_CONFIDENCE)
    assert coverage_text(at_first, card["test"]["count"]) in page_text(app)
    app.select_slider(key=REQUIRED_CONFIDENCE_KEY).set_value(0.0).run()
    assert f"**10,000** would be answered, **{card['test']['errors']}** of them wrong. The other **0**" in page_text(app)


def test_the_coverage_text_has_whole_digits():
    text = coverage_text({"coverage_pct": 50.0, "accuracy_pct": 90.0}, 2_000)
    assert text == "Of 2,000 digits, **1,000** would be answered, **100** of them wrong. The other **1,000** would be left to a person."


def cards(app):
    """Return the HTML of the lists of picture cards."""
    return "".join(element.proto.body for element in app.get("html") if "digit-cards" in element.proto.body)


def test_every_mistake_is_shown_without_any_data_set(app, card, monkeypatch):
    monkeypatch.delenv("DIGITS_DATA", raising=False)
    app.run()
    assert not app.exception
    assert cards(app).count("<img") == card["test"]["errors"]
    assert "What would you have read?" in page_text(app)
    assert "MNIST, by Y. LeCun, C. Cortes and C. J. C. Burges, [CC BY-SA 3.0]" in page_text(app)


def test_one_confusion_can_be_selected(app, card):
    confusion = card["test"]["confusion"]
    pairs = [(label, predicted) for label in range(10) for predicted in range(10) if label != predicted]
    label, predicted = max(pairs, key=lambda pair: confusion[pair[0]][pair[1]])
    app.run().selectbox(key=PAIR_KEY).set_value((label, predicted)).run()
    assert not app.exception
    assert f"{label}, read as {predicted} ({confusion[label][predicted]})" in app.selectbox(key=PAIR_KEY).options
    assert cards(app).count("<img") == confusion[label][predicted]
    assert cards(app).count(f"A handwritten {label}, read as {predicted} with") == confusion[label][predicted]


def test_pictures_of_another_network_are_one_message(app, monkeypatch):
    monkeypatch.setattr("app.model.mistakes.read_mistakes", lambda _sha256: read_mistakes("of another network"))
    app.run()
    assert not app.exception
    assert "belong to another network" in app.info[0].value
    assert len(charts(app)) == 2


@pytest.mark.parametrize(("part", "section"), [("robustness", "robustness"), ("<b>x", "mistakes")])
def test_an_address_opens_its_section(app, part, section):
    app.query_params["part"] = part
    app.run()
    assert not app.exception
    assert app.pills(key=SECTION_KEY).value == section
    assert app.query_params == ({} if section == "mistakes" else {"part": section})


def test_a_section_that_is_chosen_is_in_the_address(app):
    open_section(app, "speed")
    assert app.query_params == {"part": "speed"}
    open_section(app, "mistakes")
    assert app.query_params == {}


def test_every_name_in_the_card_has_a_title(card):
    assert set(card["corruptions"]["accuracy_pct"]) == set(CORRUPTION_TITLES)
    assert {name.removesuffix(UNCROPPED_SUFFIX) for name in card["not_digits"]} <= set(NOT_DIGIT_TITLES)
    assert {layer["kind"] for layer in card["model"]["layers"]} <= set(layer_titles())


def test_every_training_run_and_the_hash_of_the_file_are_shown(app, card):
    open_section(app, "architecture")
    commands = [code.value for code in app.code]
    assert card["training"]["command"] in commands
    assert card["training"]["start"]["training"]["command"] in commands
    assert card["model"]["sha256"] in commands


def test_a_network_that_is_not_evaluated_has_two_sections(app, card, monkeypatch):
    fresh = {name: card[name] for name in ("model", "serving", "training", "validation")}
    app.run()
    monkeypatch.setattr(classifier._load_default(), "card", fresh)
    app.run()
    assert not app.exception
    assert "make evaluate" in app.info[0].value
    assert not app.metric
    assert len(app.pills(key=SECTION_KEY).options) == 2


def wait_until_measured(app):
    end = time.monotonic() + WAIT_S
    while not app.session_state[COMPARISON_KEY].done() and time.monotonic() < end:
        time.sleep(0.1)
    app.run()
    assert not app.exception


def test_without_tensorflow_only_litert_is_measured_and_the_page_explains_why(app, without_tensorflow):
    open_section(app, "speed").button(key="model_measure").click().run()
    assert not app.exception
    wait_until_measured(app)
    assert "TensorFlow isn't installed" in page_text(app)
    assert app.table[0].value["Engine"].tolist() == ["LiteRT"]
    assert len(charts(app)) >= 2
    app.switch_page("../pages/draw.py").run()
    app.switch_page(PAGE).run()
    assert app.table[0].value["Engine"].tolist() == ["LiteRT"]


def test_a_running_measurement_is_shown_and_no_second_one_can_be_started(app, without_tensorflow):
    open_section(app, "speed").button(key="model_measure").click().run()
    assert app.status[0].label.startswith("Measuring LiteRT")
    assert "model_measure" not in {button.key for button in app.button}
    wait_until_measured(app)
    assert app.button(key="model_measure").label == "Measure again"


def test_a_second_visitor_is_asked_to_wait(app, without_tensorflow):
    open_section(app, "speed")
    others = start_comparison(engine_commands())
    app.button(key="model_measure").click().run()
    assert "Somebody else is measuring" in app.warning[0].value
    others.result(WAIT_S)
    app.run()
    assert not app.warning


@pytest.mark.nightly
def test_both_engines_are_compared(app):
    class Done:
        def done(self):
            return True

        def result(self):
            return Comparison(Speed(0.4, 0.5, 67), Speed(6.4, 60, 741))

    open_section(app, "speed")
    app.session_state[COMPARISON_KEY] = Done()
    app.run()
    assert "**120 times** as long as LiteRT. TensorFlow also needs 6.0 s longer to start." in app.success[0].value
    assert app.table[0].value["Memory, MiB"].tolist() == ["67", "741"]
    assert len(charts(app)) == 3


def test_memory_that_was_not_measured_is_unknown_in_the_table(app):
    class Done:
        def done(self):
            return True

        def result(self):
            return Comparison(Speed(0.4, 0.5, None), None, "No TensorFlow.")

    open_section(app, "speed")
    app.session_state[COMPARISON_KEY] = Done()
    app.run()
    assert app.table[0].value["Memory, MiB"].tolist() == ["unknown"]
    assert len(charts(app)) == 2


def test_a_measurement_that_fails_is_one_message(app, monkeypatch):
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    open_section(app, "speed").button(key="model_measure").click().run()
    wait_until_measured(app)
    assert app.error[0].value == "LiteRT could not be measured on this machine."
