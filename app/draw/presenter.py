"""The presenter's view, for a projector: the canvas, the answer and its bars in large, without the rest of the app."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from app.address import has_flag, set_flag
from app.language import _
from app.probability_bars import bar, bar_list
from digitcore import Digit

PARAMETER: Final = "present"
"""The query parameter that opens the view: `?present=1`."""

_STYLE: Final = (
    '<style>[data-testid="stHeader"], .st-key-navigation { display: none; }'
    ".stApp .stMainBlockContainer { max-width: none; padding: 1rem 2rem; }</style>"
)
"""Sent with this view alone: with `.stApp:has(…)` in the style sheet, browsers would restyle the whole page at each change."""

_MAX_DIGITS: Final = 8
_MIN_SHOWN_PROBABILITY: Final = 0.01
"""The probability from which on a digit's second guess has a bar."""


def is_presenting() -> bool:
    """Return whether the address asks for the presenter's view."""
    return has_flag(PARAMETER)


def hide_surroundings() -> None:
    """Hide the header and the navigation, and use the whole width."""
    st.html(_STYLE)


def show_present_button() -> None:
    """Show the button that opens the presenter's view."""
    tip = _("Show the canvas and the answer only, in large (P)")
    st.button(
        _("Present"),
        icon=":material/present_to_all:",
        key="draw_present",
        shortcut="P",
        on_click=set_flag,
        args=(PARAMETER, True),
        help=tip,
    )


def show_leave_button() -> None:
    """Show the button that returns to the page."""
    st.button(_("Leave"), icon=":material/close_fullscreen:", key="draw_leave", shortcut="Esc", on_click=set_flag, args=(PARAMETER, False))


def bars(digits: Sequence[Digit]) -> str:
    """Return the HTML of bars for the likeliest and the second likeliest reading of each digit.

    Args:
        digits: the marks; the first ones are shown.
    """
    read = [digit for digit in digits if digit.accepted and digit.separator is None]
    return bar_list(_row(digit) for digit in read[:_MAX_DIGITS])


def _row(digit: Digit) -> str:
    likeliest = [int(label) for label in digit.probabilities.argsort()[::-1] if label != digit.label]
    second = likeliest[0]
    shown = [(digit.label, digit.confidence)]
    if digit.probabilities[second] >= _MIN_SHOWN_PROBABILITY:
        shown.append((second, float(digit.probabilities[second])))
    return "".join(bar(digit.classes[label], share) for label, share in shown)
