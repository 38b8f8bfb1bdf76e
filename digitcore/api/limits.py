"""How often each client may ask: a token bucket for each."""

import ipaddress
from typing import Final

from throttled import MemoryStore, Throttled, rate_limiter

from digitcore.errors import RequestError

REMEMBERED: Final = 10_000
"""Clients whose buckets are kept, about 5 MB of them; the one that asked longest ago is forgotten first."""

V6_NETWORK_BITS: Final = 64
"""A visitor with IPv6 has at least this network to himself (RFC 6177), so that it counts as one client."""


class Rate:
    """How often each client may ask."""

    def __init__(self, per_minute: int, burst: int) -> None:
        self._bucket: Throttled | None = None
        if per_minute:
            quota, store = rate_limiter.per_min(per_minute, burst), MemoryStore(options={"MAX_SIZE": REMEMBERED})
            self._bucket = Throttled(using="token_bucket", quota=quota, store=store)

    def check(self, host: str) -> None:
        """Take a token of this client's.

        Raises:
            RequestError: (429) it has none left.
        """
        if self._bucket is None:
            return
        result = self._bucket.limit(client_of(host))
        if result.limited:
            wait_s = max(1, int(result.state.retry_after))
            raise RequestError("You ask more often than this server allows. Wait a little and try again.", 429, wait_s)


def client_of(host: str) -> str:
    """Whose bucket it is: an IPv4 address, an IPv6 network, or whatever else stands for a client."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return host
    mapped = address.ipv4_mapped
    return str(mapped) if mapped else str(ipaddress.ip_network((address, V6_NETWORK_BITS), strict=False))
