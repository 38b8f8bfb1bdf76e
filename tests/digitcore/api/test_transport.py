"""Connections of several kinds, without a server."""

import asyncio
import socket
from contextlib import contextmanager

import pytest

from digitcore.api.transport import TransportMiddleware
from testing.browser.loops import run
from tests.digitcore.api.asgi import CLIENT, Connection, Exchange, http_scope


def seen_scope(receive, scope=None):
    """Return the scope that the wrapped application is called with, once everything else that it is passed is checked."""
    seen, sent = [], Exchange().send

    async def app(scope, receive_passed, send_passed):
        assert (receive_passed, send_passed) == (receive, sent)
        seen.append(scope)

    run(TransportMiddleware(app)(scope or http_scope(), receive, sent))
    return seen[0]


@contextmanager
def accepted_connection(family, address):
    """Yield a connection that was accepted on loopback, and the address of its peer."""
    with socket.socket(family) as listening, socket.socket(family) as client:
        try:
            listening.bind(address)
        except OSError as error:
            pytest.skip(f"this machine has no such address: {error}")
        listening.listen()
        client.connect(listening.getsockname())
        connection, peer = listening.accept()
        with connection:
            yield connection, peer


def no_delay(connection):
    return bool(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))


LOOPBACKS = [(socket.AF_INET, ("127.0.0.1", 0)), (socket.AF_INET6, ("::1", 0))]


@pytest.mark.parametrize(("family", "address"), LOOPBACKS)
def test_nagles_algorithm_is_off_and_the_client_is_the_peer(family, address):
    with accepted_connection(family, address) as (connection, peer):
        assert not no_delay(connection)
        transport = asyncio.BaseTransport({"socket": connection, "peername": peer})
        scope = http_scope(path="/api")
        assert seen_scope(Connection(transport).receive, scope) == {**scope, "client": (address[0], peer[1])}
        assert no_delay(connection)
        assert scope["client"] == CLIENT, "the server's own scope must not be changed"


@pytest.mark.parametrize("peer", ["", None, "/run/socket"])
def test_on_a_unix_socket_the_client_stays_that_of_the_scope(peer):
    first, second = socket.socketpair(socket.AF_UNIX)
    with first, second:
        transport = asyncio.BaseTransport({"socket": first, "peername": peer})
        assert seen_scope(Connection(transport).receive) == http_scope()


def test_a_connection_that_is_closed_already_is_no_error():
    with socket.socket() as connection:
        transport = asyncio.BaseTransport({"socket": connection, "peername": ("192.0.2.5", 1)})
    assert seen_scope(Connection(transport).receive)["client"] == ("192.0.2.5", 1)


def test_a_transport_without_a_socket_is_no_error():
    assert seen_scope(Connection(asyncio.BaseTransport()).receive) == http_scope()


async def _receive():
    return {"type": "http.disconnect"}


@pytest.mark.parametrize("receive", [_receive, Exchange().receive, Connection("no transport").receive, Connection(None).receive])
def test_under_another_server_the_scope_is_unchanged(receive):
    scope = http_scope()
    assert seen_scope(receive, scope) is scope
