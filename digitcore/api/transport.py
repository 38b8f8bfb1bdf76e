"""Correct what depends on how the server was started, by the transport (the TCP connection) behind a request."""

import asyncio
import socket
from contextlib import suppress
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send


class TransportMiddleware:
    """Set the client's address from the connection, and disable Nagle's algorithm.

    Client address: uvicorn trusts the forwarding headers of proxies on the same machine even if none is configured, and the scope doesn't
    show whether it did. The connection has the address of its peer.

    Nagle's algorithm: `streamlit run` leaves it enabled, which delays answers by 40 ms, since uvicorn sends them in two pieces.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application.

        Args:
            app: the application to call.
        """
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        transport = _transport_of(receive)
        if transport is not None:
            _disable_nagle(transport)
            scope = {**scope, "client": _peer_address(transport) or scope["client"]}
        await self._app(scope, receive, send)


def _transport_of(receive: Any) -> asyncio.BaseTransport | None:
    """Return the transport behind a request; None under other servers than uvicorn, whose `receive` isn't a method of its request."""
    transport = getattr(getattr(receive, "__self__", None), "transport", None)
    return transport if isinstance(transport, asyncio.BaseTransport) else None


def _peer_address(transport: asyncio.BaseTransport) -> tuple[str, int] | None:
    """Return host and port of the peer; None on a Unix socket, where it has none."""
    peer = transport.get_extra_info("peername")
    return (str(peer[0]), int(peer[1])) if isinstance(peer, tuple) else None


def _disable_nagle(transport: asyncio.BaseTransport) -> None:
    """Set TCP_NODELAY on a TCP connection, unless the client has closed it, as it may before the first request is handled."""
    connection = transport.get_extra_info("socket")
    if connection is not None and connection.family in (socket.AF_INET, socket.AF_INET6):
        with suppress(OSError):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
