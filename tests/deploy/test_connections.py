"""The app without a proxy, with few file descriptors, and with clients that open connections without asking for anything."""

import resource
import socket

import httpx
import pytest

from testing.browser.server import REQUEST_TIMEOUT_S, serve

FILES = 128
MAX_LOG_CHARACTERS = 20_000


@pytest.fixture(scope="module")
def small_server():
    with serve(environment={"DIGITS_API_LOGS": "no"}) as running:
        resource.prlimit(running.process.pid, resource.RLIMIT_NOFILE, (FILES, FILES))
        yield running


def test_a_thousand_half_heads_and_idle_connections_leave_the_server_answering(small_server):
    host, port = small_server.address.split(":")
    opened = [socket.create_connection((host, int(port)), REQUEST_TIMEOUT_S) for _ in range(1_200)]
    try:
        for half in opened[:1_000]:
            try:
                half.sendall(b"GET / HTTP/1.1\r\nHost")
            except OSError:
                continue  # closed for a newer one
        with httpx.Client(base_url=small_server.url, timeout=REQUEST_TIMEOUT_S) as client:
            assert client.get("/_stcore/health").text == "ok"
            assert client.get("/api/v1/health").json()["status"] == "ok"
    finally:
        for connection in opened:
            connection.close()
    assert len(small_server.log) < MAX_LOG_CHARACTERS


def send_until_closed(connection, line):
    for _ in range(200_000):
        try:
            connection.sendall(line)
        except OSError:
            return
    pytest.fail("the server accepted all that was sent")


def test_headers_without_end_take_no_memory(small_server):
    before_mib = small_server.resident_mib()
    host, port = small_server.address.split(":")
    with socket.create_connection((host, int(port)), REQUEST_TIMEOUT_S) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n")
        send_until_closed(connection, b"X: y\r\n" * 100)
    assert small_server.resident_mib() - before_mib < 20
