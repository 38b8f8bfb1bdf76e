"""What the Draw page shows before the first stroke, where later the answer is explained."""

import streamlit as st

from app.language import _


def show_introduction() -> None:
    """Tell a new visitor what there will be to see."""
    parts = (
        (
            ":material/bolt:",
            _("The answer, while you write"),
            _("It follows your pen. Every digit gets a box, and an amber one where it is unsure."),
        ),
        (":material/bar_chart:", _("How sure it is"), _("The probabilities of all ten digits, and what else the whole number may be.")),
        (":material/visibility:", _("What it looked at"), _("The places of your strokes that decided the answer.")),
        (":material/alt_route:", _("Why not another digit?"), _("The smallest change that would make it read another one.")),
    )
    st.space("xsmall")
    for icon, title, meaning in parts:
        with st.container(horizontal=True, gap="small", vertical_alignment="top"):
            st.markdown(icon, width="content")
            with st.container(gap=None):
                st.markdown(f"**{title}**")
                st.caption(meaning)
    st.space("xsmall")
