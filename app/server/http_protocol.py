"""Bound what a connection may cost before its first request is complete.

uvicorn with httptools bounds neither the size of a request's head nor the time that it takes to arrive, nor the number of connections: one
connection that sends headers without end, or a thousand that send half a head, would take all memory or all file descriptors. A proxy
bounds them as well, but the app may face a network without one.
"""

import errno
import logging
import sys
from asyncio import AbstractEventLoop, Transport
from asyncio.events import TimerHandle
from typing import Any, ClassVar, Final

import uvicorn.config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.server.long_addresses import too_long_response

MAX_HEAD_BYTES: Final = 64 * 1024
"""The largest head of a request, and the longest address that nginx accepts (deploy/nginx/http.conf); a longer head is answered with 414 if
the address takes most of it, else with 431."""

MAX_DISCARDED_BYTES: Final = 2**20
"""The bytes of such a request that are received and discarded after its answer: a client that still sends when its connection is closed may
lose the answer (RFC 9112, section 9.6)."""

HEAD_TIMEOUT_S: Final = 10.0
"""The seconds in which the head of a request must arrive, as nginx's `client_header_timeout` is set here."""

MAX_CONNECTIONS: Final = 2_000
"""The most connections: a visitor's browser opens up to seven."""

_FILES_PER_CONNECTION: Final = 2
"""The file descriptors that the process may open for each connection: one for the connection itself, one for whatever else it needs."""

_OUT_OF_FILES: Final = (errno.EMFILE, errno.ENFILE)
_ACCEPT_LOG_INTERVAL_S: Final = 60.0

_logger = logging.getLogger(__name__)

_TOO_LARGE: Final = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
"""The response of RFC 6585."""


def max_connections() -> int:
    """Return the most connections that this process accepts, which depends on how many files it may open."""
    if sys.platform == "win32":
        return MAX_CONNECTIONS
    import resource  # noqa: PLC0415  doesn't exist on Windows

    soft_limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MAX_CONNECTIONS if soft_limit == resource.RLIM_INFINITY else min(MAX_CONNECTIONS, soft_limit // _FILES_PER_CONNECTION)


class BoundedHttpProtocol(HttpToolsProtocol):
    """uvicorn's protocol with bounds on the size and the time of a request's head, and on the number of connections.

    At the limit the connection that has waited longest without a complete head is closed for the new one, so that connections that only
    wait don't keep out those that ask.
    """

    _waiting: ClassVar[dict["BoundedHttpProtocol", None]] = {}
    """The connections that wait for a head while no response is sent, the oldest first."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._heads = 0
        self._is_in_head = True
        self._head_bytes = 0
        self._head_timer: TimerHandle | None = None
        self._discarded_bytes: int | None = None
        self.url, self.headers = b"", []  # uvicorn's own attributes, which it sets with the first byte of a request

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # as in uvicorn's own
        """Accept a connection; above the limit, close another one."""
        super().connection_made(transport)
        self._wait_for_head()
        while len(self.connections) > max_connections() and self._waiting:
            next(iter(self._waiting))._abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a connection."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what has arrived; end the connection if that is more of a head than allowed."""
        if self._discarded_bytes is not None:
            self._discard(data)
            return
        heads, was_in_head = self._heads, self._is_in_head
        super().data_received(data)
        if was_in_head and self._is_in_head and self._heads == heads:
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD_BYTES:
                self._refuse_head()

    def send_400_response(self, msg: str) -> None:
        """Refuse a request that can't be parsed, since its address is too long, or for another reason."""
        if self._has_long_address():
            self._refuse_head()
        else:
            super().send_400_response(msg)

    def on_headers_complete(self) -> None:
        """Begin to answer: the head of this request is complete."""
        self._heads += 1
        self._is_in_head, self._head_bytes = False, 0
        self._stop_waiting()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """End a request; what arrives next belongs to the head of another one."""
        self._is_in_head = True
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """End a response, and wait for the next request."""
        super().on_response_complete()
        if self._is_in_head and not self.pipeline and not self.transport.is_closing():
            self._wait_for_head()

    def _has_long_address(self) -> bool:
        return len(self.url) > MAX_HEAD_BYTES // 2

    def _refuse_head(self) -> None:
        """Answer a head that is too long, and discard the rest of it until the client closes the connection or the time for a head ends."""
        if self.transport.is_closing() or self._discarded_bytes is not None:
            return
        if self.cycle is not None and not self.cycle.response_complete:  # the response to an earlier request isn't complete
            self.transport.close()
            return
        self.transport.write(too_long_response(self.url, self.headers) if self._has_long_address() else _TOO_LARGE)
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._discarded_bytes = 0
        self.url, self.headers = b"", []
        self._stop_waiting()
        self._wait_for_head()

    def _discard(self, data: bytes) -> None:
        self._discarded_bytes = (self._discarded_bytes or 0) + len(data)
        if self._discarded_bytes > MAX_DISCARDED_BYTES:
            self._abort()

    def _wait_for_head(self) -> None:
        self._waiting[self] = None
        self._head_timer = self.loop.call_later(HEAD_TIMEOUT_S, self._abort)

    def _stop_waiting(self) -> None:
        self._waiting.pop(self, None)
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _abort(self) -> None:
        """Close the connection without a response."""
        self._stop_waiting()
        self.connections.discard(self)
        self.transport.abort()


def bound_http_protocol() -> None:
    """Let the servers of this process use the bounded protocol where they would choose httptools by themselves, as Streamlit's does.

    It must be called before a server is configured. `uvicorn streamlit_app:app` needs the option
    `--http app.server.http_protocol:BoundedHttpProtocol` instead.
    """
    uvicorn.config.HTTP_PROTOCOLS["auto"] = f"{__name__}:{BoundedHttpProtocol.__name__}"


class AcceptErrorHandler:
    """An exception handler for an event loop that logs once a minute that no file descriptors are left for connections.

    asyncio tries up to two thousand times in a row to accept a connection, and logs each failure with its traceback.
    """

    def __init__(self) -> None:
        self._next_log_s = float("-inf")

    def __call__(self, loop: AbstractEventLoop, context: dict[str, Any]) -> None:
        """Handle an error of the event loop; other errors are handled as by default."""
        error = context.get("exception")
        if not (isinstance(error, OSError) and error.errno in _OUT_OF_FILES and "socket" in context):
            loop.default_exception_handler(context)
        elif loop.time() >= self._next_log_s:
            self._next_log_s = loop.time() + _ACCEPT_LOG_INTERVAL_S
            _logger.warning("Connections can't be accepted: %s. Raise the limit on open files (ulimit -n).", error.strerror)
