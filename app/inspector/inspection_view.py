"""The open picture: its answer at the top, one of several tabs with details on the left, the settings on the right."""

from enum import StrEnum
from typing import Final

import streamlit as st

from app.choices import choose_member
from app.image_urls import preview_url
from app.inspector.ablation import answer_text, show_ablation
from app.inspector.inspection import Inspection, OpenImage, inspect
from app.inspector.marks import show_marks
from app.inspector.query_params import write_query_params
from app.inspector.recipe import show_recipe
from app.inspector.settings_panel import show_settings_panel
from app.inspector.stages import show_stages
from app.language import N_, _, confidence, number
from app.reading_panel import show_answer

TAB_KEY: Final = "inspector_look"

_INPUT_SIDE_PX: Final = 168
"""Six times the network's 28 pixels."""


class Tab(StrEnum):
    """The tabs of the Inspector."""

    STAGES = "stages"
    MARKS = "marks"
    ABLATION = "matters"
    RECIPE = "recipe"


TAB_TITLES: Final = {
    Tab.STAGES: N_("Steps"),
    Tab.MARKS: N_("Marks"),
    Tab.ABLATION: N_("What matters?"),
    Tab.RECIPE: N_("Recipe"),
}


@st.fragment
def show_inspection(open_image: OpenImage) -> None:
    """Show everything about the open picture; a changed setting runs only this fragment again."""
    with st.spinner(_("Reading…")):
        inspection = inspect(open_image)
    _show_answer(inspection)
    details, settings = st.columns([7, 3], gap="large")
    with details:
        tab = choose_member(st.segmented_control, _("View"), list(Tab), TAB_TITLES, TAB_KEY, wrap=True)
        _show_tab(tab, inspection)
    with settings:
        show_settings_panel()
    write_query_params()


def _show_answer(inspection: Inspection) -> None:
    """Show the picture, what the network sees, and the answer next to each other; they stay visible while the page scrolls."""
    reading = inspection.reading
    with st.container(key="inspector-answer", horizontal=True, vertical_alignment="center", gap="medium"):
        alt = _("The picture with its digits marked: {answer}").format(answer=answer_text(reading))
        st.image(inspection.annotated_url(), alt=alt, width="content")
        if digit := inspection.largest_digit():
            caption = _("What the network sees") if len(reading.digits) == 1 else _("What the network sees of the largest mark")
            with st.container(width="content", gap=None, key="inspector-input"):
                st.image(preview_url(digit.model_input, _INPUT_SIDE_PX), caption=caption, alt=caption, width="content")
        with st.container(gap="small"):
            show_answer(reading, key="inspector")
            lowest = reading.lowest_confidence
            time = _("{time} ms").format(time=number(reading.elapsed_ms))
            share = "" if lowest is None else _("Lowest confidence {confidence}").format(confidence=confidence(lowest))
            st.caption(" · ".join(filter(None, (share, time))))


def _show_tab(tab: Tab, inspection: Inspection) -> None:
    match tab:
        case Tab.STAGES:
            show_stages(inspection)
        case Tab.MARKS:
            show_marks(inspection)
        case Tab.ABLATION:
            show_ablation(inspection)
        case Tab.RECIPE:
            show_recipe(inspection)
