"""Change each number of the pipeline a little, one at a time, and record which answers that changes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from digitcore.parameters import Parameter, iterate_parameters, replace_parameter
from digitcore.pipeline_params import PipelineParams
from tuning.reader import ParallelReader
from tuning.record import Change, Record

SHARE: Final = 0.25
"""By which share of its value a number is changed, to either side."""

SHARE_OF_RANGE: Final = 0.05
"""By which share of its range a number is changed that is 0."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """A measurement of the numbers, which can be interrupted: the record is saved after each number, and completed by the next one.

    Attributes:
        reader: of the samples, with these parameters.
        record: what is known so far; is completed.
        path: where the record is saved.
        params: the unchanged parameters.
        only: part of the names of the numbers to change; all where it is empty.
        show: is called with a line for each number.
    """

    reader: ParallelReader
    record: Record
    path: Path
    params: PipelineParams
    only: str = ""
    show: Callable[[str], object] = print

    def measure(self) -> None:
        """Change each number that is not in the record yet."""
        self.record.answers = self.reader.answers
        for name, value, known in selected_names(self.params, self.only):
            if name not in self.record.changes:
                self._try_values(name, value, changed_values(value, known))

    def measure_widely(self) -> None:
        """Halve and double the numbers that are used and changed no text so far."""
        for name, value, known in selected_names(self.params, self.only):
            changes = self.record.changes.get(name, [])
            is_used = any(change.users for change in changes)
            if is_used and not any(change.differing for change in changes):
                tried = {change.value for change in changes}
                self._try_values(name, value, [other for other in wide_values(value, known) if other not in tried])

    def try_value(self, name: str, value: float) -> Change:
        """Read all samples with another value of one number.

        Args:
            name: of the number.
            value: the other value.

        Returns:
            What it changed, or why it can't be used.
        """
        try:
            others = replace_parameter(self.params, name, value)
        except ValueError as reason:  # limits that exclude each other
            return Change(value, refused=str(reason))
        differing, users = self.reader.differences(others)
        return Change(value, users, differing)

    def _try_values(self, name: str, value: float, others: Sequence[float]) -> None:
        """Try other values of a number, add what they changed to the record, and save it."""
        added = [self.try_value(name, other) for other in others]
        self.record.changes.setdefault(name, []).extend(added)
        self.record.save(self.path)
        if added:
            self.show(_summary(name, value, added))


def changed_values(value: float, known: Parameter, share: float = SHARE) -> list[float]:
    """Choose the values to try for a number.

    Args:
        value: its value.
        known: its range.
        share: how far to go to either side, as a share of the value.

    Returns:
        A lower and a higher value within the range; integers by at least 1, and 0 by a share of the range. One of them, or none, where
        the range ends at the value.

    Examples:
        >>> changed_values(2, Parameter(1, 9, "count", "an example")), changed_values(0.8, Parameter(0, 1, "share", "an example"))
        ([1, 3], [0.6, 1])
    """
    step = abs(value) * share or SHARE_OF_RANGE * (known.high - known.low)
    tried = []
    for sign in (-1, 1):
        other = value + sign * (max(round(step), 1) if isinstance(value, int) else step)
        other = min(max(other, known.low), known.high)
        tried.append(round(other) if isinstance(value, int) else round(other, 10))
    return [other for other in tried if other != value]


def wide_values(value: float, known: Parameter) -> list[float]:
    """Choose half and twice the value of a number, within its range, and integers at least 2 away from it.

    Args:
        value: its value.
        known: its range.

    Returns:
        None, one or two values.

    Examples:
        >>> wide_values(0.8, Parameter(0, 1, "share", "an example")), wide_values(3, Parameter(1, 9, "count", "an example"))
        ([0.4, 1], [1, 6])
    """
    if isinstance(value, int):
        halved, doubled = min(value // 2, value - 2), max(2 * value, value + 2)
        tried: list[float] = [max(halved, round(known.low)), min(doubled, round(known.high))]
    else:
        tried = [min(max(factor * value, known.low), known.high) for factor in (0.5, 2.0)]
    return sorted({other for other in tried if other != value})


def selected_names(params: PipelineParams, only: str = "") -> Iterator[tuple[str, float, Parameter]]:
    """Iterate over the numbers whose name contains a text, such as a stage; over all where it is empty.

    Args:
        params: all of them.
        only: any part of a name.

    Yields:
        As `iterate_parameters` does.
    """
    return ((name, value, known) for name, value, known in iterate_parameters(params) if only in name)


def _summary(name: str, value: float, changes: Sequence[Change]) -> str:
    """Describe changes in a line."""
    changed = ", ".join(f"{each.value:g}: {len(each.differing)} of {each.users}" for each in changes)
    return f"{name} = {value:g}: texts changed by {changed}"
