"""Start the server's background work, and stop it at shutdown."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

import cv2

from app.server.access_log import hide_queries
from app.server.http_protocol import AcceptErrorHandler
from app.server.memory import trim_memory
from app.server.preloading import preload
from app.server.reader_processes import reader_processes
from app.server.uploads import keep_uploads_in_memory
from app.webcam.slots import reap_slots
from digitcore import ModelError, default_classifier
from digitcore.api import LazyApi

OPENCV_THREADS: Final = 1
"""OpenCV's threads for one picture. Where several pictures are read at the same time, one thread for each reads 6 to 8 % more pictures than
two. A single picture of 12 megapixels takes 10 % longer."""

TRIM_INTERVAL_S: Final = 30.0
"""How often freed memory is returned to the operating system, in seconds."""

REAP_INTERVAL_S: Final = 1.0
"""How often the video slots of visitors who have left are released, in seconds."""

_logger = logging.getLogger(__name__)


@asynccontextmanager
async def lifespan(_app: object, api: LazyApi, preloaded: asyncio.Event) -> AsyncIterator[dict[str, Any]]:
    """Run startup and shutdown around the life of the server.

    A missing network doesn't prevent the start: every page then shows the error and its remedy.

    Args:
        api: the API that is served together with the pages; it is closed at shutdown.
        preloaded: is set once everything that visitors need is loaded.

    Yields:
        The initial state of the server, which is empty.
    """
    keep_uploads_in_memory()
    hide_queries()
    asyncio.get_running_loop().set_exception_handler(AcceptErrorHandler())
    cv2.setNumThreads(OPENCV_THREADS)
    try:
        default_classifier()
    except ModelError as error:
        _logger.error("%s", error)
    tasks = [
        asyncio.create_task(_preload(api, preloaded)),
        asyncio.create_task(_repeat(trim_memory, TRIM_INTERVAL_S)),
        asyncio.create_task(_repeat(reap_slots, REAP_INTERVAL_S)),
    ]
    reader_processes().start(api)
    yield {}
    reader_processes().stop()
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    await api.close()


async def _preload(api: LazyApi, preloaded: asyncio.Event) -> None:
    """Preload on a thread; what can't be loaded is logged, and reported again by the page that needs it."""
    try:
        await asyncio.to_thread(preload, api)
    except Exception:
        _logger.exception("Preloading failed.")
    finally:
        preloaded.set()


async def _repeat(function: Callable[[], object], interval_s: float) -> None:
    """Call a blocking function on a thread, again and again, with a pause before each call."""
    while True:
        await asyncio.sleep(interval_s)
        await asyncio.to_thread(function)
