"""The image with TensorFlow, built and run: `make image-test-full`."""

import json

import pytest

from testing.image import buildah
from testing.image.container import execute

pytestmark = [pytest.mark.image, pytest.mark.timeout(1800)]


@pytest.fixture(scope="module")
def full_image():
    with buildah.built("full") as made:
        yield made


@pytest.mark.parametrize("engine", ["litert", "tensorflow"])
def test_both_engines_can_be_compared(full_image, engine):
    done = execute(full_image, "python", "-m", "model.compare", engine, tmpfs="/tmp")  # noqa: S108  the container's
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["median_ms"] > 0
