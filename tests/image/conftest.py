"""Fixtures: the image, built once for all tests."""

import pytest

from testing.image import buildah


@pytest.fixture(scope="session")
def image():
    with buildah.built() as built:
        yield built
