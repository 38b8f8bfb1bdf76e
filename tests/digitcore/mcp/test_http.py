"""Streamable HTTP, from a real server on loopback."""

import asyncio
import json
import select
import threading
import time
from http.client import HTTPConnection

import pytest
import uvicorn
from mcp import Client, MCPError

from digitcore import Settings
from digitcore.mcp.http import create_app
from digitcore.mcp.server import create_server, max_message_bytes
from tests.digitcore.mcp.conftest import LIMITS

TIMEOUT_S = 300
JSON_HEADERS = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
TOO_LARGE = "This message has more than 2 MB. Make it smaller and try again."
LIST_TOOLS = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list"})


@pytest.fixture(scope="module")
def port():
    """The port of a server with one worker process."""
    app = create_app(create_server(LIMITS, Settings(), None, has_local_files=False), "127.0.0.1", LIMITS)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    end = time.monotonic() + TIMEOUT_S
    while not server.started:
        assert thread.is_alive()
        assert time.monotonic() < end
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join()


def post(port, body, **headers):
    """Post a body, or only its start, and return the status and the text of the answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    try:
        connection.request("POST", "/mcp", body, {**JSON_HEADERS, **headers})
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def test_a_picture_is_read(port, encoded):
    async def run():
        async with Client(f"http://127.0.0.1:{port}/mcp") as client:
            return await client.call_tool("read_picture", {"picture": encoded}), await client.call_tool("read_picture", {"path": "a.png"})

    read, named = asyncio.run(run())
    assert read.structured_content["text"] == "7"
    assert named.content[0].text == "The argument `picture` can't be used: Field required."


def test_a_picture_that_is_too_large_is_one_sentence_and_the_next_is_read(port, encoded):
    async def run():
        async with Client(f"http://127.0.0.1:{port}/mcp") as client:
            with pytest.raises(MCPError) as caught:
                await client.call_tool("read_picture", {"picture": "A" * 5_000_000})
            return str(caught.value), await client.call_tool("read_picture", {"picture": encoded})

    message, read = asyncio.run(run())
    assert message == TOO_LARGE
    assert read.structured_content["text"] == "7"


def test_a_gigabyte_is_refused_once_it_is_announced(port):
    status, answer = post(port, b"{", **{"Content-Length": str(2**30)})
    assert status == 413
    assert json.loads(answer) == {"jsonrpc": "2.0", "id": None, "error": {"code": -32600, "message": TOO_LARGE}}


def test_a_body_without_an_announced_size_is_refused_at_the_limit(port):
    chunk = b" " * 65_536
    chunks = (chunk for _ in range(max_message_bytes(LIMITS.body_limit_bytes) // len(chunk) + 1))
    status, answer = post(port, chunks)
    assert status == 413
    assert json.loads(answer)["error"]["message"] == TOO_LARGE


def test_the_bodies_of_all_requests_share_a_budget(port):
    body_bytes = max_message_bytes(LIMITS.body_limit_bytes)
    connections = [HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S) for _ in range(2)]
    try:
        for connection in connections:
            connection.putrequest("POST", "/mcp")
            for name, value in {**JSON_HEADERS, "Content-Length": str(body_bytes)}.items():
                connection.putheader(name, value)
            connection.endheaders()
            connection.send(b" " * (body_bytes - 1))
        answered, _, _ = select.select([connection.sock for connection in connections], [], [], TIMEOUT_S)
        assert {each.getresponse().status for each in connections if each.sock in answered} == {503}  # of both, if both were half received
    finally:
        for connection in connections:
            connection.close()


@pytest.mark.parametrize(("header", "value", "status"), [("Host", "example.org", 421), ("Origin", "http://example.org", 403)])
def test_a_page_of_another_site_is_refused(port, header, value, status):
    assert post(port, LIST_TOOLS, **{header: value})[0] == status


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_each_name_of_loopback_is_allowed(port, host):
    assert post(port, LIST_TOOLS, Host=f"{host}:{port}")[0] == 200
