"""What the default image holds of the project is enough to serve it: the short form of `make image-test`, without building."""

import os
import re
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import packages_distributions
from pathlib import Path
from threading import Thread

import httpx
import pytest

from testing.browser.server import REQUEST_TIMEOUT_S, ROOT, free_port, serve
from testing.image import dockerfile
from testing.image.dockerfile import DEFAULT_STAGE, FULL_STAGE, third_party
from testing.image.visits import draw_and_see_every_page, expect_missing_tensorflow, send_sample

MISSING = "raise ModuleNotFoundError(\"No module named 'tensorflow'\", name='tensorflow')"


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """A server of nothing but the image's files, and no TensorFlow to be found."""
    folder, without = dockerfile.lay_out(DEFAULT_STAGE, tmp_path_factory.mktemp("app")), tmp_path_factory.mktemp("without")
    for name in ("tensorflow", "keras"):
        (without / f"{name}.py").write_text(MISSING, encoding="utf-8")
    with serve(folder, {"PYTHONPATH": str(without), "PYTHONDONTWRITEBYTECODE": "1"}) as running:
        yield running


def check(port):
    environment = os.environ | {"STREAMLIT_SERVER_ADDRESS": "127.0.0.1", "STREAMLIT_SERVER_PORT": str(port)}
    command = [sys.executable, "-I", "-S", str(ROOT / "deploy" / "healthcheck.py")]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def copied(stage):
    return {str(source.relative_to(ROOT)) for source, _ in dockerfile.files(stage)}


@pytest.mark.parametrize("stage", dockerfile.stages())
def test_all_that_is_copied_is_there_and_let_through(stage):
    names = copied(stage)
    for *sources, _target in dockerfile.copies(stage):
        for source in sources:
            assert (ROOT / source).exists()
            assert any(name == source or name.startswith(f"{source}/") for name in names), source


def test_the_last_target_is_the_default_and_has_no_tensorflow():
    stages = dockerfile.stages()
    assert [*stages][-2:] == ["full", "serve"]
    listed = (ROOT / "requirements-serve.txt").read_text(encoding="utf-8")
    assert "streamlit==" in listed
    assert not re.search("(?m)^(tensorflow|keras)", listed)


def test_the_default_image_holds_the_app_and_nothing_that_trains_tests_or_measures_it():
    names = copied(DEFAULT_STAGE)
    assert {name.split("/")[0] for name in names} == {
        *(".streamlit", "app", "deploy", "digitcore", "model", "pages", "samples", "streamlit_app.py", "LICENSE", "NOTICE"),
        "requirements-serve.txt",
    }
    assert {name for name in names if name.startswith("model/")} == {"model/__init__.py", "model/compare.py"}
    assert {name for name in names if name.startswith("digitcore/locale/")} == {"digitcore/locale/es/LC_MESSAGES/digits.mo"}


def test_what_is_no_part_of_the_app_never_reaches_the_builder():
    for name in (
        ".git/config",
        ".venv/bin/python",
        ".streamlit/secrets.toml",
        "tests/conftest.py",
        "model/train.py",
        "digitcore/__pycache__/x.pyc",
    ):
        assert not dockerfile.is_included(Path(name)), name


def test_every_package_that_the_image_imports_is_in_its_list():
    listed = {line.split("==")[0] for line in (ROOT / "requirements-serve.txt").read_text(encoding="utf-8").splitlines() if "==" in line}
    imported = third_party(DEFAULT_STAGE)
    assert imported >= {"streamlit", "cv2", "numpy"}
    known = packages_distributions()
    assert {name for name in imported if not listed & {each.lower().replace("_", "-") for each in known[name]}} == set()


@pytest.mark.nightly
def test_what_the_full_image_compares_with_has_all_its_parts(tmp_path):
    folder = dockerfile.lay_out(FULL_STAGE, tmp_path)
    done = subprocess.run([sys.executable, "-c", "from model.peer import KerasPeer; KerasPeer"], cwd=folder, check=False)
    assert done.returncode == 0
    assert (folder / "model" / "digits.keras").exists()


@pytest.mark.nightly
def test_every_page_shows_and_a_drawing_is_read(page, app):
    draw_and_see_every_page(page, app.url)


@pytest.mark.nightly
def test_without_tensorflow_the_model_page_says_so_kindly(page, app):
    expect_missing_tensorflow(page, app.url)


@pytest.mark.nightly
def test_a_picture_is_read_over_http(app):
    send_sample(app.url)


def test_the_health_check_passes_once_the_app_is_ready_and_fails_where_nobody_listens(app):
    assert httpx.get(f"{app.url}/api/v1/health", timeout=REQUEST_TIMEOUT_S).status_code == 200
    passes = (check(app.url.rsplit(":", 1)[1]).returncode == 0 for _ in range(20))
    assert any(passes), "each of 20 checks failed, which other work alone doesn't explain"
    nobody = check(free_port())
    assert (nobody.returncode, nobody.stderr) == (1, "")


@pytest.mark.parametrize(
    ("status", "body"), [(503, b'{"status": "starting"}'), (200, b"<!DOCTYPE html>"), (200, b"[]"), (200, b'{"status": "starting"}')]
)
def test_the_health_check_fails_where_another_answer_comes(status, body):
    class Answering(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        Thread(target=server.handle_request, daemon=True).start()
        done = check(server.server_port)
    assert (done.returncode, done.stderr) == (1, "")
