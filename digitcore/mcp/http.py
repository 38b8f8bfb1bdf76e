"""Serve over streamable HTTP, with the limits of the API on the size of each body and on the memory of all."""

from typing import Final

import uvicorn
from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from digitcore.api.body import too_large
from digitcore.api.content_length import announced_bytes
from digitcore.api.memory import MemoryBudget
from digitcore.api.middleware import LingeringCloseMiddleware
from digitcore.api.settings import BYTES_PER_MIB, ApiSettings
from digitcore.errors import RequestError
from digitcore.mcp.server import ToolServer, max_message_bytes, rejection

PATH: Final = "/mcp"

_LOOPBACK_HOSTS: Final = ("127.0.0.1", "localhost", "[::1]")


def serve_http(server: ToolServer, host: str, port: int, limits: ApiSettings) -> None:
    """Serve until a signal ends the process.

    Args:
        server: whose tools are served.
        host: the address to listen on; its clients address the server by it, or by a name of this machine's loopback.
        port: the port to listen on.
        limits: the host's settings of the API.
    """
    uvicorn.run(create_app(server, host, limits), host=host, port=port)


def create_app(server: ToolServer, host: str, limits: ApiSettings) -> Starlette:
    """Create the application that answers at `/mcp`.

    Sessions aren't kept: each request is answered on its own.

    Args:
        server: whose tools are served.
        host: as in `serve_http`.
        limits: the host's settings of the API.

    Returns:
        The application; it can be started once.
    """
    limit_bytes = max_message_bytes(limits.body_limit_bytes)
    server.streamable_http_app(  # creates the manager of its requests
        json_response=True, stateless_http=True, max_request_body_size=limit_bytes, transport_security=_allowed_hosts(host)
    )
    manager, budget = server.session_manager, MemoryBudget(max_message_bytes(limits.bodies_mib * BYTES_PER_MIB))
    app = LingeringCloseMiddleware(BodyLimitMiddleware(manager.handle_request, limit_bytes, budget))
    return Starlette(routes=[Route(PATH, app)], lifespan=lambda _app: manager.run())


class BodyLimitMiddleware:
    """Bound the body of each request and the memory of all; answer with an error of JSON-RPC, which clients show, what is beyond."""

    def __init__(self, app: ASGIApp, limit_bytes: int, budget: MemoryBudget) -> None:
        """Wrap an application.

        Args:
            app: the application to call.
            limit_bytes: the size of the largest body.
            budget: the memory that all bodies share.
        """
        self._app: Final = app
        self._limit_bytes: Final = limit_bytes
        self._budget: Final = budget

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        received_bytes = 0

        async def receive_bounded() -> Message:
            nonlocal received_bytes
            message = await receive()
            size_bytes = len(message.get("body", b""))
            self._check(received_bytes + size_bytes)
            self._budget.reserve(size_bytes)
            received_bytes += size_bytes
            return message

        try:
            self._check(announced_bytes(Headers(scope=scope)) or 0)
            await self._app(scope, receive_bounded, send)
        except RequestError as error:
            body = rejection(None, error.message).model_dump_json(by_alias=True, exclude_unset=True)
            await Response(body, error.status, media_type="application/json")(scope, receive, send)
        finally:
            self._budget.release(received_bytes)

    def _check(self, size_bytes: int) -> None:
        """Raise the error for a body that is too large."""
        if size_bytes > self._limit_bytes:
            raise too_large("message", self._limit_bytes)


def _allowed_hosts(host: str) -> TransportSecuritySettings:
    """Allow requests that address this server by its host or by loopback; a page of another site can't (DNS rebinding)."""
    names = {*_LOOPBACK_HOSTS, f"[{host}]" if ":" in host else host}
    hosts = [each for name in sorted(names) for each in (name, f"{name}:*")]
    return TransportSecuritySettings(allowed_hosts=hosts, allowed_origins=[f"http://{each}" for each in hosts])
