import asyncio
import platform
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest
from starlette.datastructures import Headers
from starlette.formparsers import MultiPartParser

from app.server import ROUTER_PATH, keep_uploads_in_memory, lifespan, make_api, trim_memory
from digitcore import ModelError
from digitcore.recognition import classifier


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

    monkeypatch.setattr("app.server.default_classifier", missing)

    async def live():
        async with lifespan(None, make_api()) as state:
            return state

    assert run(live()) == {}
    assert "The network's file is missing." in caplog.text


def test_the_network_is_loaded_before_the_first_visitor():
    classifier._load_default.cache_clear()

    async def live():
        async with lifespan(None, make_api()):
            return classifier._load_default.cache_info().currsize

    assert run(live()) == 1


def test_the_router_is_where_the_server_looks_for_it():
    assert ROUTER_PATH.is_file()


def test_what_the_first_visitor_needs_is_loaded_ahead():
    program = (
        "import gc, sys\n"
        "from app.server import AHEAD, load_ahead, make_api\n"
        "api = make_api()\n"
        "print('fastapi' in sys.modules)\n"
        "load_ahead(api)\n"
        "print({*AHEAD, 'fastapi'} <= set(sys.modules), 'tensorflow' in sys.modules, gc.get_freeze_count() > 10_000)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROUTER_PATH.parents[1], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True", "False", "True"]


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc keeps freed memory")
def test_freed_memory_is_given_back():
    held = [bytes(100_000) for _ in range(1_000)]  # below what is given back by itself
    last = bytes(100_000)
    full = psutil.Process().memory_info().rss
    held.clear()
    assert trim_memory()
    assert psutil.Process().memory_info().rss < full - 50_000_000
    assert len(last) == 100_000
