"""Serve over standard input and output, where each message is a line.

The SDK reads a line of any length. Here a longer one than any picture needs is answered with an error and skipped, so that no client fills
the memory.
"""

import json
import re
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import BinaryIO, Final, cast

import anyio
from anyio import to_thread
from mcp.server.stdio import stdio_server
from mcp.shared.message import SessionMessage
from mcp_types import RequestId

from digitcore.api.body import too_large
from digitcore.api.settings import ApiSettings
from digitcore.mcp.server import ToolServer, max_message_bytes, rejection

OnTooLong = Callable[[RequestId | None], Awaitable[None]]

_CHUNK_BYTES: Final = 65_536
_END_BYTES: Final = 1_024
"""How much of the start and of the end of a message is searched for its id."""

_ID: Final = rb'"id"\s*:\s*(-?[0-9]{1,18}|"[^"\\]{0,200}")'
_ID_BEFORE_PARAMS: Final = re.compile(rb"\s*\{[^{}\[\]]*?" + _ID)
_ID_AFTER_PARAMS: Final = re.compile(rb"\}\s*,[^{}\[\]]*?" + _ID + rb"[^{}\[\]]*\}\s*$")


def serve_stdio(server: ToolServer, limits: ApiSettings) -> None:
    """Serve until the client closes standard input.

    Args:
        server: whose tools are served.
        limits: the host's settings of the API.
    """
    anyio.run(_serve, server, max_message_bytes(limits.body_limit_bytes))


async def _serve(server: ToolServer, limit_bytes: int) -> None:
    message = too_large("message", limit_bytes).message

    async def reject(request_id: RequestId | None) -> None:
        """Answer a message that is too long."""
        await outgoing.send(SessionMessage(rejection(request_id, message)))

    lines = bounded_lines(sys.stdin.buffer, limit_bytes, reject)
    async with stdio_server(cast("anyio.AsyncFile[str]", lines)) as (incoming, outgoing):  # of which it uses the lines alone
        await server.lowlevel.run(incoming, outgoing, server.lowlevel.create_initialization_options())


async def bounded_lines(file: BinaryIO, limit_bytes: int, on_too_long: OnTooLong) -> AsyncIterator[str]:
    """Yield the lines of a file, and skip those that are too long.

    Args:
        file: read on a thread.
        limit_bytes: the most bytes of a line.
        on_too_long: is called after each line that is skipped, with the id in its message, or None where that isn't found.

    Yields:
        Each line with its end; bytes that aren't UTF-8 are replaced.
    """
    while line := await to_thread.run_sync(file.readline, limit_bytes + 1):
        if len(line) <= limit_bytes:
            yield line.decode("utf-8", "replace")
        else:
            start, line = line[:_END_BYTES], line[-_END_BYTES:]
            await on_too_long(find_id(start, await to_thread.run_sync(partial(_skip_line, file, line))))


def find_id(start: bytes, end: bytes) -> RequestId | None:
    """Find the id of a request whose middle isn't known; programs write it before the parameters or after them.

    Args:
        start: the first bytes of the message.
        end: its last bytes.

    Returns:
        The id, or None.

    Examples:
        >>> find_id(b'{"jsonrpc": "2.0", "id": 7, "params": {"name": "', b'"}}}'), find_id(b'{"params": {', b'"}}, "id": "a"}')
        (7, 'a')
    """
    found = _ID_BEFORE_PARAMS.match(start) or _ID_AFTER_PARAMS.search(end)
    return None if found is None else cast("RequestId", json.loads(found[1]))


def _skip_line(file: BinaryIO, end: bytes) -> bytes:
    """Read to the end of a line, and return its last bytes."""
    while not end.endswith(b"\n") and (chunk := file.readline(_CHUNK_BYTES)):
        end = (end + chunk)[-_END_BYTES:]
    return end
