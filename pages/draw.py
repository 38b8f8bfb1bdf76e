"""Write a digit or a whole number and see it read after every stroke."""

import streamlit as st

from app.draw.canvas import show_canvas
from app.draw.downloads import show_downloads
from app.header_footer import show_header
from app.inspectable_images import register_drawing, show_inspect_button
from app.language import _
from app.reading_panels import show_answer, show_digits
from digitcore import read_strokes

show_header(_("Write a number"))
canvas, answer = st.columns(2, gap="medium")
with canvas:
    strokes, size_wh = show_canvas()
image = register_drawing(strokes, size_wh)
with answer:
    if image is None:
        st.info(
            _("Write one digit, or several side by side, with the mouse, a finger or a pen. The answer appears after every stroke."),
            icon=":material/draw:",
        )
    else:
        reading = read_strokes(strokes, size_wh)
        show_answer(reading)
        show_digits(reading, key="draw")
        with st.container(horizontal=True, gap="xsmall"):
            show_downloads(strokes, size_wh, reading)
            show_inspect_button(image, key="draw_inspect")
