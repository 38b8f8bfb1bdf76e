"""The access log and the lingering close, message by message, in virtual time."""

import asyncio
import json
from types import SimpleNamespace

import pytest
from asgi_correlation_id import correlation_id

from digitcore.api import middleware
from digitcore.api.logs import create_logger
from digitcore.api.metrics import Metrics
from digitcore.api.middleware import (
    LINGER_TIMEOUT_S,
    MAX_DISCARDED_BODY_BYTES,
    MAX_HEADER_BYTES,
    AccessLogMiddleware,
    LingeringCloseMiddleware,
)
from tests.digitcore.api.asgi import DISCONNECT, Exchange, call, chunk, http_scope
from tests.digitcore.api.virtual_time import now, run_in_virtual_time

READ = "/api/v1/read"
STROKES = "/api/v1/strokes"


def start(status=200, *headers):
    return {"type": "http.response.start", "status": status, "headers": list(headers)}


def body(content=b"", *, more=False):
    return {"type": "http.response.body", "body": content, "more_body": more}


def answering(*messages, reading=0):
    """Return an application that receives some messages and then sends others."""

    async def app(scope, receive, send):
        for _ in range(reading):
            await receive()
        for message in messages:
            await send(message)

    return app


@pytest.fixture
def logged(capsys):
    """Return a function that returns the records that were logged, without their times of day."""

    def records():
        each = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        return [{name: value for name, value in record.items() if name != "timestamp"} for record in each]

    return records


@pytest.fixture
def _clock(monkeypatch):
    """Let each request take 123.46 ms."""
    times_s = iter([1000.0, 1000.12346] * 2)
    monkeypatch.setattr(middleware, "time", SimpleNamespace(perf_counter=lambda: next(times_s)))


def log_middleware(app, metrics=None):
    return AccessLogMiddleware(app, create_logger(log_requests=True), metrics or Metrics({}))


@pytest.mark.usefixtures("_clock")
def test_a_request_is_logged_with_its_traffic(logged):
    app = answering(start(201), body(b"four", more=True), body(b"5"), reading=3)

    async def request():
        correlation_id.set("known-1")
        messages = [chunk(b"abc"), chunk(b"de"), {"type": "http.request"}]
        return await call(log_middleware(app), http_scope("PUT", "/api/x", query_string=b"secret=1"), *messages)

    assert run_in_virtual_time(request()).sent == [start(201), body(b"four", more=True), body(b"5")]
    assert logged() == [
        {
            "event": "request",
            "level": "info",
            "request_id": "known-1",
            "method": "PUT",
            "path": "/api/x",
            "status": 201,
            "ms": 123.5,
            "received_bytes": 5,
            "sent_bytes": 5,
        }
    ]


def test_the_application_is_passed_the_scope(logged):
    seen = []

    async def app(scope, receive, send):
        seen.append(scope)

    scope = http_scope()
    run_in_virtual_time(call(log_middleware(app), scope))
    assert seen == [scope]


@pytest.mark.parametrize(("status", "logged_statuses"), [(200, []), (400, [400]), (429, [429])])
def test_of_the_readings_of_strokes_only_failed_ones_are_logged(logged, status, logged_statuses):
    run_in_virtual_time(call(log_middleware(answering(start(status), body())), http_scope("POST", STROKES)))
    assert [record["status"] for record in logged()] == logged_statuses


def test_strokes_are_known_below_a_base_path():
    metrics = Metrics({})
    scope = {**http_scope("POST", "/digits" + STROKES), "root_path": "/digits"}
    run_in_virtual_time(call(log_middleware(answering(start(), body()), metrics), scope))
    assert "digits_read_seconds_count 1.0" in metric_lines(metrics)


def test_strokes_whose_client_has_left_are_not_logged(logged):
    run_in_virtual_time(call(log_middleware(answering()), http_scope("POST", STROKES)))
    assert logged() == []


@pytest.mark.parametrize(("length", "logged_length"), [(200, 200), (201, 200), (5000, 200)])
def test_a_long_path_is_cut(logged, length, logged_length):
    run_in_virtual_time(call(log_middleware(answering(start(), body())), http_scope(path="/" + "x" * (length - 1))))
    assert logged()[0]["path"] == "/" + "x" * (logged_length - 1)


def metric_lines(metrics):
    return {line for line in metrics.to_text().decode().splitlines() if line.startswith("digits_") and "_created" not in line}


