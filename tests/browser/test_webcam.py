import csv
import io
import os
import signal
import time
from datetime import datetime
from functools import partial

import cv2
import numpy as np
import psutil
import pytest
from playwright.sync_api import expect

from digitcore.io.annotation import ACCEPTED_RGB
from testing.browser.pages import ANSWER_TIMEOUT_MS, download, navigate, press, reading, wait_for_rest
from testing.browser.server import serve
from testing.browser.turn import turn_server
from testing.browser.webcam import (
    FIRST,
    SECOND,
    SECONDS,
    camera,
    make_video,
    open_webcam,
    player,
    returned_pixels,
    start,
    stop,
    wait_for_frames,
)

pytestmark = pytest.mark.nightly

BOTH_NUMBERS_TIMEOUT_MS = 1000 * 3 * SECONDS + ANSWER_TIMEOUT_MS
RELEASE_TIMEOUT_S = 60.0
MAX_POOL_GROWTH = 3
"""Threads that thread pools may add after half of the starts; one leaked thread per start would be far more."""


@pytest.fixture(scope="module")
def video(tmp_path_factory):
    return make_video(tmp_path_factory.mktemp("camera") / "numbers.y4m")


@pytest.fixture(scope="module")
def server():
    with serve(environment={"DIGITS_MAXIMUM_STREAMS": "2"}) as running:
        yield running
        assert "Traceback" not in running.log
        assert "ERROR" not in running.log


@pytest.fixture(scope="module")
def camera_of(playwright):
    return partial(camera, playwright=playwright)


@pytest.fixture(scope="module")
def browser(camera_of, video):
    with camera_of(video) as running:
        yield running


@pytest.fixture
def window(browser, server):
    """Return a function that opens the Webcam page in a new context; after the test, the contexts are closed and their streams must end."""
    opened = []

    def open_window(script=""):
        opened.append(open_webcam(browser, server.url, script))
        return opened[-1]

    yield open_window
    for page in opened:
        page.context.close()
    wait_until(lambda: not connections(server), RELEASE_TIMEOUT_S)


@pytest.fixture
def webcam(window):
    page = window()
    start(page)
    expect(reading(page)).to_have_text(FIRST, timeout=BOTH_NUMBERS_TIMEOUT_MS)
    return page


def blue_share(page):
    """Return the share of the returned frame's pixels that have the colour of the boxes around digits."""
    (width, height), values = returned_pixels(page)
    rgb = np.array(values, np.int16).reshape(height, width, 4)[..., :3]
    return float((np.abs(rgb - np.array(ACCEPTED_RGB)).max(axis=-1) < 60).mean())


def thread_count(server):
    return psutil.Process(server.process.pid).num_threads()


def connections(server):
    """Return the UDP sockets of the streams; the server uses UDP for nothing else."""
    return psutil.Process(server.process.pid).net_connections("udp")


def wait_until(condition, timeout_s):
    """Wait for a condition and return the elapsed seconds; fail after `timeout_s`."""
    since = time.monotonic()
    while not condition():
        assert time.monotonic() - since < timeout_s
        time.sleep(0.1)
    return time.monotonic() - since


def test_each_number_is_read_in_turn_and_the_video_is_returned_with_boxes(webcam):
    wait_until(lambda: blue_share(webcam) > 0.01, RELEASE_TIMEOUT_S)
    expect(reading(webcam)).to_have_text(SECOND, timeout=BOTH_NUMBERS_TIMEOUT_MS)
    expect(reading(webcam)).to_have_text(FIRST, timeout=BOTH_NUMBERS_TIMEOUT_MS)
    expect(webcam.get_by_test_id("stVegaLiteChart")).to_be_visible()
    webcam.get_by_role("button", name="About the video").click()
    expect(webcam.get_by_text("Frames a second")).to_be_visible()


