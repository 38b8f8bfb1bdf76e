"""Why marks are rejected, and what to do about it, in sentences."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from app.language import N_, _, localize
from digitcore import Digit
from digitcore.rejections import RejectionReason

_MAX_REASONS: Final = 3
"""The most frequent reasons are shown."""

_WIDE_ASPECT_RATIO: Final = 1.6
"""The width of a mark, in its heights, from which on it may be several digits."""

_LARGE_SHARE: Final = 0.6
"""The share of the picture's width or height from which on a mark can't be written larger."""

_SMALL_SHARE: Final = 0.25
"""The share of the picture's width and height up to which a mark can be written larger."""

_ADVICE: Final = {
    RejectionReason.RELATIVELY_SMALL: N_("Write all digits at about the same height."),
    RejectionReason.DOT: N_("Write a digit, not just a dot."),
    RejectionReason.TOO_SMALL: N_("Write larger, or take the photo from closer up."),
    RejectionReason.THIN_STROKE: N_("Write everything with the same pen."),
    RejectionReason.TOO_WIDE: N_("Leave some space between the digits."),
    RejectionReason.LEFT_OVER: N_("Leave some space between the digits."),
    RejectionReason.SIGN: N_("Only digits are read. If this is a digit, write it again, clearer."),
}
"""What to do about a mark that was rejected; for `NOT_A_DIGIT` that depends on its size."""


def refusal(marks: Sequence[Digit], size_wh: tuple[int, int]) -> str:
    """Describe in two or more sentences why marks aren't read, and what to do.

    Args:
        marks: at least one rejected mark.
        size_wh: the picture's width and height in pixels.

    Returns:
        Each reason once, the most frequent first, and the advice for these reasons.
    """
    rejections = [rejection for rejection, _count in Counter(mark.rejection for mark in marks).most_common(_MAX_REASONS)]
    shown = [next(mark for mark in marks if mark.rejection == rejection) for rejection in rejections]
    reasons = "; ".join(localize(mark.reason) for mark in shown)
    advice = dict.fromkeys(_advice(mark, size_wh, is_alone=len(marks) == 1) for mark in shown)
    return " ".join(filter(None, (_("I can't read this: {reason}.").format(reason=reasons), *advice)))


def _advice(mark: Digit, size_wh: tuple[int, int], *, is_alone: bool) -> str:
    """Return what to do about a rejected mark."""
    if mark.rejection is None:
        return ""
    only_digits = _("Only digits from 0 to 9 are read.")
    if mark.rejection is RejectionReason.SIGN and not is_alone:
        return only_digits
    if mark.rejection is not RejectionReason.NOT_A_DIGIT:
        return _(_ADVICE[mark.rejection])
    width, height = mark.box_xywh[2:]
    shares = width / max(size_wh[0], 1), height / max(size_wh[1], 1)
    if width > _WIDE_ASPECT_RATIO * height:
        return _("If these are several digits, leave some space between them.")
    if max(shares) >= _LARGE_SHARE or not is_alone:
        return only_digits
    return _("Write it again, larger and clearer.") if max(shares) <= _SMALL_SHARE else _("Write it again, clearer.")
