"""Create the FastAPI application with its middleware."""

import itertools
import re
import uuid
from collections.abc import Mapping
from typing import Any, Final

from asgi_correlation_id import CorrelationIdMiddleware
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from digitcore import __version__
from digitcore.api import problems
from digitcore.api.endpoints import create_router
from digitcore.api.gauges import Gauge
from digitcore.api.logs import create_logger
from digitcore.api.memory import MemoryBudget
from digitcore.api.metrics import Metrics
from digitcore.api.middleware import AccessLogMiddleware, LingeringCloseMiddleware
from digitcore.api.paths import OPENAPI_PATH
from digitcore.api.pool import WorkerPool
from digitcore.api.settings import ApiSettings
from digitcore.api.transport import TransportMiddleware
from digitcore.errors import DigitError

DESCRIPTION: Final = "Reads handwritten digits and whole numbers in pictures. Every error is a problem of RFC 9457."

REQUEST_ID_HEADER: Final = "X-Request-ID"

_REQUEST_ID_PATTERN: Final = re.compile(r"[A-Za-z0-9._-]{1,128}")
"""The request ids that a client may choose: harmless in a log and in a header."""

_PROCESS_ID: Final = uuid.uuid4().hex[:12]
_request_numbers: Final = itertools.count(1)


def create_app(settings: ApiSettings, pool: WorkerPool, budget: MemoryBudget, gauges: Mapping[str, Gauge]) -> ASGIApp:
    """Create the application that answers all paths below `/api`.

    Args:
        settings: the host's settings.
        pool: runs the readings.
        budget: the memory that all request bodies share.
        gauges: further metrics for `/api/v1/metrics`, by name.

    Returns:
        An ASGI application.
    """
    metrics, app = Metrics(gauges), _create_fastapi()
    app.include_router(create_router(settings, pool, budget, metrics))
    return _wrap_in_middleware(app, settings, metrics)


def _create_fastapi() -> FastAPI:
    """Create the FastAPI application without routes."""
    app = FastAPI(
        title="Digit reader",
        version=__version__,
        description=DESCRIPTION,
        openapi_url=OPENAPI_PATH,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.add_exception_handler(DigitError, problems.handle_digit_error)
    app.add_exception_handler(HTTPException, problems.handle_http_exception)
    app.add_exception_handler(Exception, problems.handle_unexpected_error)
    generate_openapi = app.openapi

    def openapi() -> dict[str, Any]:
        """Generate the OpenAPI description, with problems under their own media type."""
        return _set_problem_media_type(generate_openapi())

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented extension point
    return app


def _set_problem_media_type(description: dict[str, Any]) -> dict[str, Any]:
    """Replace the media type of all error responses, which FastAPI describes as `application/json`."""
    for operation in (each for path in description["paths"].values() for each in path.values()):
        for status, response in operation["responses"].items():
            if status != "200" and problems.MEDIA_TYPE not in response["content"]:
                response["content"] = {problems.MEDIA_TYPE: response["content"].pop("application/json")}
    return description


def _wrap_in_middleware(app: ASGIApp, settings: ApiSettings, metrics: Metrics) -> ASGIApp:
    """Wrap the application from the inside out: a request passes the middleware that is added last first."""
    app = AccessLogMiddleware(app, create_logger(log_requests=settings.logs), metrics)
    if settings.cors_origins:
        app = CORSMiddleware(
            app,
            allow_origins=settings.cors_origins,
            allow_methods=("GET", "POST"),
            allow_headers=("Content-Type", REQUEST_ID_HEADER),
            expose_headers=(REQUEST_ID_HEADER, "Retry-After"),
        )
    app = LingeringCloseMiddleware(app)
    app = CorrelationIdMiddleware(app, REQUEST_ID_HEADER, generator=_next_request_id, validator=None, transformer=_accept_request_id)
    app = ProxyHeadersMiddleware(app, list(settings.trusted_proxies))  # type: ignore[arg-type, assignment]  # uvicorn's own ASGI types
    return TransportMiddleware(app)


def _next_request_id() -> str:
    """Return a unique request id: a counter, since a random one would cost a system call for each request."""
    return f"{_PROCESS_ID}-{next(_request_numbers)}"


def _accept_request_id(requested: str) -> str:
    """Return the client's request id, or a new one if the client's may not be logged."""
    return requested if _REQUEST_ID_PATTERN.fullmatch(requested) else _next_request_id()
