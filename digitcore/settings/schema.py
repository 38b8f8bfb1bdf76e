"""The allowed values of a setting: their description, the dataclass fields that carry it, and the check."""

from collections.abc import Mapping
from dataclasses import Field, field
from typing import Any, Final, NamedTuple, get_args

from digitcore.errors import SettingsError
from digitcore.messages import Message

_ALLOWED: Final = "allowed"
_STAGE: Final = "stage"

_MAX_SHOWN_LENGTH: Final = 40
"""Characters of a name or value from outside that an error message repeats, so that a long one doesn't fill the page."""


class Range(NamedTuple):
    """The numbers that a setting may have.

    Examples:
        >>> Range(1, 32, is_integer=True).low
        1
    """

    low: float
    """The smallest allowed value."""
    high: float
    """The largest allowed value."""
    is_integer: bool
    """Whether the value must be an integer."""


class Choices(NamedTuple):
    """The words that a setting may have.

    Examples:
        >>> Choices(("keep", "squash")).names
        ('keep', 'squash')
    """

    names: tuple[str, ...]
    """The allowed values, as recipes and URLs spell them."""


Schema = Mapping[str, Range | Choices]
"""The allowed values of each setting, in the order of the settings."""


def number_field(default: float, low: float, high: float, stage: str) -> Any:
    """Declare a dataclass field that holds a number.

    Args:
        default: The default; where it is an `int`, only integers are allowed.
        low: The smallest allowed value.
        high: The largest allowed value.
        stage: The stage of the pipeline that the setting controls.

    Returns:
        The field, with its `Range` and stage as metadata.
    """
    return field(default=default, metadata={_ALLOWED: Range(low, high, isinstance(default, int)), _STAGE: stage})


def choice_field(default: str, kind: Any, stage: str) -> Any:
    """Declare a dataclass field that holds one of a few words.

    Args:
        default: The default.
        kind: The `typing.Literal` of the allowed values.
        stage: The stage of the pipeline that the setting controls.

    Returns:
        The field, with its `Choices` and stage as metadata.
    """
    return field(default=default, metadata={_ALLOWED: Choices(get_args(kind)), _STAGE: stage})


def allowed_in(declared: Field[Any]) -> Range | Choices:
    """Return the allowed values of a field declared by `number_field` or `choice_field`."""
    allowed: Range | Choices = declared.metadata[_ALLOWED]
    return allowed


def stage_of(declared: Field[Any]) -> str:
    """Return the stage of a field declared by `number_field` or `choice_field`."""
    return str(declared.metadata[_STAGE])


def check(name: str, value: object, allowed: Range | Choices) -> None:
    """Check the value of a setting.

    Args:
        name: The setting, for the message.
        value: The value to check, of any type.
        allowed: The allowed values.

    Raises:
        SettingsError: The value isn't allowed; the message names the setting, the value and what is allowed.
    """
    if not is_allowed(value, allowed):
        raise SettingsError(_not_allowed_message(name, value, allowed))


def is_allowed(value: object, allowed: Range | Choices) -> bool:
    """Return whether a value is allowed; truth values are not numbers, and NaN is in no range."""
    if isinstance(allowed, Choices):
        return isinstance(value, str) and value in allowed.names
    kind = int if allowed.is_integer else (int, float)
    return isinstance(value, kind) and not isinstance(value, bool) and allowed.low <= value <= allowed.high


def shown_value(value: object) -> str:
    """Format a value from outside for a message, cut to a bounded length; where Python refuses to write all of it, only its type."""
    try:
        return shown_name(repr(value))
    except (RecursionError, ValueError):  # nested too deeply; an integer of more than 4,300 digits
        return type(value).__name__


def shown_name(text: str) -> str:
    """Cut a name from outside to a length that fits a message."""
    return text if len(text) <= _MAX_SHOWN_LENGTH else f"{text[:_MAX_SHOWN_LENGTH]}…"


def _not_allowed_message(name: str, value: object, allowed: Range | Choices) -> Message:
    shown = {"name": name, "value": shown_value(value)}
    if isinstance(allowed, Choices):
        choices = ", ".join(allowed.names)
        return Message("The setting '{name}' can't be {value}. Allowed: {allowed}.", **shown, allowed=choices)
    bounds = {"low": allowed.low, "high": allowed.high}
    if allowed.is_integer:
        return Message("The setting '{name}' must be an integer from {low} to {high}, not {value}.", **shown, **bounds)
    return Message("The setting '{name}' must be a number from {low} to {high}, not {value}.", **shown, **bounds)
