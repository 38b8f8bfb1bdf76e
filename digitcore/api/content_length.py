"""Parse the announced size of a request's body."""

import sys
from typing import Final

from starlette.datastructures import Headers

_MAX_DIGITS: Final = 15
"""More digits than any body has bytes. Python refuses to convert more than 4,300, and takes long for fewer."""


def announced_bytes(headers: Headers) -> int | None:
    """Return the announced size of a request's body in bytes.

    Args:
        headers: those of the request.

    Returns:
        The size; `sys.maxsize` for a number that no body reaches; None where the header is missing or not a number.

    Examples:
        >>> announced_bytes(Headers({"Content-Length": "12"}))
        12
        >>> announced_bytes(Headers({"Content-Length": 5_000 * "9"})) == sys.maxsize
        True
    """
    text = headers.get("content-length", "")
    if not (text.isascii() and text.isdecimal()):
        return None
    significant = text.lstrip("0") or "0"
    return int(significant) if len(significant) <= _MAX_DIGITS else sys.maxsize
