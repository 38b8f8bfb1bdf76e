"""Make the ICE configuration of live video: the STUN and TURN servers that browser and server use to reach each other.

Two peers on different networks need a STUN server, from which each learns its public address, or a TURN server, which relays their packets.
Without either they connect on one machine or one local network only.

References:
    RFC 8445 (ICE), RFC 8489 (STUN), RFC 8656 (TURN).
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
from digitcore.video.ice_settings import ConnectionMode, IceSettings
from digitcore.video.ice_urls import is_usable_url
from digitcore.video.relay_providers import PROVIDERS

TURN_USER: Final = "digits"
"""The user name in time-limited credentials; the relay's log and quotas refer to it."""

_TURN_SCHEME: Final = "turn"
"""How the addresses of relays begin, `turn:` and `turns:` alike."""


class IceServer(TypedDict):
    """An `RTCIceServer`: one entry of WebRTC's `iceServers`."""

    urls: list[str]
    username: NotRequired[str]
    credential: NotRequired[str]


FetchIceServers = Callable[[Mapping[str, str]], Sequence[Mapping[str, Any]]]
"""Requests relays from a provider. Takes the values of the provider's credentials by name, returns entries of `iceServers`."""


@dataclass(frozen=True, slots=True)
class IceConfiguration:
    """The ICE servers for one connection, and how they are used.

    Attributes:
        mode: how browser and server connect.
        servers: STUN servers first. aiortc uses the first STUN and the first TURN address only, the browser all of them.
        relay_only: whether the browser may connect through a relay only.
        description: the mode in one sentence for users.
    """

    mode: ConnectionMode
    servers: tuple[IceServer, ...] = field(repr=False)
    relay_only: bool
    description: Message

    @property
    def rtc_configuration(self) -> dict[str, Any]:
        """Return the `RTCConfiguration` for browser and server, credentials included; a new one each time."""
        configuration: dict[str, Any] = {"iceServers": [{**server, "urls": list(server["urls"])} for server in self.servers]}
        return {**configuration, "iceTransportPolicy": "relay"} if self.relay_only else configuration


def make_ice_configuration(
    settings: Mapping[str, str], now_s: float, providers: Mapping[str, FetchIceServers] = MappingProxyType({})
) -> IceConfiguration:
    """Make the ICE configuration from a host's settings.

    Args:
        settings: values by the names in `digitcore.video.ice_settings.SETTING_NAMES`; empty values count as not set.
        now_s: seconds since 1970, from which the lifetime of credentials is counted.
        providers: how to request relays from each of `digitcore.video.relay_providers.PROVIDERS`.

    Returns:
        The servers with credentials that are valid now.

    Raises:
        ConnectionSettingError: a setting has a bad value, is missing, or contradicts another.
        RelayProviderError: the provider supplied no usable relay.
        ValueError: `providers` lacks the provider of the settings.

    Examples:
        >>> configuration = make_ice_configuration({"DIGITS_STUN_URLS": "stun:stun.example.org"}, now_s=0.0)
        >>> configuration.rtc_configuration
        {'iceServers': [{'urls': ['stun:stun.example.org']}]}
    """
    checked = IceSettings.from_mapping(settings)
    stun = [IceServer(urls=list(checked.stun_urls))] if checked.stun_urls else []
    servers = (*stun, *_turn_servers(checked, now_s, providers))
    return IceConfiguration(checked.mode, servers, checked.relay_only, _describe(checked))


def no_relay_error(provider_id: str) -> RelayProviderError:
    """Make the error for a provider that supplies no relay, for whatever reason.

    Args:
        provider_id: a key of `digitcore.video.relay_providers.PROVIDERS`.

    Returns:
        The error to raise; its text names the settings to check, not their values.
    """
    provider = PROVIDERS[provider_id]
    return RelayProviderError(
        Message(
            "{provider} gave no relay for the video. Check {credentials} and the server's network, then try again.",
            provider=provider.name,
            credentials=", ".join(provider.credentials),
        )
    )


def _turn_servers(settings: IceSettings, now_s: float, providers: Mapping[str, FetchIceServers]) -> list[IceServer]:
    if settings.mode is ConnectionMode.PROVIDER:
        return _provider_servers(settings, providers)
    if settings.mode is ConnectionMode.TURN_SECRET:
        username, credential = _time_limited_credentials(settings.turn_secret.get_secret_value(), int(now_s) + settings.turn_lifetime_s)
        return [IceServer(urls=list(settings.turn_urls), username=username, credential=credential)]
    if settings.mode is ConnectionMode.TURN_STATIC:
        credential = settings.turn_credential.get_secret_value()
        return [IceServer(urls=list(settings.turn_urls), username=settings.turn_username, credential=credential)]
    return []


def _time_limited_credentials(secret: str, expires_s: int) -> tuple[str, str]:
    """Make a user name and a credential that a relay with the same secret accepts until then (coturn's `use-auth-secret`)."""
    username = f"{expires_s}:{TURN_USER}"
    key = secret.encode(errors="surrogateescape")  # the bytes that the environment held
    return username, base64.b64encode(hmac.digest(key, username.encode(), "sha1")).decode()


def _provider_servers(settings: IceSettings, providers: Mapping[str, FetchIceServers]) -> list[IceServer]:
    """Request relays from the provider, and drop the addresses that browser or server could not use."""
    provider_id = settings.provider_id
    if provider_id not in providers:
        raise ValueError(f"expected a function that requests relays from {provider_id}, received {sorted(providers)}.")
    entries = providers[provider_id]({name: value.get_secret_value() for name, value in settings.provider_credentials.items()})
    servers = [_usable_server(entry) for entry in entries if isinstance(entry, Mapping)] if isinstance(entries, list | tuple) else []
    usable = [server for server in servers if server["urls"]]
    if not any(url.startswith(_TURN_SCHEME) for server in usable for url in server["urls"]):
        raise no_relay_error(provider_id)
    return usable


def _usable_server(entry: Mapping[str, Any]) -> IceServer:
    """Convert a provider's entry, without unusable addresses."""
    urls = entry.get("urls")
    listed = urls if isinstance(urls, list) else [urls]
    usable = [url for url in listed if isinstance(url, str) and is_usable_url(url)]
    username, credential = entry.get("username"), entry.get("credential")
    if username and credential:
        return IceServer(urls=usable, username=str(username), credential=str(credential))
    # A browser rejects the whole configuration if a relay has no credentials.
    return IceServer(urls=[url for url in usable if not url.startswith(_TURN_SCHEME)])


def _describe(settings: IceSettings) -> Message:
    if settings.mode is ConnectionMode.LOCAL:
        return Message("Video connects directly: no STUN or TURN server is set, so it works on this machine and its local network.")
    if settings.mode is ConnectionMode.STUN:
        return Message("Video connects directly, with the help of a STUN server. Networks that block this need a relay (TURN).")
    if settings.mode is ConnectionMode.PROVIDER:
        provider = PROVIDERS[settings.provider_id].name
        if settings.relay_only:
            return Message("All video goes through a relay (TURN) of {provider}.", provider=provider)
        return Message("Video connects directly where possible, otherwise through a relay (TURN) of {provider}.", provider=provider)
    if settings.relay_only:
        return Message("All video goes through this app's relay (TURN).")
    return Message("Video connects directly where possible, otherwise through this app's relay (TURN).")
