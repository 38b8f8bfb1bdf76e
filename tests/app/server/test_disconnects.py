"""Against Streamlit's own websocket, with a connection that breaks at the one moment that matters."""

import asyncio
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette.starlette_websocket import create_websocket_handler

from app.server.disconnects import IgnoreDisconnectedSend
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
    """Of Streamlit's runtime, as much as the websocket asks of it."""

    def __init__(self):
        self.heard = []

    def connect_session(self, client, **_):
        client.write_forward_msg(ForwardMsg(script_finished=0))
        return "session"

    def handle_backmsg(self, _session_id, message, **_):
        self.heard.append(message.WhichOneof("type"))

    def disconnect_session(self, _session_id, **_):
        self.heard.append("left")


def broken_off(wrap):
    """A connection breaks while something is sent, and its last message is looked at after that; what the runtime heard."""
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

    with ThreadPoolExecutor(1) as thread:  # the browser tests leave an event loop running on this one
        thread.submit(asyncio.run, live()).result()
    return runtime.heard


def test_who_leaves_while_something_is_sent_to_him_has_left_and_that_is_all():
    assert broken_off(IgnoreDisconnectedSend) == ["app_heartbeat", "left"]


def test_streamlit_still_needs_it():
    with pytest.raises(RuntimeError, match="once a close message has been sent"):
        broken_off(lambda app: app)


def test_the_app_has_it():
    program = "from streamlit_app import app; print([each.cls.__name__ for each in app._user_middleware])"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['IgnoreDisconnectedSend']"
