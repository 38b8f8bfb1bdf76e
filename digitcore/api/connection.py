"""What uvicorn's connection knows and its requests don't say."""

import asyncio
import socket
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send


class Connected:
    """Sees to two things that depend on how the server was started, so that they don't.

    Who asks: uvicorn believes what proxies on the same machine say of their clients even if nobody has configured any, and gives no other
    sign of it. The connection itself still knows its other end.

    Nagle's algorithm: `streamlit run` leaves it on, and answers, which uvicorn sends in two pieces, then come 40 ms late.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        transport = _transport_of(receive)
        if transport is not None:
            _send_at_once(transport)
            scope = {**scope, "client": _peer_of(transport) or scope["client"]}
        await self._app(scope, receive, send)


def _transport_of(receive: Any) -> asyncio.BaseTransport | None:
    """The connection behind a request; None under another server than uvicorn."""
    transport = getattr(getattr(receive, "__self__", None), "transport", None)
    return transport if isinstance(transport, asyncio.BaseTransport) else None


def _peer_of(transport: asyncio.BaseTransport) -> tuple[str, int] | None:
    """The other end; None on a Unix socket, where it has no address."""
    peer = transport.get_extra_info("peername")
    return (str(peer[0]), int(peer[1])) if isinstance(peer, tuple) else None


def _send_at_once(transport: asyncio.BaseTransport) -> None:
    carrier = transport.get_extra_info("socket")
    if carrier is not None and carrier.family in (socket.AF_INET, socket.AF_INET6):
        carrier.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
