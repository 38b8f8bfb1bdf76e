"""The endpoints, called without a server; the readings are made by real worker processes."""

import asyncio
import dataclasses
import json
from functools import partial

import cv2
import httpx
import numpy as np
import pytest
from starlette.requests import Request

from digitcore import Settings, Stroke, WriterProfile, read_strokes
from digitcore.api import ApiSettings, endpoints
from digitcore.api.endpoints import _cancel_on_disconnect, create_router
from digitcore.api.factory import create_app
from digitcore.api.memory import MemoryBudget
from digitcore.api.metrics import Metrics
from digitcore.api.pool import WorkerPool
from digitcore.errors import ModelError, RequestError
from digitcore.recognition.classifier import default_classifier
from digitcore.workers.reader import MAX_PROFILE_EXAMPLES, read_to_json
from synthetic.hands import strokes
from testing.browser.loops import run
from testing.writer_profiles import profile_that_reads
from tests.digitcore.api import jobs
from tests.digitcore.api.asgi import DISCONNECT, Exchange, call, chunk, http_scope
from tests.digitcore.api.conftest import SHARED_COUNT, TIMEOUT_S, until
from tests.digitcore.api.virtual_time import now, run_in_virtual_time

READ = "/api/v1/read"
STROKES = "/api/v1/strokes"
EVALUATE = "/api/v1/evaluate"
HEALTH = "/api/v1/health"
MODEL = "/api/v1/model"
METRICS = "/api/v1/metrics"
BAD_RECIPE = {"settings": "{"}


class Application:
    """The application on the shared processes, and what it is made of."""

    def __init__(self, **settings):
        self.settings = ApiSettings(**{"logs": False, "metrics": True, **settings})
        self.pool = WorkerPool(SHARED_COUNT, self.settings.waiting)
        self.budget = MemoryBudget(100 * 2**20)
        self.app = create_app(self.settings, self.pool, self.budget, {})

    def ask(self, *requests):
        """Send requests, each with its method, its path and further options, and return the responses."""

        async def send():
            async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://server", timeout=TIMEOUT_S) as client:
                return [await client.request(method, path, **options) for method, path, options in requests]

        responses = run(send())
        assert self.budget.used_bytes == 0
        assert (self.pool.working, self.pool.waiting) == (0, 0)
        return responses


@pytest.fixture
def create(_shared_processes):
    """Return a function that creates an application."""
    return Application


def problem(response, status):
    """Return the detail of a problem, once everything else of it is checked."""
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    assert (response.json()["type"], response.json()["status"]) == ("about:blank", status)
    return response.json()["detail"]


def without_time(content):
    return {**json.loads(content), "elapsed_ms": 0}


def test_a_form_and_a_body_are_read_as_by_the_core(create, seven):
    expected = without_time(read_to_json(seven, None, TIMEOUT_S).json_bytes)
    form, body = create().ask(
        ("POST", READ, {"files": {"file": ("a.png", seven, "image/png")}}),
        ("POST", READ, {"content": seven, "headers": {"Content-Type": "image/png"}}),
    )
    assert (expected["status"], expected["text"]) == ("ok", "7")
    for response in (form, body):
        assert (response.status_code, response.headers["content-type"]) == (200, "application/json")
        assert without_time(response.content) == expected


