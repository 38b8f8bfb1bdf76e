"""Run the long readings of pages in the worker processes of the API.

In the server's own process a ZIP of hundreds of files would take the time of all other visitors, and nothing could interrupt a picture that
takes too long. Short readings stay where they are: the first job of a process waits half a second for its start.
"""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import CancelledError
from functools import lru_cache, partial
from typing import Final, TypeVar

from digitcore import ImageError
from digitcore.api import LazyApi
from digitcore.errors import RequestError
from digitcore.io.decode import UprightPicture, declared_size_wh, load_picture
from digitcore.io.isobmff import is_heif
from digitcore.messages import Message
from digitcore.types import UInt8Array

Result = TypeVar("Result")

LARGE_PICTURE_PX: Final = 16_000_000
"""The pixels from which a picture is read in another process. A page of 12 megapixels takes 0.15 s in this one, most of it in OpenCV and in
decoders, which don't hold the interpreter lock: another visitor's stroke then takes 4 ms longer."""

MAX_ATTEMPTS: Final = 2
"""How often a job is tried. A process that is ended because of one picture fails the jobs that wait for it, too."""

_STOPPING: Final = Message("The server is stopping. Try again in a moment.")


class ReaderProcesses:
    """The worker processes of a server, for the threads of its pages. Without a server, jobs run on the thread that calls."""

    def __init__(self) -> None:
        self._server: tuple[LazyApi, asyncio.AbstractEventLoop] | None = None

    def start(self, api: LazyApi) -> None:
        """Use the processes of an API; call it on the API's event loop."""
        self._server = api, asyncio.get_running_loop()

    def stop(self) -> None:
        """Run later jobs on the thread that calls."""
        self._server = None

    def run(self, job: Callable[[], Result]) -> Result:
        """Run a job in a process, and wait for it. Safe for many threads; not to be called on the event loop.

        Args:
            job: reads images; a function that can be pickled, as can its result, in a module that doesn't import Streamlit.

        Returns:
            What the job returns.

        Raises:
            RequestError: The job took too long, the server is too busy, or it stops.
        """
        for attempt in range(1, MAX_ATTEMPTS + 1):
            server = self._server
            if server is None:
                break
            try:
                return self._run_on(*server, job)
            except RequestError as error:
                if attempt == MAX_ATTEMPTS:
                    raise
                time.sleep(error.retry_after_s or 0)
        return job()

    @staticmethod
    def _run_on(api: LazyApi, loop: asyncio.AbstractEventLoop, job: Callable[[], Result]) -> Result:
        try:
            return asyncio.run_coroutine_threadsafe(api.run(job), loop).result()
        except CancelledError as error:
            raise RequestError(_STOPPING, 503) from error


@lru_cache(maxsize=1)
def reader_processes() -> ReaderProcesses:
    """Return the processes of this server, the same object at each call."""
    return ReaderProcesses()


def needs_process(source: bytes | UInt8Array) -> bool:
    """Return whether another process should read a picture: a large one, or one in HEIF, which takes three times as long to decode.

    Args:
        source: as in `digitcore.read_image`.

    Returns:
        Whether it should; False if the picture can't be read.
    """
    if not isinstance(source, bytes):
        return int(source.shape[0] * source.shape[1]) >= LARGE_PICTURE_PX
    try:
        width, height = declared_size_wh(source)
    except ImageError:
        return False
    return width * height >= LARGE_PICTURE_PX or is_heif(source)


def load(source: bytes | UInt8Array) -> UprightPicture:
    """Decode a picture, in another process if it needs one.

    Args:
        source: as in `digitcore.read_image`.

    Returns:
        The picture, upright and reduced.

    Raises:
        ImageError: The picture can't be read.
        RequestError: The picture took too long, or the server is too busy.
    """
    job = partial(load_picture, source)
    return reader_processes().run(job) if needs_process(source) else job()
