"""One server for all browser tests."""

import pytest

from testing.browser.server import serve


@pytest.fixture(scope="session")
def server():
    with serve() as running:
        yield running
