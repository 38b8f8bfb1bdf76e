"""Stand-ins for replicas that answer with the request as it reached them, so that a test sees what the proxy made of it."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Mirror(ThreadingHTTPServer):
    """One of them."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.connections: set[socket.socket] = set()
        self.seen: list[dict[str, Any]] = []
        self.hangs_up = False
        self.status = 200

    def die(self) -> None:
        """End like a killed process: nobody listens any more, and all connections are cut."""
        self.shutdown()
        self.server_close()
        for each in self.connections:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    @property
    def place(self) -> str:
        """Return its address and port."""
        return f"127.0.0.1:{self.server_port}"


class _Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Mirror

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.connection)

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        asked = {"path": self.path, "method": self.command, "headers": dict(self.headers.items()), "bytes": len(body)}
        self.server.seen.append(asked)
        if self.server.hangs_up:
            self.close_connection = True
            return
        content = json.dumps({**asked, "place": self.server.place}).encode()
        self.send_response(self.server.status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(content)), "Retry-After": "1"}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = _answer  # noqa: N815  the standard library's names

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def mirror() -> Iterator[Mirror]:
    """Run a mirror until the block ends, or until it dies."""
    with Mirror() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield running
        running.shutdown()
        thread.join()
