"""Tests of the security headers with small applications; tests/deploy/test_front.py has those with a server."""

import base64
import hashlib
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import streamlit
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from app.server.security_headers import (
    FRAME_ANCESTORS_SETTING,
    INLINE_SCRIPT_HASH,
    SecurityHeadersMiddleware,
    frame_ancestors,
    security_headers,
)
from digitcore import SettingsError
from testing.browser.loops import run
from testing.browser.server import ROOT

HUGGING_FACE = "https://huggingface.co"


async def answer(_request):
    response = PlainTextResponse("x", headers={"X-Content-Type-Options": "none", "X-Other": "kept"})
    response.headers.append("Referrer-Policy", "origin")
    response.headers.append("Referrer-Policy", "unsafe-url")
    return response


async def fail(_request):
    raise ZeroDivisionError


ROUTES = [Route("/", answer), Route("/fail", fail)]


def get(path, *, raises=False):
    app = Starlette(routes=ROUTES, middleware=[Middleware(SecurityHeadersMiddleware)])

    async def request():
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=raises), base_url="http://test") as client:
            return await client.get(path)

    return run(request())


def each_once(headers):
    return {name: headers.get_list(name) for name in security_headers()} == {name: [value] for name, value in security_headers().items()}


@pytest.mark.parametrize(("path", "status"), [("/", 200), ("/nowhere", 404), ("/fail", 500)])
def test_every_response_has_each_header_once(path, status):
    response = get(path)
    assert response.status_code == status
    assert each_once(response.headers)


def test_other_headers_are_kept():
    assert get("/").headers["x-other"] == "kept"


def test_an_error_is_still_raised_for_the_log():
    with pytest.raises(ZeroDivisionError):
        get("/fail", raises=True)


def test_a_response_that_has_begun_is_not_followed_by_another():
    sent = []

    async def break_off(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ZeroDivisionError

    async def send(message):
        sent.append(message["type"])

    with pytest.raises(ZeroDivisionError):
        run(SecurityHeadersMiddleware(break_off)({"type": "http"}, None, send))
    assert sent == ["http.response.start"]


@pytest.mark.parametrize(
    ("kind", "has_headers"), [("websocket.http.response.start", True), ("websocket.accept", False), ("websocket.send", False)]
)
def test_of_a_websocket_only_the_refusal_is_a_response(kind, has_headers):
    sent = []

    async def app(_scope, _receive, send):
        await send({"type": kind, "status": 403})

    async def send(message):
        sent.append(message)

    run(SecurityHeadersMiddleware(app)({"type": "websocket"}, None, send))
    assert [each["type"] for each in sent] == [kind]
    assert ("headers" in sent[0]) is has_headers


def test_the_policy_allows_no_other_host_and_no_script_from_a_string():
    policy = dict(each.split(" ", 1) for each in security_headers()["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "data:", "https:"} & set(policy["script-src"].split())
    assert policy["frame-ancestors"] == "'self'"
    assert not re.search("https?:", " ".join(policy.values()))


def test_the_hash_is_that_of_the_one_inline_script():
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    hashes = ["'sha256-" + base64.b64encode(hashlib.sha256(each.encode()).digest()).decode() + "'" for each in scripts]
    assert hashes == [INLINE_SCRIPT_HASH]


def test_the_camera_is_for_the_app_itself_and_the_microphone_for_nobody():
    features = security_headers()["Permissions-Policy"].split(", ")
    assert "camera=(self)" in features
    assert "microphone=()" in features
    assert len(features) == len({each.split("=")[0] for each in features})


@pytest.mark.parametrize(
    ("value", "ancestors"),
    [
        (None, ("'self'",)),
        ("", ("'self'",)),
        ("  ", ("'self'",)),
        ("'self'", ("'self'",)),
        ("self", ("'self'",)),
        (HUGGING_FACE, ("'self'", HUGGING_FACE)),
        (f"'self' {HUGGING_FACE}", ("'self'", HUGGING_FACE)),
        (
            f" {HUGGING_FACE}, https://*.example.org:8443\thttp://localhost ",
            ("'self'", HUGGING_FACE, "https://*.example.org:8443", "http://localhost"),
        ),
    ],
)
def test_the_setting_adds_origins_to_the_apps_own(value, ancestors):
    assert frame_ancestors({} if value is None else {FRAME_ANCESTORS_SETTING: value}) == ancestors


@pytest.mark.parametrize(
    "value",
    [
        "*",
        "https:",
        "'none'",
        "huggingface.co",
        "https://a.example/path",
        "https://a.example;script-src",
        "https://*",
        "https://a.*",
        "https://é.example",
    ],
)
def test_anything_but_an_origin_is_reported_in_one_sentence(value):
    with pytest.raises(SettingsError, match=f"^{FRAME_ANCESTORS_SETTING} must be a list of origins like .*, received ") as caught:
        frame_ancestors({FRAME_ANCESTORS_SETTING: f"{HUGGING_FACE} {value}"})
    assert repr(value) in str(caught.value)


def test_other_origins_replace_the_header_that_cannot_name_them():
    own, others = security_headers(), security_headers(("'self'", HUGGING_FACE))
    assert own["X-Frame-Options"] == "SAMEORIGIN"
    assert "X-Frame-Options" not in others
    assert f"frame-ancestors 'self' {HUGGING_FACE}" in others["Content-Security-Policy"]


@pytest.mark.slow
def test_a_server_with_a_bad_setting_ends_with_the_sentence():
    environment = {"PATH": "", FRAME_ANCESTORS_SETTING: "everybody"}
    done = subprocess.run(
        [sys.executable, "-c", "import streamlit_app"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1].startswith(f"digitcore: {FRAME_ANCESTORS_SETTING} must be a list of origins")


def test_the_values_are_the_strict_ones():
    headers = security_headers()
    policy = dict(each.split(" ", 1) for each in headers["Content-Security-Policy"].split("; "))
    assert (policy["default-src"], policy["frame-ancestors"], policy["base-uri"]) == ("'none'", "'self'", "'self'")
    assert "unsafe-eval'" not in policy["script-src"].replace("wasm-unsafe-eval", "")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert headers["Referrer-Policy"] == "same-origin"
    assert {"camera=(self)", "microphone=()", "geolocation=()"} <= set(headers["Permissions-Policy"].split(", "))