@pytest.mark.usefixtures("_clock")
@pytest.mark.parametrize(("path", "count"), [(READ, "1.0"), (STROKES, "1.0"), ("/api/v1/health", "0.0")])
def test_the_time_of_a_reading_is_recorded(path, count):
    metrics = Metrics({})
    run_in_virtual_time(call(log_middleware(answering(start(), body()), metrics), http_scope("POST", path)))
    lines = metric_lines(metrics)
    assert {f"digits_read_seconds_count {count}", f'digits_read_seconds_bucket{{le="0.2"}} {count}'} <= lines
    assert 'digits_read_seconds_bucket{le="0.1"} 0.0' in lines
    assert not any(line.startswith("digits_http_errors") for line in lines)


def test_an_error_is_counted(logged):
    metrics = Metrics({})
    run_in_virtual_time(call(log_middleware(answering(start(404), body()), metrics), http_scope(path=READ)))
    assert {'digits_http_errors_total{status="404"} 1.0', "digits_read_seconds_count 0.0"} <= metric_lines(metrics)
    assert logged()[0]["status"] == 404


def test_a_request_without_a_response_is_logged_as_closed_by_its_client(logged):
    metrics = Metrics({})
    assert run_in_virtual_time(call(log_middleware(answering(), metrics), http_scope())).sent == []
    assert 'digits_http_errors_total{status="499"} 1.0' in metric_lines(metrics)
    (record,) = logged()
    assert (record["event"], record["status"], record["received_bytes"], record["sent_bytes"]) == ("request", 499, 0, 0)


def test_a_request_that_is_cancelled_is_logged(logged):
    async def cancel():
        task = asyncio.create_task(call(log_middleware(answering(reading=1)), http_scope()))
        await asyncio.sleep(1)
        task.cancel()
        await asyncio.wait([task])
        return task.cancelled()

    assert run_in_virtual_time(cancel())
    assert [record["status"] for record in logged()] == [499]


def headers_of(size_bytes):
    """Return headers that have the given size, names and values together."""
    return [("x-short", "y"), ("x-long", "z" * (size_bytes - len("x-shortyx-long")))]


def test_the_largest_headers_are_accepted(logged):
    app = log_middleware(answering(start(204), body()))
    assert run_in_virtual_time(call(app, http_scope(headers=headers_of(MAX_HEADER_BYTES)))).status == 204


def test_larger_headers_are_refused_before_the_application_is_called(logged):
    app = log_middleware(answering(start(204), body()))
    exchange = run_in_virtual_time(call(app, http_scope(headers=headers_of(MAX_HEADER_BYTES + 1))))
    assert exchange.headers["content-type"] == "application/problem+json"
    assert json.loads(exchange.body) == {
        "type": "about:blank",
        "title": "Request Header Fields Too Large",
        "status": 431,
        "request_id": None,
        "detail": "The request's headers exceed 32,768 bytes. Send fewer or shorter ones.",
    }
    assert exchange.status == 431
    (record,) = logged()
    assert (record["status"], record["sent_bytes"]) == (431, len(exchange.body))


def failing(*messages):
    """Return an application that sends some messages and then fails."""

    async def app(scope, receive, send):
        await answering(*messages)(scope, receive, send)
        raise RuntimeError("the cause")

    return app


def test_a_fault_before_the_response_is_left_to_the_server(logged):
    with pytest.raises(RuntimeError, match="the cause"):
        run_in_virtual_time(call(log_middleware(failing()), http_scope()))
    assert [(record["event"], record["status"]) for record in logged()] == [("request", 499)]


def test_a_fault_after_the_start_of_the_response_is_logged(logged):
    async def request():
        correlation_id.set("known-1")
        return await call(log_middleware(failing(start(500), body(b"x"))), http_scope())

    assert run_in_virtual_time(request()).sent == [start(500), body(b"x")]
    fault, request_record = logged()
    assert fault.pop("exception").endswith("RuntimeError: the cause")
    assert fault == {"event": "fault", "level": "error", "request_id": "known-1"}
    assert (request_record["event"], request_record["status"]) == ("request", 500)


LARGE = {"Content-Length": str(MAX_DISCARDED_BODY_BYTES + 1)}
HUGE = {"Content-Length": 5_000 * "9"}
CHUNKED = {"Transfer-Encoding": "chunked"}
CLOSE = (b"connection", b"close")


