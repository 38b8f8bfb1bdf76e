"""The API as one ASGI application, as the server that carries it sees it: where it is asked, what it holds, when it is over."""

import asyncio
import threading
from collections.abc import Callable, Mapping
from typing import Final

from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from digitcore.api.body import Room
from digitcore.api.processes import memory_bytes
from digitcore.api.settings import MIB, ApiSettings
from digitcore.api.work import Pool

ROOT: Final = "/api"


class Api:
    """The application. To be closed once it is no longer asked."""

    def __init__(self, settings: ApiSettings, gauges: Mapping[str, tuple[str, Callable[[], float]]] | None = None) -> None:
        """Prepare it; it is made when it is asked first, or by `make`, as its packages take a while to import.

        Args:
            settings: what the host has chosen.
            gauges: what else `/api/v1/metrics` should tell: by name, in words, and who knows the number.
        """
        self._pool: Final = Pool(settings.workers, settings.waiting)
        self._room: Final = Room(settings.bodies_mib * MIB)
        self._settings: Final = settings
        self._gauges: Final = {
            "digits_api_working": ("Pictures being read over HTTP.", lambda: self._pool.working),
            "digits_api_waiting": ("Pictures waiting to be read over HTTP.", lambda: self._pool.waiting),
            "digits_api_bodies_bytes": ("Memory that their files take.", lambda: self._room.taken_bytes),
            "digits_memory_bytes": ("Memory of the server and the processes that read for it.", memory_bytes),
            **(gauges or {}),
        }
        self._app: ASGIApp | None = None
        self._making: Final = threading.Lock()

    @property
    def routes(self) -> list[BaseRoute]:
        """Where it is to be asked: all of `/api`, so that unknown addresses there get an answer for programs and not a page."""
        return [Route(path, self, include_in_schema=False) for path in (ROOT, f"{ROOT}/{{rest:path}}")]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        made = self._app
        app = await asyncio.to_thread(self.make) if made is None else made
        await app(scope, receive, send)

    def make(self) -> ASGIApp:
        """Make what answers, unless it is there already; on any thread."""
        with self._making:
            if self._app is None:
                from digitcore.api.factory import make_application  # noqa: PLC0415  FastAPI takes a while to import

                self._app = make_application(self._settings, self._pool, self._room, self._gauges)
            return self._app

    async def close(self) -> None:
        """Finish what is being read."""
        await self._pool.close()
