"""The parts of the Model page: one is shown at a time, so that the page is there at once."""

from typing import Final

import streamlit as st

from app.language import N_, _

PART_KEY: Final = "model_part"

PARTS: Final = {
    "mistakes": N_(":material/rule: Mistakes"),
    "confidence": N_(":material/verified: Confidence"),
    "conditions": N_(":material/thunderstorm: Hard cases"),
    "anatomy": N_(":material/account_tree: Inside"),
    "measuring": N_(":material/timer: Speed here"),
}
"""What can be looked at, and what to call it."""

UNMEASURED: Final = ("anatomy", "measuring")
"""What there is to see of a network that has just been trained."""


def choose_part(measured: bool) -> str:
    """The part that the visitor wants to see: a key of `PARTS`.

    Args:
        measured: whether the card says how good the network is.
    """
    offered = list(PARTS) if measured else list(UNMEASURED)
    st.space("xsmall")
    chosen = st.pills(
        _("What to look at"),
        offered,
        default=offered[0],
        format_func=lambda part: _(PARTS[part]),
        required=True,
        key=PART_KEY,
        label_visibility="collapsed",
        persist_state="session",
    )
    return str(chosen)
