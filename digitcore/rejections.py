"""The reasons why a mark is not accepted as a digit."""

from enum import StrEnum
from typing import Final

from digitcore.messages import Message


class RejectionReason(StrEnum):
    """Why a mark is not accepted as a digit.

    Examples:
        >>> RejectionReason.DOT.message
        'it is a dot or a blot'
    """

    NOT_A_DIGIT = "not_a_digit"
    """The network's digit score is below the threshold that the mark's context sets."""

    RELATIVELY_SMALL = "relatively_small"
    """It is much lower than the other marks of its line, and encloses no hole: a comma, a dash."""

    DOT = "dot"
    """It is about as wide as high, and as full as one stroke that fills it."""

    TOO_SMALL = "too_small"
    """It has too few pixels to be read."""

    THIN_STROKE = "thin_stroke"
    """Its stroke is much thinner than that of the other marks: a remnant of a ruled line, a scratch."""

    TOO_WIDE = "too_wide"
    """It is too wide for one digit and was not split."""

    LEFT_OVER = "left_over"
    """It is a piece that belongs to no digit after touching digits were split."""

    SIGN = "sign"
    """It is a plus sign, a multiplication sign or a parenthesis."""

    @property
    def message(self) -> Message:
        """Return the reason as part of a sentence, to be shown."""
        return _REJECTIONS[self]


_REJECTIONS: Final = {
    RejectionReason.NOT_A_DIGIT: Message("it does not look like a digit"),
    RejectionReason.RELATIVELY_SMALL: Message("it is too small compared with the other marks"),
    RejectionReason.DOT: Message("it is a dot or a blot"),
    RejectionReason.TOO_SMALL: Message("it is too small to be read"),
    RejectionReason.THIN_STROKE: Message("its stroke is much thinner than the rest"),
    RejectionReason.TOO_WIDE: Message("it is too wide for one digit"),
    RejectionReason.LEFT_OVER: Message("it is left over after splitting touching digits"),
    RejectionReason.SIGN: Message("it is a sign such as + or ×, or a parenthesis"),
}
