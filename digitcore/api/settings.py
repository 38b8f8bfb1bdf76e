"""The host's settings of the API, read from environment variables.

References:
    pydantic-settings, https://docs.pydantic.dev/latest/concepts/pydantic_settings/
"""

import ipaddress
import os
import re
from collections.abc import Mapping
from typing import Annotated, Any, Final, Self

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, ValidationError, model_validator
from pydantic_settings import BaseSettings, EnvSettingsSource, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from digitcore.errors import SettingsError
from digitcore.workers.deadline import READING_TIMEOUT_S

PREFIX: Final = "DIGITS_API_"
"""The start of the environment variables' names; the rest is the name of the field in capitals."""

BYTES_PER_MIB: Final = 2**20

MAX_VALUE: Final = 1_000_000
"""The upper limit of every number, in the unit of its field: larger ones are typing errors."""


def _split_list(value: object) -> object:
    """Split a string at commas and white space; leave anything else to the field's type."""
    return tuple(item for item in re.split(r"[,\s]+", value) if item) if isinstance(value, str) else value


def _check_network(text: str) -> str:
    """Return an address or network unchanged, or raise a `ValueError` if it is none."""
    ipaddress.ip_network(text)
    return text


# The description of a type completes the sentence "DIGITS_API_… must be …" about a bad value.
_PositiveInt = Annotated[int, Field(ge=1, le=MAX_VALUE, description=f"an integer of at least 1 and at most {MAX_VALUE:,}")]
_NonNegativeInt = Annotated[int, Field(ge=0, le=MAX_VALUE, description=f"an integer of at least 0 and at most {MAX_VALUE:,}")]
_Seconds = Annotated[
    float, Field(ge=0.1, le=MAX_VALUE, allow_inf_nan=False, description=f"a number of at least 0.1 and at most {MAX_VALUE:,}")
]
_Switch = Annotated[bool, Field(description="yes or no")]
_Networks = Annotated[
    tuple[Annotated[str, AfterValidator(_check_network)], ...],
    NoDecode,
    BeforeValidator(_split_list),
    Field(description="a list of addresses or networks like 10.0.0.0/8"),
]
_Origins = Annotated[
    tuple[Annotated[str, StringConstraints(pattern=r"^(https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?|\*)$")], ...],
    NoDecode,
    BeforeValidator(_split_list),
    Field(description="a list of origins like https://example.org, or * for all"),
]


class ApiSettings(BaseSettings):
    """The host's settings, immutable. `from_environment` reads them; the constructor takes values and defaults only.

    Examples:
        >>> ApiSettings.from_environment({"DIGITS_API_WAITING": "8"}).waiting
        8
    """

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        case_sensitive=True,
        populate_by_name=True,
        alias_generator=lambda name: PREFIX + name.upper(),
    )

    workers: _PositiveInt = Field(default_factory=lambda: os.cpu_count() or 1)
    """Pictures that are read at once, each in a process of its own; by default one per core."""

    waiting: _NonNegativeInt = 64
    """Pictures that may wait for a worker before requests are answered with 503. At 250 readings a second, the last of 64 waits for a
    quarter of a second."""

    body_limit_mib: _PositiveInt = 50
    """The largest body of a request in MiB, as `server.maxUploadSize` for the pages; a larger one is answered with 413."""

    bodies_mib: _PositiveInt = 128
    """The most memory that all bodies may take at once, in MiB; beyond it, 503. By default two of the largest pictures, or a thousand
    snapshots."""

    body_timeout_s: _Seconds = 10.0
    """The seconds that a sender may lag behind `digitcore.api.body.MIN_UPLOAD_BYTES_PER_S`; then 408."""

    reading_timeout_s: _Seconds = READING_TIMEOUT_S
    """The seconds after which a reading is interrupted and answered with 503, so that no picture occupies a worker for good."""

    rate_per_minute: _NonNegativeInt = 0
    """Readings a minute that each client may request in the long run, beyond which it gets 429; 0 for no limit, the default, since behind
    a proxy that isn't in `trusted_proxies` all visitors are one client."""

    burst: _PositiveInt = 20
    """Readings that a client may request at once: by default as many files as a person sends in one go."""

    trusted_proxies: _Networks = ()
    """Addresses and networks of the proxies whose `X-Forwarded-For` is trusted."""

    cors_origins: _Origins = ()
    """Origins whose pages may call the API from a browser; `*` for all."""

    metrics: _Switch = False
    """Whether `/api/v1/metrics` exists."""

    logs: _Switch = True
    """Whether each request is logged as a line of JSON on standard output."""

    @property
    def body_limit_bytes(self) -> int:
        """Return the largest body of a request in bytes."""
        return self.body_limit_mib * BYTES_PER_MIB

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read and check the settings.

        Args:
            environment: names and values; names that don't start with `DIGITS_API_` are ignored, blank values mean the default.

        Returns:
            The settings.

        Raises:
            SettingsError: a name is unknown, a value is bad, or two settings contradict each other.
        """
        _check_names(environment)
        source = EnvSettingsSource(cls)
        source.env_vars = environment
        try:
            return cls(**source())
        except ValidationError as error:
            raise SettingsError(_describe(error)) from error

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  the signature is pydantic-settings'
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the constructor read no environment, so that it depends on its arguments only."""
        return (init_settings,)

    @model_validator(mode="before")
    @classmethod
    def _drop_blank_values(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Strip all strings and drop blank ones: Compose passes `${NAME:-}` as an empty string."""
        stripped = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
        return {name: value for name, value in stripped.items() if value != ""}

    @model_validator(mode="after")
    def _check_memory(self) -> Self:
        """Check that one body of the largest size fits into the memory for all bodies."""
        if self.bodies_mib < self.body_limit_mib:
            raise ValueError(f"{PREFIX}BODIES_MIB must be at least {PREFIX}BODY_LIMIT_MIB ({self.body_limit_mib}).")
        return self


def _check_names(environment: Mapping[str, str]) -> None:
    """Raise a `SettingsError` for a name that starts like a setting but is none, since a misspelt setting would be ignored."""
    known_names = [PREFIX + field.upper() for field in ApiSettings.model_fields]
    for name in environment:
        if name.startswith(PREFIX) and name not in known_names:
            raise SettingsError(f"There is no setting {name}. Allowed: {', '.join(known_names)}.")


def _describe(error: ValidationError) -> str:
    """Return one sentence about the first bad value."""
    first = error.errors()[0]
    if not first["loc"]:  # two settings that contradict each other
        return str(first["ctx"]["error"])
    name = str(first["loc"][0])
    field = ApiSettings.model_fields[name.removeprefix(PREFIX).lower()]
    return f"{name} must be {field.description}, received {first['input']!r}."
