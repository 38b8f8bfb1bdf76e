"""The limit on uploads, in front of Streamlit's own routes."""

from collections.abc import Iterator
from types import SimpleNamespace

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from streamlit import config
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.web.server.starlette.starlette_routes import create_upload_routes

from app.server.upload_limit import MAX_BYTES_PER_SESSION, LimitUploads
from app.upload.store import MAX_BYTES_PER_VISIT
from testing.browser.loops import run

LIMIT_BYTES = 10_000


class Site:
    """Streamlit's upload address, with a limit of `LIMIT_BYTES` for each session."""

    def __init__(self, files):
        self.active = {"one", "two"}
        self.files = files
        runtime = SimpleNamespace(is_active_session=self.active.__contains__)
        limit = Middleware(LimitUploads, max_bytes=LIMIT_BYTES, is_active=self.active.__contains__)
        self._app = Starlette(routes=create_upload_routes(runtime, files, None), middleware=[limit])

    def request(self, method, session, file, size=0, *, chunked=False):
        """Send one request; return the status of its answer."""
        return run(self._request(method, f"/_stcore/upload_file/{session}/{file}", bytes(size), chunked))

    async def _request(self, method, path, content, chunked):
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self._app), base_url="http://server") as client:
            request = client.build_request(method, path, files={"file": ("1.png", content)} if method == "PUT" else None)
            if chunked:
                body = await request.aread()

                async def parts():
                    for start in range(0, len(body), 1_000):
                        yield body[start : start + 1_000]

                headers = {"Content-Type": request.headers["Content-Type"]}
                request = client.build_request(method, path, content=parts(), headers=headers)
            return (await client.send(request)).status_code

    def held_bytes(self, session):
        return sum(len(file.data) for file in self.files.file_storage[session].values())


@pytest.fixture
def site() -> Iterator[Site]:
    before = config.get_option("server.enableXsrfProtection")
    config.set_option("server.enableXsrfProtection", False)
    yield Site(MemoryUploadedFileManager("/_stcore/upload_file"))
    config.set_option("server.enableXsrfProtection", before)


@pytest.mark.parametrize("chunked", [False, True])
def test_a_session_may_hold_so_many_bytes(site, chunked):
    assert [site.request("PUT", "one", file, 3_000, chunked=chunked) for file in range(4)] == [204, 204, 204, 413]
    assert site.held_bytes("one") == 9_000
    assert site.request("PUT", "two", 0, 3_000) == 204


def test_a_single_file_over_the_limit_is_refused(site):
    assert site.request("PUT", "one", 0, LIMIT_BYTES + 1) == 413
    assert site.request("PUT", "one", 0, 9_000) == 204


def test_bytes_are_given_back_when_a_file_is_removed(site):
    assert [site.request("PUT", "one", file, 4_000) for file in range(3)] == [204, 204, 413]
    assert site.request("DELETE", "one", 0) == 204
    assert site.request("PUT", "one", 2, 4_000) == 204


def test_a_file_that_is_sent_again_counts_once(site):
    assert [site.request("PUT", "one", 0, 8_000) for _ in range(3)] == [204] * 3


def test_bytes_are_given_back_when_the_session_ends(site):
    assert [site.request("PUT", "one", file, 8_000) for file in range(2)] == [204, 413]
    site.active.remove("one")
    assert site.request("PUT", "one", 1, 8_000) == 400
    site.active.add("one")
    assert site.request("PUT", "one", 1, 8_000) == 204


def test_refused_requests_count_nothing(site):
    assert [site.request("PUT", "gone", file, 6_000) for file in range(3)] == [400] * 3


def test_what_the_upload_page_allows_fits_in():
    assert MAX_BYTES_PER_VISIT < MAX_BYTES_PER_SESSION
