"""The image, built once."""

import pytest

from tests.image import buildah


@pytest.fixture(scope="session")
def image():
    with buildah.built() as made:
        yield made
