"""Settings in the address of a page: what differs from the defaults, so that a link shares it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from digitcore.errors import SettingsError
from digitcore.settings import Choices, Settings, allowed, names

_NUMBER: Final = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,20})?(e-?[0-9]{1,3})?", re.ASCII)
"""As `repr` writes a number within any setting's range; nothing of what else Python takes for one."""


def to_query(settings: Settings) -> dict[str, str]:
    """The parameters of an address: each setting that differs from its default, as text."""
    return {name: str(value) for name, value in settings.changes().items()}


def from_query(parameters: Mapping[str, Sequence[str]]) -> tuple[Settings, tuple[str, ...]]:
    """Settings from the parameters of an address, which anybody may have written.

    Args:
        parameters: for each name the values it has there, in order.

    Returns:
        The settings; and the names that were ignored: unknown ones, repeated ones, and those whose value isn't allowed.
    """
    settings: dict[str, Any] = {}
    ignored = []
    for name, values in parameters.items():
        value = _value(name, values)
        if value is None:
            ignored.append(name)
        else:
            settings[name] = value
    return Settings(**settings), tuple(ignored)


def _value(name: str, values: Sequence[str]) -> Any:
    """What a parameter says; None where that isn't allowed."""
    if name not in names() or len(values) != 1:
        return None
    what, text = allowed(name), values[0]
    value: Any
    try:
        value = text if isinstance(what, Choices) else _number(text, whole=what.whole)
        Settings(**{name: value})
    except (SettingsError, ValueError):
        return None
    return value


def _number(text: str, *, whole: bool) -> float:
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"expected a number, received {text[:20]!r}.")
    return int(text) if whole else float(text)
