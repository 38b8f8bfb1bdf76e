"""Set up a worker process that reads one image after another, one such process per CPU core."""

import ctypes
import json
import os
import signal
import threading
import time
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Final, NamedTuple, TypeVar

import cv2

from digitcore.io.drawing_json import parse_drawing
from digitcore.pipeline import read_image, read_strokes
from digitcore.recognition.classifier import default_classifier
from digitcore.recognition.writer_profile import WriterProfile
from digitcore.results import Reading, Status
from digitcore.settings import Settings
from digitcore.workers.deadline import end_process_after

Result = TypeVar("Result")

M_TRIM_THRESHOLD: Final = -1
"""The `mallopt` parameter for the free bytes at the top of the heap from which glibc returns memory to the system (`malloc.h`)."""

M_MMAP_THRESHOLD: Final = -3
"""The `mallopt` parameter for the size in bytes from which glibc maps an allocation of its own (`malloc.h`)."""

TRIM_THRESHOLD_BYTES: Final = 64 * 2**20
"""The free bytes that a worker keeps: the value at which glibc's dynamic threshold settles for programs like this one."""

MMAP_THRESHOLD_BYTES: Final = 32 * 2**20
"""The smallest allocation that is mapped on its own: the upper limit of glibc's dynamic threshold."""

PARENT_CHECK_INTERVAL_S: Final = 1.0
"""The seconds between two checks whether the parent process is still alive; a worker outlives a killed parent by at most this."""


MAX_PROFILE_EXAMPLES: Final = 200
"""The most examples of a profile that is sent with one picture. The network is run for each of them: in all that takes a tenth of a second,
less than a page of 12 megapixels."""


class EncodedReading(NamedTuple):
    """A reading as it leaves a worker process, encoded there so that the server's event loop only forwards bytes."""

    json_bytes: bytes
    """`Reading.to_dict()` as UTF-8 encoded JSON."""

    status: Status
    """The status of the reading."""

    accepted_count: int
    """How many marks are accepted as digits."""

    separator_count: int
    """How many others are separators of a number."""

    rejected_count: int
    """How many marks are neither."""


def run_with_deadline(job: Callable[[], Result], timeout_s: float) -> Result:
    """Run a job that reads images, and end this process if it takes too long.

    Args:
        job: reads one image or several.
        timeout_s: the most seconds that it may take, once the network is loaded.

    Returns:
        What the job returns.

    Raises:
        ModelError: the network can't be loaded; the next call tries again.
    """
    default_classifier()
    with end_process_after(timeout_s):
        return job()


def read_to_json(
    encoded_image: bytes, settings: Settings | None, timeout_s: float, profile_json: str | bytes | None = None
) -> EncodedReading:
    """Read an encoded image and encode the reading as JSON; end this process if that takes too long.

    Args:
        encoded_image: the bytes of an image file.
        settings: how to read it; None for the defaults.
        timeout_s: the most seconds that it may take, once the network is loaded; parsing the profile counts as well.
        profile_json: the writer's profile, as `WriterProfile.to_json` writes it, with up to `MAX_PROFILE_EXAMPLES` examples.

    Returns:
        The encoded reading, with the counts that the metrics need.

    Raises:
        ImageError: the image can't be decoded.
        ProfileError: the profile can't be used.
        ModelError: the network can't be loaded; the next call tries again.
    """
    return run_with_deadline(partial(_read_to_json, encoded_image, settings, profile_json), timeout_s)


def read_drawing_to_json(drawing_json: bytes, settings: Settings | None, timeout_s: float) -> EncodedReading:
    """Read a drawing as `read_strokes` does and encode the reading as JSON; end this process if that takes too long.

    Args:
        drawing_json: the drawing, and optionally the writer's profile, as `parse_drawing` takes it.
        settings: how to read it; None for those of drawings.
        timeout_s: as in `read_to_json`; parsing counts as well.

    Returns:
        The encoded reading, with the counts that the metrics need.

    Raises:
        DrawingError: the drawing can't be parsed.
        ImageError: its canvas is larger or smaller than a picture may be.
        ProfileError: the profile can't be used.
        ModelError: the network can't be loaded; the next call tries again.
    """
    return run_with_deadline(partial(_read_drawing_to_json, drawing_json, settings), timeout_s)


def _read_to_json(encoded_image: bytes, settings: Settings | None, profile_json: str | bytes | None) -> EncodedReading:
    return _encode(read_image(encoded_image, settings, profile=_parse_profile(profile_json)))


def _read_drawing_to_json(drawing_json: bytes, settings: Settings | None) -> EncodedReading:
    drawing = parse_drawing(drawing_json)
    return _encode(read_strokes(drawing.strokes, drawing.size_wh, settings, profile=_parse_profile(drawing.profile)))


def _parse_profile(profile_json: str | bytes | None) -> WriterProfile | None:
    return None if profile_json is None else WriterProfile.from_json(profile_json, MAX_PROFILE_EXAMPLES)


def _encode(reading: Reading) -> EncodedReading:
    json_bytes = json.dumps(reading.to_dict()).encode()
    others = [digit for digit in reading.digits if not digit.accepted]
    separator_count = sum(digit.separator is not None for digit in others)
    return EncodedReading(json_bytes, reading.status, len(reading.digits) - len(others), separator_count, len(others) - separator_count)


def init_worker(parent_pid: int) -> None:
    """Initialize a worker process of a server.

    The worker ignores SIGINT and SIGTERM, which a terminal or a container runtime sends to a whole process group: the server decides
    when its workers stop. If the server dies without stopping them, they exit on their own.

    Args:
        parent_pid: the process id of the server.
    """
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_number, signal.SIG_IGN)
    threading.Thread(target=_exit_with_parent, args=[parent_pid], name="exit-with-parent", daemon=True).start()
    tune_threads_and_malloc()


def _exit_with_parent(parent_pid: int) -> None:
    """Exit this process as soon as it has another parent than the given one."""
    while os.getppid() == parent_pid:
        time.sleep(PARENT_CHECK_INTERVAL_S)
    os._exit(0)


@lru_cache(maxsize=1)
def tune_threads_and_malloc() -> None:
    """Limit OpenCV to one thread and let glibc keep freed memory; calls after the first do nothing.

    With one process per core, OpenCV's own threads only compete with each other. Dask starts its workers with
    `MALLOC_TRIM_THRESHOLD_=65536`, so that glibc returns memory from 64 KiB on: the arrays of every image are then mapped again,
    page by page, which takes as long as reading the image.
    """
    cv2.setNumThreads(1)
    try:
        mallopt = ctypes.CDLL("libc.so.6").mallopt
    except (OSError, AttributeError):  # not glibc
        return
    mallopt(M_TRIM_THRESHOLD, TRIM_THRESHOLD_BYTES)
    mallopt(M_MMAP_THRESHOLD, MMAP_THRESHOLD_BYTES)
