"""Fixtures: a uvicorn server on loopback with the API alone, in the test process, so that each test can choose the settings."""

import asyncio
import socket
import threading
from contextlib import asynccontextmanager, contextmanager

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from digitcore.api import ApiSettings, LazyApi
from testing.file_gate import file_gate
from tests.digitcore.api.conftest import TIMEOUT_S, wait_until


class RunningApi:
    """A running server with a gate for the jobs that block its workers."""

    def __init__(self, settings, gate):
        self.api = LazyApi(settings)
        self.gate = gate
        config = uvicorn.Config(
            Starlette(routes=self.api.routes, lifespan=self._lifespan), host="127.0.0.1", port=0, ws="none", log_level="critical"
        )
        self.server = uvicorn.Server(config)

    @asynccontextmanager
    async def _lifespan(self, _app):
        self.loop = asyncio.get_running_loop()
        yield
        self.gate.open()
        await self.api.close()

    @property
    def pool(self):
        return self.api._pool

    @property
    def port(self):
        return self.server.servers[0].sockets[0].getsockname()[1]

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def occupy(self, jobs):
        """Add `jobs` jobs to the pool, which end once the gate is opened."""
        before = self.pool.working + self.pool.waiting
        for _ in range(jobs):
            asyncio.run_coroutine_threadsafe(self.pool.run(self.gate.wait), self.loop)
        wait_until(lambda: self.pool.working + self.pool.waiting == before + jobs)

    def is_idle(self):
        return self.pool.working == self.pool.waiting == 0

    def client(self):
        """Create an HTTP client whose requests wait long enough for a worker process to start."""
        return httpx.Client(base_url=self.url, timeout=TIMEOUT_S)

    def connect(self):
        """Open a bare TCP connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=TIMEOUT_S)


@contextmanager
def serving(**settings):
    """Run the API with one worker, without logs, and patient with senders, which other work may slow down; `settings` replace these."""
    with file_gate() as gate:
        patient = {"body_timeout_s": TIMEOUT_S, "reading_timeout_s": TIMEOUT_S}
        running = RunningApi(ApiSettings(**{"workers": 1, "logs": False, **patient, **settings}), gate)
        thread = threading.Thread(target=running.server.run)
        thread.start()
        try:
            wait_until(lambda: running.server.started)
            yield running
        finally:
            running.gate.open()
            running.server.should_exit = True
            thread.join(TIMEOUT_S)


@pytest.fixture(scope="module")
def running():
    with serving() as each:
        yield each


@pytest.fixture
def client(running):
    with running.client() as each:
        yield each
    wait_until(running.is_idle)
    assert running.api._budget.used_bytes == 0
