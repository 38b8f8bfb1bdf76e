"""Change each number of the pipeline a little, one at a time, and record which answers that changes.

The record is saved after each parameter. It belongs to the code, the parameters and the samples that it was made with: where any of them
differs, it starts anew.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final, Self

from digitcore.parameters import Parameter, iterate_parameters, replace_parameter
from digitcore.pipeline_params import PipelineParams
from tuning.reader import Answer, ParallelReader
from tuning.samples import Sample
from tuning.synthetic_samples import ROOT

SHARE: Final = 0.25
"""By which share of its value a number is changed, to either side."""

SHARE_OF_RANGE: Final = 0.05
"""By which share of its range a number is changed that is 0."""

_SOURCES: Final = ("*.py", "*.tflite", "card.json")


@dataclass(frozen=True, slots=True)
class Change:
    """What another value of one number changed.

    Attributes:
        value: the other value.
        users: for how many samples the number is used at all.
        differing: text and written text by `Sample.key`, of the samples whose answer differs.
        refused: why the value can't be used; else empty.
    """

    value: float
    users: int = 0
    differing: Mapping[str, Answer] = field(default_factory=dict)
    refused: str = ""


@dataclass(slots=True)
class Record:
    """What is known of all numbers so far.

    Attributes:
        fingerprint: of code, parameters and samples.
        answers: with the unchanged parameters, by `Sample.key`.
        changes: by the name of the number.
    """

    fingerprint: str
    answers: dict[str, Answer] = field(default_factory=dict)
    changes: dict[str, list[Change]] = field(default_factory=dict)

    def save(self, path: Path) -> None:
        """Write the record as JSON; an interrupted run leaves the file that was there."""
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".new")
        temporary.write_text(json.dumps(asdict(self), ensure_ascii=False), encoding="utf-8")
        temporary.replace(path)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote."""
        known = json.loads(path.read_text(encoding="utf-8"))
        changes = {name: [_change(each) for each in changes] for name, changes in known["changes"].items()}
        return cls(known["fingerprint"], _answers(known["answers"]), changes)

    @classmethod
    def open(cls, path: Path, fingerprint: str) -> Self:
        """Load the record if it has this fingerprint; else return an empty one."""
        if path.exists() and (record := cls.load(path)).fingerprint == fingerprint:
            return record
        return cls(fingerprint)


def _answers(known: Mapping[str, Sequence[str]]) -> dict[str, Answer]:
    return {key: Answer(*texts) for key, texts in known.items()}


def _change(known: Mapping[str, object]) -> Change:
    return Change(**{**known, "differing": _answers(known["differing"])})  # type: ignore[arg-type]


def fingerprint_of(samples: Sequence[Sample], params: PipelineParams, root: Path = ROOT / "digitcore") -> str:
    """Hash what answers depend on: code and network, parameters, and which samples there are.

    Args:
        samples: their names are used, and the sizes of their files.
        params: the unchanged parameters.
        root: folder of the code.

    Returns:
        Sixteen hexadecimal digits.
    """
    digest = hashlib.sha256(repr(params).encode())
    for sample in samples:
        digest.update(f"{sample.key} {sample.expected} {Path(sample.path).stat().st_size if sample.path else 0}\n".encode())
    for path in sorted(path for pattern in _SOURCES for path in root.rglob(pattern)):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


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


def measure_widely(
    reader: ParallelReader, record: Record, path: Path, params: PipelineParams, only: str = "", show: Callable[[str], object] = print
) -> None:
    """Halve and double the numbers that changed no text so far, and save the record after each.

    Args:
        reader: of the samples, with these parameters.
        record: is completed.
        path: where it is saved.
        params: the unchanged parameters.
        only: part of the names of the numbers to change.
        show: is called with a line for each number.
    """
    for name, value, known in selected_names(params, only):
        changes = record.changes.get(name, [])
        tried = {change.value for change in changes}
        if any(change.differing for change in changes) or not any(change.users for change in changes):
            continue
        added = [try_value(reader, params, name, other) for other in wide_values(value, known) if other not in tried]
        if added:
            changes += added
            record.save(path)
            show(_summary(name, value, added))


def _summary(name: str, value: float, changes: Sequence[Change]) -> str:
    """Describe changes in a line."""
    changed = ", ".join(f"{each.value:g}: {len(each.differing)} of {each.users}" for each in changes)
    return f"{name} = {value:g}: texts changed by {changed}"


def selected_names(params: PipelineParams, only: str = "") -> Iterator[tuple[str, float, Parameter]]:
    """Iterate over the numbers whose name contains a text, such as a stage; over all where it is empty.

    Args:
        params: all of them.
        only: any part of a name.

    Yields:
        As `iterate_parameters` does.
    """
    return ((name, value, known) for name, value, known in iterate_parameters(params) if only in name)


def measure(
    reader: ParallelReader, record: Record, path: Path, params: PipelineParams, only: str = "", show: Callable[[str], object] = print
) -> None:
    """Change each number that is not in the record yet, and save the record after each.

    Args:
        reader: of the samples, with these parameters.
        record: is completed.
        path: where it is saved.
        params: the unchanged parameters.
        only: part of the names of the numbers to change.
        show: is called with a line for each number.
    """
    record.answers = reader.answers
    for name, value, known in selected_names(params, only):
        if name not in record.changes:
            record.changes[name] = [try_value(reader, params, name, other) for other in changed_values(value, known)]
            record.save(path)
            show(_summary(name, value, record.changes[name]))


def try_value(reader: ParallelReader, params: PipelineParams, name: str, value: float) -> Change:
    """Read all samples with another value of one number.

    Args:
        reader: of the samples.
        params: the unchanged parameters.
        name: of the number.
        value: the other value.
    """
    try:
        others = replace_parameter(params, name, value)
    except ValueError as reason:  # limits that exclude each other
        return Change(value, refused=str(reason))
    differing, users = reader.differences(others)
    return Change(value, users, differing)