def lingering(app, headers, *messages):
    """Return the messages that the server is sent, what the client hasn't sent, and the time."""

    async def request():
        exchange = await call(LingeringCloseMiddleware(app), http_scope("POST", headers=headers), *messages)
        return exchange.sent, exchange.unread, now()

    return run_in_virtual_time(request())


@pytest.mark.parametrize("headers", [{}, {"Content-Length": "0"}, {"Content-Length": str(MAX_DISCARDED_BODY_BYTES)}])
def test_a_response_to_a_small_body_is_sent_unchanged(headers):
    response = [start(400), body(b"a", more=True), body(b"b")]
    assert lingering(answering(*response), headers, chunk(b"unread")) == (response, [chunk(b"unread")], 0)


@pytest.mark.parametrize("headers", [LARGE, HUGE, CHUNKED, {**CHUNKED, **LARGE}, {"Content-Length": "many"}, {"Content-Length": "-1"}])
def test_the_rest_of_a_large_body_is_discarded_after_the_response(headers):
    app = answering(start(413, (b"x-other", b"1")), body(b"a", more=True), body(b"b"), reading=1)
    assert lingering(app, headers, chunk(b"1"), 1.5, chunk(b"2"), chunk(b"3"), 0.5, chunk(more=False), chunk(b"next request")) == (
        [start(413, (b"x-other", b"1"), CLOSE), body(b"a", more=True), body(b"b", more=True), body()],
        [chunk(b"next request")],
        2,
    )


@pytest.mark.parametrize("last", [chunk(b"2", more=False), DISCONNECT, {"type": "http.request", "body": b"2"}])
def test_a_response_to_a_large_body_that_was_received_is_sent_unchanged(last):
    response = [start(200), body(b"a", more=True), body(b"b")]
    assert lingering(answering(*response, reading=2), LARGE, chunk(b"1"), last, chunk(b"next request")) == (
        response,
        [chunk(b"next request")],
        0,
    )


def test_a_body_that_is_received_during_the_response_is_not_waited_for():
    async def app(scope, receive, send):
        await send(start(200))
        await receive()
        await send(body(b"a"))

    sent = [start(200, CLOSE), body(b"a", more=True), body()]
    assert lingering(app, LARGE, chunk(b"1", more=False)) == (sent, [], 0)


def test_a_response_whose_end_has_no_flag_is_ended():
    app = answering(start(413), {"type": "http.response.body", "body": b"a"})
    assert lingering(app, LARGE, chunk(more=False))[0] == [start(413, CLOSE), body(b"a", more=True), body()]


def test_nothing_is_waited_for_once_the_client_has_disconnected():
    sent, unread, time_s = lingering(answering(start(413), body(b"a")), LARGE, chunk(b"1"), 1, DISCONNECT, 1, chunk(b"2"))
    assert sent == [start(413, CLOSE), body(b"a", more=True), body()]
    assert (unread, time_s) == ([1, chunk(b"2")], 1)


@pytest.mark.parametrize("messages", [[], [1, chunk(b"1")] * 100])
def test_a_client_that_sends_nothing_or_without_an_end_is_cut_off(messages):
    sent, _, time_s = lingering(answering(start(413), body(b"a")), LARGE, *messages)
    assert sent == [start(413, CLOSE), body(b"a", more=True), body()]
    assert time_s == LINGER_TIMEOUT_S


def test_the_response_is_sent_before_the_rest_of_the_body_is_discarded():
    async def request():
        exchange = Exchange(1, chunk(more=False))
        app = LingeringCloseMiddleware(answering(start(413), body(b"a")))
        task = asyncio.create_task(app(http_scope("POST", headers=LARGE), exchange.receive, exchange.send))
        await asyncio.sleep(0.5)
        before = list(exchange.sent)
        await task
        return before, exchange.sent

    before, after = run_in_virtual_time(request())
    assert before == [start(413, CLOSE), body(b"a", more=True)]
    assert after == [*before, body()]


def test_a_connection_header_of_the_application_is_replaced():
    app = answering(start(413, (b"connection", b"keep-alive")), body())
    assert lingering(app, LARGE, DISCONNECT)[0][0] == start(413, CLOSE)


def test_the_wrapped_application_is_passed_the_scope():
    seen = []

    async def app(scope, receive, send):
        seen.append(scope)

    lingering(app, LARGE)
    assert seen == [http_scope("POST", headers=LARGE)]
