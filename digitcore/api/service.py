"""The API as an ASGI application that a server can mount before FastAPI is imported."""

import asyncio
import threading
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, TypeVar

from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from digitcore.api.gauges import Gauge
from digitcore.api.memory import MemoryBudget, process_tree_memory_bytes
from digitcore.api.paths import API_ROOT
from digitcore.api.pool import WorkerPool
from digitcore.api.settings import BYTES_PER_MIB, ApiSettings
from digitcore.workers.reader import run_with_deadline

Result = TypeVar("Result")


class LazyApi:
    """An ASGI application that imports FastAPI and builds its routes when they are first needed.

    Close it once its server no longer accepts requests.

    Examples:
        >>> api = LazyApi(ApiSettings())
        >>> [route.path for route in api.routes]
        ['/api', '/api/{rest:path}']
    """

    def __init__(self, settings: ApiSettings, gauges: Mapping[str, Gauge] | None = None) -> None:
        """Configure the API without starting a process or importing FastAPI.

        Args:
            settings: the host's settings.
            gauges: further metrics for `/api/v1/metrics`, by name.
        """
        self._settings: Final = settings
        self._pool: Final = WorkerPool(settings.workers, settings.waiting)
        self._budget: Final = MemoryBudget(settings.bodies_mib * BYTES_PER_MIB)
        self._gauges: Final = {
            "digits_api_working": Gauge("Pictures being read over HTTP.", lambda: self._pool.working),
            "digits_api_waiting": Gauge("Pictures waiting to be read over HTTP.", lambda: self._pool.waiting),
            "digits_api_bodies_bytes": Gauge("Memory that their files take.", lambda: self._budget.used_bytes),
            "digits_memory_bytes": Gauge("Memory of the server and of its worker processes.", process_tree_memory_bytes),
            **(gauges or {}),
        }
        self._app: ASGIApp | None = None
        self._load_lock: Final = threading.Lock()

    @property
    def routes(self) -> list[BaseRoute]:
        """Return the routes for a server: everything below `/api`, so that unknown paths there are answered as JSON, not with a page."""
        return [Route(path, self, include_in_schema=False) for path in (API_ROOT, f"{API_ROOT}/{{rest:path}}")]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; the first one waits until the application is loaded."""
        loaded = self._app
        app = await asyncio.to_thread(self.load) if loaded is None else loaded
        await app(scope, receive, send)

    def load(self) -> ASGIApp:
        """Import FastAPI and create the application, unless that is done; safe to call from any thread.

        Returns:
            The application.
        """
        with self._load_lock:
            if self._app is None:
                from digitcore.api.factory import create_app  # noqa: PLC0415  importing FastAPI would delay the start of the server

                self._app = create_app(self._settings, self._pool, self._budget, self._gauges)
            return self._app

    async def run(self, job: Callable[[], Result]) -> Result:
        """Run a job of the server's own in the worker processes that read the pictures of requests.

        Args:
            job: reads images; a function that can be pickled, as can its result.

        Returns:
            What the job returns.

        Raises:
            RequestError: (503) too many jobs wait, or the job took longer than a reading may.
        """
        return await self._pool.run(partial(run_with_deadline, job, self._settings.reading_timeout_s))

    async def close(self) -> None:
        """Finish the readings in progress and stop the worker processes."""
        await self._pool.close()
