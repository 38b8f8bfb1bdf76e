"""The sections of the Model page; one is shown at a time, so that the page loads quickly."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

import streamlit as st

from app.address import address_changed, page_parameters, replace_page_parameters
from app.choices import choose_member
from app.language import N_, _
from app.scrolling import scroll_to
from app.session import page_just_opened

SECTION_KEY: Final = "model_part"
SECTION_PARAMETER: Final = "part"
"""The parameter of the address that names a section."""


_CONTAINER: Final = "model-sections"


class Section(StrEnum):
    """The sections in the order in which they are offered. Their values are in addresses that people share."""

    MISTAKES = "mistakes"
    CONFIDENCE = "confidence"
    ROBUSTNESS = "robustness"
    HANDWRITING = "handwriting"
    ARCHITECTURE = "architecture"
    SPEED = "speed"
    QUIZ = "quiz"
    BREAK = "break"
    LEARN = "learn"


SECTION_TITLES: Final = {
    Section.MISTAKES: N_(":material/rule: Mistakes"),
    Section.CONFIDENCE: N_(":material/verified: Confidence"),
    Section.ROBUSTNESS: N_(":material/thunderstorm: Hard cases"),
    Section.HANDWRITING: N_(":material/gesture: Handwriting"),
    Section.ARCHITECTURE: N_(":material/account_tree: Architecture"),
    Section.SPEED: N_(":material/timer: Speed on this server"),
    Section.QUIZ: N_(":material/quiz: Can you beat it?"),
    Section.BREAK: N_(":material/construction: Break it"),
    Section.LEARN: N_(":material/school: Watch one learn"),
}

UNEVALUATED_SECTIONS: Final = (Section.ARCHITECTURE, Section.SPEED)
"""The sections of a network that is trained but not evaluated."""


def choose_section(is_evaluated: bool) -> Section:
    """Let the visitor choose a section; at first it is the one that the address names, or the first one.

    Args:
        is_evaluated: whether the card has the network's accuracy.

    Returns:
        The chosen section.
    """
    sections = list(Section) if is_evaluated else list(UNEVALUATED_SECTIONS)
    is_asked_for = (page_just_opened() or address_changed()) and _select_from_address(sections)
    st.space("xsmall")
    with st.container(key=_CONTAINER):
        chosen = choose_member(st.pills, _("Section"), sections, SECTION_TITLES, SECTION_KEY)
    if is_asked_for:
        scroll_to(_CONTAINER)
    return chosen


def write_section(section: Section) -> None:
    """Write the section into the address; call it last."""
    replace_page_parameters({} if section == next(iter(Section)) else {SECTION_PARAMETER: section.value})


def _select_from_address(sections: Sequence[Section]) -> bool:
    """Select the section that the address names, and return whether it names one of those."""
    names = [name for name in page_parameters().get(SECTION_PARAMETER, []) if name in sections]
    if names:
        st.session_state[SECTION_KEY] = names[0]
    return bool(names)
