"""Create the MCP server with its tools."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from mcp.server import MCPServer, Server
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import INVALID_REQUEST, CallToolResult, ErrorData, InputRequiredResult, JSONRPCError, RequestId, ToolAnnotations
from pydantic import ValidationError

from digitcore import __version__
from digitcore.api.settings import ApiSettings
from digitcore.errors import DigitError
from digitcore.io.records import failure_message
from digitcore.mcp.reader import PoolReader
from digitcore.mcp.tools import LocalTools, RemoteTools
from digitcore.recognition.writer_profile import WriterProfile
from digitcore.settings import Settings

NAME: Final = "digit-reader"

INSTRUCTIONS: Final = "Reads handwritten digits and numbers in pictures. Pictures are neither stored nor passed on."

MESSAGE_OVERHEAD_BYTES: Final = 2**20
"""The most bytes of a message besides its picture: those of a long list of allowed numbers."""


class ToolServer(MCPServer[None]):
    """An MCP server whose tools answer bad input with a sentence, as the other ways to use the reader do."""

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[None] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """Call a tool.

        Args:
            name: of the tool.
            arguments: by name, not checked yet.
            context: that of the request.

        Returns:
            The result of the tool.

        Raises:
            ToolError: there is no such tool, an argument is wrong, or the tool raised an error.
        """
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as error:
            cause = error.__cause__
            if isinstance(cause, (DigitError, OSError)):
                raise ToolError(failure_message(cause)) from cause
            if isinstance(cause, ValidationError):
                raise ToolError(_describe(cause)) from cause
            raise

    @property
    def lowlevel(self) -> Server[None]:
        """Return the SDK's server that runs on any two streams of messages."""
        return self._lowlevel_server


def create_server(limits: ApiSettings, settings: Settings, profile: WriterProfile | None, *, has_local_files: bool) -> ToolServer:
    """Create the server with its tools.

    Args:
        limits: the host's settings of the API.
        settings: those for which a call gives no other value.
        profile: the writer's own digits.
        has_local_files: whether a client may name files of this machine.

    Returns:
        The server. Its worker processes start with the first picture, and stop with its last connection.
    """
    reader = PoolReader(limits, settings, profile)

    @asynccontextmanager
    async def close_at_end(_server: MCPServer[None]) -> AsyncIterator[None]:
        try:
            yield None
        finally:
            await reader.close()

    server = ToolServer(NAME, instructions=INSTRUCTIONS, version=__version__, log_level="WARNING", lifespan=close_at_end)
    tools = LocalTools(reader) if has_local_files else RemoteTools(reader)
    for function in tools.functions:
        server.add_tool(function, annotations=ToolAnnotations(read_only_hint=True, open_world_hint=False))
    return server


def max_message_bytes(picture_bytes: int) -> int:
    """Return the size of the largest message: that of a picture as base64, and of what may be sent with it.

    Args:
        picture_bytes: the size of the picture's file.

    Returns:
        Bytes.
    """
    return 4 * -(-picture_bytes // 3) + MESSAGE_OVERHEAD_BYTES


def rejection(request_id: RequestId | None, message: str) -> JSONRPCError:
    """Create the answer to a message that is refused before it is parsed.

    Args:
        request_id: the id of the request; None where it isn't known.
        message: why it is refused, and what to do.

    Returns:
        A message of JSON-RPC.
    """
    return JSONRPCError(jsonrpc="2.0", id=request_id, error=ErrorData(code=INVALID_REQUEST, message=message))


def _describe(error: ValidationError) -> str:
    """Return one sentence about the first wrong argument, without its value."""
    first = error.errors(include_url=False, include_input=False)[0]
    name = ".".join(map(str, first["loc"]))
    return f"The argument `{name}` can't be used: {first['msg']}."
