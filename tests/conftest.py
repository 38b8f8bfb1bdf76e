"""Shared fixtures: the shipped network, MNIST where its files are available, and drawings with known ink.

Tests that need a browser, servers, a Dask cluster or TensorFlow are marked here, by the folder that they are in or by a fixture that they
use; a module or a test that takes longer than a second for another reason has the marker `slow` itself. `make test-fast` runs the others.
"""

import gc
import os
from pathlib import Path

import numpy as np
import pytest

from digitcore import Classifier, load_classifier
from digitcore.errors import DataUnavailableError
from model.data import LabelledDigits, load_test
from synthetic.hands import strokes, write

# `make test` sets these for the test process; the servers that tests start should use memory as they do for users.
for name in ("MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_", "MALLOC_TOP_PAD_"):
    os.environ.pop(name, None)


MARKER_OF_FOLDER = {"browser": "browser", "deploy": "deploy", "image": "deploy", "pages": "slow", "served": "deploy"}
MARKER_OF_FIXTURE = {
    "playwright": "browser",
    "replicas": "deploy",
    "workers": "cluster",
    **dict.fromkeys(("keras", "architecture", "export", "batches", "losses", "training", "evaluate"), "tensorflow"),
}


def pytest_collection_modifyitems(items):
    gc.freeze()  # Streamlit collects garbage after each run of a page, which takes longer than the run with all tests' modules
    for item in items:
        folders = item.path.relative_to(Path(__file__).parent).parts
        by_fixture = {MARKER_OF_FIXTURE[name] for name in item.fixturenames if name in MARKER_OF_FIXTURE}
        by_folder = {MARKER_OF_FOLDER[name] for name in folders if name in MARKER_OF_FOLDER}
        for marker in sorted(by_fixture | by_folder):
            item.add_marker(marker)


@pytest.fixture(scope="session")
def classifier() -> Classifier:
    return load_classifier()


@pytest.fixture(scope="session")
def mnist_test() -> LabelledDigits:
    try:
        return load_test()
    except DataUnavailableError as error:
        pytest.skip(f"the MNIST files are not available: {error}")


@pytest.fixture
def drawing():
    """Return a function that draws one digit: uint8 `(H, W, 4)` RGBA, black on white."""

    def draw(digit, hand="round", *, side_px=280, height_px=180, corner_xy=(70, 50), pen_px=16):
        ink = write(np.zeros((side_px, side_px), np.uint8), strokes(digit, hand), corner_xy, height_px, pen_px)
        grey = 255 - ink
        return np.dstack([grey, grey, grey, np.full_like(grey, 255)])

    return draw
