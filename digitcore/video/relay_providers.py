"""List the services that supply TURN servers."""

from collections.abc import Mapping
from typing import Final, NamedTuple


class RelayProvider(NamedTuple):
    """A service that supplies TURN servers with time-limited credentials."""

    name: str
    """The name to show."""

    credentials: tuple[str, ...]
    """The names of the settings that it requires, in the order of its API's arguments."""


PROVIDERS: Final[Mapping[str, RelayProvider]] = {
    "cloudflare": RelayProvider("Cloudflare", ("CLOUDFLARE_TURN_KEY_ID", "CLOUDFLARE_TURN_KEY_API_TOKEN")),
    "twilio": RelayProvider("Twilio", ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN")),
    "hugging-face": RelayProvider("Hugging Face", ("HF_TOKEN",)),
}
"""The supported relay providers by the values of `DIGITS_ICE_PROVIDER`."""
