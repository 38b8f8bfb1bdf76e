"""Compare what was read from a picture with its label."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from digitcore.evaluation.measures import edit_distance
from digitcore.io.records import ERROR_STATUS


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was read from a picture, and its label.

    Attributes:
        name: the picture's name.
        label: what is written, lines joined by "/"; empty where there are no digits.
        text: what was read, likewise.
        status: as in the record of a file: "ok", "blank", "no_digit" or "error".
        confidences: of the digits that were read, in [0, 1].
        error: why the picture couldn't be read; else empty.

    Examples:
        >>> Comparison("1.png", "407", "401", "ok", (0.9, 0.8, 0.6)).wrong_characters
        1
    """

    name: str
    label: str
    text: str
    status: str
    confidences: tuple[float, ...] = ()
    error: str = ""

    @property
    def is_right(self) -> bool:
        """Return whether the whole picture was read as its label, line by line."""
        return not self.is_unreadable and self.text == self.label

    @property
    def is_unreadable(self) -> bool:
        """Return whether the picture couldn't be read at all."""
        return self.status == ERROR_STATUS

    @property
    def written(self) -> str:
        """Return the digits of the label, without its lines."""
        return self.label.replace("/", "")

    @property
    def read(self) -> str:
        """Return the digits that were read, without their lines."""
        return self.text.replace("/", "")

    @property
    def wrong_characters(self) -> int:
        """Return the edit distance between the digits that were read and those of the label; lines don't count."""
        return edit_distance(self.written, self.read)

    @property
    def is_aligned(self) -> bool:
        """Return whether as many digits were read as are written, so that they can be compared one by one."""
        return bool(self.written) and len(self.written) == len(self.read)

    def to_dict(self) -> dict[str, Any]:
        """Return the fields of the JSON answer."""
        fields = {"file": self.name, "label": self.label, "text": self.text, "status": self.status}
        lowest = min(self.confidences, default=None)
        return {**fields, "wrong_characters": self.wrong_characters, "lowest_confidence": lowest, "error": self.error}


def compare(record: Mapping[str, Any], label: str) -> Comparison:
    """Compare the record of a file with its label.

    Args:
        record: as `digitcore.io.records` makes it.
        label: what is written in the picture, lines joined by "/".

    Returns:
        The comparison.
    """
    accepted = sorted((digit for digit in record["digits"] if digit["accepted"]), key=lambda digit: digit["line"])
    confidences = tuple(digit["confidence"] for digit in accepted)
    return Comparison(record["file"], label, record["text"], record["status"], confidences, record.get("error") or "")
