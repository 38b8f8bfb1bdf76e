"""The endpoints: read a picture or a drawing, health, model card, and metrics."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final, TypeVar

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from digitcore.api.body import receive_drawing, receive_upload
from digitcore.api.descriptions import (
    DRAWING_BODY,
    JSON_MEDIA_TYPE,
    PICTURE_BODY,
    PROBLEM,
    READ_PROBLEMS,
    RECIPE,
    RECIPE_PARAMETER,
    ZIP_BODY,
)
from digitcore.api.evaluation import PoolRunner
from digitcore.api.memory import MemoryBudget
from digitcore.api.metrics import CONTENT_TYPE, Metrics
from digitcore.api.paths import EVALUATE_PATH, HEALTH_PATH, METRICS_PATH, MODEL_PATH, READ_PATH, STROKES_PATH
from digitcore.api.pool import WorkerPool
from digitcore.api.problems import CLIENT_CLOSED_REQUEST
from digitcore.api.rate_limit import RateLimiter
from digitcore.api.schemas import CardModel, EvaluationModel, HealthModel, ReadingModel
from digitcore.api.settings import ApiSettings
from digitcore.errors import RequestError
from digitcore.evaluation.archive import evaluate_zip
from digitcore.recognition.classifier import default_classifier
from digitcore.recognition.writer_profile import WriterProfile
from digitcore.settings import Settings
from digitcore.workers.reader import MAX_PROFILE_EXAMPLES, EncodedReading, read_drawing_to_json, read_to_json

Result = TypeVar("Result")

STALLED_READINGS: Final = 3
"""How many times the longest allowed reading may pass without any reading that ends, until the server reports that it isn't healthy."""


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
    _add_reading_endpoints(router, settings, pool, budget, metrics)
    _add_health_endpoint(router, settings, pool)
    _add_model_endpoint(router)
    if settings.metrics:
        _add_metrics_endpoint(router, metrics)
    return router


def _add_reading_endpoints(router: APIRouter, settings: ApiSettings, pool: WorkerPool, budget: MemoryBudget, metrics: Metrics) -> None:
    """Add `POST /api/v1/read`, `/strokes` and `/evaluate`, which share the limit on each client."""
    rate_limiter = RateLimiter(settings.rate_per_minute, settings.burst)

    async def admit(request: Request, defaults: Settings) -> Settings | None:
        """Check that a request can be served now, and return the settings in it, completed by defaults."""
        rate_limiter.check(request.client.host if request.client else "")
        recipe = request.query_params.get(RECIPE_PARAMETER)
        reading_settings = None if recipe is None else Settings.from_json(recipe, defaults)
        await pool.wait_until_not_full()
        return reading_settings

    async def answer(request: Request, job: Callable[[], EncodedReading]) -> Response:
        """Run a reading and return its response."""
        reading = await _cancel_on_disconnect(request, pool.run(job))
        metrics.record_reading(reading)
        return Response(reading.json_bytes, media_type=JSON_MEDIA_TYPE)

    @router.post(
        READ_PATH,
        summary="Read the digits in a picture",
        responses={200: {"model": ReadingModel}, **READ_PROBLEMS},
        openapi_extra={"parameters": [RECIPE], "requestBody": PICTURE_BODY},
    )
    async def read(request: Request) -> Response:
        """Send a JPEG, PNG, BMP, WebP, GIF, TIFF, HEIC or AVIF in the form field `file` or as the request body.

        A form may have the field `profile` with the writer's own digits, too.
        """
        reading_settings = await admit(request, Settings())
        async with receive_upload(request, settings, budget) as upload:
            return await answer(
                request, partial(read_to_json, upload.picture, reading_settings, settings.reading_timeout_s, upload.profile)
            )

    @router.post(
        STROKES_PATH,
        summary="Read the digits in a drawing",
        responses={200: {"model": ReadingModel}, **READ_PROBLEMS},
        openapi_extra={"parameters": [RECIPE], "requestBody": DRAWING_BODY},
    )
    async def strokes(request: Request) -> Response:
        """Send the strokes of a pen, which are read as on the page Draw."""
        reading_settings = await admit(request, Settings.for_drawing())
        async with receive_drawing(request, settings, budget) as drawing:
            return await answer(request, partial(read_drawing_to_json, drawing, reading_settings, settings.reading_timeout_s))

    @router.post(
        EVALUATE_PATH,
        summary="Compare labelled pictures with what is read from them",
        responses={200: {"model": EvaluationModel}, **READ_PROBLEMS},
        openapi_extra={"parameters": [RECIPE], "requestBody": ZIP_BODY},
    )
    async def evaluate(request: Request) -> Response:
        """Send a ZIP of pictures in the form field `file` or as the request body.

        Their labels are in a `labels.csv` with the columns `file` and `label`, or before the first underscore of their names.
        """
        reading_settings = await admit(request, Settings())
        runner = PoolRunner(pool, settings.reading_timeout_s)
        async with receive_upload(request, settings, budget) as upload:
            profile = None if upload.profile is None else WriterProfile.from_json(upload.profile, MAX_PROFILE_EXAMPLES)
            job = partial(evaluate_zip, upload.picture, reading_settings or Settings(), profile, runner)
            try:
                evaluation = await _cancel_on_disconnect(request, asyncio.to_thread(job))
            finally:
                runner.stop()
        return Response(json.dumps(evaluation.to_dict()), media_type=JSON_MEDIA_TYPE)


def _add_health_endpoint(router: APIRouter, settings: ApiSettings, pool: WorkerPool) -> None:
    """Add `GET /api/v1/health`."""

    @router.head(HEALTH_PATH, include_in_schema=False)
    @router.get(HEALTH_PATH, summary="Check whether pictures can be read", responses={200: {"model": HealthModel}, 503: PROBLEM})
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
    @router.get(MODEL_PATH, summary="Get the model card", responses={200: {"model": CardModel}, 503: PROBLEM})
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
