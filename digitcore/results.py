"""The result of reading a picture: its digits, lines and numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from digitcore.class_names import DIGITS
from digitcore.numbers import HOLE, Number, Separator, join_numbers
from digitcore.rejections import RejectionReason
from digitcore.stages import Stage
from digitcore.types import Float32Array, UInt8Array


class Status(StrEnum):
    """What was found in a picture as a whole.

    Examples:
        >>> Status("no_digit") is Status.NO_DIGIT
        True
    """

    OK = "ok"
    """At least one digit."""

    BLANK = "blank"
    """No ink at all."""

    NO_DIGIT = "no_digit"
    """Marks, but none of them is a digit."""


@dataclass(frozen=True, slots=True, eq=False)
class Digit:
    """One mark and how the network classified it.

    Attributes:
        label: the likeliest digit, 0 to 9, or the index of the likeliest class of another network; where the settings tell something about
            the number, the likeliest one that fits it.
        confidence: calibrated probability of `label`, in [0, 1].
        probabilities: float32 `(10,)`, or `(K,)` of a network with K classes; calibrated, sums to 1.
        digit_score: how much the mark looks like a digit, in [0, 1].
        accepted: whether it counts as a digit; refused marks are in no text.
        reason: why it was refused or is unsure; else empty.
        box_xywh: left, top, width and height in pixels of the upright original.
        line: number of its line of writing, from 0.
        model_input: uint8 `(28, 28)`: the picture that the network classified.
        rejection: the kind of reason why it was refused; None where it is accepted.
        separator: what it is in one of `Reading.numbers`, if it is a separator there. Most such marks are refused as digits; a slash may
            have been accepted as a 1, which is in `Reading.text`.
        classes: the names of the K classes, a character each.

    Examples:
        >>> from pathlib import Path
        >>> from digitcore import read_image
        >>> digit = read_image(Path("samples/pen.jpg").read_bytes()).digits[0]
        >>> digit.model_input.shape, digit.label in range(10)
        ((28, 28), True)
    """

    label: int
    confidence: float
    probabilities: Float32Array
    digit_score: float
    accepted: bool
    reason: str
    box_xywh: tuple[int, int, int, int]
    line: int
    model_input: UInt8Array
    rejection: RejectionReason | None = None
    separator: Separator | None = None
    classes: str = DIGITS

    @property
    def name(self) -> str:
        """Return the character that `label` stands for."""
        return self.classes[self.label]

    @property
    def character(self) -> str:
        """Return what stands for it in a number: its digit, its separator, or `HOLE` for any other mark."""
        if self.separator is not None:
            return self.separator.value
        return self.name if self.accepted else HOLE

    def to_dict(self) -> dict[str, Any]:
        """Return the fields of the JSON answer, without `model_input`.

        Returns:
            Values that `json` can write; numbers are rounded to six decimals.
        """
        return {
            "label": self.label,
            "confidence": round(self.confidence, 6),
            "probabilities": [round(float(p), 6) for p in self.probabilities],
            "digit_score": round(self.digit_score, 6),
            "accepted": self.accepted,
            "reason": self.reason,
            "box_xywh": list(self.box_xywh),
            "line": self.line,
            "separator": self.separator,
        }


class Alternative(NamedTuple):
    """One of the texts that a line may have.

    Examples:
        >>> Alternative("407", 0.93).to_dict()
        {'text': '407', 'probability': 0.93}
    """

    text: str
    """Digits alone, as in `Reading.lines`."""

    probability: float
    """Calibrated, in [0, 1]."""

    def to_dict(self) -> dict[str, Any]:
        """Return the fields of the JSON answer.

        Returns:
            Values that `json` can write; the probability is rounded to six decimals.
        """
        return {"text": self.text, "probability": round(self.probability, 6)}


def lines_of(digits: Sequence[Digit]) -> list[str]:
    """Join the accepted digits of each line that has any.

    Args:
        digits: marks in reading order; refused ones are skipped.

    Returns:
        One text for each line, from the top, digits in the order given.
    """
    accepted = [digit for digit in digits if digit.accepted]
    numbers = sorted({digit.line for digit in accepted})
    return ["".join(digit.name for digit in accepted if digit.line == number) for number in numbers]


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """The answer for one picture.

    Attributes:
        status: whether digits, only other marks, or nothing was found.
        lines: the accepted digits of each line that has any, from the top.
        digits: all marks in reading order, refused ones included.
        stages: the steps in the order in which the picture went through them; from `StageName.CROP` on, of the largest mark.
        size_wh: width and height of the upright original in pixels, to which the boxes refer.
        elapsed_ms: time that the reading took, in milliseconds.
        notes: further sentences for the user, such as that there were too many marks.
        numbers: for each of `lines` its numbers as they are written, separators included, from the left.
        alternatives: for each of `lines` up to five texts that it may have, with calibrated probabilities, the likeliest first; the first
            is the line itself.

    Examples:
        >>> from pathlib import Path
        >>> from digitcore import read_image
        >>> reading = read_image(Path("samples/page.jpg").read_bytes())
        >>> str(reading.status), len(reading.lines) == reading.text.count("/") + 1
        ('ok', True)
    """

    status: Status
    lines: list[str]
    digits: list[Digit]
    stages: list[Stage]
    size_wh: tuple[int, int]
    elapsed_ms: float
    notes: tuple[str, ...] = ()
    numbers: list[list[Number]] = field(default_factory=list)
    alternatives: list[tuple[Alternative, ...]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return the accepted digits in reading order, lines joined by "/"."""
        return "/".join(self.lines)

    @property
    def written_text(self) -> str:
        """Return the numbers as they are written: those of a line joined by spaces, lines by " / "."""
        return join_numbers([number.text for number in line] for line in self.numbers)

    @property
    def is_plain(self) -> bool:
        """Return whether each line is one number without separators and holes, so that its digits are what is written."""
        return [[line] for line in self.lines] == [[number.text for number in line] for line in self.numbers]

    @property
    def lowest_confidence(self) -> float | None:
        """Return the confidence of the least sure accepted digit, in [0, 1]; None where no digit is accepted."""
        return min((digit.confidence for digit in self.digits if digit.accepted), default=None)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON answer: everything but the pictures.

        Returns:
            Values that `json` can write; the time is rounded to microseconds.
        """
        return {
            "status": self.status,
            "text": self.text,
            "lines": self.lines,
            "numbers": [[number.to_dict() for number in line] for line in self.numbers],
            "alternatives": [[each.to_dict() for each in line] for line in self.alternatives],
            "digits": [digit.to_dict() for digit in self.digits],
            "notes": list(self.notes),
            "elapsed_ms": round(self.elapsed_ms, 3),
        }
