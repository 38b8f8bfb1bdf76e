"""A host's settings for live video, checked: which STUN and TURN servers there are, and who lends relays.

No error and no `repr` here repeats what a setting holds: it may be a secret that was put in the wrong place.

References:
    RFC 7064, RFC 7065: the addresses `stun:` and `turn:`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from digitcore.errors import ConnectionSettingError
from digitcore.messages import Message

Kind = Literal["local", "stun", "turn_static", "turn_secret", "provider"]

STUN_URLS: Final = "DIGITS_STUN_URLS"
TURN_URLS: Final = "DIGITS_TURN_URLS"
TURN_USERNAME: Final = "DIGITS_TURN_USERNAME"
TURN_CREDENTIAL: Final = "DIGITS_TURN_CREDENTIAL"
TURN_SECRET: Final = "DIGITS_TURN_SECRET"  # noqa: S105  a setting's name
TURN_LIFETIME: Final = "DIGITS_TURN_LIFETIME_S"
ICE_PROVIDER: Final = "DIGITS_ICE_PROVIDER"
RELAY_ONLY: Final = "DIGITS_ICE_RELAY_ONLY"

DEFAULT_LIFETIME_S: Final = 3_600
LONGEST_LIFETIME_S: Final = 30 * 24 * 3_600

_YES: Final = ("1", "true", "yes", "on")
_NO: Final = ("0", "false", "no", "off")

# A name or an IPv4 address, as the server's side of WebRTC takes no IPv6; TLS over TCP alone, as in browsers.
_PORT: Final = r"(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3})"
_PLACE: Final = rf"[A-Za-z0-9._-]{{1,253}}(:{_PORT})?"
_STUN: Final = re.compile(rf"stun:{_PLACE}")
_TURN: Final = re.compile(rf"turn:{_PLACE}(\?transport=(udp|tcp))?|turns:{_PLACE}(\?transport=tcp)?")
_EXAMPLES: Final = {
    STUN_URLS: "stun:stun.example.org:3478",
    TURN_URLS: "turn:turn.example.org:3478?transport=udp",
}


class Provider(NamedTuple):
    """A service that lends relays."""

    name: str
    """For people."""

    credentials: tuple[str, ...]
    """The settings that it can't be asked without, in the order in which it takes them."""


