"""The record of what other values of the pipeline's numbers changed, saved as JSON.

A record belongs to the code, the parameters and the samples that it was made with: where any of them differs, it starts again.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final, Self

from digitcore.pipeline_params import PipelineParams
from tuning.reader import Answer
from tuning.samples import Sample
from tuning.synthetic_samples import ROOT

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
