"""Client address and TCP_NODELAY under a server that is started as `streamlit run` does, with a socket of no declared protocol."""

import socket
import threading

import httpx
import uvicorn
from starlette.responses import JSONResponse

from digitcore.api.transport import TransportMiddleware
from tests.digitcore.api.conftest import TIMEOUT_S, wait_until


async def report_client(scope, receive, send):
    connection = receive.__self__.transport.get_extra_info("socket")
    no_delay = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    await JSONResponse({"client": scope["client"][0], "no_delay": bool(no_delay)})(scope, receive, send)


def answer_to_forwarded_request(app):
    """Return the app's answer to a request that claims to be forwarded for another client."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        server = uvicorn.Server(uvicorn.Config(app, ws="none", lifespan="off", log_level="critical"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            wait_until(lambda: server.started)
            url = f"http://127.0.0.1:{listening.getsockname()[1]}"
            return httpx.get(url, headers={"X-Forwarded-For": "192.0.2.1"}, timeout=TIMEOUT_S).json()
        finally:
            server.should_exit = True
            thread.join(TIMEOUT_S)


def test_nagles_algorithm_is_off_and_the_client_is_the_peer():
    assert answer_to_forwarded_request(TransportMiddleware(report_client)) == {"client": "127.0.0.1", "no_delay": True}


def test_without_the_middleware_uvicorn_trusts_a_header_and_delays_answers():
    answer = answer_to_forwarded_request(report_client)
    assert answer == {"client": "192.0.2.1", "no_delay": False}, "uvicorn now does this itself: `TransportMiddleware` can be deleted"
