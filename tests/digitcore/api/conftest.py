"""Fixtures of all tests of the API; those that start a server are in `served`."""

import time

import cv2
import pytest

TIMEOUT_S = 300
"""Generous, since the first reading of each server starts a process, possibly while other work keeps all cores busy."""


def wait_until(condition):
    end = time.monotonic() + TIMEOUT_S
    while not condition():
        assert time.monotonic() < end, "the condition was never met"
        time.sleep(0.01)


@pytest.fixture
def seven(drawing):
    """A PNG of a 7."""
    return cv2.imencode(".png", drawing(7))[1].tobytes()
