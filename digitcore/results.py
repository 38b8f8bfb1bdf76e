"""What a picture says: its digits, and the stages it went through."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]


class Divide(NamedTuple):
    """One grey level that tells ink from paper."""

    stage: str
    """The name of the stage whose picture is divided."""

    level: float
    """The grey level, 0 to 255."""


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """A picture on its way, at one step."""

    name: str
    image: Pixels
    """uint8 `(H, W)` or `(H, W, 3)` RGB."""

    note: str
    """What was done, in one sentence."""

    elapsed_ms: float
    """How long it took since the stage before."""

    divides: Divide | None = None
    """Of a threshold for the whole picture: what it divides, and where."""


@dataclass(frozen=True, slots=True, eq=False)
class Digit:
    """One mark and what the network says of it."""

    label: int
    confidence: float
    """Calibrated probability of `label`, in [0, 1]."""

    probabilities: npt.NDArray[np.float32]
    """float32 `(10,)`, calibrated, sums to 1."""

    digit_score: float
    """How much of a digit it is, in [0, 1]."""

    accepted: bool
    reason: str
    """Why it was refused or is unsure; else empty."""

    box_xywh: tuple[int, int, int, int]
    """In pixels of the upright original."""

    line: int
    model_input: Pixels
    """uint8 `(28, 28)`: what the network saw."""

    def to_dict(self) -> dict[str, Any]:
        """The fields as JSON knows them, without `model_input`."""
        return {
            "label": self.label,
            "confidence": round(self.confidence, 6),
            "probabilities": [round(float(p), 6) for p in self.probabilities],
            "digit_score": round(self.digit_score, 6),
            "accepted": self.accepted,
            "reason": self.reason,
            "box_xywh": list(self.box_xywh),
            "line": self.line,
        }


def lines_of(digits: Sequence[Digit]) -> list[str]:
    """The accepted digits of each line that has any, by the lines' numbers; within a line in the order given."""
    accepted = [digit for digit in digits if digit.accepted]
    numbers = sorted({digit.line for digit in accepted})
    return ["".join(str(digit.label) for digit in accepted if digit.line == number) for number in numbers]


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What a picture says."""

    status: str
    """"ok" (at least one digit), "no_digit" (marks, but none is a digit) or "blank" (no ink)."""

    lines: list[str]
    """The accepted digits of each line that has any, from the top."""

    digits: list[Digit]
    """All marks in reading order, the refused ones too."""

    stages: list[Stage]
    """In the order in which the picture went through them; from "crop" on, of the largest mark."""

    size_wh: tuple[int, int]
    """Width and height of the upright original in pixels: what the boxes refer to."""

    elapsed_ms: float

    notes: tuple[str, ...] = ()
    """What a reader should know besides, in sentences: that there were too many marks, say."""

    @property
    def text(self) -> str:
        """The accepted digits in reading order, lines joined by "/"."""
        return "/".join(self.lines)

    @property
    def lowest_confidence(self) -> float | None:
        """Of the least sure accepted digit, in [0, 1]; None where there is none."""
        return min((digit.confidence for digit in self.digits if digit.accepted), default=None)

    def to_dict(self) -> dict[str, Any]:
        """The reading as JSON knows it, without its pictures."""
        return {
            "status": self.status,
            "text": self.text,
            "lines": self.lines,
            "digits": [digit.to_dict() for digit in self.digits],
            "notes": list(self.notes),
            "elapsed_ms": round(self.elapsed_ms, 3),
        }