def test_a_recipe_changes_the_reading(create, drawing):
    faint = cv2.imencode(".png", 127 + drawing(7) // 2)[1].tobytes()
    recipe = Settings(minimum_contrast=0.7).to_json()
    by_default, by_recipe = create().ask(
        ("POST", READ, {"content": faint}), ("POST", READ, {"content": faint, "params": {"settings": recipe}})
    )
    assert (by_default.json()["text"], by_recipe.json()["status"]) == ("7", "blank")


@pytest.mark.parametrize(("recipe", "expected"), [("{", "isn't JSON"), ('{"magic": 1}', "magic"), ("", "isn't JSON")])
def test_a_bad_recipe_is_refused_with_its_fault(create, seven, recipe, expected):
    (response,) = create().ask(("POST", READ, {"content": seven, "params": {"settings": recipe}}))
    assert expected in problem(response, 400)


@pytest.mark.parametrize("as_file", [True, False])
def test_a_profile_changes_the_reading(create, seven, drawing, as_file):
    profile = profile_that_reads(seven, 1, unlike=drawing(0)).to_json()
    (response,) = create().ask(("POST", READ, form(seven, profile, as_file=as_file)))
    assert response.json()["text"] == "1"


def test_an_empty_profile_changes_nothing(create, seven):
    with_profile, without = create().ask(("POST", READ, form(seven, WriterProfile().to_json())), ("POST", READ, {"content": seven}))
    assert without_time(with_profile.content) == without_time(without.content)


def form(picture, profile, *, as_file=True):
    """Return the options of a request with a form that has a picture and a profile."""
    part = {"files": {"profile": ("my-hand.json", profile)}} if as_file else {"data": {"profile": profile}}
    return {**part, "files": {"file": ("a.png", picture), **part.get("files", {})}}


@pytest.mark.parametrize(
    ("profile", "detail"),
    [
        ("", "This isn't a handwriting profile: it is no JSON. Choose a file that was downloaded here."),
        ("[]", "This isn't a handwriting profile: it has no list of examples. Choose a file that was downloaded here."),
        (" " * 2_000_001, "This isn't a handwriting profile: it is larger than 2 MB. Choose a file that was downloaded here."),
        ('{"version": 2, "examples": []}', "This handwriting profile has another version than 1. Teach a new one."),
        (
            json.dumps({"version": 1, "examples": [{}] * (MAX_PROFILE_EXAMPLES + 1)}),
            "This handwriting profile has more than 200 examples. Choose a smaller one.",
        ),
    ],
)
def test_a_bad_profile_is_refused_with_its_fault(create, seven, profile, detail):
    (response,) = create().ask(("POST", READ, form(seven, profile)))
    assert problem(response, 400) == detail


def drawing_json(digit=7, **members):
    """Return a drawing of a digit as JSON."""
    drawn = [{"points": (path * 120 + 40).tolist(), "pen_px": 16} for path in strokes(digit)]
    return {"width": 280, "height": 240, "strokes": drawn, **members}


def as_strokes(content):
    return [Stroke(np.array(stroke["points"], float), stroke["pen_px"]) for stroke in content["strokes"]]


@pytest.mark.parametrize("digit", [2, 5, 7])
def test_a_drawing_is_read_as_by_the_core(create, digit):
    content = drawing_json(digit)
    (response,) = create().ask(("POST", STROKES, {"json": content}))
    expected = read_strokes(as_strokes(content), (280, 240)).to_dict()
    assert (response.status_code, response.headers["content-type"]) == (200, "application/json")
    assert expected["text"] == str(digit)
    assert without_time(response.content) == without_time(json.dumps(expected))


def test_settings_complete_those_of_drawings(create):
    content = drawing_json(7)
    settings = dataclasses.replace(Settings.for_drawing(), digit_count="2")
    (response,) = create().ask(("POST", STROKES, {"json": content, "params": {"settings": '{"digit_count": "2"}'}}))
    expected = read_strokes(as_strokes(content), (280, 240), settings).to_dict()
    assert expected["notes"]
    assert without_time(response.content) == without_time(json.dumps(expected))


def test_a_profile_changes_the_reading_of_a_drawing(create, seven, drawing):
    profile = profile_that_reads(seven, 1, unlike=drawing(0)).to_json()
    with_profile, without = create().ask(*(("POST", STROKES, {"json": drawing_json(7, profile=each)}) for each in (profile, None)))
    assert (with_profile.json()["text"], without.json()["text"]) == ("1", "7")


@pytest.mark.parametrize(
    ("content", "status", "detail"),
    [
        ({}, 400, "This drawing can't be read: expected `width`, received none."),
        (drawing_json(width=100_000, height=100_000), 413, "This picture has 10,000 megapixels; the limit is 50."),
        (drawing_json(width=4), 400, "This picture has 4×240 pixels; at least 8×8 are needed. Choose a larger one."),
        (drawing_json(strokes=[{"points": [[1, 2]]}] * 10_001), 400, "There is too much to read: the limit is 10,000 strokes"),
        (drawing_json(profile="{}"), 400, "This isn't a handwriting profile: it has no list of examples."),
    ],
)
def test_a_bad_drawing_is_refused_with_the_message_of_the_core(create, content, status, detail):
    (response,) = create().ask(("POST", STROKES, {"json": content}))
    assert problem(response, status).startswith(detail)


def test_a_picture_is_no_drawing(create, seven):
    (response,) = create().ask(("POST", STROKES, {"content": seven, "headers": {"Content-Type": "image/png"}}))
    assert problem(response, 415) == "This isn't a drawing. Send its strokes as `application/json`."


def test_pictures_and_drawings_share_the_rate_limit(create):
    responses = create(rate_per_minute=6, burst=2).ask(*(("POST", path, {"params": BAD_RECIPE}) for path in (READ, STROKES, STROKES)))
    assert [response.status_code for response in responses] == [400, 400, 429]


@pytest.mark.parametrize(
    ("content", "status", "detail"),
    [
        (b"", 400, "This file is empty. Choose another one."),
        (b"%PDF-1.7", 415, "PDF files aren't supported. Save it as JPEG or PNG and try again."),
    ],
)
def test_a_bad_picture_is_refused_with_the_message_of_the_core(create, content, status, detail):
    (response,) = create().ask(("POST", READ, {"content": content}))
    assert problem(response, status) == detail


def test_a_client_over_the_rate_limit_is_refused_before_its_recipe_is_parsed(create):
    application = create(rate_per_minute=6, burst=2)
    requests = [("POST", READ, {"params": BAD_RECIPE})] * 3
    *admitted, refused = application.ask(*requests)
    assert [response.status_code for response in admitted] == [400, 400]
    assert problem(refused, 429) == "Rate limit exceeded: retry later."
    assert refused.headers["retry-after"] == "10"
    assert [response.status_code for response in application.ask(("GET", HEALTH, {}), ("GET", MODEL, {}))] == [200, 200]


def test_clients_without_an_address_share_one_limit(create):
    app = create(rate_per_minute=6, burst=1).app
    scope = http_scope("POST", READ, client=None, query_string=b"settings={")
    assert [run(call(app, scope)).status for _ in range(2)] == [400, 429]


def test_a_full_queue_is_noticed_before_the_body_is_received(create, gate):
    application = create(waiting=0)

    async def use():
        tasks = [asyncio.create_task(application.pool.run(gate.wait)) for _ in range(SHARED_COUNT)]
        await asyncio.sleep(0)
        exchange = await call(application.app, http_scope("POST", READ))
        gate.open()
        await asyncio.gather(*tasks)
        return exchange

    refused = run_in_virtual_time(use())
    assert (refused.status, refused.headers["retry-after"]) == (503, "1")
    assert json.loads(refused.body)["detail"] == "The server is too busy. Try again in a moment."


def test_a_client_that_disconnects_while_its_picture_is_read_is_not_waited_for(create, gate, monkeypatch, tmp_path):
    job = partial(jobs.create_file_and_wait, tmp_path, gate.wait)
    monkeypatch.setattr(endpoints, "read_to_json", lambda *_: job())
    application = create()

    async def use():
        started = partial(until, lambda: any(tmp_path.iterdir()))
        exchange = await call(application.app, http_scope("POST", READ), chunk(b"abc", more=False), started, DISCONNECT)
        assert application.budget.used_bytes == 0
        assert application.pool.working == 1
        gate.open()
        await until(lambda: application.pool.working == 0)
        return exchange

    exchange = run(use())
    assert (exchange.status, json.loads(exchange.body)["detail"]) == (499, "The client disconnected.")


def test_a_reading_is_counted_with_its_marks(create, seven):
    blot = cv2.circle(np.full((200, 200), 255, np.uint8), (100, 100), 12, 0, cv2.FILLED)
    contents = [seven, seven, cv2.imencode(".png", blot)[1].tobytes(), b"no picture"]
    *_, scraped = create().ask(
        *(("POST", READ, {"content": content}) for content in contents), ("POST", STROKES, {"json": drawing_json()}), ("GET", METRICS, {})
    )
    assert scraped.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert {
        'digits_readings_total{status="ok"} 3.0',
        'digits_readings_total{status="no_digit"} 1.0',
        'digits_marks_total{verdict="accepted"} 3.0',
        'digits_marks_total{verdict="refused"} 1.0',
        'digits_http_errors_total{status="415"} 1.0',
        "digits_read_seconds_count 4.0",
    } <= set(scraped.text.splitlines())


def test_metrics_are_neither_served_nor_described_unless_they_are_switched_on(create):
    refused, description = create(metrics=False).ask(("GET", METRICS, {}), ("GET", "/api/openapi.json", {}))
    assert problem(refused, 404)
    assert METRICS not in description.text


def test_health_and_model_card_describe_the_network(create):
    card = default_classifier().card
    health, model, *heads = create().ask(("GET", HEALTH, {}), ("GET", MODEL, {}), ("HEAD", HEALTH, {}), ("HEAD", MODEL, {}))
    assert health.json() == {"status": "ok", "model_sha256": card["model"]["sha256"]}
    assert model.json() == card
    assert [response.status_code for response in heads] == [200, 200]
    assert {response.headers["content-type"] for response in (health, model, *heads)} == {"application/json"}


def test_a_server_whose_readings_never_end_is_not_healthy(create, gate):
    application = create(reading_timeout_s=5)

    async def use():
        stuck = asyncio.ensure_future(application.pool.run(gate.wait))
        await asyncio.sleep(14.9)
        in_time = await call(application.app, http_scope("GET", HEALTH))
        await asyncio.sleep(5.2)
        too_late = await call(application.app, http_scope("GET", HEALTH))
        gate.open()
        await stuck
        return in_time, too_late, await call(application.app, http_scope("GET", HEALTH))

    in_time, too_late, after = run_in_virtual_time(use())
    assert [each.status for each in (in_time, too_late, after)] == [200, 503, 200]
    assert json.loads(too_late.body)["detail"] == "No picture has been read for 20 s, although some are waiting."


def test_a_reading_may_take_as_long_as_the_host_allows(create, monkeypatch):
    given = []
    monkeypatch.setattr(endpoints, "read_to_json", lambda *arguments: given.append(arguments))
    monkeypatch.setattr(endpoints, "partial", lambda function, *arguments: function(*arguments) or jobs.fail)
    create(reading_timeout_s=2.5).ask(("POST", READ, {"content": b"abc"}))
    assert given == [(b"abc", None, 2.5, None)]


@pytest.mark.parametrize("path", [HEALTH, MODEL])
def test_a_missing_network_is_a_problem(create, monkeypatch, path):
    def missing():
        raise ModelError("The network's file is missing.")

    monkeypatch.setattr(endpoints, "default_classifier", missing)
    (response,) = create().ask(("GET", path, {}))
    assert problem(response, 503) == "The network's file is missing."


@pytest.mark.parametrize(
    ("metrics", "paths"),
    [
        (True, [READ, STROKES, EVALUATE, HEALTH, HEALTH, MODEL, MODEL, METRICS]),
        (False, [READ, STROKES, EVALUATE, HEALTH, HEALTH, MODEL, MODEL]),
    ],
)
def test_the_router_has_an_endpoint_for_each_address(metrics, paths):
    router = create_router(ApiSettings(metrics=metrics), None, MemoryBudget(1), Metrics({}))
    assert [getattr(route, "path", None) for route in router.routes] == paths


def connection(*messages):
    """Return a request that receives some messages."""
    return Request(http_scope("POST"), Exchange(*messages).receive)


async def result_after(seconds, result=7):
    await asyncio.sleep(seconds)
    if isinstance(result, Exception):
        raise result
    return result


def test_the_result_is_returned_if_it_comes_before_the_client_disconnects():
    async def use():
        result = await _cancel_on_disconnect(connection(chunk(b"rest"), 2, DISCONNECT), result_after(1))
        await asyncio.sleep(0)
        return result, now(), asyncio.all_tasks() - {asyncio.current_task()}

    assert run_in_virtual_time(use()) == (7, 1, set())


def test_the_result_counts_if_the_client_disconnects_at_the_same_time():
    assert run_in_virtual_time(_cancel_on_disconnect(connection(1, DISCONNECT), result_after(1))) == 7


def test_an_error_of_the_work_is_raised():
    with pytest.raises(ValueError, match="the work's own"):
        run_in_virtual_time(_cancel_on_disconnect(connection(2, DISCONNECT), result_after(1, ValueError("the work's own"))))


def test_the_work_is_cancelled_if_the_client_disconnects_before():
    async def use():
        work = asyncio.create_task(result_after(9))
        with pytest.raises(RequestError) as caught:
            await _cancel_on_disconnect(connection(chunk(b"rest"), 1, chunk(more=False), 1, DISCONNECT), work)
        assert now() == 2
        await asyncio.wait([work])
        assert now() == 2
        return work.cancelled(), caught.value.message, caught.value.status

    assert run_in_virtual_time(use()) == (True, "The client disconnected.", 499)


def test_the_work_is_cancelled_with_the_request():
    async def use():
        work = asyncio.create_task(result_after(9))
        request = asyncio.create_task(_cancel_on_disconnect(connection(), work))
        await asyncio.sleep(1)
        request.cancel()
        await asyncio.wait([request, work])
        return request.cancelled(), work.cancelled(), now()

    assert run_in_virtual_time(use()) == (True, True, 1)


def test_an_error_of_a_worker_process_is_answered(create, monkeypatch):
    monkeypatch.setattr(endpoints, "read_to_json", lambda *_: jobs.fail())
    (response,) = create().ask(("POST", READ, {"content": b"abc"}))
    assert problem(response, 400) == "This picture is {damaged}."
