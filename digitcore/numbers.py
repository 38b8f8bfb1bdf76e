"""Numbers as they are written, and the separators between their digits."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

HOLE: Final = "?"
"""Stands in a number's text for a mark that is not accepted as a digit."""


class Separator(StrEnum):
    """A sign between or before the digits of a number; its value is the character.

    Examples:
        >>> Separator(":") is Separator.COLON
        True
    """

    POINT = "."
    COMMA = ","
    DASH = "-"
    """A minus sign before the digits, a dash between them."""

    SLASH = "/"
    COLON = ":"


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is written.

    Attributes:
        text: its digits and separators; `HOLE` stands for a mark between them that is not accepted as a digit.
        value: the number, or None where the text isn't one number, such as a date, or may be two, such as "1,250".
        confidence: of its least sure digit or separator, in [0, 1].
        box_xywh: left, top, width and height in pixels of the upright original.
        reason: why its separators are unsure, or that there is a hole, as part of a sentence; else empty.

    Examples:
        >>> Number("12.50", Decimal("12.50"), 0.98, (10, 10, 90, 40)).to_dict()["value"]
        '12.50'
    """

    text: str
    value: Decimal | None
    confidence: float
    box_xywh: tuple[int, int, int, int]
    reason: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the fields of the JSON answer.

        Returns:
            Values that `json` can write; `value` is a string, since JSON's numbers may be rounded by their reader.
        """
        return {
            "text": self.text,
            "value": None if self.value is None else str(self.value),
            "confidence": round(self.confidence, 6),
            "box_xywh": list(self.box_xywh),
            "reason": self.reason,
        }


def join_numbers(lines: Iterable[Iterable[str]]) -> str:
    """Join the numbers of several lines to one text.

    Args:
        lines: the texts of each line's numbers; lines without any are skipped.

    Returns:
        The numbers of a line joined by spaces, lines by " / ", so that no line ends in what may be a fraction.

    Examples:
        >>> join_numbers([["14/02", "99.22"], [], ["-3"]])
        '14/02 99.22 / -3'
    """
    return " / ".join(filter(None, (" ".join(line) for line in lines)))


_PLAIN: Final = re.compile(r"-?[0-9]*\.?[0-9]+")
_DECIMAL_COMMA: Final = re.compile(r"-?[0-9]+,[0-9]+")
_THOUSANDS_OR_DECIMALS: Final = re.compile(r"-?[1-9][0-9]{0,2},[0-9]{3}")
_GROUPS_BY_COMMA: Final = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+\.[0-9]+|-?[0-9]{1,3}(,[0-9]{3}){2,}")
_GROUPS_BY_POINT: Final = re.compile(r"-?[0-9]{1,3}(\.[0-9]{3})+,[0-9]+|-?[0-9]{1,3}(\.[0-9]{3}){2,}")


def parse_value(text: str) -> Decimal | None:
    """Parse a number as people write it: with a decimal point or comma, and with groups of thousands.

    A single point is a decimal point. A single comma is one, too, unless three digits follow and one to three precede it, as in "1,250",
    which is 1.25 in Spanish and 1250 in English.

    Args:
        text: digits and separators.

    Returns:
        The number; None where the text isn't one number, such as "14/02", or may be two.

    Examples:
        >>> parse_value("12,50"), parse_value("1,250.00"), parse_value("14/02"), parse_value("1,250")
        (Decimal('12.50'), Decimal('1250.00'), None, None)
    """
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    if _GROUPS_BY_COMMA.fullmatch(text):
        return Decimal(text.replace(",", ""))
    if _GROUPS_BY_POINT.fullmatch(text):
        return Decimal(text.replace(".", "").replace(",", "."))
    if _DECIMAL_COMMA.fullmatch(text) and not _THOUSANDS_OR_DECIMALS.fullmatch(text):
        return Decimal(text.replace(",", "."))
    return None
