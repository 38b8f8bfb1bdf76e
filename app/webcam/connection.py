"""The ICE configuration of this server's video, from its environment and Streamlit's secrets."""

import inspect
import logging
import os
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import streamlit as st
from streamlit_webrtc import get_cloudflare_ice_servers, get_hf_ice_servers, get_twilio_ice_servers

from digitcore.errors import RelayProviderError
from digitcore.messages import Message
from digitcore.video.ice import FetchIceServers, IceConfiguration, make_ice_configuration, no_relay_error
from digitcore.video.ice_settings import SETTING_NAMES
from digitcore.video.relay_providers import PROVIDERS

CACHE_LIFETIME_S: Final = 300
"""How long the same credentials are given out; each is valid for its whole lifetime after that."""

_logger = logging.getLogger(__name__)


def current_connection() -> IceConfiguration:
    """Return the ICE configuration, its credentials no older than `CACHE_LIFETIME_S`; for each run of the page.

    Returns:
        The configuration for browser and server.

    Raises:
        ConnectionSettingError: a setting is invalid, missing, or contradicts another.
        RelayProviderError: the provider gave no relay.
    """
    return _cached_connection(host_settings(), (time.time() // CACHE_LIFETIME_S + 1) * CACHE_LIFETIME_S)


def host_settings() -> dict[str, str]:
    """Return the settings that are set, from the environment or else from Streamlit's secrets.

    Streamlit itself copies texts and numbers among its secrets into the environment, over what is there.

    Returns:
        Values by the names in `SETTING_NAMES`; none of them empty.
    """
    secrets = st.secrets.to_dict() if st.secrets.load_if_toml_exists() else {}
    found = {name: os.environ.get(name) or _secret_text(secrets.get(name)) for name in SETTING_NAMES}
    return {name: value for name, value in found.items() if value}


def _secret_text(secret: object) -> str:
    """Convert a secret to the text that the environment would hold; TOML has lists and booleans too."""
    if isinstance(secret, list):
        return " ".join(map(str, secret))
    return str(secret) if isinstance(secret, str | int) else ""


@st.cache_data(ttl=CACHE_LIFETIME_S, max_entries=2, show_spinner=False)
def _cached_connection(settings: dict[str, str], valid_from_s: float) -> IceConfiguration:
    """Make one configuration for all visitors for a while, as streamlit-webrtc keeps every configuration that it has ever received."""
    return make_ice_configuration(settings, valid_from_s, PROVIDER_CLIENTS)


def _provider_client(provider_id: str, fetch: Callable[..., Any]) -> FetchIceServers:
    """Wrap a function of streamlit-webrtc, without its cache, which keeps credentials until they expire."""
    fetch = inspect.unwrap(fetch)

    def fetch_servers(settings: Mapping[str, str]) -> Sequence[Mapping[str, Any]]:
        try:
            servers: Sequence[Mapping[str, Any]] = fetch(*(settings[name] for name in PROVIDERS[provider_id].credentials))
        except Exception as error:  # a provider's package may raise anything, and its message may hold credentials
            failure = _provider_error(provider_id, error)
        else:
            return servers
        raise failure  # outside the except block, so that the original error isn't chained to it

    return fetch_servers


def _provider_error(provider_id: str, error: Exception) -> RelayProviderError:
    name = PROVIDERS[provider_id].name
    _logger.warning("%s gave no relay: %s", name, type(error).__name__)
    if isinstance(error, ImportError):
        return RelayProviderError(
            Message(
                "{provider} can't be used: its Python package isn't installed on this server. Install it with `pip install {package}`.",
                provider=name,
                package=provider_id,
            )
        )
    return no_relay_error(provider_id)


PROVIDER_CLIENTS: Final[Mapping[str, FetchIceServers]] = {
    "cloudflare": _provider_client("cloudflare", get_cloudflare_ice_servers),
    "twilio": _provider_client("twilio", get_twilio_ice_servers),
    "hugging-face": _provider_client("hugging-face", get_hf_ice_servers),
}
"""Functions that request relays, by the provider's id."""
