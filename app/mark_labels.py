"""What a mark is shown and spoken as: its digit, its separator, or that it is no digit."""

from typing import Final

from app.language import N_, _
from digitcore import Digit
from digitcore.numbers import Separator

_SEPARATOR_NAMES: Final = {
    Separator.POINT: N_("point"),
    Separator.COMMA: N_("comma"),
    Separator.DASH: N_("dash"),
    Separator.SLASH: N_("slash"),
    Separator.COLON: N_("colon"),
}


def shown_label(mark: Digit) -> str:
    """Return the character that is shown for a mark."""
    return "–" if mark.separator is Separator.DASH else mark.character


def spoken_label(mark: Digit) -> str:
    """Return what screen readers say for a mark: a digit, the name of a separator, or that it is no digit."""
    if mark.separator is not None:
        return _(_SEPARATOR_NAMES[mark.separator])
    return mark.name if mark.accepted else _("not a digit")
