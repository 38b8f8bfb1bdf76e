"""Check the addresses of STUN and TURN servers.

References:
    RFC 7064 and RFC 7065: the URI schemes `stun:` and `turn:`.
"""

import re
from typing import Final

# A host name or an IPv4 address, as aiortc accepts no IPv6 here; TLS over TCP only, as in browsers.
_PORT: Final = r"(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3})"
_HOST: Final = rf"[A-Za-z0-9._-]{{1,253}}(:{_PORT})?"
_STUN: Final = re.compile(rf"stun:{_HOST}")
_TURN: Final = re.compile(rf"turn:{_HOST}(\?transport=(udp|tcp))?|turns:{_HOST}(\?transport=tcp)?")


def is_stun_url(url: str) -> bool:
    """Return whether browser and server both accept the address of a STUN server.

    Args:
        url: an address such as `stun:stun.example.org:3478`.
    """
    return bool(_STUN.fullmatch(url))


def is_turn_url(url: str) -> bool:
    """Return whether browser and server both accept the address of a TURN server, with or without TLS.

    Args:
        url: an address such as `turn:turn.example.org:3478?transport=udp`.
    """
    return bool(_TURN.fullmatch(url))


def is_usable_url(url: str) -> bool:
    """Return whether browser and server both accept the address of a STUN or TURN server.

    Args:
        url: an address of either kind.
    """
    return is_stun_url(url) or is_turn_url(url)
