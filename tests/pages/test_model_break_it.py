"""The Break it section of the Model page in Streamlit's test runner."""

from unittest.mock import patch

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app import ROUTER_PATH, language
from app.inspectable_images import REGISTERED_IMAGES_KEY, InspectableImage
from app.model.digit_sample import read_sample
from digitcore import Settings, read_image
from digitcore.analysis.damage import DamageKind
from digitcore.errors import DataUnavailableError
from digitcore.messages import Message
from synthetic.hands import strokes, write

TIMEOUT_S = 300
PAGE = "../pages/model.py"


@pytest.fixture
def app():
    app = AppTest.from_file(str(ROUTER_PATH), default_timeout=TIMEOUT_S).switch_page(PAGE)
    app.query_params["part"] = "break"
    app.session_state[language.LANGUAGE_KEY] = "en"
    return app


def accuracies(app):
    """Return the shares that the network and its copy read, and how they are explained."""
    shown = {metric.label: metric for metric in app.metric}
    return [(shown[title].value, shown[title].delta) for title in ("The network", "The damaged copy")]


@pytest.mark.parametrize("kind", DamageKind)
def test_every_kind_of_damage_is_compared_with_the_network(app, kind):
    app.session_state["model_break_kind"] = kind.value
    app.run()
    assert not app.exception
    assert not app.error
    (network, sample), (copy, difference) = accuracies(app)
    assert network.endswith("%")
    assert sample == f"of {len(read_sample().labels)} digits of the test set"
    assert (copy == network) is (difference == sample)
    assert len(app.get("vega_lite_chart")) == 2


def test_more_noise_reads_less(app):
    app.run()
    app.select_slider(key="model_break_noise").set_value(0.0).run()
    assert len(set(accuracies(app))) == 1
    app.select_slider(key="model_break_noise").set_value(1.0).run()
    assert "What the damaged copy misreads" in [subheader.value for subheader in app.subheader]
    assert accuracies(app)[1][1].endswith(" points")


def test_the_drawing_of_the_visit_is_read_by_both(app):
    ink = 255 - write(np.zeros((200, 200), np.uint8), strokes(5), (60, 40), 120, 12)
    app.session_state[REGISTERED_IMAGES_KEY] = {"draw": [InspectableImage("drawing", "Your drawing", ink, Settings.for_drawing())]}
    app.run()
    assert not app.exception
    assert not [button for button in app.button if button.key == "model_break_another"]
    drawn = app.get("image")[0].proto.imgs[0].url
    app.segmented_control(key="model_break_drawn").set_value(False).run()
    assert app.button(key="model_break_another")
    assert app.get("image")[0].proto.imgs[0].url != drawn


def test_a_drawing_is_read_once_and_the_next_one_anew(app):
    inks = [255 - write(np.zeros((200, 200), np.uint8), strokes(digit), (60, 40), 120, 12) for digit in (5, 3)]
    shown = []
    with patch("app.model.break_it.read_image", wraps=read_image) as reading:
        for ink in inks:
            app.session_state[REGISTERED_IMAGES_KEY] = {"draw": [InspectableImage("drawing", "Your drawing", ink, Settings.for_drawing())]}
            for noise in (0.0, 0.5):
                app.run()
                app.select_slider(key="model_break_noise").set_value(noise).run()
            shown.append(app.get("image")[0].proto.imgs[0].url)
    assert reading.call_count == len(inks)
    assert shown[0] != shown[1]


def test_another_digit_is_shown_on_demand(app):
    pictures = set()
    app.run()
    for _ in range(3):
        pictures.add(app.get("image")[0].proto.imgs[0].url)
        app.button(key="model_break_another").click().run()
        assert not app.exception
    assert len(pictures) > 1


def test_a_missing_sample_is_one_friendly_line(app, monkeypatch):
    def missing():
        raise DataUnavailableError(Message("The sample of the test set is missing or damaged: run `python -m model.digit_sample`."))

    monkeypatch.setattr("app.model.break_it.read_sample", missing)
    app.run()
    assert not app.exception
    assert ["run `python -m model.digit_sample`" in error.value for error in app.error] == [True]
