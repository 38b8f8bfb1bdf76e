"""Middleware for every request: the access log with its counters, and the lingering close of connections."""

import asyncio
import time
from http import HTTPStatus
from typing import Final

from asgi_correlation_id import correlation_id
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from digitcore.api.content_length import announced_bytes
from digitcore.api.logs import MAX_LOGGED_PATH_LENGTH, Logger
from digitcore.api.metrics import Metrics
from digitcore.api.paths import READING_PATHS, STROKES_PATH
from digitcore.api.problems import CLIENT_CLOSED_REQUEST, problem_response

MAX_HEADER_BYTES: Final = 32_768
"""The bytes that names and values of all headers may have together: nginx's default (`large_client_header_buffers`)."""

MAX_DISCARDED_BODY_BYTES: Final = 1_048_576
"""The announced size of a body up to which uvicorn reads and discards the rest of it and keeps the connection."""

LINGER_TIMEOUT_S: Final = 5.0
"""The seconds for which the rest of a larger body is discarded before the connection is closed: nginx's default (`lingering_timeout`)."""


class AccessLogMiddleware:
    """Log and count requests, reject too many headers, and log exceptions that the application doesn't handle."""

    def __init__(self, app: ASGIApp, logger: Logger, metrics: Metrics) -> None:
        """Wrap an application.

        Args:
            app: the application to call.
            logger: takes one line for each request.
            metrics: counts the responses.
        """
        self._app, self._logger, self._metrics = app, logger, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        traffic, start = _CountedTraffic(receive, send), time.perf_counter()
        try:
            if _header_bytes(scope) > MAX_HEADER_BYTES:
                response = problem_response(431, f"The request's headers exceed {MAX_HEADER_BYTES:,} bytes. Send fewer or shorter ones.")
                await response(scope, traffic.receive, traffic.send)
            else:
                await self._app(scope, traffic.receive, traffic.send)
        except Exception as error:
            if not traffic.status:
                raise
            self._logger.error("fault", request_id=correlation_id.get(), exc_info=error)
        finally:
            self._record(scope, traffic, time.perf_counter() - start)

    def _record(self, scope: Scope, traffic: "_CountedTraffic", elapsed_s: float) -> None:
        """Count the response and log the request, unless it has read strokes: the page Draw asks for that while a stroke is drawn."""
        status, route = traffic.status or CLIENT_CLOSED_REQUEST, scope["path"].removeprefix(scope.get("root_path", ""))
        self._metrics.record_response(status, elapsed_s, is_reading=route in READING_PATHS)
        if route == STROKES_PATH and status in (HTTPStatus.OK, CLIENT_CLOSED_REQUEST):
            return
        self._logger.info(
            "request",
            request_id=correlation_id.get(),
            method=scope["method"],
            path=scope["path"][:MAX_LOGGED_PATH_LENGTH],
            status=status,
            ms=round(1000 * elapsed_s, 1),
            received_bytes=traffic.received_bytes,
            sent_bytes=traffic.sent_bytes,
        )


def _header_bytes(scope: Scope) -> int:
    """Return the total size of all header names and values."""
    return sum(len(name) + len(value) for name, value in scope["headers"])


class _CountedTraffic:
    """The messages of one request: its status, and the bytes received and sent."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self.status = self.received_bytes = self.sent_bytes = 0

    async def receive(self) -> Message:
        """Receive a message and count its bytes."""
        message = await self._receive()
        self.received_bytes += len(message.get("body", b""))
        return message

    async def send(self, message: Message) -> None:
        """Send a message and count its bytes."""
        self.status = message.get("status", self.status)
        self.sent_bytes += len(message.get("body", b""))
        await self._send(message)


class LingeringCloseMiddleware:
    """Deliver the response to a client that is still sending a request body which the application doesn't read.

    A connection that is closed while its client sends is reset, and the client may lose the response. Therefore the whole response is
    sent first, then incoming data is discarded for a while, and only then the connection is closed (RFC 9112, section 9.6).
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application.

        Args:
            app: the application to call.
        """
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        exchange = _LingeringExchange(scope, receive, send)
        await self._app(scope, exchange.receive, exchange.send)


class _LingeringExchange:
    """The messages of one request whose connection may have to linger before it is closed."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        headers = Headers(scope=scope)
        has_no_body = "content-length" not in headers and "transfer-encoding" not in headers
        length = 0 if has_no_body else announced_bytes(headers)
        self._is_small = length is not None and length <= MAX_DISCARDED_BODY_BYTES
        self._is_received = False
        self._lingers = False

    async def receive(self) -> Message:
        """Receive a message and note whether it is the last one: the end of the body, or a disconnection, which has no flag."""
        message = await self._receive()
        self._is_received = not message.get("more_body")
        return message

    async def send(self, message: Message) -> None:
        """Send a message; after the last one, discard the rest of a large body and close the connection."""
        if message["type"] == "http.response.start" and not (self._is_small or self._is_received):
            self._lingers = True
            MutableHeaders(scope=message)["Connection"] = "close"
        if not self._lingers or message["type"] == "http.response.start" or message.get("more_body", False):
            await self._send(message)
            return
        await self._send({**message, "more_body": True})
        await self._discard_body()
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _discard_body(self) -> None:
        """Receive and discard the rest of the body, until it ends or the time is over."""
        try:
            async with asyncio.timeout(LINGER_TIMEOUT_S):
                while not self._is_received:
                    await self.receive()
        except TimeoutError:
            return
