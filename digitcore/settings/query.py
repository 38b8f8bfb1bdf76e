"""Settings in the query string of a URL: those that differ from the defaults, so that a link shares them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from digitcore.settings.schema import Choices, Interval, NumberList, is_allowed
from digitcore.settings.settings import Settings, allowed_values, setting_names

_NUMBER: Final = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,20})?(e-?[0-9]{1,3})?", re.ASCII)
"""A number as `repr` writes it within any setting's range, without the other spellings that `int` and `float` accept."""

MAX_TEXT_LENGTH: Final = 2_000
"""Longer lists of numbers are left out of a query: browsers and proxies refuse very long addresses."""


def to_query(settings: Settings) -> dict[str, str]:
    """Convert settings to query parameters.

    Args:
        settings: Any settings.

    Returns:
        The settings that differ from their defaults, as text by name; without a list of more than `MAX_TEXT_LENGTH` characters.

    Examples:
        >>> to_query(Settings(clahe_clip=2.5, centring="box"))
        {'clahe_clip': '2.5', 'centring': 'box'}
    """
    texts = {name: ",".join(value) if isinstance(value, tuple) else str(value) for name, value in settings.changes().items()}
    return {name: text for name, text in texts.items() if len(text) <= MAX_TEXT_LENGTH}


def from_query(parameters: Mapping[str, Sequence[str]]) -> tuple[Settings, tuple[str, ...]]:
    """Read settings from query parameters, which anybody may have written.

    Args:
        parameters: The values of each parameter by its name, in their order in the URL.

    Returns:
        The settings; and the names that were ignored, because they are unknown, repeated or have a value that isn't allowed.

    Examples:
        >>> settings, ignored = from_query({"clahe_clip": ["2.5"], "sharpness": ["1"]})
        >>> settings.clahe_clip, ignored
        (2.5, ('sharpness',))
    """
    settings: dict[str, Any] = {}
    ignored = []
    for name, values in parameters.items():
        value = _parse(name, values)
        if value is None:
            ignored.append(name)
        else:
            settings[name] = value
    return Settings(**settings), tuple(ignored)


def _parse(name: str, values: Sequence[str]) -> str | float | tuple[str, ...] | None:
    """Convert a parameter's text to the setting's value; None where that isn't possible or allowed."""
    if name not in setting_names() or len(values) != 1:
        return None
    allowed, text = allowed_values(name), values[0]
    value: str | float | tuple[str, ...] | None
    if isinstance(allowed, Choices | Interval):
        value = text
    elif isinstance(allowed, NumberList):
        value = tuple(text.split(","))
    else:
        value = _parse_number(text, is_integer=allowed.is_integer)
    return value if is_allowed(value, allowed) else None


def _parse_number(text: str, *, is_integer: bool) -> float | None:
    if not _NUMBER.fullmatch(text):
        return None
    try:
        return int(text) if is_integer else float(text)
    except ValueError:
        return None
