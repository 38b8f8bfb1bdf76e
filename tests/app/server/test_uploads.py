import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.datastructures import Headers
from starlette.formparsers import MultiPartParser

from app.server.uploads import keep_uploads_in_memory


@pytest.fixture(autouse=True)
def _restore_starlette(monkeypatch):
    monkeypatch.setattr(MultiPartParser, "spool_max_size", MultiPartParser.spool_max_size)


def is_spooled_to_disk(content):
    """Parse one uploaded file as Streamlit's server does; return whether it was moved to a temporary file."""
    body = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n' + content + b"\r\n--edge--\r\n"

    async def stream():
        yield body

    async def parse():
        form = await MultiPartParser(Headers({"content-type": "multipart/form-data; boundary=edge"}), stream()).parse()
        spooled = form["file"].file
        on_disk = spooled._rolled
        await form.close()
        return on_disk

    with ThreadPoolExecutor(1) as thread:  # the browser tests leave an event loop running on this thread
        return thread.submit(asyncio.run, parse()).result()


def test_uploads_of_any_size_stay_in_memory():
    content = b"x" * 3_000_000
    assert is_spooled_to_disk(content), "Starlette no longer moves uploads to disk: `keep_uploads_in_memory` can go"
    keep_uploads_in_memory()
    assert not is_spooled_to_disk(content)
