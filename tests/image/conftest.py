"""The image, built once."""

import pytest

from testing.image import buildah


@pytest.fixture(scope="session")
def image():
    with buildah.built() as made:
        yield made
