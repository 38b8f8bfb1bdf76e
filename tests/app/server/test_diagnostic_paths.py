"""Which addresses are hidden; tests/deploy/test_front.py requests them from a server."""

import httpx
import pytest
from starlette.responses import PlainTextResponse
from streamlit.web.server.starlette import starlette_agent_routes, starlette_routes

from app.server.diagnostic_paths import HideDiagnosticPaths
from testing.browser.loops import run


def request(method, path):
    """Request a path exactly as it is written, and return the status and the text."""

    async def send():
        app = HideDiagnosticPaths(PlainTextResponse("shown"))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
            answer = await client.request(method, f"http://test{path}")
            return answer.status_code, answer.text

    return run(send())


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/upload",
        "/_stcore/health",
        "/base/_stcore/health",
        "/_stcore/host-config",
        "/_stcore/stream",
        "/_stcore/upload_file/session/file",
        "/_stcore/bidi-components/canvas/index.js",
        "/_stcores",
        "/api/v1/metrics",
    ],
)
def test_what_the_pages_use_is_answered(path):
    assert request("GET", path) == (200, "shown")


@pytest.mark.parametrize(
    "path",
    [
        f"/{starlette_routes.ROUTE_METRICS}",
        f"/{starlette_routes.ROUTE_SCRIPT_HEALTH}",
        f"/{starlette_agent_routes._ROUTE_AGENT_SCHEMA}",
        f"/{starlette_agent_routes._ROUTE_AGENT_MCP}",
        f"/{starlette_agent_routes._ROUTE_AGENT_INTERACT}",
        "/_stcore",
        "/_stcore/",
        "/_stcore/metrics/",
        "//_stcore/metrics",
        "/%5fstcore/metrics",
        "/base/_stcore/metrics",
        "/_stcore/health/",
        "/_stcore/health%0A",
        "/_stcore/streams",
    ],
)
def test_everything_else_below_streamlits_own_address_is_hidden(path):
    assert {request(method, path) for method in ("GET", "POST", "OPTIONS")} == {(404, "Not Found")}
