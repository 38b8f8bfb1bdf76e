"""Fixtures of the tests of the MCP server."""

import base64

import cv2
import pytest

from digitcore import Settings
from digitcore.api import ApiSettings
from digitcore.mcp.server import create_server

LIMITS = ApiSettings(workers=1, waiting=4, body_limit_mib=1, bodies_mib=2, reading_timeout_s=300)
"""Small sizes, and generous time, since other work may keep all cores busy."""


@pytest.fixture
def seven(drawing):
    """A PNG of a 7."""
    return cv2.imencode(".png", drawing(7))[1].tobytes()


@pytest.fixture
def encoded(seven):
    """The same as base64."""
    return base64.b64encode(seven).decode()


@pytest.fixture
def server():
    """A server with one worker process, for a client on this machine."""
    return create_server(LIMITS, Settings(), None, has_local_files=True)
