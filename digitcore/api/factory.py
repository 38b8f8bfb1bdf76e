"""What answers: a FastAPI application, and around it everything from the connection's edge on."""

import itertools
import re
import uuid
from collections.abc import Callable, Mapping
from typing import Any, Final

from asgi_correlation_id import CorrelationIdMiddleware
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from digitcore import __version__
from digitcore.api import problems
from digitcore.api.body import Room
from digitcore.api.connection import Connected
from digitcore.api.edge import Lingering, Watched
from digitcore.api.endpoints import READ_PATH, make_router
from digitcore.api.logs import make_log
from digitcore.api.metrics import Metrics
from digitcore.api.service import ROOT
from digitcore.api.settings import ApiSettings
from digitcore.api.work import Pool
from digitcore.errors import DigitError

OPENAPI_PATH: Final = f"{ROOT}/openapi.json"
WHAT: Final = "Reads handwritten digits and whole numbers in pictures. Every error is a problem of RFC 9457."
REQUEST_ID: Final = "X-Request-ID"

_PROCESS: Final = uuid.uuid4().hex[:12]
_numbers: Final = itertools.count(1)
_SANE_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,128}")


def make_application(settings: ApiSettings, pool: Pool, room: Room, gauges: Mapping[str, tuple[str, Callable[[], float]]]) -> ASGIApp:
    """Make it.

    Args:
        settings: what the host has chosen.
        pool: who reads.
        room: the memory that bodies may take.
        gauges: what else `/api/v1/metrics` should tell: by name, in words, and who knows the number.
    """
    metrics, inner = Metrics(gauges), _application()
    inner.include_router(make_router(settings, pool, room, metrics))
    return _wrapped(inner, settings, metrics)


def _application() -> FastAPI:
    app = FastAPI(
        title="Digit reader",
        version=__version__,
        description=WHAT,
        openapi_url=OPENAPI_PATH,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.add_exception_handler(DigitError, problems.answer_digit_error)
    app.add_exception_handler(HTTPException, problems.answer_http_error)
    app.add_exception_handler(Exception, problems.answer_unexpected)
    described = app.openapi

    def openapi() -> dict[str, Any]:
        """The description, with problems under their own media type."""
        return _with_problems(described())

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's own way to extend it
    return app


def _with_problems(description: dict[str, Any]) -> dict[str, Any]:
    for operation in (each for path in description["paths"].values() for each in path.values()):
        for status, answer in operation["responses"].items():
            if status != "200" and problems.MEDIA_TYPE not in answer["content"]:
                answer["content"] = {problems.MEDIA_TYPE: answer["content"].pop("application/json")}
    return description


def _wrapped(app: ASGIApp, settings: ApiSettings, metrics: Metrics) -> ASGIApp:
    """From the inside out: what a request passes last stands first."""
    app = Watched(app, make_log(on=settings.logs), metrics, READ_PATH)
    if settings.cors_origins:
        app = CORSMiddleware(
            app,
            allow_origins=settings.cors_origins,
            allow_methods=("GET", "POST"),
            allow_headers=("Content-Type", REQUEST_ID),
            expose_headers=(REQUEST_ID, "Retry-After"),
        )
    app = Lingering(app)
    app = CorrelationIdMiddleware(app, REQUEST_ID, generator=_next_id, validator=None, transformer=_sane_id)
    app = ProxyHeadersMiddleware(app, list(settings.trusted_proxies))  # type: ignore[arg-type, assignment]  # uvicorn's own ASGI types
    return Connected(app)


def _next_id() -> str:
    """A name for a request that no other has, without the trip to the kernel that a random one takes."""
    return f"{_PROCESS}-{next(_numbers)}"


def _sane_id(given: str) -> str:
    """A client's own name for its request, unless it is one that logs had better not repeat."""
    return given if _SANE_ID.fullmatch(given) else _next_id()
