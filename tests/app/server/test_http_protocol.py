"""The bounds on connections, on a small server in this process."""

import asyncio
import errno
import logging
import re
import resource
import socket
import threading
import time
from contextlib import ExitStack, contextmanager
from email import message_from_string

import pytest
import uvicorn
from streamlit import config

from app.server import http_protocol
from app.server.http_protocol import AcceptErrorHandler, BoundedHttpProtocol, bound_http_protocol, max_connections
from app.server.long_addresses import too_long_response
from app.server.security_headers import security_headers

pytestmark = pytest.mark.deploy

TIMEOUT_S = 300
GET = b"GET /%s HTTP/1.1\r\nHost: x\r\n\r\n"


async def application(scope, receive, send):
    """Answer with the length of the body; `/slow` after a moment."""
    length, more = 0, True
    while more:
        message = await receive()
        length, more = length + len(message.get("body", b"")), message.get("more_body", False)
    if scope["path"] == "/slow":
        await asyncio.sleep(0.6)
    content = str(length).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", str(len(content)).encode())]})
    await send({"type": "http.response.body", "body": content})


@pytest.fixture
def address():
    server = uvicorn.Server(uvicorn.Config(application, port=0, http=BoundedHttpProtocol, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield server.servers[0].sockets[0].getsockname()
    finally:
        server.should_exit = True
        thread.join(TIMEOUT_S)


@contextmanager
def connection(address, sent=b""):
    with socket.create_connection(address, TIMEOUT_S) as opened:
        opened.sendall(sent)
        yield opened


def received(opened):
    """Return all that arrives until the server closes the connection."""
    chunks = []
    try:
        while chunk := opened.recv(65_536):
            chunks.append(chunk)
    except ConnectionResetError:
        pass
    return b"".join(chunks)


def response(opened):
    """Return one response of `application`, whose body has one digit."""
    content = b""
    while not content.partition(b"\r\n\r\n")[2]:
        content += opened.recv(65_536)
    return content


def send_until_closed(opened, line):
    try:
        for _ in range(100_000):
            opened.sendall(line)
    except OSError:
        return
    pytest.fail("the server accepted all that was sent")


def test_headers_without_end_are_answered_with_431(address):
    with connection(address, b"GET / HTTP/1.1\r\nHost: x\r\n") as opened:
        send_until_closed(opened, b"X-Header: " + b"x" * 1_000 + b"\r\n")


def test_a_head_just_over_the_limit_is_answered_with_431(address, monkeypatch):
    monkeypatch.setattr(http_protocol, "MAX_HEAD_BYTES", 100)
    with connection(address, b"GET / HTTP/1.1\r\nX-Header: " + b"x" * 75) as opened:
        opened.sendall(b"x")
        assert received(opened).startswith(b"HTTP/1.1 431 ")


def test_a_head_of_the_limit_and_a_large_body_are_accepted(address, monkeypatch):
    monkeypatch.setattr(http_protocol, "MAX_HEAD_BYTES", 100)
    body = bytes(2**20)
    with connection(address, b"POST / HTTP/1.1\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body)) as opened:
        opened.sendall(body)
        assert received(opened).endswith(b"\r\n\r\n1048576")


def long_link(*, size, query=b"", headers=b""):
    return b"GET /?%sd=%s HTTP/1.1\r\nHost: x\r\n%s\r\n" % (query, b"x" * size, headers)


@pytest.mark.parametrize("is_split", [False, True])
@pytest.mark.parametrize("size", [100_000, 300_000])
def test_a_link_that_is_too_long_is_answered_by_a_page_with_security_headers(address, size, is_split):
    request = long_link(size=size)
    with connection(address) as opened:
        for part in (request[:70_000], request[70_000:]) if is_split else (request,):
            opened.sendall(part)
        head, _, body = received(opened).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 414 ")
    fields = message_from_string(head.partition(b"\r\n")[2].decode())
    assert {name: fields[name] for name in security_headers()} == security_headers()
    assert int(fields["content-length"]) == len(body)
    assert "This link is too long to open." in body.decode()
    assert 'href="/?lang=' in body.decode()
    assert b"xxx" not in body


@pytest.mark.parametrize(
    ("query", "accepted", "titles"),
    [
        (b"lang=es&", b"en", ["es"]),
        (b"lang=en&", b"es", ["en"]),
        (b"lang=xx&", b"es-MX,en;q=0.5", ["es"]),
        (b"", b"es", ["es"]),
        (b"", b"fr", ["en"]),
    ],
)
def test_the_page_for_a_long_link_is_in_the_language_of_the_address_or_the_browser(query, accepted, titles):
    assert languages_of(too_long_response(b"/?" + query + b"d=" + b"x" * 70_000, [(b"accept-language", accepted)])) == titles


def test_the_page_for_a_long_link_is_in_all_languages_where_none_is_known():
    assert languages_of(too_long_response(b"/?d=" + b"x" * 70_000, [])) == ["en", "es"]


def languages_of(page):
    return re.findall('<p lang="(..)">', page.decode())


def test_a_long_link_to_an_app_below_a_path_leads_to_that_app(monkeypatch):
    monkeypatch.setattr(config, "get_option", lambda name: "below" if name == "server.baseUrlPath" else "#000")
    assert b'href="/below/?lang=en"' in too_long_response(b"/below/?d=x", [(b"accept-language", b"en")])


def test_after_such_an_answer_only_a_bounded_rest_is_received(address):
    with connection(address, b"GET /?d=") as opened:
        send_until_closed(opened, b"x" * 1_000)


def test_nonsense_is_still_answered_with_400(address):
    with connection(address, b"\x00nonsense\r\n\r\n") as opened:
        assert received(opened).startswith(b"HTTP/1.1 400 ")


def test_the_head_of_a_second_request_is_bounded_while_the_first_one_is_answered(address, monkeypatch):
    monkeypatch.setattr(http_protocol, "MAX_HEAD_BYTES", 20_000)
    with connection(address, GET % b"slow" + b"GET / HTTP/1.1\r\n") as opened:
        send_until_closed(opened, b"X-Header: " + b"x" * 1_000 + b"\r\n")


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHos", GET % b""], ids=["nothing", "half a head", "a request"])
def test_a_connection_that_waits_too_long_is_closed(address, monkeypatch, sent):
    monkeypatch.setattr(http_protocol, "HEAD_TIMEOUT_S", 0.1)
    with connection(address, sent) as opened:
        assert received(opened).endswith(b"\r\n\r\n0" if sent.endswith(b"\r\n\r\n") else b"")


def test_a_slow_response_is_sent_to_its_end(address, monkeypatch):
    monkeypatch.setattr(http_protocol, "HEAD_TIMEOUT_S", 0.1)
    with connection(address, GET % b"slow") as opened:
        assert received(opened).endswith(b"\r\n\r\n0")


def test_requests_follow_each_other_on_a_connection(address):
    with connection(address) as opened:
        for _ in range(3):
            opened.sendall(GET % b"")
            assert response(opened).startswith(b"HTTP/1.1 200 ")


def test_at_the_limit_the_connection_that_has_waited_longest_is_closed_for_a_new_one(address, monkeypatch):
    monkeypatch.setattr(http_protocol, "max_connections", lambda: 3)
    with ExitStack() as stack:
        waiting = [stack.enter_context(connection(address, b"GET / HT")) for _ in range(3)]
        for opened in waiting[:2]:
            asking = stack.enter_context(connection(address, GET % b"slow"))
            assert received(opened) == b""
            assert response(asking).startswith(b"HTTP/1.1 200 ")
        waiting[2].sendall(b"TP/1.1\r\n\r\n")
        assert response(waiting[2]).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(("files", "connections"), [(128, 64), (1_024, 512), (100_000, 2_000), (resource.RLIM_INFINITY, 2_000)])
def test_the_limit_of_connections_leaves_files_for_the_rest(monkeypatch, files, connections):
    monkeypatch.setattr(resource, "getrlimit", lambda _: (files, files))
    assert max_connections() == connections


def test_servers_choose_the_bounded_protocol(monkeypatch):
    monkeypatch.setitem(uvicorn.config.HTTP_PROTOCOLS, "auto", uvicorn.config.HTTP_PROTOCOLS["auto"])
    bound_http_protocol()
    config = uvicorn.Config(application)
    config.load()
    assert config.http_protocol_class is BoundedHttpProtocol


class Loop:
    """The part of an event loop that an exception handler uses."""

    def __init__(self):
        self.now_s, self.handled = 0.0, []

    def time(self):
        return self.now_s

    def default_exception_handler(self, context):
        self.handled.append(context)


def test_that_no_files_are_left_is_logged_once_a_minute(caplog):
    loop, handler = Loop(), AcceptErrorHandler()
    context = {
        "message": "socket.accept() out of system resource",
        "exception": OSError(errno.EMFILE, "Too many open files"),
        "socket": None,
    }
    with caplog.at_level(logging.WARNING):
        for loop.now_s in (0, 0, 1, 59, 60, 61):
            handler(loop, context)
    assert [record.getMessage() for record in caplog.records] == [
        "Connections can't be accepted: Too many open files. Raise the limit on open files (ulimit -n)."
    ] * 2
    assert loop.handled == []


@pytest.mark.parametrize(
    "context",
    [{"message": "other"}, {"message": "x", "exception": OSError(errno.EMFILE, "")}, {"exception": OSError(errno.EIO, ""), "socket": None}],
)
def test_other_errors_of_the_event_loop_are_handled_as_by_default(context):
    loop = Loop()
    AcceptErrorHandler()(loop, context)
    assert loop.handled == [context]
