"""Load what the first visitors need while their browsers load the page, before the first script starts."""

import asyncio
import gc
import importlib
import pkgutil
from typing import Final

import numpy as np
from starlette.types import ASGIApp, Receive, Scope, Send

import app
from digitcore.api import LazyApi
from digitcore.api.paths import API_ROOT
from digitcore.charts import probability_chart
from digitcore.recognition.model_input import CLASS_COUNT

PRELOADED_MODULES: Final = ("pandas", "pyarrow", "altair", "babel.numbers", "aiortc")
"""Modules that take long to import and that the first page or the first reading needs."""

_NOT_PRELOADED: Final = ("app.router", "app.webcam.")
"""The starts of the names of modules that only a script may import: the router is one, and streamlit-webrtc, which the Webcam page imports,
registers its player only while a script runs."""


class WaitUntilPreloaded:
    """Middleware that lets websockets and requests to the API wait until everything is loaded; pages' files are served at once.

    Each visitor's script runs in a thread of its own, and where several threads import modules at once, Python may give one of them a
    module that another is still importing: it does so where the threads seem to wait for each other. The visitor would see an error.

    Args:
        app: the application.
        preloaded: set once everything is loaded.
    """

    def __init__(self, app: ASGIApp, preloaded: asyncio.Event) -> None:
        self._app = app
        self._preloaded = preloaded

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "websocket" or f"{scope.get('path', '')}/".startswith(f"{API_ROOT}/"):
            await self._preloaded.wait()
        await self._app(scope, receive, send)


def preload(api: LazyApi) -> None:
    """Import slow modules and those of the app, validate one chart, which loads Altair's schema, and load the API.

    All objects that exist afterwards are permanent, so they are excluded from garbage collection: Streamlit collects after every run of
    a script, and over all modules that would block every other thread, video included, for 40 ms.

    Args:
        api: the API to load.
    """
    for name in (*PRELOADED_MODULES, *_app_modules()):
        importlib.import_module(name)
    probability_chart(np.full(CLASS_COUNT, 1 / CLASS_COUNT, np.float32)).to_dict()
    api.load()
    gc.collect()
    gc.freeze()


def _app_modules() -> list[str]:
    """Return the names of the app's modules that may be imported before the first script runs."""
    names = [module.name for module in pkgutil.walk_packages(app.__path__, f"{app.__name__}.")]
    return [name for name in names if not name.startswith(_NOT_PRELOADED)]
