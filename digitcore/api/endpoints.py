"""The endpoints: read a picture, health, model card, and metrics."""

import asyncio
import json
from collections.abc import Awaitable
from functools import partial
from typing import Any, Final, TypeVar

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from digitcore.api.body import FORM_FIELD, PROFILE_FIELD, receive_upload
from digitcore.api.memory import MemoryBudget
from digitcore.api.metrics import CONTENT_TYPE, Metrics
from digitcore.api.paths import HEALTH_PATH, METRICS_PATH, MODEL_PATH, READ_PATH
from digitcore.api.pool import WorkerPool
from digitcore.api.problems import CLIENT_CLOSED_REQUEST
from digitcore.api.rate_limit import RateLimiter
from digitcore.api.schemas import CardModel, HealthModel, ProblemModel, ReadingModel
from digitcore.api.settings import ApiSettings
from digitcore.errors import RequestError
from digitcore.recognition.classifier import default_classifier
from digitcore.settings import Settings
from digitcore.workers.reader import MAX_PROFILE_EXAMPLES, read_to_json

Result = TypeVar("Result")

JSON_MEDIA_TYPE: Final = "application/json"

RECIPE_PARAMETER: Final = "settings"
"""The query parameter with the settings of a reading, as JSON."""

STALLED_READINGS: Final = 3
"""How many times the longest allowed reading may pass without any reading that ends, until the server reports that it isn't healthy."""

# The parameter and the body are described by hand, since FastAPI would read a body that it describes before its bytes are counted.
_RECIPE_DESCRIPTION: Final[dict[str, Any]] = {
    "name": RECIPE_PARAMETER,
    "in": "query",
    "description": "How to read the picture: a recipe, as downloaded from the Inspector.",
    "schema": {"type": "string", "contentMediaType": JSON_MEDIA_TYPE},
}
_BINARY_SCHEMA: Final = {"type": "string", "format": "binary"}
_PROFILE_SCHEMA: Final = {
    "type": "string",
    "contentMediaType": JSON_MEDIA_TYPE,
    "description": f"The writer's own digits, to which the answer is adapted: a handwriting profile of up to {MAX_PROFILE_EXAMPLES} "
    "examples, as a text or as a file.",
}
_SUBTYPES: Final = ("jpeg", "png", "bmp", "webp", "gif", "tiff", "heic", "heif", "avif")
"""The media types of pictures, after `image/`."""

_FORM_SCHEMA: Final = {
    "type": "object",
    "properties": {FORM_FIELD: _BINARY_SCHEMA, PROFILE_FIELD: _PROFILE_SCHEMA},
    "required": [FORM_FIELD],
}
_BODY_DESCRIPTION: Final[dict[str, Any]] = {
    "required": True,
    "content": {
        "multipart/form-data": {"schema": _FORM_SCHEMA},
        **{f"image/{subtype}": {"schema": _BINARY_SCHEMA} for subtype in _SUBTYPES},
        "application/octet-stream": {"schema": _BINARY_SCHEMA},
    },
}

_PROBLEM: Final[dict[str, Any]] = {"model": ProblemModel, "description": "What is wrong, and what to do."}
_READ_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    400: {**_PROBLEM, "description": "A picture that can't be decoded, a form without one or with several, a bad recipe or profile."},
    408: {**_PROBLEM, "description": "The picture arrived too slowly."},
    413: {**_PROBLEM, "description": "Too many bytes or pixels."},
    415: {**_PROBLEM, "description": "Not a picture, or a picture in an unsupported format."},
    429: {**_PROBLEM, "description": "Rate limit exceeded; `Retry-After` has the seconds to wait."},
    503: {**_PROBLEM, "description": "The server is too busy (`Retry-After` has the seconds to wait), or its network is missing."},
    "default": _PROBLEM,
}


def create_router(settings: ApiSettings, pool: WorkerPool, budget: MemoryBudget, metrics: Metrics) -> APIRouter:
    """Create the routes of all endpoints.

    Args:
        settings: the host's settings.
        pool: runs the readings.
        budget: the memory that all request bodies share.
        metrics: counts the readings.

    Returns:
        The router for a FastAPI application.
    """
    router = APIRouter()
    _add_read_endpoint(router, settings, pool, budget, metrics)
    _add_health_endpoint(router, settings, pool)
    _add_model_endpoint(router)
    if settings.metrics:
        _add_metrics_endpoint(router, metrics)
    return router


