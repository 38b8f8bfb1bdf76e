"""What depends on how the server was started: here as `streamlit run` starts it, with a socket of no declared protocol."""

import socket
import threading
from contextlib import suppress

import httpx
import uvicorn
from starlette.responses import JSONResponse

from digitcore.api.connection import Connected
from tests.digitcore.api.conftest import TIMEOUT_S, wait_until


async def who_asks(scope, receive, send):
    carrier = receive.__self__.transport.get_extra_info("socket")
    at_once = carrier.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    await JSONResponse({"client": scope["client"][0], "at_once": bool(at_once)})(scope, receive, send)


def asked(app):
    """What the app answers to a client that claims to be sent on for another."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        server = uvicorn.Server(uvicorn.Config(app, ws="none", lifespan="off", log_level="critical"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            wait_until(lambda: server.started)
            url = f"http://127.0.0.1:{listening.getsockname()[1]}"
            return httpx.get(url, headers={"X-Forwarded-For": "192.0.2.1"}).json()
        finally:
            server.should_exit = True
            thread.join(TIMEOUT_S)


def test_answers_are_sent_at_once_and_the_client_is_who_it_is():
    assert asked(Connected(who_asks)) == {"client": "127.0.0.1", "at_once": True}


def test_otherwise_uvicorn_would_believe_a_header_and_wait():
    assert asked(who_asks) == {"client": "192.0.2.1", "at_once": False}, "uvicorn now does so by itself: `Connected` can go"


def test_another_server_is_left_as_it_is():
    seen = {}

    async def app(scope, receive, send):
        seen.update(scope)

    coroutine = Connected(app)({"type": "http", "client": ("192.0.2.5", 1)}, None, None)
    with suppress(StopIteration):
        coroutine.send(None)
    assert seen["client"] == ("192.0.2.5", 1)
