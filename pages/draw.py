"""Write a digit or a whole number and see it read after every stroke, or teach the reader your handwriting."""

import streamlit as st

from app.draw.canvas import show_canvas
from app.draw.downloads import show_downloads
from app.handwriting.panel import show_handwriting_panel
from app.handwriting.session import current_profile
from app.handwriting.teaching_view import is_teaching, show_teaching
from app.header_footer import show_header
from app.inspectable_images import register_drawing, show_inspect_button
from app.language import _
from app.reading_panel import show_answer, show_digits
from digitcore import read_strokes


def show_drawing() -> None:
    """Show the canvas, and what is read on it."""
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
            reading = read_strokes(strokes, size_wh, profile=current_profile())
            show_answer(reading, key="draw")
            show_digits(reading, key="draw")
            with st.container(horizontal=True, gap="xsmall"):
                show_downloads(strokes, size_wh, reading)
                show_inspect_button(image, key="draw_inspect")


if is_teaching():
    show_header(_("Teach it your handwriting"))
    show_teaching()
else:
    show_header(_("Write a number"))
    show_handwriting_panel()
    show_drawing()
