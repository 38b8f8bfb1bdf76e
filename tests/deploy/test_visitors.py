"""Tests of the app behind nginx with Chromium."""

import json
from contextlib import ExitStack

import pytest
from playwright.sync_api import expect

from digitcore.io.encode import encode_image
from synthetic.paper import Scene, photograph
from testing.browser.pages import (
    ANSWER_TIMEOUT_MS,
    choose_files,
    download,
    draw_digit,
    navigate,
    open_page,
    reading,
    wait_for_canvas,
    wait_for_rest,
)
from testing.browser.pictures import large_picture
from testing.browser.webcam import start, wait_for_frames
from testing.deploy.certificate import make_certificate
from testing.deploy.nginx import proxy
from testing.deploy.replicas import replica
from testing.deploy.visitors import connections_of, failed_uploads, generate_load, open_on_each_replica, replica_index, write_and_read

VISITORS = 3
NUMBER = "2730"

WATCH_POLICY = """
window.digitsViolations = [];
document.addEventListener('securitypolicyviolation',
  event => window.digitsViolations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


def photo(digit):
    return encode_image(photograph(str(digit), "slanted", (480, 360), 200, Scene(light_fall=0.3), 1), "png")


@pytest.fixture
def files(tmp_path):
    for name, content in {"four.png": photo(4), "large.png": large_picture(), "seven.png": photo(7)}.items():
        (tmp_path / name).write_bytes(content)
    return sorted(tmp_path.iterdir())


def violations(page):
    return [each for frame in page.frames for each in frame.evaluate("window.digitsViolations")]


def test_every_page_runs_under_the_policy_and_breaks_none_of_it(window, front, files):
    page = window(script=WATCH_POLICY, permissions=["camera"])
    open_page(page, front.url, "Write a number")
    wait_for_canvas(page)
    draw_digit(page, 6)
    expect(reading(page)).to_have_text("6", timeout=ANSWER_TIMEOUT_MS)
    wait_for_rest(page)
    navigate(page, "Upload")
    wait_for_rest(page)
    choose_files(page, files)
    expect(page.get_by_text("3 pictures: 3 read")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    assert [each["text"] for each in json.loads(download(page, page.get_by_role("button", name="JSON"))[1])] == ["4", "1", "7"]
    page.get_by_role("tab", name="Table").click()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    page.get_by_role("button", name="Open in the Inspector").click()
    expect(page.get_by_role("heading", name="Inspector")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    wait_for_rest(page)
    navigate(page, "Model")
    expect(page.get_by_test_id("stVegaLiteChart").first).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    wait_for_rest(page)
    navigate(page, "Webcam")
    start(page)
    wait_for_frames(page)
    assert violations(page) == []
    assert failed_uploads(front.log) == []


@pytest.mark.nightly
def test_what_the_policy_forbids_does_not_run(chromium, front):
    context = chromium.new_context()
    page = context.new_page()
    page.add_init_script(WATCH_POLICY)
    open_page(page, front.url, "Write a number")
    page.evaluate("document.head.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = true'}))")
    page.evaluate("document.head.append(Object.assign(document.createElement('script'), {src: 'https://elsewhere.invalid/x.js'}))")
    page.evaluate("fetch('https://elsewhere.invalid/').catch(() => {})")
    page.wait_for_function("() => window.digitsViolations.length === 3", timeout=ANSWER_TIMEOUT_MS)
    assert page.evaluate("window.ran") is None
    assert page.evaluate("document.featurePolicy.allowsFeature('camera')") is True
    assert page.evaluate("document.featurePolicy.allowsFeature('microphone')") is False
    context.close()


@pytest.mark.nightly
def test_everyone_stays_with_a_replica_and_no_upload_goes_astray(window, front, replicas, files):
    homes = []
    for _ in range(VISITORS):
        page = window()
        open_page(page, f"{front.url}/upload", "Upload pictures")
        wait_for_rest(page)
        before = len(front.log)
        choose_files(page, files)
        expect(page.get_by_text("3 pictures: 3 read")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
        wait_for_rest(page)
        sent = [each for each in front.log[before:] if each["path"] == "/_stcore/upload_file/"]
        assert [(each["method"], each["status"]) for each in sent] == 3 * [("PUT", 204)]
        assert {each["replica"] for each in sent} == {replicas[replica_index(page)].address}
        homes.append(replica_index(page))
        page.context.clear_cookies()  # so that the next one is a new visitor
    assert set(homes) == {0, 1}


@pytest.mark.nightly
def test_two_tabs_of_one_visitor_have_one_home(window, front, files):
    page = window()
    open_page(page, f"{front.url}/upload", "Upload pictures")
    second = page.context.new_page()
    open_page(second, f"{front.url}/upload", "Upload pictures")
    for each in (page, second):
        wait_for_rest(each)
        choose_files(each, files)
        expect(each.get_by_text("3 pictures: 3 read")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    assert failed_uploads(front.log) == []


@pytest.mark.nightly
def test_a_page_works_over_https(chromium, replicas, tmp_path_factory):
    with proxy([each.address for each in replicas], "tls", make_certificate(tmp_path_factory.mktemp("certificate"))) as secure:
        context = chromium.new_context(ignore_https_errors=True)
        page = context.new_page()
        page.add_init_script(WATCH_POLICY)
        opened = connections_of(page)
        open_page(page, secure.tls_url, "Write a number")
        wait_for_canvas(page)
        draw_digit(page, 6)
        expect(reading(page)).to_have_text("6", timeout=ANSWER_TIMEOUT_MS)
        assert [each.split(":")[0] for each in opened] == ["wss"]
        assert violations(page) == []
        context.close()


def test_who_was_with_a_killed_replica_goes_on_with_another_and_nobody_else_notices(chromium, replicas, files):
    with ExitStack() as stack:
        doomed = stack.enter_context(replica())
        front = stack.enter_context(proxy([doomed.address, replicas[0].address]))
        ((moved,), (stayed,)) = open_on_each_replica(chromium, front.url, replicas=2)
        for page in (moved, stayed):
            stack.callback(page.context.close)
            write_and_read(page, NUMBER, 0)
        opened_by_moved, opened_by_stayed = connections_of(moved), connections_of(stayed)
        with generate_load(front.url, photo(7), clients=2, pause_s=0.1, max_requests=1_000) as load:
            doomed.process.kill()
            write_and_read(stayed, NUMBER, 1)
            write_and_read(moved, NUMBER, 1)
        assert (len(opened_by_moved), len(opened_by_stayed)) == (1, 0)
        assert replica_index(moved) == replica_index(stayed) == 1
        assert load.sent > 10
        assert load.failed == 0
        navigate(moved, "Upload")
        wait_for_rest(moved)
        choose_files(moved, files)
        expect(moved.get_by_text("3 pictures: 3 read")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
        assert failed_uploads(front.log) == []
