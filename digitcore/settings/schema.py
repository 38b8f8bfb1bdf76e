"""The allowed values of a setting: their description, the dataclass fields that carry it, and the check."""

import re
from collections.abc import Mapping
from dataclasses import Field, field
from typing import Any, Final, NamedTuple, get_args

from digitcore.errors import SettingsError
from digitcore.messages import Message

_ALLOWED: Final = "allowed"
_STAGE: Final = "stage"

_INTERVAL: Final = re.compile(r"[0-9]+(-[0-9]+)?", re.ASCII)
_MAX_INTERVAL_LENGTH: Final = 100
"""Characters; longer texts aren't parsed."""

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


class Interval(NamedTuple):
    """The intervals of integers that a setting may have, written "3-5", or "3" for that integer alone; empty for no limit.

    Examples:
        >>> is_allowed("3-5", Interval(1, 40)), is_allowed("5-3", Interval(1, 40)), is_allowed("", Interval(1, 40))
        (True, False, True)
    """

    low: int
    """The smallest integer."""
    high: int
    """The largest integer."""


class NumberList(NamedTuple):
    """The lists of numbers that a setting may have: a sequence of texts of digits.

    Examples:
        >>> is_allowed(["407", "007"], NumberList(10, 40)), is_allowed(["4.7"], NumberList(10, 40))
        (True, False)
    """

    max_count: int
    """The most numbers."""
    max_digits: int
    """The most digits of each."""


Allowed = Range | Choices | Interval | NumberList

Schema = Mapping[str, Allowed]
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


def interval_field(low: int, high: int, stage: str) -> Any:
    """Declare a dataclass field that holds an interval of integers as text, by default none.

    Args:
        low: The smallest integer.
        high: The largest integer.
        stage: The stage of the pipeline that the setting controls.

    Returns:
        The field, with its `Interval` and stage as metadata.
    """
    return field(default="", metadata={_ALLOWED: Interval(low, high), _STAGE: stage})


def list_field(max_count: int, max_digits: int, stage: str) -> Any:
    """Declare a dataclass field that holds a tuple of texts of digits, by default none.

    Args:
        max_count: The most numbers.
        max_digits: The most digits of each.
        stage: The stage of the pipeline that the setting controls.

    Returns:
        The field, with its `NumberList` and stage as metadata.
    """
    return field(default=(), metadata={_ALLOWED: NumberList(max_count, max_digits), _STAGE: stage})


def allowed_in(declared: Field[Any]) -> Allowed:
    """Return the allowed values of a field declared by one of the functions above."""
    allowed: Allowed = declared.metadata[_ALLOWED]
    return allowed


def stage_of(declared: Field[Any]) -> str:
    """Return the stage of a field declared by one of the functions above."""
    return str(declared.metadata[_STAGE])


def check(name: str, value: object, allowed: Allowed) -> None:
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


def is_allowed(value: object, allowed: Allowed) -> bool:
    """Return whether a value is allowed; truth values are not numbers, and NaN is in no range."""
    if isinstance(allowed, Choices):
        return isinstance(value, str) and value in allowed.names
    if isinstance(allowed, Interval):
        return isinstance(value, str) and _is_interval(value, allowed)
    if isinstance(allowed, NumberList):
        return isinstance(value, (list, tuple)) and len(value) <= allowed.max_count and all(_is_number(each, allowed) for each in value)
    kind = int if allowed.is_integer else (int, float)
    return isinstance(value, kind) and not isinstance(value, bool) and allowed.low <= value <= allowed.high


def parse_interval(text: str) -> tuple[int, int] | None:
    """Parse an interval of integers.

    Args:
        text: as a setting with an `Interval` has it.

    Returns:
        The first and the last integer; None where there is no limit.

    Examples:
        >>> parse_interval("3-5"), parse_interval("3"), parse_interval("")
        ((3, 5), (3, 3), None)
    """
    first, _, last = text.partition("-")
    return (int(first), int(last or first)) if text else None


def _is_interval(text: str, allowed: Interval) -> bool:
    if not text:
        return True
    if len(text) > _MAX_INTERVAL_LENGTH or not _INTERVAL.fullmatch(text):
        return False
    first, last = parse_interval(text) or (1, 0)
    return allowed.low <= first <= last <= allowed.high


def _is_number(value: object, allowed: NumberList) -> bool:
    return isinstance(value, str) and 1 <= len(value) <= allowed.max_digits and value.isascii() and value.isdigit()


def shown_value(value: object) -> str:
    """Format a value from outside for a message, cut to a bounded length; where Python refuses to write all of it, only its type."""
    try:
        return shown_name(repr(value))
    except (RecursionError, ValueError):  # nested too deeply; an integer of more than 4,300 digits
        return type(value).__name__


def shown_name(text: str) -> str:
    """Cut a name from outside to a length that fits a message."""
    return text if len(text) <= _MAX_SHOWN_LENGTH else f"{text[:_MAX_SHOWN_LENGTH]}…"


def _not_allowed_message(name: str, value: object, allowed: Allowed) -> Message:
    shown = {"name": name, "value": shown_value(value)}
    if isinstance(allowed, Choices):
        choices = ", ".join(allowed.names)
        return Message("The setting '{name}' can't be {value}. Allowed: {allowed}.", **shown, allowed=choices)
    if isinstance(allowed, NumberList):
        limits = {"count": allowed.max_count, "digits": allowed.max_digits}
        return Message(
            "The setting '{name}' must be a list of at most {count:,} numbers of up to {digits} digits, not {value}.", **shown, **limits
        )
    if isinstance(allowed, Interval):
        limits = {"low": allowed.low, "high": allowed.high}
        return Message(
            "The setting '{name}' must be like “3” or “3-5”, with integers from {low} to {high}, not {value}.", **shown, **limits
        )
    bounds = {"low": allowed.low, "high": allowed.high}
    if allowed.is_integer:
        return Message("The setting '{name}' must be an integer from {low} to {high}, not {value}.", **shown, **bounds)
    return Message("The setting '{name}' must be a number from {low} to {high}, not {value}.", **shown, **bounds)
