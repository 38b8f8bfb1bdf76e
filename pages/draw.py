"""Draw a digit and see it read after every stroke."""

import streamlit as st

from digitcore import Settings, read_image
from digitcore.ui.canvas import canvas
from digitcore.ui.panels import show_answer, show_digits

st.title("Draw a digit")
paper, answer = st.columns([2, 3], gap="large")
with paper:
    drawing = canvas()
with answer:
    if drawing is None:
        st.info("Draw a digit with the mouse, a finger or a pen. The answer appears after every stroke.", icon=":material/draw:")
    else:
        reading = read_image(drawing, Settings.for_drawing())
        show_answer(reading)
        show_digits(reading, key="draw")
