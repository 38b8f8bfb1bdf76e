"""Serve over streamable HTTP, with the limits of the API on the size of each body and on the memory of all."""

from typing import Final

import uvicorn
from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from digitcore.api.memory import MemoryBudget
from digitcore.api.middleware import LingeringCloseMiddleware
from digitcore.api.settings import BYTES_PER_MIB, ApiSettings
from digitcore.errors import RequestError
from digitcore.mcp.server import ToolServer, max_message_bytes

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
    server.streamable_http_app(  # creates the manager of its requests
        json_response=True,
        stateless_http=True,
        max_request_body_size=max_message_bytes(limits.body_limit_bytes),
        transport_security=_allowed_hosts(host),
    )
    manager = server.session_manager
    bounded = BodyBudgetMiddleware(manager.handle_request, MemoryBudget(max_message_bytes(limits.bodies_mib * BYTES_PER_MIB)))
    return Starlette(routes=[Route(PATH, LingeringCloseMiddleware(bounded))], lifespan=lambda _app: manager.run())


class BodyBudgetMiddleware:
    """Bound the memory that the bodies of all requests take at once; beyond it, a request is answered with 503."""

    def __init__(self, app: ASGIApp, budget: MemoryBudget) -> None:
        """Wrap an application.

        Args:
            app: the application to call.
            budget: the memory that all bodies share.
        """
        self._app: Final = app
        self._budget: Final = budget

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        received_bytes = 0

        async def receive_counted() -> Message:
            nonlocal received_bytes
            message = await receive()
            size_bytes = len(message.get("body", b""))
            self._budget.reserve(size_bytes)
            received_bytes += size_bytes
            return message

        try:
            await self._app(scope, receive_counted, send)
        except RequestError as error:
            await PlainTextResponse(error.message, error.status)(scope, receive, send)
        finally:
            self._budget.release(received_bytes)


def _allowed_hosts(host: str) -> TransportSecuritySettings:
    """Allow requests that address this server by its host or by loopback; a page of another site can't (DNS rebinding)."""
    names = {*_LOOPBACK_HOSTS, f"[{host}]" if ":" in host else host}
    hosts = [each for name in sorted(names) for each in (name, f"{name}:*")]
    return TransportSecuritySettings(allowed_hosts=hosts, allowed_origins=[f"http://{each}" for each in hosts])
