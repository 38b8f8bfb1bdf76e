import httpx
import pytest
from starlette.applications import Starlette

from app.server.api import api_routes
from digitcore.api import ApiSettings, LazyApi
from testing.browser.loops import run


@pytest.mark.parametrize(
    ("base", "statuses"),
    [("", {"/api/v1/model": 200, "/digits/api/v1/model": 404}), ("/digits/", {"/api/v1/model": 200, "/digits/api/v1/model": 200})],
)
def test_the_api_is_found_below_the_base_path_too(monkeypatch, base, statuses):
    monkeypatch.setattr("app.server.api.config.get_option", {"server.baseUrlPath": base}.get)
    app = Starlette(routes=api_routes(LazyApi(ApiSettings(logs=False))))

    async def ask():
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://server", timeout=300) as client:
            return {path: (await client.get(path)).status_code for path in statuses}

    assert run(ask()) == statuses
