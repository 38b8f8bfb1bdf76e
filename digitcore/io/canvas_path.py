"""Flatten a path of a canvas, a list of commands as in SVG, to points."""

from collections.abc import Iterable, Sequence
from itertools import chain
from reprlib import repr as shortened_repr
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from digitcore.types import Float64Array

_POINTS_PER_CURVE: Final = 8
"""A quadratic curve is drawn as straight lines between this many points: the canvas sets its points a few pixels apart."""

_MAX_DESCRIPTION_CHARACTERS: Final = 80

_OTHER, _LINE, _CURVE = range(3)
_KINDS: Final = {"M": _LINE, "L": _LINE, "Q": _CURVE}
"""The commands that are drawn; any other moves the pen without drawing."""


def flatten_path(commands: Sequence[Any]) -> Float64Array:
    """Flatten a path to points.

    Args:
        commands: lists, each the name of a command and its coordinates: `M` and `L` with any number of points, `Q` with the control point
            and the end of a quadratic Bézier curve. Other commands are skipped.

    Returns:
        float64 `(N, 2)`, x and y; N may be 0.

    Raises:
        ValueError: another structure, or coordinates that are not finite numbers; the text gives what was expected and received.

    Examples:
        >>> flatten_path([["M", 0, 0], ["L", 9, 5]]).tolist()
        [[0.0, 0.0], [9.0, 5.0]]
    """
    for command in commands:
        _check_command(command)
    lengths = np.array([len(command) // 2 for command in commands], np.intp)
    kinds = np.repeat(np.array([_KINDS.get(command[0], _OTHER) for command in commands], np.intp), lengths)
    coordinates = finite_numbers(chain.from_iterable(command[1:] for command in commands)).reshape(-1, 2)
    lines, ends = np.flatnonzero(kinds == _LINE), np.flatnonzero(kinds == _CURVE)[1::2]
    counts = np.zeros(len(coordinates), np.intp)
    counts[lines], counts[ends] = 1, _POINTS_PER_CURVE - 1
    first = np.cumsum(counts) - counts
    points = np.empty((int(counts.sum()), 2))
    points[first[lines]] = coordinates[lines]
    if len(ends):
        points[first[ends][:, np.newaxis] + np.arange(_POINTS_PER_CURVE - 1)] = _flatten_quadratics(coordinates, ends)
    return points


def describe(value: object) -> str:
    """Describe a value in the message of an error: briefly, however large it is.

    Args:
        value: any value.

    Returns:
        The beginning of its representation, or the name of its type where that is too long to be made.
    """
    try:
        return shortened_repr(value)[:_MAX_DESCRIPTION_CHARACTERS]
    except ValueError:  # an integer of thousands of digits, which Python doesn't convert to decimal
        return type(value).__name__


def is_number_type(kind: type) -> bool:
    """Return whether values of a type are real numbers, as coordinates and widths are; truth values aren't.

    Args:
        kind: the type of a value.
    """
    return issubclass(kind, (int, float, np.integer, np.floating)) and not issubclass(kind, bool)


def finite_numbers(values: Iterable[Any]) -> Float64Array:
    """Convert numbers to float64.

    Args:
        values: of any type.

    Returns:
        float64 `(N,)`.

    Raises:
        ValueError: one isn't a finite number; the text gives what was expected and received.
    """
    numbers = list(values)
    for kind in set(map(type, numbers)):
        if not is_number_type(kind):
            raise ValueError(f"expected numbers as coordinates, received {kind.__name__}.")
    try:
        converted = np.array(numbers, np.float64)
    except OverflowError as error:
        raise ValueError("expected finite coordinates, received an integer of more than 300 digits.") from error
    if not np.isfinite(converted).all():
        raise ValueError("expected finite coordinates, received NaN or infinity.")
    return converted


def _check_command(command: object) -> None:
    """Raise an error where a value isn't the name of a command with as many coordinates as it needs."""
    if not isinstance(command, (list, tuple)) or not command or not isinstance(command[0], str):
        raise ValueError(f"expected a command such as ['L', x, y], received {describe(command)}.")
    if len(command) % 2 == 0 or (command[0] == "Q" and len(command) != 5):
        raise ValueError(f"expected the points of a command as pairs of coordinates, two of them for Q, received {describe(command)}.")


def _flatten_quadratics(coordinates: Float64Array, ends: npt.NDArray[np.intp]) -> Float64Array:
    """Return points on quadratic Bézier curves, their starts excluded.

    Args:
        coordinates: float64 `(N, 2)`, the points of all commands; a path starts at the origin.
        ends: `(M,)`, the indices of the curves' ends; each follows its control point, and that the curve's start.

    Returns:
        float64 `(M, _POINTS_PER_CURVE - 1, 2)`.
    """
    starts = np.vstack([np.zeros(2), coordinates])[ends - 1, np.newaxis]
    controls, finals = coordinates[ends - 1, np.newaxis], coordinates[ends, np.newaxis]
    t = np.linspace(0, 1, _POINTS_PER_CURVE)[1:, np.newaxis]
    return np.asarray((1 - t) ** 2 * starts + 2 * t * (1 - t) * controls + t**2 * finals, np.float64)
