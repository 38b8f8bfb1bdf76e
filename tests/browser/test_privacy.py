"""Check that no picture is stored: every file that the server opens for writing while pages are used is recorded."""

import os
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from testing.browser.pages import ANSWER_TIMEOUT_MS, draw_digit, open_page, reading, wait_for_canvas, wait_for_rest
from testing.browser.pictures import large_picture
from testing.browser.server import REQUEST_TIMEOUT_S, ROOT, serve
from testing.browser.webcam import start, wait_for_frames

# Runs first in the server and in each process that it starts. The audit hook records each file that Python opens for writing, renames or
# links, and temporary files, also those without a name. (A file descriptor belongs to a pipe or to a file that was recorded before.)
WATCHER = """
import os, sys
log = os.open(os.environ["WRITES_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | getattr(os, "O_TMPFILE", 0)
def watch(event, arguments):
    if event == "open" and not isinstance(arguments[0], int):
        if isinstance(arguments[2], int) and arguments[2] & WRITING or set(arguments[1] or "") & set("wax+"):
            os.write(log, f"{arguments[0]}\\n".encode())
    elif event in ("os.rename", "os.link", "tempfile.mkstemp", "tempfile.mkdtemp"):
        os.write(log, f"{event} {arguments}\\n".encode())
sys.addaudithook(watch)
os.write(log, b"watching\\n")
"""


@pytest.fixture
def watched(tmp_path):
    """A server with its own home and temporary folder, whose audit hook logs the files that it opens for writing; and its folder."""
    for name in ("hook", "home", "temporary"):
        (tmp_path / name).mkdir()
    (tmp_path / "hook" / "sitecustomize.py").write_text(WATCHER, encoding="utf-8")
    environment = {
        "PYTHONPATH": str(tmp_path / "hook"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "WRITES_LOG": str(tmp_path / "writes.log"),
        "HOME": str(tmp_path / "home"),
        "TMPDIR": str(tmp_path / "temporary"),
    }
    with serve(environment=environment) as server:
        yield server, tmp_path


def files_below(*folders):
    return {path for folder in folders for path in Path(folder).rglob("*") if ".git" not in path.parts and "__pycache__" not in path.parts}


def app_files():
    """Return the files of the app; not hidden ones beside it, as other parts of the tests and linters write theirs meanwhile."""
    folders = [ROOT / each for each in ("digitcore", "app", "pages", "model", "samples", ".streamlit")]
    return files_below(*folders) | {path for path in ROOT.glob("*") if not path.name.startswith(".")}


class Watch:
    """Compare the files of the project and of a watched server, and the server's log of written files, with their earlier state."""

    def __init__(self, folder):
        self._folder = folder
        self._files = self._all_files()
        self._written = self._log()

    def _all_files(self):
        return app_files() | files_below(self._folder / "home", self._folder / "temporary")

    def _log(self):
        return (self._folder / "writes.log").read_text(encoding="utf-8").splitlines()

    def start(self):
        """Ignore the files opened until now, since the first page loads modules."""
        self._written = self._log()
        assert self._written[0] == "watching"

    def check(self):
        """Check that nothing was written since `start`, and return the log since then."""
        since = self._log()[len(self._written) :]
        assert [name for name in since if name not in ("watching", os.devnull)] == []
        assert self._all_files() == self._files
        return since


def test_no_file_is_written_while_pictures_are_drawn_uploaded_and_sent(page, watched):
    server, folder = watched
    watch = Watch(folder)
    open_page(page, server.url, "Write a number")
    wait_for_canvas(page)
    watch.start()
    draw_digit(page, 6)
    expect(reading(page)).to_have_text("6", timeout=ANSWER_TIMEOUT_MS)
    open_page(page, f"{server.url}/upload", "Upload pictures")
    page.locator("input[type=file]").first.set_input_files([{"name": "one.png", "mimeType": "image/png", "buffer": large_picture()}])
    expect(reading(page)).to_have_text("1", timeout=ANSWER_TIMEOUT_MS)
    wait_for_rest(page)
    page.get_by_text("Samples to try").click()
    wait_for_rest(page)
    page.get_by_role("button", name="Blue pen", exact=True).click()
    expect(reading(page)).to_have_text("3", timeout=ANSWER_TIMEOUT_MS)
    for request in ({"files": {"file": large_picture()}}, {"content": large_picture()}):
        assert httpx.post(f"{server.url}/api/v1/read", **request, timeout=REQUEST_TIMEOUT_S).json()["text"] == "1"
    page.close()
    assert "watching" in watch.check(), "the processes that read for the API are watched, too"


@pytest.mark.nightly
def test_no_file_is_written_while_pictures_are_filmed(window, watched):
    server, folder = watched
    watch = Watch(folder)
    page = window(permissions=["camera"])
    open_page(page, f"{server.url}/webcam", "Live webcam")
    watch.start()
    start(page)
    wait_for_frames(page)
    page.close()
    watch.check()
