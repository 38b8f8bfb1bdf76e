"""Draw a digit or a whole number and see it read after every stroke."""

import streamlit as st

from app.draw.canvas import canvas
from app.draw.takeaway import show_takeaway
from app.frame import show_heading
from app.language import _
from app.panels import show_answer, show_digits
from app.subjects import inspect_button, offer_drawing
from digitcore import read_strokes

show_heading(_("Draw a digit"))
paper, answer = st.columns(2, gap="medium")
with paper:
    strokes, size_wh = canvas()
subject = offer_drawing(strokes, size_wh)
with answer:
    if subject is None:
        st.info(
            _("Draw a digit, or several side by side, with the mouse, a finger or a pen. The answer appears after every stroke."),
            icon=":material/draw:",
        )
    else:
        reading = read_strokes(strokes, size_wh)
        show_answer(reading)
        show_digits(reading, key="draw")
        with st.container(horizontal=True, gap="xsmall"):
            show_takeaway(strokes, size_wh, reading)
            inspect_button(subject, key="draw_inspect")
