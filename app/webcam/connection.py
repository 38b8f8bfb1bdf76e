"""How this server's video travels: its environment and Streamlit's secrets, made into ICE servers."""

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
from digitcore.video.ice_settings import PROVIDERS, SETTING_NAMES

FRESH_S: Final = 300
"""How long one set of credentials is given out; each is valid for its whole lifetime after that."""

_logger = logging.getLogger(__name__)


def the_connection() -> IceConfiguration:
    """How video travels, with credentials no older than `FRESH_S`: to be asked anew in every run of the page.

    Raises:
        ConnectionSettingError: a setting is bad, missing, or contradicts another.
        RelayProviderError: the provider gave no relay.
    """
    return _made(host_settings(), (time.time() // FRESH_S + 1) * FRESH_S)


def host_settings() -> dict[str, str]:
    """The settings that are made: in the environment, or else in Streamlit's secrets.

    Streamlit itself copies texts and numbers among its secrets into the environment, over what is there.
    """
    secrets = st.secrets.to_dict() if st.secrets.load_if_toml_exists() else {}
    found = {name: os.environ.get(name) or _text(secrets.get(name)) for name in SETTING_NAMES}
    return {name: value for name, value in found.items() if value}


def _text(secret: object) -> str:
    """A secret as the environment would hold it: lists of addresses and switches may be TOML's own."""
    if isinstance(secret, list):
        return " ".join(map(str, secret))
    return str(secret) if isinstance(secret, str | int) else ""


@st.cache_data(ttl=FRESH_S, max_entries=2, show_spinner=False)
def _made(settings: dict[str, str], fresh_until_s: float) -> IceConfiguration:
    """The same for all visitors for a while: the streamer keeps every configuration that it has ever seen."""
    return make_ice_configuration(settings, fresh_until_s, LENDERS)


def _lender(provider_id: str, ask: Callable[..., Any]) -> FetchIceServers:
    """One of the streamer's functions, without its cache, which keeps credentials for as long as they are valid."""
    ask = inspect.unwrap(ask)

    def lend(settings: Mapping[str, str]) -> Sequence[Mapping[str, Any]]:
        try:
            servers: Sequence[Mapping[str, Any]] = ask(*(settings[name] for name in PROVIDERS[provider_id].credentials))
        except Exception as error:  # whatever a provider's package may raise; what it says may hold credentials
            failure = _failure(provider_id, error)
        else:
            return servers
        raise failure  # out here, so that the other error isn't shown along with it

    return lend


def _failure(provider_id: str, error: Exception) -> RelayProviderError:
    name = PROVIDERS[provider_id].name
    _logger.warning("%s gave no relay: %s", name, type(error).__name__)
    if isinstance(error, ImportError):
        return RelayProviderError(Message("{provider} can't be asked: its Python package isn't installed here.", provider=name))
    return no_relay_error(provider_id)


LENDERS: Final[Mapping[str, FetchIceServers]] = {
    "cloudflare": _lender("cloudflare", get_cloudflare_ice_servers),
    "twilio": _lender("twilio", get_twilio_ice_servers),
    "hugging-face": _lender("hugging-face", get_hf_ice_servers),
}
