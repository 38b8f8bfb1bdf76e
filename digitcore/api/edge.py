"""Around every request: what is logged and counted of it, what happens if we fail, and how a body that nobody wants is got rid of."""

import asyncio
import time
from typing import Final

from asgi_correlation_id import correlation_id
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from digitcore.api.logs import LONGEST_PATH, Log
from digitcore.api.metrics import Metrics
from digitcore.api.problems import HUNG_UP, problem

HEADER_LIMIT_BYTES: Final = 32_768
"""Names and values of all headers together: as much as nginx takes by default (`large_client_header_buffers`)."""

LEFT_TO_THE_SERVER_BYTES: Final = 1_048_576
"""The rest of a body up to this announced size is read and dropped by the HTTP server, which keeps the connection."""

LINGER_S: Final = 5.0
"""As nginx's `lingering_timeout`."""


class Watched:
    """Logs and counts every request, and has the last word where something unexpected was raised."""

    def __init__(self, app: ASGIApp, log: Log, metrics: Metrics, read_path: str) -> None:
        self._app, self._log, self._metrics, self._read_path = app, log, metrics, read_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        seen, start = _Seen(receive, send), time.perf_counter()
        try:
            if sum(len(name) + len(value) for name, value in scope["headers"]) > HEADER_LIMIT_BYTES:
                answer = problem(431, f"The headers of this request have more than {HEADER_LIMIT_BYTES:,} bytes. Send fewer.")
                await answer(scope, seen.receive, seen.send)
            else:
                await self._app(scope, seen.receive, seen.send)
        except Exception as error:
            if not seen.status:
                raise
            self._log.error("fault", request_id=correlation_id.get(), exc_info=error)
        finally:
            self._note(scope, seen, time.perf_counter() - start)

    def _note(self, scope: Scope, seen: "_Seen", elapsed_s: float) -> None:
        status = seen.status or HUNG_UP
        self._metrics.count_answer(status, elapsed_s, is_reading=scope["path"] == self._read_path)
        self._log.info(
            "request",
            request_id=correlation_id.get(),
            method=scope["method"],
            path=scope["path"][:LONGEST_PATH],
            status=status,
            ms=round(1000 * elapsed_s, 1),
            received_bytes=seen.received_bytes,
            sent_bytes=seen.sent_bytes,
        )


class _Seen:
    """The messages of one request, counted on their way."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self.status = self.received_bytes = self.sent_bytes = 0

    async def receive(self) -> Message:
        message = await self._receive()
        self.received_bytes += len(message.get("body", b""))
        return message

    async def send(self, message: Message) -> None:
        self.status = message.get("status", self.status)
        self.sent_bytes += len(message.get("body", b""))
        await self._send(message)


class Lingering:
    """Lets a client that is still sending hear why it is refused.

    A connection that is closed while its client sends is torn down, and the answer with it. So the answer goes out, whole, what still
    comes is dropped for a while, and only then the connection is closed (RFC 9112, 9.6).
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        exchange = _Exchange(scope, receive, send)
        await self._app(scope, exchange.receive, exchange.send)


class _Exchange:
    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        headers = Headers(scope=scope)
        length = headers.get("content-length", "0" if "transfer-encoding" not in headers else "")
        self._may_stay = length.isdecimal() and int(length) <= LEFT_TO_THE_SERVER_BYTES
        self._wholly_received = False
        self._lingers = False

    async def receive(self) -> Message:
        message = await self._receive()
        self._wholly_received |= message["type"] == "http.disconnect" or not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and not (self._may_stay or self._wholly_received):
            self._lingers = True
            MutableHeaders(scope=message)["Connection"] = "close"
        if not self._lingers or message["type"] == "http.response.start" or message.get("more_body", False):
            await self._send(message)
            return
        await self._send({**message, "more_body": True})
        await self._drop_the_rest()
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _drop_the_rest(self) -> None:
        try:
            async with asyncio.timeout(LINGER_S):
                while not self._wholly_received:
                    await self.receive()
        except TimeoutError:
            return
