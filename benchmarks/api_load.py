"""Asks a server for readings over many connections at once; a process of its own, and a cheap one, as it shares the server's cores.

`python -m benchmarks.api_load PORT CLIENTS SECONDS FOLDER` prints one JSON object: for each status, how long each answer took in ms.
Each client sends the folder's pictures in turn over one connection, the next as soon as the last is answered, whatever the answer.
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
"""Stands for a status where a connection ended without an answer."""

LATE_S: Final = 30.0
"""Who has no answer by then, after the end, has lost it."""


class Client(asyncio.Protocol):
    """One connection: sends a picture, waits for the answer, and so on until the end."""

    def __init__(self, requests: list[bytes], end: float, took_ms: dict[str, list[float]]) -> None:
        self._requests, self._end, self._took_ms = requests, end, took_ms
        self._turn = 0
        self._since = 0.0
        self._received = bytearray()
        self.over: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        """Whether it came to its end; else its connection was closed before."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast("asyncio.Transport", transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        """Take a piece of an answer."""
        self._received += data
        head, found, body = self._received.partition(b"\r\n\r\n")
        if not found or len(body) < int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]):
            return
        self._note(head.split(b" ", 2)[1].decode())
        self._received.clear()
        self._send()

    def connection_lost(self, _error: Exception | None) -> None:
        """End, or have another connection made."""
        if self._since:
            self._note(LOST)
        if not self.over.done():
            self.over.set_result(time.perf_counter() >= self._end)

    def _note(self, status: str) -> None:
        self._took_ms[status].append(1000 * (time.perf_counter() - self._since))
        self._since = 0.0

    def _send(self) -> None:
        if time.perf_counter() >= self._end:
            self._transport.close()
            return
        self._since = time.perf_counter()
        self._transport.write(self._requests[self._turn % len(self._requests)])
        self._turn += 1


async def load(port: int, clients: int, seconds: float, pictures: list[bytes]) -> dict[str, list[float]]:
    """Send pictures for that many seconds; milliseconds by status."""
    requests = [_request(picture) for picture in pictures]
    took_ms: dict[str, list[float]] = defaultdict(list)
    end = time.perf_counter() + seconds

    async def run(first: int) -> None:
        over, turns = False, requests[first % len(requests) :] + requests[: first % len(requests)]
        while not over:
            _, client = await asyncio.get_running_loop().create_connection(lambda: Client(turns, end, took_ms), HOST, port)
            over = await client.over

    async with asyncio.timeout(seconds + LATE_S):
        await asyncio.gather(*map(run, range(clients)))
    return took_ms


def _request(picture: bytes) -> bytes:
    head = f"POST {PATH} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/octet-stream\r\nContent-Length: {len(picture)}\r\n\r\n"
    return head.encode() + picture


def main() -> None:
    """Run one load from the command line."""
    port, clients, seconds, folder = sys.argv[1:]
    pictures = [path.read_bytes() for path in sorted(Path(folder).iterdir())]
    print(json.dumps(asyncio.run(load(int(port), int(clients), float(seconds), pictures))))


if __name__ == "__main__":
    main()
