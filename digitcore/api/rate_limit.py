"""Limit how often each client may request a reading, by one token bucket per client."""

import ipaddress
from typing import Final

from throttled import MemoryStore, Throttled, rate_limiter

from digitcore.errors import RequestError

MAX_REMEMBERED_CLIENTS: Final = 10_000
"""The number of clients whose buckets are kept, about 5 MB; the one with the oldest request is dropped first."""

IPV6_CLIENT_PREFIX_BITS: Final = 64
"""The prefix length of the IPv6 network that counts as one client: every site is assigned at least this network (RFC 6177)."""

NO_ADDRESS_KEY: Final = "no address"
"""The key of the bucket that all clients without an address share, as on a Unix socket; the library refuses an empty key."""


class RateLimiter:
    """A limit on the readings of each client."""

    def __init__(self, per_minute: int, burst: int) -> None:
        """Start with full buckets.

        Args:
            per_minute: the readings that a client may request a minute in the long run; 0 for no limit.
            burst: the readings that a client may request at once.
        """
        self._bucket: Throttled | None = None
        if per_minute:
            quota, store = rate_limiter.per_min(per_minute, burst), MemoryStore(options={"MAX_SIZE": MAX_REMEMBERED_CLIENTS})
            self._bucket = Throttled(using="token_bucket", quota=quota, store=store)

    def check(self, host: str) -> None:
        """Take a token from the client's bucket.

        Args:
            host: the client's IP address, or empty if it has none.

        Raises:
            RequestError: (429) the bucket is empty.
        """
        if self._bucket is None:
            return
        result = self._bucket.limit(client_key(host) or NO_ADDRESS_KEY)
        if result.limited:
            raise RequestError("Rate limit exceeded: retry later.", 429, max(1, int(result.state.retry_after)))


def client_key(host: str) -> str:
    """Return the key of the bucket that a client shares with everybody who counts as the same client.

    Args:
        host: the client's IP address, or any other string.

    Returns:
        An IPv4 address as it is, the /64 network of an IPv6 address, and any other string as it is.

    Examples:
        >>> client_key("2001:db8:1:2:3:4:5:6")
        '2001:db8:1:2::/64'
    """
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return host
    mapped = address.ipv4_mapped
    return str(mapped) if mapped else str(ipaddress.ip_network((address, IPV6_CLIENT_PREFIX_BITS), strict=False))
