import asyncio
import os
import re
import threading
import time
from contextlib import contextmanager
from functools import partial

import numpy as np
import pytest

from app.server.reader_processes import LARGE_PICTURE_PX, ReaderProcesses, load, needs_process, reader_processes
from digitcore import DamagedImageError, read_image
from digitcore.api import ApiSettings, LazyApi
from digitcore.errors import RequestError
from digitcore.io.encode import encode_image
from testing.heif_files import coded, heif_file
from testing.writer_profiles import profile_that_reads
from tests.digitcore.api.jobs import fail

pytestmark = pytest.mark.slow


@contextmanager
def event_loop():
    """Run an event loop on another thread, as a server does."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield loop
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@contextmanager
def started(processes, api):
    async def start():
        processes.start(api)

    with event_loop() as loop:
        asyncio.run_coroutine_threadsafe(start(), loop).result()
        yield loop
        processes.stop()
        asyncio.run_coroutine_threadsafe(api.close(), loop).result()


@pytest.fixture
def processes():
    return ReaderProcesses()


@pytest.fixture(scope="module")
def running():
    """The processes of a server, shared by the tests that break none."""
    processes = ReaderProcesses()
    with started(processes, LazyApi(ApiSettings(workers=1))):
        yield processes


def white(pixels):
    return np.full((pixels // 4_000, 4_000), 255, np.uint8)


def test_a_job_is_run_in_another_process(running):
    assert running.run(os.getpid) != os.getpid()


def test_a_profile_reaches_the_other_process(running, drawing):
    seven = drawing(7)
    profile = profile_that_reads(seven, 1, unlike=drawing(0))
    assert running.run(partial(read_image, seven, profile=profile)).text == "1"


def test_an_error_of_a_job_is_raised_unchanged(running):
    with pytest.raises(DamagedImageError, match=r"This picture is \{damaged\}\."):
        running.run(fail)


def test_jobs_are_run_here_without_a_server(processes):
    assert processes.run(os.getpid) == os.getpid()


def test_jobs_are_run_here_once_the_server_stops(processes):
    with started(processes, LazyApi(ApiSettings(workers=1))):
        processes.stop()
        assert processes.run(os.getpid) == os.getpid()


def test_a_job_that_takes_too_long_is_ended_and_later_ones_are_run(processes):
    with started(processes, LazyApi(ApiSettings(workers=1, reading_timeout_s=0.2))):
        with pytest.raises(RequestError, match="Reading was interrupted"):
            processes.run(partial(re.match, "(a*)*b", "a" * 1_000))  # holds the interpreter lock for ever
        assert processes.run(os.getpid) != os.getpid()


def test_a_job_that_fails_because_of_another_one_is_tried_again(processes, tmp_path):
    with started(processes, LazyApi(ApiSettings(workers=1, reading_timeout_s=60))):
        marker = tmp_path / "tried"
        assert processes.run(_EndProcessOnce(marker)) == "done"
        assert marker.exists()


class _EndProcessOnce:
    """A job that ends its process when it is first run."""

    def __init__(self, marker):
        self._marker = marker

    def __call__(self):
        if self._marker.exists():
            return "done"
        self._marker.touch()
        os._exit(1)


def test_a_job_that_waits_when_the_server_stops_is_told_so(processes):
    class Stopping(LazyApi):
        async def run(self, _job):
            raise asyncio.CancelledError

    with started(processes, Stopping(ApiSettings(workers=1))), pytest.raises(RequestError, match="The server is stopping"):
        processes.run(os.getpid)


def test_a_server_that_is_too_busy_is_asked_again_after_a_moment(processes, monkeypatch):
    waits = []
    monkeypatch.setattr(time, "sleep", waits.append)

    class Busy(LazyApi):
        async def run(self, _job):
            raise RequestError("The server is too busy.", 503, 1)

    with started(processes, Busy(ApiSettings(workers=1))), pytest.raises(RequestError, match="too busy"):
        processes.run(os.getpid)
    assert waits == [1]


def test_a_server_has_one_set_of_processes():
    assert reader_processes() is reader_processes()


@pytest.mark.parametrize(("pixels", "expected"), [(LARGE_PICTURE_PX, True), (LARGE_PICTURE_PX - 4_000, False)])
def test_a_picture_is_large_from_a_number_of_pixels_on(pixels, expected):
    image = white(pixels)
    assert needs_process(image) is expected
    assert needs_process(encode_image(image, "png")) is expected


def test_a_small_heic_needs_a_process():
    assert needs_process(heif_file([coded(np.full((64, 64, 3), 230, np.uint8))]))


def test_a_file_that_can_not_be_read_is_not_large():
    assert not needs_process(b"a text")


@pytest.mark.parametrize("pixels", [LARGE_PICTURE_PX, 400_000])
def test_pictures_of_any_size_are_decoded_without_a_server(pixels):
    assert load(encode_image(white(pixels), "png")).size_wh == (4_000, pixels // 4_000)
