"""Run a replica of the app for tests of the proxy."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import httpx

from digitcore.api.paths import READ_PATH
from testing.browser.server import REQUEST_TIMEOUT_S, ROOT, Server, serve

ENVIRONMENT: Final = {
    "DIGITS_API_METRICS": "yes",
    "DIGITS_API_TRUSTED_PROXIES": "127.0.0.1",
    "DIGITS_API_BODY_TIMEOUT_S": str(REQUEST_TIMEOUT_S),
}

SAMPLE: Final = ROOT / "samples" / "pen.jpg"


@contextmanager
def replica() -> Iterator[Server]:
    """Run a replica whose API has read a picture; the first reading starts a worker process, maybe for longer than nginx waits.

    Raises:
        RuntimeError: the server doesn't start.
        httpx.HTTPError: the picture is not read.
    """
    with serve(environment=ENVIRONMENT) as server:
        httpx.post(server.url + READ_PATH, content=SAMPLE.read_bytes(), timeout=REQUEST_TIMEOUT_S).raise_for_status()
        yield server