def test_a_frozen_number_stays_and_can_be_downloaded(webcam):
    webcam.get_by_role("button", name="Freeze").click()
    expect(webcam.get_by_role("button", name="Resume")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    held = reading(webcam).inner_text()
    name, content = download(webcam, webcam.get_by_role("button", name="Snapshot (PNG)"))
    assert name == "webcam.png"
    snapshot = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    assert snapshot.shape == (480, 640, 3)
    webcam.wait_for_timeout(1000 * (SECONDS + 1))
    assert reading(webcam).inner_text() == held
    webcam.get_by_role("button", name="Resume").click()
    expect(reading(webcam)).to_have_text(SECOND if held == FIRST else FIRST, timeout=BOTH_NUMBERS_TIMEOUT_MS)


def test_the_picture_opens_in_the_inspector(webcam):
    webcam.get_by_role("button", name="Freeze").click()
    expect(webcam.get_by_role("button", name="Resume")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    held = reading(webcam).inner_text()
    press(webcam, "webcam_inspect")
    expect(webcam.get_by_role("heading", name="Inspector")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    expect(reading(webcam)).to_have_text(held, timeout=ANSWER_TIMEOUT_MS)


def test_numbers_are_logged_with_their_times_and_the_log_can_be_downloaded_and_cleared(webcam):
    for number in (FIRST, SECOND):
        expect(webcam.get_by_role("cell", name=number, exact=True).first).to_be_visible(timeout=BOTH_NUMBERS_TIMEOUT_MS)
    name, content = download(webcam, webcam.get_by_role("button", name="Log (CSV)"))
    assert name == "numbers.csv"
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    assert {FIRST, SECOND} <= {row["text"] for row in rows}
    times = [datetime.fromisoformat(row["time"]) for row in rows]
    assert times == sorted(times)
    press(webcam, "webcam_log_clear")
    expect(webcam.locator(".st-key-webcam_log_clear")).to_have_count(0, timeout=ANSWER_TIMEOUT_MS)


def test_a_closed_tab_frees_its_slot(window):
    pages = [window() for _ in range(2)]
    for page in pages:
        start(page)
    for page in pages:
        expect(reading(page)).to_be_visible(timeout=BOTH_NUMBERS_TIMEOUT_MS)
    third = window()
    expect(third.get_by_text("All 2 live-video slots are in use")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    expect(third.get_by_role("button", name="Take Photo")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    pages[0].close()
    wait_until(lambda: _has_a_slot(third), RELEASE_TIMEOUT_S)
    start(third)
    expect(reading(third)).to_be_visible(timeout=BOTH_NUMBERS_TIMEOUT_MS)


def _has_a_slot(page):
    press(page, "webcam_try_again")
    wait_for_rest(page)
    return player(page).get_by_role("button", name="Start the camera").count() == 1


def test_leaving_the_page_frees_the_stream_and_forgets_a_frozen_frame(webcam, server):
    assert connections(server)
    webcam.get_by_role("button", name="Freeze").click()
    expect(webcam.get_by_role("button", name="Resume")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    navigate(webcam, "Upload")
    expect(webcam.get_by_role("heading", name="Upload pictures")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    wait_until(lambda: not connections(server), RELEASE_TIMEOUT_S)
    navigate(webcam, "Webcam")
    expect(webcam.get_by_text("Start the camera and hold handwritten digits")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    expect(webcam.get_by_role("button", name="Resume")).to_have_count(0)
    start(webcam)
    expect(reading(webcam)).to_be_visible(timeout=BOTH_NUMBERS_TIMEOUT_MS)


@pytest.mark.parametrize("starts", [4, 20])
def test_many_starts_and_stops_leave_no_threads_and_no_errors(window, server, starts):
    page = window()
    counts = []
    for _ in range(starts):
        start(page)
        wait_for_frames(page)
        stop(page)
        wait_until(lambda: not connections(server), RELEASE_TIMEOUT_S)
        counts.append(thread_count(server))
    wait_until(lambda: thread_count(server) <= counts[starts // 2] + MAX_POOL_GROWTH, RELEASE_TIMEOUT_S)


def test_a_camera_that_stops_is_reported_and_can_be_started_again(window):
    script = "const original = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);"
    script += "navigator.mediaDevices.getUserMedia = async (constraints) => (window.cameraStream = await original(constraints));"
    page = window(script)
    start(page)
    expect(reading(page)).to_be_visible(timeout=BOTH_NUMBERS_TIMEOUT_MS)
    player(page).locator("video").evaluate("() => window.cameraStream.getTracks().forEach((track) => track.stop())")
    expect(page.get_by_text("The camera has stopped sending pictures.")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    expect(player(page).get_by_role("button", name="Start the camera")).to_be_visible(timeout=BOTH_NUMBERS_TIMEOUT_MS)
    start(page)
    expect(reading(page)).to_be_visible(timeout=BOTH_NUMBERS_TIMEOUT_MS)


COUNT_REQUESTS = """
() => {
  const getUserMedia = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  window.digitsRequests = 0;
  navigator.mediaDevices.getUserMedia = constraints => (window.digitsRequests++, getUserMedia(constraints));
}
"""


def test_a_blocked_camera_is_reported_and_works_once_it_is_allowed(camera_of, video, server):
    with camera_of(video) as browser:
        context = browser.new_context()
        context.grant_permissions(["geolocation"], origin=server.url)  # but not the camera
        page = context.new_page()
        page.goto(f"{server.url}/webcam")
        expect(page.get_by_text("The camera is blocked for this page.")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
        page.evaluate(COUNT_REQUESTS)
        press(page, "webcam_request")
        page.wait_for_function("() => window.digitsRequests === 1", timeout=ANSWER_TIMEOUT_MS)
        expect(page.get_by_text("The camera is blocked for this page.")).to_be_visible()
        context.grant_permissions(["camera"], origin=server.url)
        start(page)
        expect(reading(page)).to_be_visible(timeout=BOTH_NUMBERS_TIMEOUT_MS)


def test_a_missing_camera_is_reported(camera_of, server):
    with camera_of(None) as browser:
        page = open_webcam(browser, server.url)
        expect(page.get_by_text("No camera was found on this device.")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)


def test_a_page_without_https_explains_what_to_do(window):
    # Browsers hide `mediaDevices` from pages without HTTPS, but treat loopback, where the tests' server listens, like HTTPS.
    page = window("Object.defineProperty(navigator, 'mediaDevices', { get: () => undefined })")
    expect(page.get_by_text("Browsers allow the camera only on HTTPS pages")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)


def test_a_snapshot_is_read_without_any_stream(window):
    page = window()
    page.get_by_text("Take a snapshot instead").click()
    page.wait_for_function("() => document.querySelector('video')?.currentTime > 0.5", timeout=ANSWER_TIMEOUT_MS)
    page.get_by_role("button", name="Take Photo").click(timeout=ANSWER_TIMEOUT_MS)
    expect(reading(page)).to_be_visible(timeout=BOTH_NUMBERS_TIMEOUT_MS)
    assert reading(page).inner_text() in (FIRST, SECOND)
    expect(page.get_by_alt_text("The snapshot with its digits marked")).to_be_visible()


def test_a_browser_that_is_killed_frees_its_stream(camera_of, video, server):
    with camera_of(video) as browser:
        page = open_webcam(browser, server.url)
        start(page)
        expect(reading(page)).to_be_visible(timeout=BOTH_NUMBERS_TIMEOUT_MS)
        assert connections(server)
        processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
        os.kill(next(process["id"] for process in processes if process["type"] == "browser"), signal.SIGKILL)
        wait_until(lambda: not connections(server), RELEASE_TIMEOUT_S)


def test_a_stream_that_may_use_only_the_relay_goes_through_it(camera_of, video):
    with (
        turn_server() as relay,
        serve(environment={**relay.settings, "DIGITS_ICE_RELAY_ONLY": "yes"}) as server,
        camera_of(video) as browser,
    ):
        page = open_webcam(browser, server.url)
        expect(page.get_by_text("All video goes through this app's relay")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
        start(page)
        expect(reading(page)).to_be_visible(timeout=BOTH_NUMBERS_TIMEOUT_MS)
        relay.wait_for_log("ALLOCATE processed, success")
        assert "Traceback" not in server.log


def test_an_unreachable_server_is_reported_and_a_snapshot_is_offered(camera_of, video):
    nowhere = {"DIGITS_TURN_URLS": "turn:127.0.0.1:9?transport=udp", "DIGITS_TURN_SECRET": "nobody", "DIGITS_ICE_RELAY_ONLY": "yes"}
    with serve(environment=nowhere) as server, camera_of(video) as browser:
        page = open_webcam(browser, server.url)
        start(page)
        expect(page.get_by_text("Connecting to the camera…")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
        expect(page.get_by_text("No picture has reached this server.")).to_be_visible(timeout=2 * ANSWER_TIMEOUT_MS)
        expect(page.get_by_role("button", name="Take Photo")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
        assert "Traceback" not in server.log
