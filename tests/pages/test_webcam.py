"""The Webcam page in Streamlit's test runner, which can't run the real streamer: a stand-in takes the place of the browser."""

from types import SimpleNamespace

import av
import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit_webrtc.component import WebRtcStreamerContext, WebRtcStreamerState

from app import ROUTER_PATH
from app.handwriting.session import HANDWRITING_KEY
from app.webcam import stream, video
from digitcore.video.slots import StreamSlots
from synthetic.video import STILL, number_page, shaken
from tests.pages.panel import read_text

TIMEOUT_S = 300
OTHER = SimpleNamespace(is_abandoned=lambda _now_s: False, stop=lambda: None)


@pytest.fixture
def browser(monkeypatch):
    """Stand in for the visitor's browser: `playing`, `camera` as its probe reports it, and what both were given."""
    state = SimpleNamespace(playing=False, signalling=False, camera="possible", given={}, requests=0)

    def probe(data, **_):
        state.requests = data["requests"]
        return {"camera": state.camera}

    def streamer(key, **arguments):
        state.given = arguments
        if key not in st.session_state:
            st.session_state[key] = SimpleNamespace(state=state, _get_worker=lambda: None)
        return st.session_state[key]

    monkeypatch.setattr(stream, "webrtc_streamer", streamer)
    monkeypatch.setattr("app.webcam.camera._probe", probe)
    return state


@pytest.fixture
def slots(monkeypatch):
    made = StreamSlots(1)
    for module in (stream, video):
        monkeypatch.setattr(module, "stream_slots", lambda: made)
    return made


@pytest.fixture
def app(browser, slots):
    runner = AppTest.from_file(str(ROUTER_PATH), default_timeout=TIMEOUT_S)
    return runner.switch_page("../pages/webcam.py").run()


def show(app, text, seconds=1.6):
    """Let the camera film a number for some time."""
    video = app.session_state[stream.STREAM_KEY].video
    now = [1000.0]
    video._clock = lambda: now[0]
    for frame in shaken(number_page(text), seconds, STILL, seed=1):
        now[0] += 0.05
        video.process(av.VideoFrame.from_ndarray(frame, format="rgb24"))
    return app.run()


def texts(elements):
    return [element.value for element in elements]


def labels(app):
    return [button.label for button in app.button]


def play(app, browser):
    browser.playing = True
    return app.run()


def test_the_page_explains_how_to_start_and_how_the_video_is_transmitted(app, browser):
    assert not app.exception
    assert texts(app.title) == ["Live webcam"]
    assert "Start the camera" in app.info[0].value
    assert any("no STUN or TURN server is set" in text for text in texts(app.caption))
    assert app.toggle[0].value is False


def test_the_rear_camera_is_requested_and_no_sound(app, browser):
    constraints = browser.given["media_stream_constraints"]
    assert constraints["audio"] is False
    assert constraints["video"]["facingMode"] == {"ideal": "environment"}
    assert (constraints["video"]["width"]["ideal"], constraints["video"]["height"]["ideal"]) == (640, 480)


def test_frames_go_through_one_processor_until_it_is_over(app, browser):
    first = browser.given["sink_video_track"]
    assert browser.given["player_factory"]().video is first.output
    play(app, browser)
    assert browser.given["sink_video_track"] is first
    first.stop()
    app.run()
    assert browser.given["sink_video_track"] is not first
    assert browser.given["player_factory"]().video is browser.given["sink_video_track"].output


def test_a_run_that_ends_before_the_streamer_does_not_count_as_leaving_the_page(app, browser):
    play(app, browser)
    streamer = app.session_state[stream.STREAMER_KEY]
    streamer._last_rendered_run_count = 1
    app.run()
    assert streamer._last_rendered_run_count is None


def test_a_visitor_who_comes_back_to_the_page_can_start_the_camera_again(app, browser, slots):
    show(play(app, browser), "407")
    left = app.session_state[stream.STREAMER_KEY]
    app.button(key="webcam_hold").click().run()
    app.switch_page("../pages/upload.py").run()
    app.switch_page("../pages/webcam.py").run()
    assert not app.exception
    assert app.session_state[stream.STREAMER_KEY] is not left
    assert "Start the camera" in app.info[0].value
    assert not {"Freeze", "Resume", "Snapshot (PNG)"} & set(labels(app))
    assert slots.in_use == 0
    assert [list(table.value["Number"]) for table in app.table if "Number" in table.value.columns] == [["407"]], "the log is kept"
    show(play(app, browser), "58")
    assert read_text(app) == "58", "the frozen frame is forgotten"


def test_after_a_camera_has_stopped_only_the_start_is_offered(app, browser):
    show(play(app, browser), "407")
    app.session_state[stream.STREAM_KEY].video._last_frame_s -= 60
    app.run()
    assert "stop it and start it again" in app.warning[0].value
    assert "Freeze" in labels(app)
    browser.playing = False
    app.run()
    assert app.warning[0].value.endswith("sending pictures. Start it again.")
    assert "Freeze" not in labels(app)


