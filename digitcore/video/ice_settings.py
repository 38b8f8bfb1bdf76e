"""Define and check a host's settings of ICE: which STUN and TURN servers there are, and which provider supplies relays.

No error and no `repr` here repeats the value of a setting, as it may be a secret in the wrong place. Needs pydantic-settings, of the extra
`video`.

References:
    RFC 8445: Interactive Connectivity Establishment (ICE).
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Final, Self

from digitcore.errors import ConnectionSettingError, MissingExtraError
from digitcore.messages import Message
from digitcore.video.ice_urls import is_stun_url, is_turn_url
from digitcore.video.relay_providers import PROVIDERS

try:
    from pydantic import Field, SecretStr, ValidationInfo, field_validator, model_validator
    from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict
except ModuleNotFoundError as error:
    raise MissingExtraError.for_extra("video") from error

STUN_URLS: Final = "DIGITS_STUN_URLS"
TURN_URLS: Final = "DIGITS_TURN_URLS"
TURN_USERNAME: Final = "DIGITS_TURN_USERNAME"
TURN_CREDENTIAL: Final = "DIGITS_TURN_CREDENTIAL"
TURN_SECRET: Final = "DIGITS_TURN_SECRET"  # noqa: S105  a setting's name
TURN_LIFETIME: Final = "DIGITS_TURN_LIFETIME_S"
ICE_PROVIDER: Final = "DIGITS_ICE_PROVIDER"
RELAY_ONLY: Final = "DIGITS_ICE_RELAY_ONLY"

DEFAULT_LIFETIME_S: Final = 3_600
"""How long time-limited TURN credentials are valid unless set otherwise."""

MAX_LIFETIME_S: Final = 30 * 24 * 3_600
"""The longest lifetime that can be set: 30 days."""

_TRUE: Final = ("1", "true", "yes", "on")
_FALSE: Final = ("0", "false", "no", "off")

_EXAMPLES: Final = {
    STUN_URLS: "stun:stun.example.org:3478",
    TURN_URLS: "turn:turn.example.org:3478?transport=udp",
}


class ConnectionMode(StrEnum):
    """How browser and server find a path for the video."""

    LOCAL = "local"
    """Directly, without any ICE server: on one machine or one local network."""

    STUN = "stun"
    """Directly, with public addresses learnt from a STUN server."""

    TURN_STATIC = "turn_static"
    """Through the host's own TURN server, with a fixed user name and credential."""

    TURN_SECRET = "turn_secret"  # noqa: S105  a mode's name
    """Through the host's own TURN server, with time-limited credentials made from a shared secret."""

    PROVIDER = "provider"
    """Through the TURN servers of a relay provider."""


_TURN_SERVER_SETTINGS: Final = (TURN_URLS, TURN_USERNAME, TURN_CREDENTIAL, TURN_SECRET)
SETTING_NAMES: Final = (
    *(STUN_URLS, *_TURN_SERVER_SETTINGS, TURN_LIFETIME, ICE_PROVIDER, RELAY_ONLY),
    *(name for provider in PROVIDERS.values() for name in provider.credentials),
)
"""All settings that are read."""


