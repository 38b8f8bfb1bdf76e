"""The drawing surface: paper, pens, Undo and Clear."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import streamlit as st
from streamlit_drawable_canvas import st_canvas

from digitcore.strokes import draw_strokes
from digitcore.ui.session import just_opened

SIDE_PX: Final = 280
"""Fits a 360-pixel phone with its margins."""

PAPER: Final = "#ffffff"
INK: Final = "#1a1a1a"
PEN_WIDTHS_PX: Final = {"Fine": 8, "Medium": 16, "Broad": 26}
DEFAULT_PEN: Final = "Medium"

PEN_KEY: Final = "draw_pen"
DRAWING_KEY: Final = "draw_drawing"
GENERATION_KEY: Final = "draw_generation"
START_KEY: Final = "draw_start"
"""A canvas is replaced by a new one, with what it starts from, for Undo and Clear: both work by touch and by keyboard."""


def canvas() -> npt.NDArray[np.uint8] | None:
    """Show the canvas and its tools.

    Returns:
        The drawing, uint8, RGBA or grey, dark ink on white paper, 280×280; None while nothing is drawn.
    """
    if just_opened():  # what was drawn before the visitor looked at another page lies there again
        before = st.session_state.get(DRAWING_KEY) or {}
        _start_again(before, before.get("objects", []))
    generation = st.session_state[GENERATION_KEY]
    with st.container(key="draw-canvas"):
        drawn = st_canvas(
            width=SIDE_PX,
            height=SIDE_PX,
            stroke_width=PEN_WIDTHS_PX[st.session_state.get(PEN_KEY, DEFAULT_PEN)],
            stroke_color=INK,
            background_color=PAPER,
            initial_drawing=st.session_state.get(START_KEY),
            return_image_data=True,
            key=f"draw_canvas_{generation}",
        )
    st.session_state[DRAWING_KEY] = drawn.json_data
    objects = (drawn.json_data or {}).get("objects", [])
    _show_tools(drawn.json_data, objects)
    if not objects:
        return None
    # A new canvas sends its picture only after its first stroke: until then its paths are drawn here.
    return drawn.image_data if drawn.image_data is not None else draw_strokes(objects, (SIDE_PX, SIDE_PX))


def _show_tools(drawing: dict[str, Any] | None, objects: list[dict[str, Any]]) -> None:
    without_last = drawing, objects[:-1]
    with st.container(horizontal=True):
        st.button("Undo", icon=":material/undo:", on_click=_start_again, args=without_last, disabled=not objects, key="draw_undo")
        st.button("Clear", icon=":material/delete:", on_click=_start_again, args=(None, []), key="draw_clear")
    pens = list(PEN_WIDTHS_PX)
    st.segmented_control(
        "Pen", pens, default=DEFAULT_PEN, required=True, key=PEN_KEY, label_visibility="collapsed", persist_state="session"
    )


def _start_again(drawing: dict[str, Any] | None, objects: list[dict[str, Any]]) -> None:
    st.session_state[GENERATION_KEY] = st.session_state.get(GENERATION_KEY, 0) + 1
    st.session_state[START_KEY] = {**(drawing or {}), "objects": objects} if objects else None
