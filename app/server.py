"""What the server does around its visitors: keep uploads in memory, have everything ready for the first one, give memory back."""

import asyncio
import ctypes
import gc
import importlib
import logging
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from starlette.formparsers import MultiPartParser

from app.webcam.slots import reap_slots, stream_slots
from digitcore import ModelError, SettingsError, default_classifier
from digitcore.api import Api, ApiSettings
from digitcore.recognition.model_input import CLASS_COUNT

ROUTER_PATH: Final = Path(__file__).resolve().parent / "router.py"

AHEAD: Final = ("pandas", "pyarrow", "altair", "babel.numbers", "aiortc")
"""What the first page and the first answer need and what takes long to import; the browser loads its own share meanwhile."""

PICTURE_THREADS: Final = 1
"""OpenCV's threads for one picture. Where several pictures are read at once, its own threads only get in their way: two threads read 6 to
8 % more without them. A picture of 12 megapixels that is read alone takes a tenth longer."""

TRIM_EVERY_S: Final = 30.0
FREE_EVERY_S: Final = 1.0

_logger = logging.getLogger(__name__)


def make_api() -> Api:
    """The API beside the pages, as the environment asks for it; a bad setting ends the start with its sentence."""
    try:
        settings = ApiSettings.from_environment()
    except SettingsError as error:
        sys.exit(f"digitcore: {error}")
    return Api(settings, {"digits_streams": ("Live videos being read.", lambda: stream_slots().taken)})


@asynccontextmanager
async def lifespan(_app: object, api: Api) -> AsyncIterator[dict[str, Any]]:
    """Around the server's life. A missing network doesn't stop it: every page then says how to mend it."""
    keep_uploads_in_memory()
    share_cores()
    try:
        default_classifier()
    except ModelError as error:
        _logger.error("%s", error)
    threading.Thread(target=load_ahead, args=[api], name="load-ahead", daemon=True).start()
    repeated = [
        asyncio.create_task(_again_and_again(trim_memory, TRIM_EVERY_S)),
        asyncio.create_task(_again_and_again(reap_slots, FREE_EVERY_S)),
    ]
    yield {}
    for task in repeated:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    await api.close()


def keep_uploads_in_memory() -> None:
    """Starlette moves uploads of more than 1 MB into a temporary file; no picture may touch a disk here.

    The body's size is bounded all the same, by Streamlit's `server.maxUploadSize`.
    """
    MultiPartParser.spool_max_size = sys.maxsize


def share_cores() -> None:
    """Have the cores shared by many pictures rather than by the parts of one. Holds for the whole process."""
    cv2.setNumThreads(PICTURE_THREADS)


def load_ahead(api: Api) -> None:
    """Import what the first visitor would wait for, check one chart, which loads Altair's schema, and make the API.

    What is there then stays for good, and is left out of every later collection of garbage: Streamlit collects after each run of a script,
    and over all modules that takes 40 ms in which no other thread goes on, no video either.
    """
    for name in AHEAD:
        importlib.import_module(name)
    charts = importlib.import_module("digitcore.charts")
    charts.probability_chart(np.full(CLASS_COUNT, 1 / CLASS_COUNT, np.float32)).to_dict()
    api.make()
    gc.collect()
    gc.freeze()


def trim_memory() -> bool:
    """Give memory that pictures no longer need back to the system, which glibc else keeps; whether there was any to give."""
    try:
        return bool(ctypes.CDLL("libc.so.6").malloc_trim(0))
    except (OSError, AttributeError):  # another C library, which does it by itself
        return False


async def _again_and_again(work: Callable[[], object], every_s: float) -> None:
    while True:
        await asyncio.sleep(every_s)
        await asyncio.to_thread(work)
