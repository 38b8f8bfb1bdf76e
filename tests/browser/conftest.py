"""Fixtures of the browser tests: one server for all of them, and Chromium."""

import pytest

from testing.browser.server import serve
from tests.browser.fixtures import chromium, page, playwright, shared_page, window, windows

__all__ = ["chromium", "page", "playwright", "shared_page", "window", "windows"]


@pytest.fixture(scope="session")
def server():
    with serve() as running:
        yield running