def _add_read_endpoint(router: APIRouter, settings: ApiSettings, pool: WorkerPool, budget: MemoryBudget, metrics: Metrics) -> None:
    """Add `POST /api/v1/read`."""
    rate_limiter = RateLimiter(settings.rate_per_minute, settings.burst)

    @router.post(
        READ_PATH,
        summary="Read the digits in a picture",
        responses={200: {"model": ReadingModel}, **_READ_PROBLEMS},
        openapi_extra={"parameters": [_RECIPE_DESCRIPTION], "requestBody": _BODY_DESCRIPTION},
    )
    async def read(request: Request) -> Response:
        """Send a JPEG, PNG, BMP, WebP, GIF, TIFF, HEIC or AVIF in the form field `file` or as the request body.

        A form may have the field `profile` with the writer's own digits, too.
        """
        rate_limiter.check(request.client.host if request.client else "")
        recipe = request.query_params.get(RECIPE_PARAMETER)
        reading_settings = None if recipe is None else Settings.from_json(recipe)
        await pool.wait_until_not_full()
        async with receive_upload(request, settings, budget) as upload:
            job = partial(read_to_json, upload.picture, reading_settings, settings.reading_timeout_s, upload.profile)
            reading = await _cancel_on_disconnect(request, pool.run(job))
        metrics.record_reading(reading)
        return Response(reading.json_bytes, media_type=JSON_MEDIA_TYPE)


def _add_health_endpoint(router: APIRouter, settings: ApiSettings, pool: WorkerPool) -> None:
    """Add `GET /api/v1/health`."""

    @router.head(HEALTH_PATH, include_in_schema=False)
    @router.get(HEALTH_PATH, summary="Check whether pictures can be read", responses={200: {"model": HealthModel}, 503: _PROBLEM})
    async def health() -> Response:
        """Answer `ok` once the network is loaded, has classified a picture, and matches the checksum in its model card.

        The answer is 503 while pictures wait that no worker reads.
        """
        if pool.stalled_s() > STALLED_READINGS * settings.reading_timeout_s:
            raise RequestError(f"No picture has been read for {pool.stalled_s():.0f} s, although some are waiting.", 503)
        card = (await asyncio.to_thread(default_classifier)).card
        content = HealthModel(status="ok", model_sha256=card["model"]["sha256"])
        return Response(json.dumps(content.model_dump()), media_type=JSON_MEDIA_TYPE)


def _add_model_endpoint(router: APIRouter) -> None:
    """Add `GET /api/v1/model`."""

    @router.head(MODEL_PATH, include_in_schema=False)
    @router.get(MODEL_PATH, summary="Get the model card", responses={200: {"model": CardModel}, 503: _PROBLEM})
    async def model() -> Response:
        """Describe how the network was trained, and how accurate it is."""
        return Response(json.dumps((await asyncio.to_thread(default_classifier)).card), media_type=JSON_MEDIA_TYPE)


def _add_metrics_endpoint(router: APIRouter, metrics: Metrics) -> None:
    """Add `GET /api/v1/metrics`."""

    @router.get(METRICS_PATH, include_in_schema=False)
    async def scrape() -> Response:
        """Return all metrics in Prometheus's text format."""
        return Response(await asyncio.to_thread(metrics.to_text), media_type=CONTENT_TYPE)


async def _cancel_on_disconnect(request: Request, work: Awaitable[Result]) -> Result:
    """Wait for the result, but cancel the work and raise a `RequestError` (499) if the client disconnects before."""
    working, disconnected = asyncio.ensure_future(work), asyncio.create_task(_wait_for_disconnect(request))
    try:
        await asyncio.wait((working, disconnected), return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise RequestError("The client disconnected.", CLIENT_CLOSED_REQUEST)
    finally:
        working.cancel()
        disconnected.cancel()


async def _wait_for_disconnect(request: Request) -> None:
    """Receive and ignore messages until the client disconnects."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