def test_the_streamer_has_the_run_count_by_which_it_detects_that_its_page_was_left():
    state = WebRtcStreamerState(playing=False, signalling=False)
    assert WebRtcStreamerContext(worker=None, state=state)._last_rendered_run_count is None


def test_a_number_in_the_video_is_shown_with_its_digits_and_logged(app, browser):
    show(play(app, browser), "407")
    assert not app.exception
    assert read_text(app) == "407"
    assert {"Freeze", "Open in the Inspector"} <= set(labels(app))
    (figures,) = [table.value for table in app.table if "Figure" in table.value.columns]
    assert figures["Figure"].tolist() == ["Frames a second", "Time per frame", "Delay", "Skipped frames"]
    (log,) = [table.value for table in app.table if "Number" in table.value.columns]
    assert list(log["Number"]) == ["407"]


def test_a_frozen_reading_stays_until_it_is_resumed(app, browser):
    show(play(app, browser), "407")
    next(button for button in app.button if button.label == "Freeze").click().run()
    show(app, "58")
    assert read_text(app) == "407"
    next(button for button in app.button if button.label == "Resume").click().run()
    show(app, "58")
    assert read_text(app) == "58"


def test_the_log_can_be_cleared(app, browser):
    show(play(app, browser), "407")
    next(button for button in app.button if button.label == "Clear the log").click().run()
    assert "Clear the log" not in labels(app)


def test_a_message_is_shown_while_the_stream_connects(app, browser):
    play(app, browser)
    assert "Connecting" in app.info[0].value


def test_a_stream_without_frames_shows_help_and_a_snapshot(app, browser, slots):
    play(app, browser)
    app.session_state[stream.STREAM_KEY].video._last_frame_s -= 60
    app.run()
    assert "No picture has reached this server" in app.error[0].value
    assert app.toggle[0].value is True


def test_a_visitor_without_a_free_slot_sees_a_message_and_a_snapshot(app, browser, slots):
    assert slots.acquire(OTHER)
    app.run()
    assert "The only live-video slot is in use" in app.info[0].value
    assert app.toggle[0].value is True
    slots.release(OTHER)
    app.run()
    assert "Start the camera" in app.info[0].value


def test_two_streams_that_start_at_once_do_not_share_the_last_slot(app, browser, slots):
    slots.acquire(OTHER)
    play(app, browser)
    assert "The only live-video slot is in use" in app.info[0].value


@pytest.mark.parametrize(
    ("camera", "message"), [("insecure", "only on HTTPS pages"), ("missing", "No camera was found"), ("blocked", "is blocked")]
)
def test_a_camera_problem_is_shown_with_what_to_do(app, browser, camera, message):
    browser.camera = camera
    app.run()
    assert message in app.warning[0].value
    assert "Upload a photo" in [link.proto.label for link in app.get("page_link")]
    assert not app.toggle, "a snapshot needs a camera, too"
    assert ("Try again" in labels(app)) == (camera == "blocked")


def test_the_visitor_can_be_asked_again_for_a_blocked_camera(app, browser):
    browser.camera = "blocked"
    app.run()
    assert browser.requests == 0
    app.button(key="webcam_request").click().run()
    assert browser.requests == 1
    app.run()
    assert browser.requests == 1


def test_no_snapshot_can_be_taken_while_a_stream_is_on(app, browser):
    app.toggle(key="webcam_snapshot_wanted_False").set_value(True).run()
    assert len(app.get("camera_input")) == 1
    assert "Take a photo" in app.info[0].value
    app.toggle(key="webcam_snapshot_wanted_False").set_value(False).run()
    play(app, browser)
    assert app.toggle(key="webcam_snapshot_wanted_False").disabled
    assert not app.get("camera_input")


def test_an_invalid_server_setting_is_one_error_and_a_snapshot_is_offered(browser, slots, monkeypatch):
    monkeypatch.setenv("DIGITS_TURN_URLS", "turn:relay.example.org")
    runner = AppTest.from_file(str(ROUTER_PATH), default_timeout=TIMEOUT_S)
    runner.run().switch_page("../pages/webcam.py").run()
    assert len(runner.error) == 1
    assert "DIGITS_TURN_SECRET" in runner.error[0].value
    assert runner.toggle[0].value is True


def test_the_video_is_read_with_the_visitors_handwriting_until_it_is_forgotten(app, browser):
    handwriting = app.session_state[HANDWRITING_KEY]
    handwriting.add({3: np.eye(28, dtype=np.uint8) * 255})
    play(app, browser)
    reader = app.session_state[stream.STREAM_KEY].video.reader
    assert reader.profile is handwriting.profile
    app.button(key="handwriting_forget").click().run()
    assert reader.profile is None


def test_a_correction_of_a_frozen_picture_teaches_the_handwriting(app, browser):
    play(app, browser)
    show(app, "5")
    app.button(key="webcam_hold").click().run()
    next(each for each in app.pills if each.label.startswith("Wrong?")).set_value("6").run()
    assert not app.exception
    profile = app.session_state[HANDWRITING_KEY].profile
    assert profile.labels.tolist() == [6]
    assert app.session_state[stream.STREAM_KEY].video.reader.profile is profile
