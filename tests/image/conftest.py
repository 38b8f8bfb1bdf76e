"""Fixtures: the image, built once for all tests, and Chromium."""

import pytest

from testing.image import buildah
from tests.browser.fixtures import chromium, page, playwright, window, windows

__all__ = ["chromium", "page", "playwright", "window", "windows"]


@pytest.fixture(scope="session")
def image():
    with buildah.built() as built:
        yield built
