"""One server for all browser tests."""

import pytest

from tests.browser.server import serve


@pytest.fixture(scope="session")
def server():
    with serve() as running:
        yield running
