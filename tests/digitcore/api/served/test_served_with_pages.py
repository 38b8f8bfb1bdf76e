"""The whole app as both commands start it: API and pages in one server."""

import shutil
import signal
import threading

import cv2
import httpx
import numpy as np
import psutil
import pytest

from testing.browser.server import ROOT, serve
from tests.digitcore.api.conftest import TIMEOUT_S, wait_until

READ = "/api/v1/read"
HEALTH = "/api/v1/health"


@pytest.fixture(scope="module", params=["streamlit", "uvicorn"])
def app(request):
    with serve(runner=request.param, environment={"DIGITS_API_METRICS": "yes", "DIGITS_API_RATE_PER_MINUTE": "6000"}) as running:
        yield running


def test_both_commands_serve_the_api(app, seven):
    assert httpx.get(app.url + HEALTH, timeout=TIMEOUT_S).json()["status"] == "ok"
    answer = httpx.post(app.url + READ, files={"file": ("my-salary.png", seven)}, timeout=TIMEOUT_S)
    assert answer.json()["text"] == "7"
    assert "set-cookie" not in answer.headers
    assert "my-salary" not in app.log


def test_an_unknown_api_path_is_a_problem_and_not_a_page(app):
    for path in ("/api", "/api/", "/api/nothing", "/api/v1/nothing"):
        answer = httpx.get(app.url + path, timeout=TIMEOUT_S)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_the_pages_are_served_without_the_apis_middleware(app):
    for path in ("/", "/upload", "/apiary"):
        answer = httpx.get(app.url + path, timeout=TIMEOUT_S)
        assert answer.status_code == 200
        assert "text/html" in answer.headers["content-type"]
        assert "x-request-id" not in answer.headers


def test_the_metrics_count_the_pages_video_streams(app):
    assert "digits_streams 0.0" in httpx.get(f"{app.url}/api/v1/metrics", timeout=TIMEOUT_S).text


def test_the_server_finishes_its_readings_before_it_stops(tmp_path):
    slow = slow_picture()
    answers = []
    with serve(environment={"DIGITS_API_METRICS": "yes"}) as running:
        sender = threading.Thread(target=lambda: answers.append(httpx.post(running.url + READ, content=slow, timeout=TIMEOUT_S)))
        sender.start()
        wait_until(lambda: "digits_api_working 1.0" in httpx.get(f"{running.url}/api/v1/metrics", timeout=TIMEOUT_S).text)
        running.process.send_signal(signal.SIGTERM)
        sender.join()
        assert running.process.wait(TIMEOUT_S) in (0, -signal.SIGTERM)
    assert [answer.status_code for answer in answers] == [200]


def test_a_killed_server_leaves_no_worker_process_behind(seven):
    with serve() as running:
        assert httpx.post(running.url + READ, content=seven, timeout=TIMEOUT_S).json()["text"] == "7"
        started = psutil.Process(running.process.pid).children(recursive=True)
        assert started
        running.process.kill()
        _, alive = psutil.wait_procs(started, timeout=TIMEOUT_S)
        assert not alive


def slow_picture():
    """Return a page of noise that takes most of a second to read."""
    noise = np.random.default_rng(3).integers(0, 256, (48, 64), np.uint8)
    page = cv2.resize(noise, (6400, 4800), interpolation=cv2.INTER_NEAREST)
    return cv2.imencode(".png", page)[1].tobytes()


def test_a_bad_setting_ends_the_start_with_one_sentence():
    with pytest.raises(RuntimeError) as caught, serve(environment={"DIGITS_API_WAITING": "many"}):
        pass
    assert "digitcore: DIGITS_API_WAITING must be an integer of at least 0 and at most 1,000,000, received 'many'." in str(caught.value)


def test_a_missing_network_is_a_problem_until_its_file_is_restored(tmp_path, seven):
    for name in ("digitcore", "app", "pages", ".streamlit", "samples"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "streamlit_app.py", tmp_path)
    network = tmp_path / "digitcore" / "recognition" / "network" / "digits.tflite"
    network.unlink()
    with serve(root=tmp_path) as running:
        health = httpx.get(running.url + HEALTH, timeout=TIMEOUT_S)
        reading = httpx.post(running.url + READ, content=seven, timeout=TIMEOUT_S)
        for answer in (health, reading):
            assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
            assert "git checkout" in answer.json()["detail"]
        shutil.copy(ROOT / "digitcore" / "recognition" / "network" / "digits.tflite", network)
        assert httpx.get(running.url + HEALTH, timeout=TIMEOUT_S).json()["status"] == "ok"
        assert httpx.post(running.url + READ, content=seven, timeout=TIMEOUT_S).json()["text"] == "7"
