"""A host's settings of the API, from the environment, checked."""

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from digitcore.errors import SettingsError

PREFIX: Final = "DIGITS_API_"

MIB: Final = 2**20

BODY_LIMIT_MIB: Final = 50
"""As `server.maxUploadSize` in `.streamlit/config.toml`, for the pages."""

BODIES_MIB: Final = 128
"""Two of the largest pictures, or a thousand snapshots."""

WAITING: Final = 64
"""At 250 readings a second, the last in the queue waits for a quarter of a second."""

BODY_TIMEOUT_S: Final = 10.0

BURST: Final = 20
"""A handful of files that somebody sends at once."""

_MOST: Final = 1_000_000
_YES: Final = ("1", "true", "yes", "on")
_NO: Final = ("0", "false", "no", "off")
_ORIGIN: Final = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?|\*")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiSettings:
    """What a host can choose; the environment's name of a field is `DIGITS_API_` and the field's name in capitals."""

    workers: int
    """Pictures that are read at once; by default one a core."""

    waiting: int = WAITING
    """Pictures that may wait for a worker; one more is answered with 503."""

    body_limit_mib: int = BODY_LIMIT_MIB
    """The largest body of a request, in MiB; a larger one is answered with 413."""

    bodies_mib: int = BODIES_MIB
    """The most that all bodies may take at once, in MiB; beyond it, 503."""

    body_timeout_s: float = BODY_TIMEOUT_S
    """How many seconds a sender may lag behind `digitcore.api.body.SLOWEST_BYTES_A_S`; then 408."""

    rate_per_minute: int = 0
    """Readings a minute that one client may ask for in the long run, beyond which it gets 429; 0 doesn't limit. Off by default, since
    behind a proxy that isn't in `trusted_proxies` all visitors are one client."""

    burst: int = BURST
    """Readings that it may ask for at once."""

    trusted_proxies: tuple[str, ...] = ()
    """Addresses and networks of proxies that are believed whom they ask for (`X-Forwarded-For`)."""

    cors_origins: tuple[str, ...] = ()
    """Origins whose pages may call from a browser; `*` for all."""

    metrics: bool = False
    """Whether `/api/v1/metrics` answers."""

    logs: bool = True
    """Whether each request is a line of JSON on standard output."""

    @property
    def body_limit_bytes(self) -> int:
        """The largest body of a request."""
        return self.body_limit_mib * MIB

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read and check the settings.

        Raises:
            SettingsError: one is of an unknown name or a bad value, or they contradict each other.
        """
        given = {name.removeprefix(PREFIX): value.strip() for name, value in environment.items() if name.startswith(PREFIX)}
        _check_names(given)
        settings = cls(
            workers=_whole(given, "WORKERS", os.cpu_count() or 1),
            waiting=_whole(given, "WAITING", WAITING, least=0),
            body_limit_mib=_whole(given, "BODY_LIMIT_MIB", BODY_LIMIT_MIB),
            bodies_mib=_whole(given, "BODIES_MIB", BODIES_MIB),
            body_timeout_s=_real(given, "BODY_TIMEOUT_S", BODY_TIMEOUT_S, least=0.1),
            rate_per_minute=_whole(given, "RATE_PER_MINUTE", 0, least=0),
            burst=_whole(given, "BURST", BURST),
            trusted_proxies=_proxies(given),
            cors_origins=_origins(given),
            metrics=_is_on(given, "METRICS", default=False),
            logs=_is_on(given, "LOGS", default=True),
        )
        if settings.bodies_mib < settings.body_limit_mib:
            raise SettingsError(f"{PREFIX}BODIES_MIB has to be at least as large as {PREFIX}BODY_LIMIT_MIB ({settings.body_limit_mib}).")
        return settings


def _check_names(given: Mapping[str, str]) -> None:
    known = [name.upper() for name in ApiSettings.__dataclass_fields__]
    for name in given:
        if name not in known:
            raise SettingsError(f"There is no setting {PREFIX}{name}. Allowed: {', '.join(PREFIX + each for each in known)}.")


def _whole(given: Mapping[str, str], name: str, default: int, least: int = 1) -> int:
    text = given.get(name) or str(default)
    if re.fullmatch("[0-9]{1,7}", text) and least <= int(text) <= _MOST:
        return int(text)
    raise SettingsError(f"{PREFIX}{name} has to be a whole number from {least} to {_MOST:,}.")


def _real(given: Mapping[str, str], name: str, default: float, least: float) -> float:
    text = given.get(name) or str(default)
    if re.fullmatch(r"[0-9]{1,7}(\.[0-9]{1,6})?", text) and least <= float(text) <= _MOST:
        return float(text)
    raise SettingsError(f"{PREFIX}{name} has to be a number from {least:g} to {_MOST:,}.")


def _is_on(given: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = given.get(name, "").lower() or _YES[0] * default or _NO[0]
    if text not in (*_YES, *_NO):
        raise SettingsError(f"{PREFIX}{name} has to be yes or no.")
    return text in _YES


def _listed(given: Mapping[str, str], name: str) -> tuple[str, ...]:
    """The parts of a setting, between commas or spaces."""
    return tuple(each for each in re.split(r"[,\s]+", given.get(name, "")) if each)


def _proxies(given: Mapping[str, str]) -> tuple[str, ...]:
    proxies = _listed(given, "TRUSTED_PROXIES")
    try:
        for each in proxies:
            ipaddress.ip_network(each)
    except ValueError as error:
        raise SettingsError(f"{PREFIX}TRUSTED_PROXIES has to hold addresses or networks like 10.0.0.0/8: {error}.") from error
    return proxies


def _origins(given: Mapping[str, str]) -> tuple[str, ...]:
    origins = _listed(given, "CORS_ORIGINS")
    if not all(map(_ORIGIN.fullmatch, origins)):
        raise SettingsError(f"{PREFIX}CORS_ORIGINS has to hold origins like https://example.org, or * for all.")
    return origins
