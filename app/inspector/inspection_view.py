"""A picture on the Inspector's bench: its answer and the settings on one side, a closer look on the other."""

from typing import Final

import streamlit as st

from app.inspector.ablation import answer_in_words, show_what_matters
from app.inspector.inspection import Inspection, Shown, inspect
from app.inspector.marks import show_marks
from app.inspector.query_params import write_address
from app.inspector.recipe import show_takeaway
from app.inspector.settings_panel import show_controls
from app.inspector.stages import show_stages
from app.language import N_, _, confidence, number
from app.reading_panels import show_answer

LOOK_KEY: Final = "inspector_look"

LOOKS: Final = {
    "stages": N_("Steps"),
    "marks": N_("Marks"),
    "matters": N_("What matters?"),
    "recipe": N_("Recipe"),
}


@st.fragment
def show_workbench(shown: Shown) -> None:
    """Everything about the open picture; a changed setting runs only this again."""
    with st.spinner(_("Reading…")):
        inspection = inspect(shown)
    write_address()
    answer, look = st.columns([3, 5], gap="large")
    with answer:
        with st.container(key="inspector-answer"):
            _show_answer(inspection)
        show_controls()
    with look:
        _show_look(inspection)


def _show_answer(inspection: Inspection) -> None:
    reading = inspection.reading
    alt = _("The picture with its digits marked: {answer}").format(answer=answer_in_words(reading))
    st.image(inspection.marked_url(), alt=alt, width="stretch")
    show_answer(reading)
    least = reading.lowest_confidence
    time = _("{time} ms").format(time=number(reading.elapsed_ms))
    st.caption(time if least is None else _("Lowest confidence {confidence} · {time}").format(confidence=confidence(least), time=time))


def _show_look(inspection: Inspection) -> None:
    if st.session_state.get(LOOK_KEY) not in LOOKS:
        st.session_state[LOOK_KEY] = next(iter(LOOKS))
    look = st.segmented_control(
        _("What to look at"),
        list(LOOKS),
        format_func=lambda name: _(LOOKS[name]),
        required=True,
        wrap=True,
        key=LOOK_KEY,
        label_visibility="collapsed",
        persist_state="session",
    )
    if look == "marks":
        show_marks(inspection.reading)
    elif look == "matters":
        show_what_matters(inspection)
    elif look == "recipe":
        show_takeaway(inspection)
    else:
        show_stages(inspection)
