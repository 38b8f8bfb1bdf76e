"""Fixtures of all tests of the API; those that start a server are in `served`."""

import asyncio
import time

import cv2
import pytest

from digitcore.api import pool
from digitcore.api.processes import WorkerProcesses
from testing.file_gate import file_gate

TIMEOUT_S = 300
"""Generous, since the first reading of each server starts a process, possibly while other work keeps all cores busy."""

SHARED_COUNT = 2
"""The worker processes that tests share."""


def wait_until(condition):
    end = time.monotonic() + TIMEOUT_S
    while not condition():
        assert time.monotonic() < end, "the condition was never met"
        time.sleep(0.01)


async def until(condition):
    """Wait until a condition is met, and let the event loop go on meanwhile."""
    async with asyncio.timeout(TIMEOUT_S):
        while not condition():
            await asyncio.sleep(0.005)


@pytest.fixture
def seven(drawing):
    """A PNG of a 7."""
    return cv2.imencode(".png", drawing(7))[1].tobytes()


@pytest.fixture
def gate():
    with file_gate() as each:
        yield each


@pytest.fixture(scope="session")
def processes():
    """Two worker processes, which start with the first job."""
    shared = WorkerProcesses(SHARED_COUNT)
    yield shared
    shared.close()


@pytest.fixture
def _shared_processes(processes, monkeypatch):
    """Let each pool use the shared worker processes instead of its own, whose start takes half a second."""

    def share(count):
        assert count == SHARED_COUNT
        return processes

    monkeypatch.setattr(pool, "WorkerProcesses", share)
