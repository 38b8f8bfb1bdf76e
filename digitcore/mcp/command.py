"""Define the command `digit-reader mcp [--http]`."""

import argparse
import sys
from importlib.util import find_spec
from typing import Final

from digitcore.errors import DigitError, MissingExtraError
from digitcore.recognition.writer_profile import WriterProfile
from digitcore.settings import Settings

DEFAULT_HOST: Final = "127.0.0.1"
DEFAULT_PORT: Final = 8000
MAX_PORT: Final = 65_535

EXIT_OK: Final = 0
EXIT_WRONG_CALL: Final = 2


def add_mcp(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """Add the command `mcp` to the command line.

    Args:
        commands: the subparsers of the program.

    Returns:
        The parser of the command, without the options that it shares with `read`.
    """
    mcp = commands.add_parser("mcp", help="serve the reader to an assistant, as an MCP server")
    mcp.add_argument("--http", action="store_true", help="serve over streamable HTTP at /mcp, not over standard input and output")
    mcp.add_argument("--host", default=DEFAULT_HOST, help=f"the address to listen on with --http; by default {DEFAULT_HOST}")
    mcp.add_argument("--port", type=_port, default=DEFAULT_PORT, help=f"the port with --http; by default {DEFAULT_PORT}")
    return mcp


def run_mcp(options: argparse.Namespace, settings: Settings, profile: WriterProfile | None = None) -> int:
    """Run the command `mcp` until its client or a signal ends it.

    Args:
        options: the parsed options that `add_mcp` defines.
        settings: those for which a client gives no other value.
        profile: the writer's own digits.

    Returns:
        The exit code: 0 once it was ended, 2 for a wrong call.
    """
    try:
        if find_spec("mcp") is None:
            raise MissingExtraError.for_extra("mcp")
        from digitcore.api import ApiSettings  # noqa: PLC0415  needs the extra `mcp`, as do the next three
        from digitcore.mcp.http import serve_http  # noqa: PLC0415
        from digitcore.mcp.server import create_server  # noqa: PLC0415
        from digitcore.mcp.stdio import serve_stdio  # noqa: PLC0415

        limits = ApiSettings.from_environment()
    except DigitError as error:
        print(f"digitcore: {error}", file=sys.stderr)
        return EXIT_WRONG_CALL
    server = create_server(limits, settings, profile, has_local_files=not options.http)
    if options.http:
        serve_http(server, options.host, options.port, limits)
    else:
        serve_stdio(server, limits)
    return EXIT_OK


def _port(text: str) -> int:
    """Parse the number of a port."""
    if not (text.isascii() and text.isdecimal() and 0 < int(text) <= MAX_PORT):
        raise argparse.ArgumentTypeError(f"must be from 1 to {MAX_PORT}, not {text}")
    return int(text)
