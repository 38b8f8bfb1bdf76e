"""What a process needs that does nothing but read one picture after another, beside others of its kind: one for each core."""

import ctypes
import json
import os
import signal
import threading
import time
from functools import lru_cache
from typing import Final, NamedTuple

import cv2

from digitcore.pipeline import read_image
from digitcore.settings import Settings

_TRIM_THRESHOLD: Final = -1
_MMAP_THRESHOLD: Final = -3
"""Names of glibc's settings: mallopt(3)."""

_KEPT_BYTES: Final = 64 * 2**20
_MAPPED_FROM_BYTES: Final = 32 * 2**20
"""What glibc comes to by itself for programs like this one."""

_LOOK_EVERY_S: Final = 1.0
"""How often a process looks whether the one that started it is still there."""


class Answer(NamedTuple):
    """What a picture says, as it leaves the process."""

    as_json: bytes
    """`Reading.to_dict`."""

    status: str
    accepted: int
    refused: int
    """How many marks are digits, and how many aren't."""


def read_to_json(picture: bytes, settings: Settings | None) -> Answer:
    """Read a picture.

    Raises:
        ImageError: it can't be read.
        ModelError: the network can't be loaded; the next call tries again.
    """
    reading = read_image(picture, settings)
    accepted = sum(digit.accepted for digit in reading.digits)
    return Answer(json.dumps(reading.to_dict()).encode(), reading.status, accepted, len(reading.digits) - accepted)


def begin(server: int) -> None:
    """Be such a process of a server: it says when to end, and whoever would end all of them at once leaves that to it.

    Args:
        server: its process id. This process ends with it, however it did.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=[server], name="end-with-server", daemon=True).start()
    settle()


def _end_with(server: int) -> None:
    while os.getppid() == server:
        time.sleep(_LOOK_EVERY_S)
    os._exit(0)


@lru_cache(maxsize=1)
def settle() -> None:
    """Make this process one of as many as there are cores; any number of times.

    OpenCV's threads would only wait for one another. And memory is given back to the system only where much of it is free: Dask has its
    workers do so from 64 KiB on, so that every picture's arrays are mapped anew, page by page, which takes as long as reading it does.
    """
    cv2.setNumThreads(1)
    try:
        mallopt = ctypes.CDLL("libc.so.6").mallopt
    except (OSError, AttributeError):  # another C library
        return
    mallopt(_TRIM_THRESHOLD, _KEPT_BYTES)
    mallopt(_MMAP_THRESHOLD, _MAPPED_FROM_BYTES)
