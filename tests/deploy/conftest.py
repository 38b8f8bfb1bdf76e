"""Fixtures: two replicas of the app, for all tests, behind nginx, for all tests of a file."""

from contextlib import ExitStack

import pytest

from testing.deploy.nginx import proxy
from testing.deploy.replicas import replica
from tests.browser.fixtures import chromium, page, playwright, window, windows

__all__ = ["chromium", "page", "playwright", "window", "windows"]


@pytest.fixture(scope="session")
def replicas():
    with ExitStack() as stack:
        yield [stack.enter_context(replica()) for _ in range(2)]


@pytest.fixture(scope="module")
def front(replicas):
    with proxy([each.address for each in replicas]) as running:
        yield running
