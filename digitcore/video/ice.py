"""How live video travels between browser and server: the ICE servers that both are told of.

A browser and a server that don't see each other need a STUN server, which tells each its public address, or a TURN server, which relays
what they send. Without any they connect on one machine or one local network.

References:
    Uberti 2013, A REST API for access to TURN services (draft-uberti-behave-turn-rest-00): credentials from a shared secret.
"""

import base64
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, NotRequired, TypedDict

from digitcore.errors import RelayProviderError
from digitcore.messages import Message
from digitcore.video.ice_settings import (
    PROVIDERS,
    TURN_CREDENTIAL,
    TURN_SECRET,
    TURN_USERNAME,
    Kind,
    RtcSettings,
    is_usable,
    read_rtc_settings,
)

USER: Final = "digits"
"""The user in time-limited credentials, whom the relay's log and quotas name."""

_RELAY: Final = "turn"
"""How the addresses of relays begin, with TLS or without."""


class IceServer(TypedDict):
    """One entry of WebRTC's `iceServers`."""

    urls: list[str]
    username: NotRequired[str]
    credential: NotRequired[str]


Lender = Callable[[Mapping[str, str]], Sequence[Mapping[str, Any]]]
"""Asks a provider for relays, by the settings: entries of `iceServers`, as the provider words them."""


@dataclass(frozen=True, slots=True)
class Connection:
    """How video travels."""

    kind: Kind
    servers: tuple[IceServer, ...] = field(repr=False)
    """STUN first. The server's own side uses the first STUN and the first TURN address alone, the browser all of them."""

    relay_only: bool
    """Whether the browser may send through a relay alone."""

    sentence: Message
    """Which way is used, for people."""

    @property
    def rtc_configuration(self) -> dict[str, Any]:
        """The `RTCConfiguration` for browser and server, credentials and all; a new one each time."""
        configuration: dict[str, Any] = {"iceServers": [{**server, "urls": list(server["urls"])} for server in self.servers]}
        return {**configuration, "iceTransportPolicy": "relay"} if self.relay_only else configuration


def connection(settings: Mapping[str, str], now_s: float, lenders: Mapping[str, Lender] = MappingProxyType({})) -> Connection:
    """How video travels by a host's settings.

    Args:
        settings: the values of `digitcore.video.ice_settings.SETTING_NAMES` that are set; an empty one counts as none.
        now_s: seconds since 1970, from which the lifetime of credentials is counted.
        lenders: how to ask each of `digitcore.video.ice_settings.PROVIDERS`.

    Raises:
        ConnectionSettingError: a setting is bad, missing, or contradicts another.
        RelayProviderError: the provider gave no relay.
    """
    checked = read_rtc_settings(settings)
    stun = [IceServer(urls=checked.stun_urls)] if checked.stun_urls else []
    return Connection(checked.kind, (*stun, *_relays(checked, now_s, lenders)), checked.relay_only, _sentence(checked))


def refusal(provider_id: str) -> RelayProviderError:
    """What to raise if a provider gives no relay, for whatever reason."""
    provider = PROVIDERS[provider_id]
    told = {"provider": provider.name, "credentials": ", ".join(provider.credentials)}
    return RelayProviderError(
        Message("{provider} gave no relay for the video. Check {credentials} and the server's network, then try again.", **told)
    )


def _relays(checked: RtcSettings, now_s: float, lenders: Mapping[str, Lender]) -> list[IceServer]:
    given = checked.given
    if checked.kind == "provider":
        return _lent(checked, lenders)
    if checked.kind == "turn_secret":
        username, credential = _time_limited(given[TURN_SECRET], int(now_s) + checked.lifetime_s)
        return [IceServer(urls=checked.turn_urls, username=username, credential=credential)]
    if checked.kind == "turn_static":
        return [IceServer(urls=checked.turn_urls, username=given[TURN_USERNAME], credential=given[TURN_CREDENTIAL])]
    return []


def _time_limited(secret: str, expires_s: int) -> tuple[str, str]:
    """User name and credential that a relay with the same secret accepts until then: coturn's `use-auth-secret`."""
    username = f"{expires_s}:{USER}"
    key = secret.encode(errors="surrogateescape")  # as the environment had it
    return username, base64.b64encode(hmac.digest(key, username.encode(), "sha1")).decode()


def _lent(checked: RtcSettings, lenders: Mapping[str, Lender]) -> list[IceServer]:
    provider_id = checked.provider_id
    if provider_id not in lenders:
        raise ValueError(f"expected a lender for {provider_id}, received {sorted(lenders)}.")
    entries = lenders[provider_id](checked.given)
    servers = [_server(entry) for entry in entries if isinstance(entry, Mapping)] if isinstance(entries, list | tuple) else []
    usable = [server for server in servers if server["urls"]]
    if not any(url.startswith(_RELAY) for server in usable for url in server["urls"]):
        raise refusal(provider_id)
    return usable


def _server(entry: Mapping[str, Any]) -> IceServer:
    """A provider's entry in our own words, without addresses that browser or server couldn't use."""
    urls = entry.get("urls")
    listed = urls if isinstance(urls, list) else [urls]
    known = [url for url in listed if isinstance(url, str) and is_usable(url)]
    username, credential = entry.get("username"), entry.get("credential")
    if username and credential:
        return IceServer(urls=known, username=str(username), credential=str(credential))
    return IceServer(urls=[url for url in known if not url.startswith(_RELAY)])  # without credentials a browser refuses them all


def _sentence(checked: RtcSettings) -> Message:
    if checked.kind == "local":
        return Message("Video connects directly: no relay or address server is set, so it works on this machine and its local network.")
    if checked.kind == "stun":
        return Message("Video connects directly, with the help of an address server (STUN). Networks that forbid that need a relay.")
    if checked.kind == "provider":
        provider = PROVIDERS[checked.provider_id].name
        if checked.relay_only:
            return Message("All video goes through a relay (TURN) of {provider}.", provider=provider)
        return Message("Video connects directly where it can, else through a relay (TURN) of {provider}.", provider=provider)
    if checked.relay_only:
        return Message("All video goes through this app's relay (TURN).")
    return Message("Video connects directly where it can, else through this app's relay (TURN).")
