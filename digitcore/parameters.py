"""Fields of the parameter dataclasses: each tuned number of a stage with its unit, its range, and where it comes from.

Each package of the pipeline has a module `parameters` with a frozen dataclass for each of its stages; functions take the dataclass of their
stage as an argument. What a user may choose is in `digitcore.settings` instead.
"""

import math
from collections.abc import Iterator
from dataclasses import Field, dataclass, field, fields, replace
from typing import Any, Final, NamedTuple, TypeVar

_PARAMETER: Final = "parameter"

_MIN_SOFTNESS: Final = 1e-3
"""The least softness of a limit, which is divided by it."""

ParamsT = TypeVar("ParamsT", bound="ParameterGroup")


class Parameter(NamedTuple):
    """What is known about a tuned number."""

    low: float
    """The smallest value that makes sense."""

    high: float
    """The largest value that makes sense."""

    unit: str
    """What it is measured in, such as "writing heights" or "grey levels"; "share" for a part of 1, "count" for a number of things."""

    reason: str
    """Why it has its value: a measurement, or the publication that it is from."""


def parameter(default: float, low: float, high: float, *, unit: str, reason: str) -> Any:
    """Declare a dataclass field that holds a tuned number.

    Args:
        default: its value; where it is an `int`, only integers are allowed.
        low: the smallest value that makes sense.
        high: the largest value that makes sense.
        unit: what it is measured in.
        reason: why it has its value.

    Returns:
        The field, with a `Parameter` as metadata.
    """
    return field(default=default, metadata={_PARAMETER: Parameter(low, high, unit, reason)})


@dataclass(frozen=True, slots=True)
class SoftLimit:
    """A limit near which a criterion is uncertain: its probability is a logistic function of the distance from the limit.

    Attributes:
        value: where the probability is one half.
        softness: the distance from it at which the odds are e to 1.

    Examples:
        >>> round(SoftLimit(0.5, 0.1).above(0.7), 2), SoftLimit(0.5, 0.1).below(0.5)
        (0.88, 0.5)
    """

    value: float
    softness: float

    def evidence(self, measure: float) -> float:
        """Return by how many units of softness a measure exceeds the limit: the log odds."""
        return (measure - self.value) / self.softness

    def above(self, measure: float) -> float:
        """Return the probability that a measure exceeds the limit."""
        return logistic(self.evidence(measure))

    def below(self, measure: float) -> float:
        """Return the probability that a measure stays below the limit."""
        return 1 - self.above(measure)


def logistic(log_odds: float) -> float:
    """Compute the probability of log odds, which are clipped to 50 in either direction.

    Args:
        log_odds: any number.

    Returns:
        In (0, 1).
    """
    return 1 / (1 + math.exp(-max(min(log_odds, 50.0), -50.0)))


def soft_limit(value: float, softness: float, low: float, high: float, *, unit: str, reason: str) -> Any:
    """Declare a dataclass field that holds a `SoftLimit`; its two numbers have the same unit and reason.

    Args:
        value: as in `SoftLimit`.
        softness: likewise.
        low: the smallest value that makes sense.
        high: the largest value that makes sense.
        unit: what both are measured in.
        reason: why they have their values.

    Returns:
        The field, with a `Parameter` as metadata.
    """
    return field(default=SoftLimit(value, softness), metadata={_PARAMETER: Parameter(low, high, unit, reason)})


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterGroup:
    """Base of the parameter dataclasses: checks the ranges of the numbers.

    A field is declared by `parameter` or `soft_limit`, or is a group itself.

    Raises:
        ValueError: a number is out of its range; the text gives what was expected and received.

    Examples:
        >>> @dataclass(frozen=True, slots=True, kw_only=True)
        ... class SlantParams(ParameterGroup):
        ...     max_slope: float = parameter(0.7, 0.0, 2.0, unit="pixels per pixel", reason="handwriting leans by less than 35°")
        >>> SlantParams(max_slope=3.0)
        Traceback (most recent call last):
        ValueError: expected max_slope from 0.0 to 2.0, received 3.0.
    """

    def __post_init__(self) -> None:
        for each in fields(self):
            if _PARAMETER not in each.metadata:
                continue
            for name, value, known in _numbers(self, each):
                if isinstance(each.default, int) and not isinstance(value, int):
                    raise ValueError(f"expected {name} as an integer, received {value!r}.")
                if not known.low <= value <= known.high:
                    raise ValueError(f"expected {name} from {known.low} to {known.high}, received {value!r}.")


def iterate_parameters(group: ParameterGroup, prefix: str = "") -> Iterator[tuple[str, float, Parameter]]:
    """Iterate over the numbers of a group and of the groups in it.

    Args:
        group: any.
        prefix: what the names begin with.

    Yields:
        Name, value and description of each; the name of a number in another group is `group.name`, and those of a soft limit are
        `limit.value` and `limit.softness`.
    """
    for each in fields(group):
        if _PARAMETER in each.metadata:
            yield from ((f"{prefix}{name}", value, known) for name, value, known in _numbers(group, each))
        else:
            yield from iterate_parameters(getattr(group, each.name), f"{prefix}{each.name}.")


def _numbers(group: ParameterGroup, declared: Field[Any]) -> Iterator[tuple[str, float, Parameter]]:
    """Yield name, value and description of the number in a field, or of both numbers of a soft limit."""
    value, known = getattr(group, declared.name), declared.metadata[_PARAMETER]
    if isinstance(value, SoftLimit):
        yield f"{declared.name}.value", value.value, known
        yield f"{declared.name}.softness", value.softness, known._replace(low=_MIN_SOFTNESS, high=known.high - known.low)
    else:
        yield declared.name, value, known


def replace_parameter(group: ParamsT, name: str, value: float) -> ParamsT:
    """Change one number of a group.

    Args:
        group: any; it stays as it is.
        name: as `iterate_parameters` gives it.
        value: the new value.

    Returns:
        A copy with the new value.

    Raises:
        AttributeError: there is no such number.
        ValueError: the value is out of its range.
    """
    first, _, rest = name.partition(".")
    return replace(group, **{first: replace_parameter(getattr(group, first), rest, value) if rest else value})
