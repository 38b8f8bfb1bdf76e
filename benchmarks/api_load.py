"""Generate load on the HTTP API over many simultaneous connections.

`python -m benchmarks.api_load PORT CLIENTS SECONDS FOLDER` prints one JSON object: the response times in milliseconds, by status. Each
client sends the folder's pictures in turn over one connection, the next one as soon as it has the response, whatever its status. The
load generator is a process of its own and does little work, since it shares the server's cores.
"""

import asyncio
import json
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Final, cast

HOST: Final = "127.0.0.1"
PATH: Final = "/api/v1/read"
LOST: Final = "lost"
"""Used in place of a status if a connection ended without a response."""

GRACE_S: Final = 30.0
"""Time after the end of the load for the last responses; then the run fails."""


class Client(asyncio.Protocol):
    """One connection: sends a picture, waits for the response, and repeats this until the end."""

    def __init__(self, requests: list[bytes], end: float, response_times_ms: dict[str, list[float]]) -> None:
        self._requests, self._end, self._response_times_ms = requests, end, response_times_ms
        self._sent_count = 0
        self._sent_s = 0.0
        self._received = bytearray()
        self.closed: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        """Set when the connection is closed: whether the load had come to its end by then."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        self._transport = cast("asyncio.Transport", transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        """Collect a part of a response; once it is complete, record it and send the next request."""
        self._received += data
        head, found, body = self._received.partition(b"\r\n\r\n")
        if not found or len(body) < int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]):
            return
        self._record(head.split(b" ", 2)[1].decode())
        self._received.clear()
        self._send()

    def connection_lost(self, _error: Exception | None) -> None:
        """Record a pending request as lost, and report that the connection is closed."""
        if self._sent_s:
            self._record(LOST)
        if not self.closed.done():
            self.closed.set_result(time.perf_counter() >= self._end)

    def _record(self, status: str) -> None:
        self._response_times_ms[status].append(1000 * (time.perf_counter() - self._sent_s))
        self._sent_s = 0.0

    def _send(self) -> None:
        if time.perf_counter() >= self._end:
            self._transport.close()
            return
        self._sent_s = time.perf_counter()
        self._transport.write(self._requests[self._sent_count % len(self._requests)])
        self._sent_count += 1


async def load(port: int, clients: int, seconds: float, pictures: list[bytes]) -> dict[str, list[float]]:
    """Send pictures over simultaneous connections; a connection that is lost before the end is opened again.

    Args:
        port: port of the server on this machine.
        clients: number of connections.
        seconds: duration of the load.
        pictures: encoded pictures, sent in turn; each client starts with another one.

    Returns:
        Response times in milliseconds, by HTTP status or `LOST`.

    Raises:
        TimeoutError: a response hasn't come by `GRACE_S` after the end.
    """
    requests = [_request(picture) for picture in pictures]
    response_times_ms: dict[str, list[float]] = defaultdict(list)
    end = time.perf_counter() + seconds

    async def run(first: int) -> None:
        ended, rotated = False, requests[first % len(requests) :] + requests[: first % len(requests)]
        while not ended:
            _, client = await asyncio.get_running_loop().create_connection(lambda: Client(rotated, end, response_times_ms), HOST, port)
            ended = await client.closed

    async with asyncio.timeout(seconds + GRACE_S):
        await asyncio.gather(*map(run, range(clients)))
    return response_times_ms


def _request(picture: bytes) -> bytes:
    """Format the HTTP request that sends a picture."""
    head = f"POST {PATH} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/octet-stream\r\nContent-Length: {len(picture)}\r\n\r\n"
    return head.encode() + picture


def main() -> None:
    """Run one load with the arguments of the command line, and print the response times."""
    port, clients, seconds, folder = sys.argv[1:]
    pictures = [path.read_bytes() for path in sorted(Path(folder).iterdir())]
    print(json.dumps(asyncio.run(load(int(port), int(clients), float(seconds), pictures))))


if __name__ == "__main__":
    main()
