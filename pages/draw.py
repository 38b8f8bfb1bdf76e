"""Write a digit or a whole number and see it read after every stroke, or teach the reader your handwriting."""

import streamlit as st

from app.challenge.game_view import is_playing, show_game, show_play_button
from app.draw.canvas import drawing_state, show_canvas
from app.draw.downloads import show_downloads
from app.draw.introduction import show_introduction
from app.draw.keeping import keep_drawing, restore_drawing
from app.draw.live import show_live_answer
from app.draw.overlay import boxes, invitation
from app.draw.presenter import bars, hide_surroundings, is_presenting
from app.draw.sharing import show_sharing
from app.handwriting.panel import show_handwriting_panel
from app.handwriting.session import current_profile
from app.handwriting.teaching_view import is_teaching, show_teaching
from app.header_footer import show_header
from app.inspectable_images import register_drawing, show_inspect_button
from app.language import _
from app.reading_panel import show_answer, show_digits
from app.why_not import show_for_drawing
from digitcore import read_strokes


def show_drawing() -> None:
    """Show the sheet to write on, and what is read on it."""
    restore_drawing(drawing_state())
    with st.container(key="draw-stage"):
        parts = {part: st.container(key=f"draw-{part}") for part in ("answer", "actions", "input", "details")}
    live = parts["answer"].container(key="draw-live")
    with parts["input"].container(key="draw-sheet"):
        strokes, size_wh, overlay = show_canvas()
    keep_drawing(drawing_state(), strokes, size_wh)
    image = register_drawing(strokes, size_wh)
    if image is None:
        parts["answer"].markdown(_("Write one digit, or several side by side."))
        overlay.html(invitation())
        if not is_presenting():
            with parts["details"]:
                show_introduction()
    else:
        reading = read_strokes(strokes, size_wh, profile=current_profile())
        overlay.html(boxes(reading.digits, size_wh))
        with parts["answer"]:
            show_answer(reading, key="draw")
        if is_presenting():
            parts["details"].html(bars(reading.digits))
        else:
            with parts["actions" if reading.lines else "details"]:
                show_sharing(strokes, size_wh, reading)
            with parts["details"]:
                show_for_drawing(show_digits(reading, key="draw"), strokes, size_wh)
                with st.container(horizontal=True, gap="xsmall"):
                    show_downloads(strokes, size_wh, reading)
                    show_inspect_button(image, key="draw_inspect")
    with live:
        show_live_answer(strokes, size_wh, drawing_state().generation, current_profile())
    if not is_presenting():
        with parts["input"].container(horizontal=True, vertical_alignment="center", gap="xsmall", key="draw-more"):
            show_play_button()
            show_handwriting_panel()


if is_teaching():
    show_header(_("Teach it your handwriting"))
    show_teaching()
elif is_playing():
    show_header(_("Fool the machine"))
    show_game()
elif is_presenting():
    hide_surroundings()
    with st.container(key="draw-presentation"):
        show_drawing()
    st.stop()  # no footer
else:
    show_header(_("Write a number"))
    st.container(key="draw-intro").markdown(_("A small neural network reads it."))
    show_drawing()
