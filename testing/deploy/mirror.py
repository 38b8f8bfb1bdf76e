"""Run fake replicas that return each request as they received it, so that a test can check what the proxy forwards."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Mirror(ThreadingHTTPServer):
    """A server on loopback that returns each request as JSON.

    Attributes:
        connections: the sockets of all connections so far.
        seen: all requests so far, as they are returned.
        hangs_up: whether to close the connection instead of sending a response.
        headers: further headers of the responses.
        status: HTTP status of the responses.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _EchoHandler)
        self.connections: set[socket.socket] = set()
        self.seen: list[dict[str, Any]] = []
        self.hangs_up = False
        self.headers: dict[str, str] = {}
        self.status = 200

    def kill(self) -> None:
        """Stop like a killed process: close the listening socket and all connections."""
        self.shutdown()
        self.server_close()
        for each in self.connections:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    @property
    def address(self) -> str:
        """Return its host and port."""
        return f"127.0.0.1:{self.server_port}"


class _EchoHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Mirror

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.connection)

    def _echo(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        received = {"path": self.path, "method": self.command, "headers": dict(self.headers.items()), "bytes": len(body)}
        self.server.seen.append(received)
        if self.server.hangs_up:
            self.close_connection = True
            return
        content = json.dumps({**received, "place": self.server.address}).encode()
        self.send_response(self.server.status)
        own = {"Content-Type": "application/json", "Content-Length": str(len(content)), "Retry-After": "1"}
        for name, value in {**own, **self.server.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = _echo  # noqa: N815  the standard library's names

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def mirror() -> Iterator[Mirror]:
    """Run a mirror until the block ends, or until it is killed."""
    with Mirror() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield running
        running.shutdown()
        thread.join()