class IceSettings(BaseSettings):
    """The settings of ICE, checked one by one and against each other.

    The environment is not read: a host may also set them in Streamlit's secrets, so that the caller gathers them.

    Attributes:
        stun_urls: addresses of STUN servers.
        turn_urls: addresses of the host's own TURN server.
        turn_username: its fixed user name.
        turn_credential: its fixed credential.
        turn_secret: the secret shared with it.
        turn_lifetime_s: how long credentials made from the secret are valid, in seconds.
        provider_id: a key of `PROVIDERS`; empty for none.
        relay_only: whether the browser may connect through a relay only.
        provider_credentials: the values of `PROVIDERS[provider_id].credentials` by name.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True, validate_default=False)

    stun_urls: Annotated[tuple[str, ...], NoDecode] = Field((), validation_alias=STUN_URLS, repr=False)
    turn_urls: Annotated[tuple[str, ...], NoDecode] = Field((), validation_alias=TURN_URLS, repr=False)
    turn_username: str = Field("", validation_alias=TURN_USERNAME, repr=False)
    turn_credential: SecretStr = Field(SecretStr(""), validation_alias=TURN_CREDENTIAL)
    turn_secret: SecretStr = Field(SecretStr(""), validation_alias=TURN_SECRET)
    turn_lifetime_s: int = Field(DEFAULT_LIFETIME_S, validation_alias=TURN_LIFETIME)
    provider_id: str = Field("", validation_alias=ICE_PROVIDER)
    relay_only: bool = Field(False, validation_alias=RELAY_ONLY)
    provider_credentials: dict[str, SecretStr] = Field({})

    @classmethod
    def from_mapping(cls, settings: Mapping[str, str]) -> Self:
        """Check the settings of a host.

        Args:
            settings: values by the names in `SETTING_NAMES`; empty values count as not set.

        Returns:
            The checked settings.

        Raises:
            ConnectionSettingError: a setting has a bad value, is missing, or contradicts another.
        """
        given = {name: value.strip() for name, value in settings.items() if value.strip()}
        provider = PROVIDERS.get(given.get(ICE_PROVIDER, "").lower())
        required = provider.credentials if provider else ()
        credentials = {name: SecretStr(given[name]) for name in required if name in given}
        return cls(**given, provider_credentials=credentials)  # type: ignore[arg-type]  # by alias

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  the interface of BaseSettings
        init_settings: PydanticBaseSettingsSource,
        *_: Any,
        **__: Any,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Use the values given to `from_mapping` as the only source.

        Args:
            settings_cls: this class.
            init_settings: the given values.

        Returns:
            The only source.
        """
        return (init_settings,)

    @property
    def mode(self) -> ConnectionMode:
        """Return how browser and server connect."""
        if self.provider_id:
            return ConnectionMode.PROVIDER
        if self.turn_secret:
            return ConnectionMode.TURN_SECRET
        if self.turn_urls:
            return ConnectionMode.TURN_STATIC
        return ConnectionMode.STUN if self.stun_urls else ConnectionMode.LOCAL

    @field_validator("stun_urls", "turn_urls", mode="before")
    @classmethod
    def _parse_urls(cls, text: str, info: ValidationInfo) -> tuple[str, ...]:
        """Split addresses at commas and white space."""
        name, is_usable = (STUN_URLS, is_stun_url) if info.field_name == "stun_urls" else (TURN_URLS, is_turn_url)
        urls = tuple(url for url in re.split(r"[,\s]+", text) if url)
        unusable = [number for number, url in enumerate(urls, start=1) if not is_usable(url)]
        if unusable or not urls:
            raise ConnectionSettingError(
                Message(
                    "Address number {number} in {name} can't be used. Write it like {example}",
                    name=name,
                    number=unusable[0] if unusable else 1,
                    example=_EXAMPLES[name],
                )
            )
        return urls

    @field_validator("turn_lifetime_s", mode="before")
    @classmethod
    def _parse_lifetime(cls, text: str) -> int:
        if re.fullmatch(r"[0-9]{1,9}", text) and 0 < int(text) <= MAX_LIFETIME_S:
            return int(text)
        raise ConnectionSettingError(
            Message("{name} must be an integer from 1 to {maximum} (seconds).", name=TURN_LIFETIME, maximum=MAX_LIFETIME_S)
        )

    @field_validator("provider_id", mode="before")
    @classmethod
    def _parse_provider(cls, text: str) -> str:
        if text.lower() in PROVIDERS:
            return text.lower()
        raise ConnectionSettingError(
            Message("{name} is not a supported provider. Use one of: {allowed}.", name=ICE_PROVIDER, allowed=", ".join(PROVIDERS))
        )

    @field_validator("relay_only", mode="before")
    @classmethod
    def _parse_switch(cls, text: str) -> bool:
        if text.lower() in (*_TRUE, *_FALSE):
            return text.lower() in _TRUE
        raise ConnectionSettingError(Message("{name} must be yes or no.", name=RELAY_ONLY))

    @model_validator(mode="after")
    def _check_consistency(self) -> Self:
        values = (self.turn_urls, self.turn_username, self.turn_credential, self.turn_secret)
        given = [name for name, value in zip(_TURN_SERVER_SETTINGS, values, strict=True) if value]
        if self.provider_id:
            _check_provider(self.provider_id, given, self.provider_credentials)
        elif given:
            _check_turn_server(given)
        elif self.relay_only:
            raise ConnectionSettingError(
                Message(
                    "{name} needs a relay. Set {urls} or {provider} too, or leave it out.",
                    name=RELAY_ONLY,
                    urls=TURN_URLS,
                    provider=ICE_PROVIDER,
                )
            )
        return self


def _check_provider(provider_id: str, given: list[str], credentials: Mapping[str, SecretStr]) -> None:
    """Check that a provider has its credentials and that no TURN server is set as well."""
    if given:
        raise ConnectionSettingError(
            Message("Both {provider} and {own} are set. Leave one of them out.", provider=ICE_PROVIDER, own=", ".join(given))
        )
    provider = PROVIDERS[provider_id]
    missing = [name for name in provider.credentials if name not in credentials]
    if missing:
        raise ConnectionSettingError(
            Message("{provider} needs credentials. Set {missing} too.", provider=provider.name, missing=", ".join(missing))
        )


def _check_turn_server(given: list[str]) -> None:
    """Check that the host's own TURN server has an address and exactly one kind of credentials."""
    names = {"urls": TURN_URLS, "secret": TURN_SECRET, "username": TURN_USERNAME, "credential": TURN_CREDENTIAL}
    pair = [name for name in (TURN_USERNAME, TURN_CREDENTIAL) if name in given]
    if TURN_URLS not in given:
        raise ConnectionSettingError(Message("{own} is set, but no relay. Set {urls} too.", own=", ".join(given), **names))
    if TURN_SECRET in given and pair:
        raise ConnectionSettingError(Message("Set either {secret}, or {username} and {credential}, not all of them.", **names))
    if TURN_SECRET not in given and len(pair) < 2:
        raise ConnectionSettingError(
            Message("The relay in {urls} needs credentials. Set {secret}, or both {username} and {credential}.", **names)
        )
