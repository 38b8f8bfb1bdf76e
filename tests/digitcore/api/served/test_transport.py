"""Client address and TCP_NODELAY under a server that is started as `streamlit run` does, with a socket of no declared protocol."""

import asyncio
import socket
import struct
import threading
from contextlib import contextmanager

import httpx
import pytest
import uvicorn
from starlette.responses import JSONResponse

from digitcore.api.transport import TransportMiddleware
from tests.digitcore.api.conftest import TIMEOUT_S, wait_until


async def report_client(scope, receive, send):
    connection = receive.__self__.transport.get_extra_info("socket")
    no_delay = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    await JSONResponse({"client": scope["client"][0], "no_delay": bool(no_delay)})(scope, receive, send)


@contextmanager
def served(app):
    """Serve an application on loopback, and yield its port."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        server = uvicorn.Server(uvicorn.Config(app, ws="none", lifespan="off", log_level="critical"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            wait_until(lambda: server.started)
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(TIMEOUT_S)


def answer_to_forwarded_request(app):
    """Return the app's answer to a request that claims to be forwarded for another client."""
    with served(app) as port:
        return httpx.get(f"http://127.0.0.1:{port}", headers={"X-Forwarded-For": "192.0.2.1"}, timeout=TIMEOUT_S).json()


def test_nagles_algorithm_is_off_and_the_client_is_the_peer():
    assert answer_to_forwarded_request(TransportMiddleware(report_client)) == {"client": "127.0.0.1", "no_delay": True}


def test_without_the_middleware_uvicorn_trusts_a_header_and_delays_answers():
    answer = answer_to_forwarded_request(report_client)
    assert answer == {"client": "192.0.2.1", "no_delay": False}, "uvicorn now does this itself: `TransportMiddleware` can be deleted"


RESET = struct.pack("ii", 1, 0)
"""The value of SO_LINGER with which closing a connection resets it."""


@pytest.mark.parametrize("resets", [False, True])
def test_a_client_that_has_left_before_its_request_is_handled_causes_no_error(resets):
    clients, errors = [], []

    async def note_client(scope, _receive, _send):
        clients.append(scope["client"][0])

    async def handle_late(scope, receive, send):
        connection = receive.__self__.transport.get_extra_info("socket")
        while (await receive())["type"] != "http.disconnect" or connection.fileno() != -1:
            await asyncio.sleep(0)
        try:
            await TransportMiddleware(note_client)(scope, receive, send)
        except OSError as error:
            errors.append(error)

    with served(handle_late) as port:
        with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_S) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            if resets:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        wait_until(lambda: clients or errors)
    assert (clients, errors) == (["127.0.0.1"], [])
