import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.datastructures import Headers
from starlette.formparsers import MultiPartParser

from digitcore import ModelError, classifier
from digitcore.ui.server import ROUTER_PATH, keep_uploads_in_memory, lifespan


@pytest.fixture(autouse=True)
def _restore_starlette(monkeypatch):
    monkeypatch.setattr(MultiPartParser, "spool_max_size", MultiPartParser.spool_max_size)


def run(coroutine):
    """Run it on a thread of its own: the browser tests leave an event loop running on this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def moved_to_disk(content):
    """Parse one uploaded file as Streamlit's server does; whether it was moved to a temporary file."""
    body = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n' + content + b"\r\n--edge--\r\n"

    async def stream():
        yield body

    async def parse():
        form = await MultiPartParser(Headers({"content-type": "multipart/form-data; boundary=edge"}), stream()).parse()
        spooled = form["file"].file
        on_disk = spooled._rolled
        await form.close()
        return on_disk

    return run(parse())


def test_uploads_of_any_size_stay_in_memory():
    content = b"x" * 3_000_000
    assert moved_to_disk(content), "Starlette no longer moves uploads to disk: `keep_uploads_in_memory` can go"
    keep_uploads_in_memory()
    assert not moved_to_disk(content)


def test_the_server_starts_without_its_network(monkeypatch, caplog):
    def missing():
        raise ModelError("The network's file is missing.")

    monkeypatch.setattr("digitcore.ui.server.default_classifier", missing)

    async def live():
        async with lifespan(None) as state:
            return state

    assert run(live()) == {}
    assert "The network's file is missing." in caplog.text


def test_the_network_is_loaded_before_the_first_visitor():
    classifier._load_default.cache_clear()

    async def live():
        async with lifespan(None):
            return classifier._load_default.cache_info().currsize

    assert run(live()) == 1


def test_the_router_is_where_the_server_looks_for_it():
    assert ROUTER_PATH.is_file()
