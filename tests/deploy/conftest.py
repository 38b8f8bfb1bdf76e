"""Fixtures: two replicas of the app behind nginx, for all tests of a file."""

from contextlib import ExitStack

import pytest

from testing.browser.server import serve
from testing.deploy.nginx import proxy
from tests.browser.fixtures import chromium, page, playwright, window, windows

__all__ = ["chromium", "page", "playwright", "window", "windows"]

METRICS_ON = {"DIGITS_API_METRICS": "yes", "DIGITS_API_TRUSTED_PROXIES": "127.0.0.1"}


@pytest.fixture(scope="module")
def replicas():
    with ExitStack() as stack:
        yield [stack.enter_context(serve(environment=METRICS_ON)) for _ in range(2)]


@pytest.fixture(scope="module")
def front(replicas):
    with proxy([each.address for each in replicas]) as running:
        yield running
