"""The API's addresses: read, health, the network's card, and what there is to watch."""

import asyncio
import json
from collections.abc import Awaitable
from functools import partial
from typing import Any, Final, TypeVar

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from digitcore.api.body import FIELD, Room, received
from digitcore.api.limits import Rate
from digitcore.api.metrics import CONTENT_TYPE, Metrics
from digitcore.api.problems import HUNG_UP
from digitcore.api.schemas import CardModel, HealthModel, ProblemModel, ReadingModel
from digitcore.api.settings import ApiSettings
from digitcore.api.work import Pool
from digitcore.errors import RequestError
from digitcore.recognition.classifier import default_classifier
from digitcore.settings import Settings
from digitcore.workers.reader import read_to_json

Result = TypeVar("Result")

READ_PATH: Final = "/api/v1/read"
HEALTH_PATH: Final = "/api/v1/health"
MODEL_PATH: Final = "/api/v1/model"
METRICS_PATH: Final = "/api/v1/metrics"

JSON: Final = "application/json"

RECIPE: Final = "settings"
"""The query's parameter that says how to read."""

# Parameters and body are described by hand, since the body is read by hand: FastAPI would read it before it is counted.
_RECIPE: Final[dict[str, Any]] = {
    "name": RECIPE,
    "in": "query",
    "description": "How to read: a recipe, as the Inspector gives.",
    "schema": {"type": "string", "contentMediaType": JSON},
}
_BINARY: Final = {"type": "string", "format": "binary"}
_BODY: Final[dict[str, Any]] = {
    "required": True,
    "content": {
        "multipart/form-data": {"schema": {"type": "object", "properties": {FIELD: _BINARY}, "required": [FIELD]}},
        **{f"image/{kind}": {"schema": _BINARY} for kind in ("jpeg", "png", "bmp", "webp", "gif", "tiff")},
        "application/octet-stream": {"schema": _BINARY},
    },
}

_OTHERWISE: Final[dict[str, Any]] = {"model": ProblemModel, "description": "What is wrong, and what to do."}
_REFUSALS: Final[dict[int | str, dict[str, Any]]] = {
    400: {**_OTHERWISE, "description": "A picture that can't be decoded, a form without one or with several, or a bad setting."},
    408: {**_OTHERWISE, "description": "The picture came too slowly."},
    413: {**_OTHERWISE, "description": "Too many bytes or pixels."},
    415: {**_OTHERWISE, "description": "Not a picture, or one of a format that isn't read."},
    429: {**_OTHERWISE, "description": "This client asks too often; `Retry-After` says when to try again."},
    503: {**_OTHERWISE, "description": "The server is too busy, or its network is missing; `Retry-After` says when to try again."},
    "default": _OTHERWISE,
}


def make_router(settings: ApiSettings, pool: Pool, room: Room, metrics: Metrics) -> APIRouter:
    """The addresses, around what they share."""
    router, rate = APIRouter(), Rate(settings.rate_per_minute, settings.burst)

    @router.post(
        READ_PATH,
        summary="Read the digits in a picture",
        responses={200: {"model": ReadingModel}, **_REFUSALS},
        openapi_extra={"parameters": [_RECIPE], "requestBody": _BODY},
    )
    async def read(request: Request) -> Response:
        """JPEG, PNG, BMP, WebP, GIF or TIFF, in the form's field `file` or as the body itself."""
        rate.check(request.client.host if request.client else "")
        recipe = request.query_params.get(RECIPE)
        how = None if recipe is None else Settings.from_json(recipe)
        await pool.wait_until_not_full()
        async with received(request, settings, room) as picture:
            reading = await _unless_gone(request, pool.run(partial(read_to_json, picture, how)))
        metrics.count_reading(reading)
        return Response(reading.json_bytes, media_type=JSON)

    @router.head(HEALTH_PATH, include_in_schema=False)
    @router.get(HEALTH_PATH, summary="Whether pictures can be read", responses={200: {"model": HealthModel}, 503: _OTHERWISE})
    async def health() -> Response:
        """Answers `ok` once the network is loaded, was seen to answer, and is the one that its card describes."""
        card = (await asyncio.to_thread(default_classifier)).card
        return Response(json.dumps({"status": "ok", "model_sha256": card["model"]["sha256"]}), media_type=JSON)

    @router.head(MODEL_PATH, include_in_schema=False)
    @router.get(MODEL_PATH, summary="The network's card", responses={200: {"model": CardModel}, 503: _OTHERWISE})
    async def model() -> Response:
        """How the network was made, and how good it is."""
        return Response(json.dumps((await asyncio.to_thread(default_classifier)).card), media_type=JSON)

    if settings.metrics:

        @router.get(METRICS_PATH, include_in_schema=False)
        async def watch() -> Response:
            """What there is to watch, for Prometheus."""
            return Response(await asyncio.to_thread(metrics.text), media_type=CONTENT_TYPE)

    return router


async def _unless_gone(request: Request, work: Awaitable[Result]) -> Result:
    """Wait for work, but give it up if its client hangs up."""
    working, gone = asyncio.ensure_future(work), asyncio.create_task(_until_gone(request))
    try:
        await asyncio.wait((working, gone), return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise RequestError("The client hung up.", HUNG_UP)
    finally:
        working.cancel()
        gone.cancel()


async def _until_gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
