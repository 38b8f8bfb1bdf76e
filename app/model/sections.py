"""The sections of the Model page; one is shown at a time, so that the page loads quickly."""

from enum import StrEnum
from typing import Final

import streamlit as st

from app.language import N_, _

SECTION_KEY: Final = "model_part"


class Section(StrEnum):
    """The sections in the order in which they are offered."""

    MISTAKES = "mistakes"
    CONFIDENCE = "confidence"
    ROBUSTNESS = "conditions"
    HANDWRITING = "handwriting"
    ARCHITECTURE = "anatomy"
    SPEED = "measuring"


SECTION_TITLES: Final = {
    Section.MISTAKES: N_(":material/rule: Mistakes"),
    Section.CONFIDENCE: N_(":material/verified: Confidence"),
    Section.ROBUSTNESS: N_(":material/thunderstorm: Hard cases"),
    Section.HANDWRITING: N_(":material/gesture: Handwriting"),
    Section.ARCHITECTURE: N_(":material/account_tree: Architecture"),
    Section.SPEED: N_(":material/timer: Speed on this server"),
}

UNEVALUATED_SECTIONS: Final = (Section.ARCHITECTURE, Section.SPEED)
"""The sections of a network that is trained but not evaluated."""


def choose_section(is_evaluated: bool) -> Section:
    """Let the visitor choose a section; at first it is the first one.

    Args:
        is_evaluated: whether the card has the network's accuracy.

    Returns:
        The chosen section.
    """
    sections = list(Section) if is_evaluated else list(UNEVALUATED_SECTIONS)
    st.space("xsmall")
    chosen = st.pills(
        _("Section"),
        [section.value for section in sections],
        default=sections[0].value,
        format_func=lambda name: _(SECTION_TITLES[Section(name)]),
        required=True,
        key=SECTION_KEY,
        label_visibility="collapsed",
        persist_state="session",
    )
    return Section(str(chosen))
