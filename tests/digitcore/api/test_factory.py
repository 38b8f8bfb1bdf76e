"""The application with its middleware, called without a server."""

import asyncio
import json
import re

import httpx
import pytest

from digitcore import __version__
from digitcore.api import ApiSettings, Gauge, endpoints
from digitcore.api.factory import _set_problem_media_type, create_app
from digitcore.api.memory import MemoryBudget
from digitcore.api.pool import WorkerPool
from testing.browser.loops import run
from tests.digitcore.api.asgi import DISCONNECT, Connection, call, chunk, http_scope
from tests.digitcore.api.conftest import SHARED_COUNT, TIMEOUT_S

READ = "/api/v1/read"
STROKES = "/api/v1/strokes"
EVALUATE = "/api/v1/evaluate"
HEALTH = "/api/v1/health"
MODEL = "/api/v1/model"
METRICS = "/api/v1/metrics"
OPENAPI = "/api/openapi.json"

PROXY = "192.0.2.100"


def create(gauges=None, **settings):
    """Return the application, without logs unless `settings` have them."""
    budget = MemoryBudget(10 * 2**20)
    return create_app(ApiSettings(**{"logs": False, **settings}), WorkerPool(SHARED_COUNT, 1), budget, gauges or {})


def ask(app, method, path, headers=None, client_host="192.0.2.1", **options):
    """Send a request and return the response, that to an unexpected exception too."""

    async def send():
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(client_host, 50_000))
        async with httpx.AsyncClient(transport=transport, base_url="http://server", timeout=TIMEOUT_S) as client:
            return await client.request(method, path, headers=headers, **options)

    return run(send())


def problem(response, status):
    """Return the detail of a problem, once everything else of it is checked."""
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    document = response.json()
    assert set(document) == {"type", "title", "status", "detail", "request_id"}
    assert (document["status"], document["request_id"]) == (status, response.headers["x-request-id"])
    return document["detail"]


@pytest.mark.parametrize(
    "path",
    ["/api", "/api/", "/api/v1", "/api/v1/read/", "/api/v1/health/", "/api/docs", "/docs", "/redoc", "/openapi.json", METRICS, "/api/%00"],
)
def test_an_unknown_address_is_a_problem_and_not_a_redirection(path):
    expected = "There is nothing at this address. All addresses are described at /api/openapi.json."
    assert problem(ask(create(), "GET", path), 404) == expected


@pytest.mark.parametrize(("method", "path", "allowed"), [("GET", READ, "POST"), ("DELETE", READ, "POST"), ("POST", HEALTH, "GET")])
def test_an_unsupported_method_is_a_problem_that_names_the_supported_ones(method, path, allowed):
    response = ask(create(), method, path)
    expected = "This address doesn't support this method. The methods are described at /api/openapi.json."
    assert problem(response, 405) == expected
    assert allowed in response.headers["allow"]


def test_an_error_of_the_client_is_a_problem():
    assert "isn't JSON" in problem(ask(create(), "POST", READ, params={"settings": "{"}), 400)