PROVIDERS: Final[Mapping[str, Provider]] = {
    "cloudflare": Provider("Cloudflare", ("CLOUDFLARE_TURN_KEY_ID", "CLOUDFLARE_TURN_KEY_API_TOKEN")),
    "twilio": Provider("Twilio", ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN")),
    "hugging-face": Provider("Hugging Face", ("HF_TOKEN",)),
}

_OWN_RELAY: Final = (TURN_URLS, TURN_USERNAME, TURN_CREDENTIAL, TURN_SECRET)
SETTING_NAMES: Final = (
    *(STUN_URLS, *_OWN_RELAY, TURN_LIFETIME, ICE_PROVIDER, RELAY_ONLY),
    *(name for provider in PROVIDERS.values() for name in provider.credentials),
)
"""Every setting that is looked at."""


@dataclass(frozen=True, slots=True)
class RtcSettings:
    """What the settings say, free of contradictions."""

    kind: Kind
    relay_only: bool
    lifetime_s: int
    """How long time-limited credentials are valid."""

    stun_urls: list[str] = field(repr=False)
    turn_urls: list[str] = field(repr=False)
    given: Mapping[str, str] = field(repr=False)
    """The settings themselves, without the empty ones."""

    @property
    def provider_id(self) -> str:
        """The key in `PROVIDERS`, where the kind is `provider`."""
        return self.given[ICE_PROVIDER].lower()


def read_rtc_settings(settings: Mapping[str, str]) -> RtcSettings:
    """Check the settings.

    Args:
        settings: the values of `SETTING_NAMES` that are set; an empty one counts as none.

    Raises:
        ConnectionSettingError: a setting is bad, missing, or contradicts another.
    """
    given = {name: value.strip() for name, value in settings.items() if value.strip()}
    kind, relay_only = _kind(given), _is_on(given, RELAY_ONLY)
    if relay_only and kind in ("local", "stun"):
        told = {"name": RELAY_ONLY, "urls": TURN_URLS, "provider": ICE_PROVIDER}
        raise ConnectionSettingError(Message("{name} needs a relay. Set {urls} or {provider} too, or leave it out.", **told))
    stun_urls, turn_urls = _addresses(given, STUN_URLS, _STUN), _addresses(given, TURN_URLS, _TURN)
    return RtcSettings(kind, relay_only, _lifetime_s(given), stun_urls, turn_urls, given)


def is_usable(address: str) -> bool:
    """Whether browser and server both take this address of a STUN or TURN server."""
    return bool(_STUN.fullmatch(address) or _TURN.fullmatch(address))


def _kind(given: Mapping[str, str]) -> Kind:
    own = [name for name in _OWN_RELAY if name in given]
    if ICE_PROVIDER in given:
        _check_provider(given, own)
        return "provider"
    if own:
        return _kind_of_relay(given, own)
    return "stun" if STUN_URLS in given else "local"


def _check_provider(given: Mapping[str, str], own: list[str]) -> None:
    if own:
        told = {"provider": ICE_PROVIDER, "own": ", ".join(own)}
        raise ConnectionSettingError(Message("Both {provider} and {own} are set. Leave one of them out.", **told))
    provider = PROVIDERS.get(given[ICE_PROVIDER].lower())
    if provider is None:
        told = {"name": ICE_PROVIDER, "allowed": ", ".join(PROVIDERS)}
        raise ConnectionSettingError(Message("{name} names no service that is known. Allowed: {allowed}.", **told))
    missing = [name for name in provider.credentials if name not in given]
    if missing:
        told = {"provider": provider.name, "missing": ", ".join(missing)}
        raise ConnectionSettingError(Message("{provider} lends no relay without credentials. Set {missing} too.", **told))


def _kind_of_relay(given: Mapping[str, str], own: list[str]) -> Kind:
    pair = [name for name in (TURN_USERNAME, TURN_CREDENTIAL) if name in given]
    told = {"urls": TURN_URLS, "secret": TURN_SECRET, "username": TURN_USERNAME, "credential": TURN_CREDENTIAL}
    if TURN_URLS not in given:
        raise ConnectionSettingError(Message("{own} belongs to a relay, and none is set. Set {urls} too.", own=", ".join(own), **told))
    if TURN_SECRET in given and pair:
        raise ConnectionSettingError(Message("Set either {secret}, or {username} and {credential}, not all of them.", **told))
    if TURN_SECRET in given:
        return "turn_secret"
    if pair != [TURN_USERNAME, TURN_CREDENTIAL]:
        raise ConnectionSettingError(
            Message("The relay in {urls} wants credentials. Set {secret}, or both {username} and {credential}.", **told)
        )
    return "turn_static"


def _addresses(given: Mapping[str, str], name: str, allowed: re.Pattern[str]) -> list[str]:
    """The addresses of a setting, between commas or spaces."""
    addresses = [each for each in re.split(r"[,\s]+", given.get(name, "")) if each]
    places = [place for place, address in enumerate(addresses, start=1) if not allowed.fullmatch(address)]
    if places or (name in given and not addresses):
        told = {"name": name, "place": places[0] if places else 1, "example": _EXAMPLES[name]}
        raise ConnectionSettingError(Message("Address number {place} in {name} can't be used. Write it like {example}", **told))
    return addresses


def _is_on(given: Mapping[str, str], name: str) -> bool:
    value = given.get(name, "no").lower()
    if value not in (*_YES, *_NO):
        raise ConnectionSettingError(Message("{name} has to be yes or no.", name=name))
    return value in _YES


def _lifetime_s(given: Mapping[str, str]) -> int:
    value = given.get(TURN_LIFETIME, str(DEFAULT_LIFETIME_S))
    if re.fullmatch(r"[0-9]{1,9}", value) and 0 < int(value) <= LONGEST_LIFETIME_S:
        return int(value)
    told = {"name": TURN_LIFETIME, "most": LONGEST_LIFETIME_S}
    raise ConnectionSettingError(Message("{name} has to be a whole number of seconds from 1 to {most}.", **told))
