"""Tests with Streamlit's own websocket handler, and a connection that breaks while the server sends."""

import asyncio
import subprocess
import sys

import pytest
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette.starlette_websocket import create_websocket_handler

from app.server.disconnects import IgnoreDisconnectedSend
from testing.browser.loops import run
from testing.browser.server import ROOT

SCOPE = {
    "type": "websocket",
    "path": "/",
    "headers": [],
    "query_string": b"",
    "client": ("127.0.0.1", 1),
    "subprotocols": [],
    "app": None,
}


class Runtime:
    """The methods of Streamlit's runtime that the websocket handler calls."""

    def __init__(self):
        self.events = []

    def connect_session(self, client, **_):
        client.write_forward_msg(ForwardMsg(script_finished=0))
        return "session"

    def handle_backmsg(self, _session_id, message, **_):
        self.events.append(message.WhichOneof("type"))

    def disconnect_session(self, _session_id, **_):
        self.events.append("disconnected")


def events_of_broken_connection(wrap):
    """Break a connection while the server sends, with one message still unread; return what the runtime received."""
    runtime = Runtime()

    async def live():
        failed, waiting = asyncio.Event(), iter(["websocket.connect", "websocket.receive", "websocket.disconnect"])

        async def receive():
            kind = next(waiting)
            if kind == "websocket.receive":
                await failed.wait()
                return {"type": kind, "bytes": BackMsg(app_heartbeat=True).SerializeToString()}
            return {"type": kind, "code": 1006}

        async def send(message):
            if message["type"] == "websocket.send":
                failed.set()
                raise OSError

        app = Starlette(routes=[WebSocketRoute("/", create_websocket_handler(runtime))])
        await wrap(app)(dict(SCOPE), receive, send)

    run(live())
    return runtime.events


def test_a_disconnection_during_sending_is_received_as_usual():
    assert events_of_broken_connection(IgnoreDisconnectedSend) == ["app_heartbeat", "disconnected"]


def test_streamlit_still_needs_the_middleware():
    with pytest.raises(RuntimeError, match="once a close message has been sent"):
        events_of_broken_connection(lambda app: app)


@pytest.mark.slow
def test_the_app_uses_the_middleware_and_security_headers_are_outermost():
    program = "from streamlit_app import app; print([each.cls.__name__ for each in app._user_middleware])"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    names = ["SecurityHeadersMiddleware", "HideDiagnosticPaths", "LimitUploads", "PageDocuments", "WaitUntilPreloaded"]
    assert done.stdout.strip() == str([*names, "IgnoreDisconnectedSend"])