@pytest.mark.usefixtures("_shared_processes")
def test_an_internal_error_is_described_in_the_log_only(monkeypatch, capsys):
    def broken(*_):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(endpoints, "read_to_json", broken)
    response = ask(create(), "POST", READ, content=b"abc")
    assert problem(response, 500) == "Internal server error: the picture isn't the cause. Try again later."
    (record,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (record["event"], record["level"], record["request_id"]) == ("fault", "error", response.headers["x-request-id"])
    assert "RuntimeError: secret detail" in record["exception"]


def test_the_description_is_titled_and_versioned():
    assert ask(create(), "GET", OPENAPI).json()["info"] == {
        "title": "Digit reader",
        "version": __version__,
        "description": "Reads handwritten digits and whole numbers in pictures. Every error is a problem of RFC 9457.",
    }


def test_every_error_is_described_as_a_problem():
    app = create(metrics=True)
    description = ask(app, "GET", OPENAPI).json()
    statuses = {
        (path, method): {status: [*answer["content"]] for status, answer in operation["responses"].items()}
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    }
    json_type, problem_type = ["application/json"], ["application/problem+json"]
    reading = {"200": json_type, **dict.fromkeys(("400", "408", "413", "415", "429", "503", "default"), problem_type)}
    assert statuses == {
        (READ, "post"): reading,
        (STROKES, "post"): reading,
        (EVALUATE, "post"): reading,
        (HEALTH, "get"): {"200": json_type, "503": problem_type},
        (MODEL, "get"): {"200": json_type, "503": problem_type},
    }
    assert ask(app, "GET", OPENAPI).json() == description, "the second answer must be the same"


def test_the_request_for_a_reading_is_described():
    description = ask(create(), "GET", OPENAPI).json()
    read = description["paths"][READ]["post"]
    assert read["summary"] == "Read the digits in a picture"
    (parameter,) = read["parameters"]
    assert (parameter["name"], parameter["in"], parameter.get("required", False)) == ("settings", "query", False)
    content = read["requestBody"]["content"]
    binary = {"type": "string", "format": "binary"}
    form = content.pop("multipart/form-data")["schema"]
    profile = form["properties"].pop("profile")
    assert (profile["type"], profile["contentMediaType"]) == ("string", "application/json")
    assert "up to 200 examples" in profile["description"]
    assert form == {"type": "object", "properties": {"file": binary}, "required": ["file"]}
    formats = ("jpeg", "png", "bmp", "webp", "gif", "tiff", "heic", "heif", "avif")
    assert set(content) == {*(f"image/{each}" for each in formats), "application/octet-stream"}
    assert all(each == {"schema": binary} for each in content.values())
    assert {"Reading", "Digit", "Health", "ModelCard", "Problem"} <= {
        each["title"] for each in description["components"]["schemas"].values()
    }


def test_only_the_media_type_of_errors_is_replaced():
    schema = {"schema": {"type": "object"}}
    as_json, as_problem = {"application/json": schema}, {"application/problem+json": schema}
    description = {
        "paths": {
            "/a": {
                "get": {"responses": {"200": {"content": as_json}, "404": {"content": dict(as_json), "description": "x"}}},
                "post": {"responses": {"default": {"content": dict(as_json)}}},
            },
            "/b": {"get": {"responses": {"503": {"content": as_problem}}}},
        }
    }
    assert _set_problem_media_type(description) == {
        "paths": {
            "/a": {
                "get": {"responses": {"200": {"content": as_json}, "404": {"content": as_problem, "description": "x"}}},
                "post": {"responses": {"default": {"content": as_problem}}},
            },
            "/b": {"get": {"responses": {"503": {"content": as_problem}}}},
        }
    }


@pytest.mark.parametrize("own", ["my-id_1.2", "A" * 128, "7"])
def test_a_clients_own_request_id_is_kept(own):
    response = ask(create(), "GET", HEALTH, {"X-Request-ID": own})
    assert response.headers.get_list("x-request-id") == [own]


@pytest.mark.parametrize("unsafe", ["", "a" * 129, "line\tbreak", "<script>", '{"a":1}', "ü", "a b", "a\n"])
def test_a_request_id_that_is_unsafe_to_log_is_replaced(unsafe):
    response = ask(create(), "GET", "/api", {"X-Request-ID": unsafe.encode("latin-1")})
    assert re.fullmatch(r"[0-9a-f]{12}-[0-9]+", response.headers["x-request-id"])
    assert problem(response, 404)


def test_request_ids_are_numbered():
    app = create()
    ids = [ask(app, "GET", "/api").headers["x-request-id"] for _ in range(3)]
    process_ids, numbers = zip(*(each.split("-") for each in ids), strict=True)
    assert len(set(process_ids)) == 1
    assert [int(number) - int(numbers[0]) for number in numbers] == [0, 1, 2]


def test_without_cors_no_other_origin_is_allowed():
    response = ask(create(), "GET", HEALTH, {"Origin": "https://a.example"})
    assert not [name for name in response.headers if name.startswith("access-control")]
    assert ask(create(), "OPTIONS", READ, {"Origin": "https://a.example", "Access-Control-Request-Method": "POST"}).status_code == 405


ORIGINS = ("https://a.example", "https://c.example")


def cors_headers(response):
    return {name: value for name, value in response.headers.items() if name.startswith("access-control")}


def test_with_cors_a_configured_origin_may_send_pictures_and_read_the_answer():
    app = create(cors_origins=ORIGINS)
    asking = {"Origin": "https://a.example", "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "X-Request-ID"}
    preflight = ask(app, "OPTIONS", READ, asking)
    assert preflight.status_code == 200
    assert cors_headers(preflight) == {
        "access-control-allow-origin": "https://a.example",
        "access-control-allow-methods": "GET, POST",
        "access-control-allow-headers": "Accept, Accept-Language, Content-Language, Content-Type, X-Request-ID",
        "access-control-max-age": "600",
    }
    for answer in (ask(app, "GET", HEALTH, {"Origin": "https://c.example"}), ask(app, "GET", "/api/x", {"Origin": "https://c.example"})):
        assert cors_headers(answer) == {
            "access-control-allow-origin": "https://c.example",
            "access-control-expose-headers": "X-Request-ID, Retry-After",
        }, "problems must be readable too"


@pytest.mark.parametrize(
    "asking",
    [
        {"Origin": "https://b.example", "Access-Control-Request-Method": "POST"},
        {"Origin": "https://a.example", "Access-Control-Request-Method": "DELETE"},
        {"Origin": "https://a.example", "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "X-Other"},
    ],
)
def test_with_cors_anything_else_is_refused(asking):
    assert ask(create(cors_origins=ORIGINS), "OPTIONS", READ, asking).status_code == 400


def test_with_cors_any_origin_can_be_allowed():
    response = ask(create(cors_origins=("*",)), "GET", HEALTH, {"Origin": "https://b.example"})
    assert response.headers["access-control-allow-origin"] == "*"


def limited(app, *senders):
    """Send a request from each host, forwarded for the address that it claims, and return whether each exceeds the rate limit."""
    statuses = [
        ask(app, "POST", READ, {"X-Forwarded-For": forwarded} if forwarded else {}, host, params={"settings": "{"}).status_code
        for host, forwarded in senders
    ]
    assert set(statuses) <= {400, 429}
    return [status == 429 for status in statuses]


def test_without_a_trusted_proxy_no_forwarding_header_is_believed():
    app = create(rate_per_minute=1, burst=1)
    assert limited(app, ("127.0.0.1", "192.0.2.1"), ("127.0.0.1", "192.0.2.2"), ("192.0.2.1", None)) == [False, True, False]


def test_a_trusted_proxy_is_believed():
    app = create(rate_per_minute=1, burst=1, trusted_proxies=("10.0.0.0/8", PROXY))
    assert limited(app, (PROXY, "192.0.2.1"), (PROXY, "192.0.2.2"), ("10.9.9.9", "192.0.2.1")) == [False, False, True]
    assert limited(app, (PROXY, "192.0.2.77, 192.0.2.3"), (PROXY, "192.0.2.88, 192.0.2.3")) == [False, True], (
        "the last one is the proxy's own"
    )
    assert limited(app, ("192.0.2.99", "192.0.2.4"), ("192.0.2.99", "192.0.2.5")) == [False, True], "any other host isn't believed"


def test_the_connection_decides_who_is_a_proxy():
    app = create(rate_per_minute=1, burst=1, trusted_proxies=(PROXY,))

    async def status(peer, claimed):
        exchange = Connection(asyncio.BaseTransport({"peername": (peer, 1)}))
        scope = http_scope("POST", READ, {"X-Forwarded-For": claimed}, client=(PROXY, 2), query_string=b"settings={")
        await app(scope, exchange.receive, exchange.send)
        return exchange.status

    assert [run(status(*each)) for each in (("192.0.2.6", "192.0.2.7"), ("192.0.2.6", "192.0.2.8"), (PROXY, "192.0.2.8"))] == [
        400,
        429,
        400,
    ]


def test_a_large_body_that_is_refused_unread_is_discarded_before_the_connection_is_closed():
    scope = http_scope("POST", READ, {"Content-Length": "2000000", "Content-Type": "text/plain"})
    exchange = run(call(create(), scope, chunk(bytes(1000)), DISCONNECT))
    assert (exchange.status, exchange.headers["connection"], exchange.unread) == (415, "close", [])


@pytest.mark.parametrize(("logs", "statuses"), [(True, [404, 200]), (False, [])])
def test_requests_are_logged_as_the_settings_say(capsys, logs, statuses):
    app = create(logs=logs)
    responses = [ask(app, "GET", "/api/x"), ask(app, "GET", HEALTH)]
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [record["status"] for record in records] == statuses
    assert [record["request_id"] for record in records] == [each.headers["x-request-id"] for each in responses][: len(statuses)]


@pytest.mark.usefixtures("_shared_processes")
def test_no_private_data_is_logged(capsys, seven):
    app = create(logs=True)
    ask(app, "POST", READ, files={"file": ("my-salary.png", seven)})
    ask(app, "POST", READ, files={"file": ("my-salary.png", seven)}, params={"settings": "secret-recipe"})
    written = capsys.readouterr().out
    assert written.count("\n") == 2
    for secret in ("my-salary", "secret-recipe", "PNG", "192.0.2.1"):
        assert secret not in written


def test_metrics_count_the_requests_and_show_the_gauges():
    app = create({"digits_streams": Gauge("Live videos.", lambda: 2)}, metrics=True)
    ask(app, "GET", "/api/x")
    lines = ask(app, "GET", METRICS).text.splitlines()
    assert 'digits_http_errors_total{status="404"} 1.0' in lines
    assert "digits_streams 2.0" in lines
