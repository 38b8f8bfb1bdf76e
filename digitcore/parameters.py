"""Fields of the parameter dataclasses: each tuned number of a stage with its unit, its range, and where it comes from.

Each package of the pipeline has a module `parameters` with a frozen dataclass for each of its stages; functions take the dataclass of their
stage as an argument. What a user may choose is in `digitcore.settings` instead.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final, NamedTuple, TypeVar

_PARAMETER: Final = "parameter"

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterGroup:
    """Base of the parameter dataclasses: checks the ranges of the numbers.

    A field is declared by `parameter`, or is a group itself.

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
            value, known = getattr(self, each.name), each.metadata[_PARAMETER]
            if isinstance(each.default, int) and not isinstance(value, int):
                raise ValueError(f"expected {each.name} as an integer, received {value!r}.")
            if not known.low <= value <= known.high:
                raise ValueError(f"expected {each.name} from {known.low} to {known.high}, received {value!r}.")


def iterate_parameters(group: ParameterGroup, prefix: str = "") -> Iterator[tuple[str, float, Parameter]]:
    """Iterate over the numbers of a group and of the groups in it.

    Args:
        group: any.
        prefix: what the names begin with.

    Yields:
        Name, value and description of each; the name of a number in another group is `group.name`.
    """
    for each in fields(group):
        if _PARAMETER in each.metadata:
            yield f"{prefix}{each.name}", getattr(group, each.name), each.metadata[_PARAMETER]
        else:
            yield from iterate_parameters(getattr(group, each.name), f"{prefix}{each.name}.")


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
