"""The canvas with its pens and its Undo, Redo and Clear buttons."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit_drawable_canvas import st_canvas

from app.draw.canvas_state import CanvasState
from app.draw.examples import show_examples
from app.draw.history import Strokes
from app.draw.presenter import is_presenting, show_leave_button, show_present_button
from app.draw.sheet import INK_COLOR, PAPER_COLOR, PIXEL_RATIO, Shape, sheet_shape
from app.language import N_, _
from app.session import page_just_opened
from digitcore import DrawingError, Stroke, strokes_of
from digitcore.io.strokes import check_strokes
from digitcore.messages import Message

SIZES_WH: Final = {Shape.WIDE: (560, 370), Shape.NARROW: (380, 342)}
"""Width and height of an empty sheet, in its pixels."""

PENS: Final = {"fine": N_("Fine"), "medium": N_("Medium"), "broad": N_("Broad")}
PEN_WIDTHS_PX: Final = {"fine": 8, "medium": 16, "broad": 26}
"""In pixels of the sheet."""
DEFAULT_PEN: Final = "medium"

PEN_KEY: Final = "draw_pen"
STATE_KEY: Final = "draw_sheet"
SHOWN_KEY: Final = "draw_shown"
"""Session state: the name of the canvas that was shown last, and whether in the presenter's view: a browser makes another one there."""


class Drawing(NamedTuple):
    """The strokes on the sheet, its width and height, all in its pixels, and a container over it for what isn't ink."""

    strokes: list[Stroke]
    size_wh: tuple[int, int]
    overlay: DeltaGenerator


class CanvasLook(NamedTuple):
    """The pen's width in pixels of the sheet, and a picture to write on as a `data:` URL, empty for blank paper."""

    pen_px: int
    background_url: str = ""


def show_canvas() -> Drawing:
    """Show the canvas and its tools.

    Returns:
        What is drawn on it.

    Raises:
        DrawingError: the drawing can't be read; the tools to undo or clear it are shown.
    """
    state = drawing_state()
    look = CanvasLook(PEN_WIDTHS_PX[st.session_state.get(PEN_KEY) or DEFAULT_PEN])
    frame, objects = show_canvas_area(state, "draw", SIZES_WH.__getitem__, lambda _size_wh: look)
    with frame:
        overlay = st.container(key="draw-overlay", gap=None)
    _show_tools(state)
    if not is_presenting():
        show_examples(state)
    return Drawing(parse(objects), state.size_wh, overlay)


def drawing_state() -> CanvasState:
    """Return the state of the Draw page's canvas."""
    state: CanvasState = st.session_state.setdefault(STATE_KEY, CanvasState())
    return state


def show_canvas_area(
    state: CanvasState, name: str, size_for: Callable[[Shape], tuple[int, int]], look_for: Callable[[tuple[int, int]], CanvasLook]
) -> tuple[DeltaGenerator, Strokes]:
    """Show a canvas that fits the screen, and record each stroke in its history.

    Args:
        state: of this canvas.
        name: the beginning of the keys of its elements.
        size_for: returns the width and height of a sheet of a shape, in its pixels.
        look_for: returns its look for its width and height.

    Returns:
        The container of the canvas alone, and what is drawn on it, as its JSON has it.
    """
    shown = name, is_presenting()
    if page_just_opened() or st.session_state.get(SHOWN_KEY, shown) != shown:  # bring back what was drawn before another page or canvas
        state.replace_canvas(state.history)
    st.session_state[SHOWN_KEY] = shown
    with st.container(key=f"{name}-area", gap=None):
        state.resize(size_for(sheet_shape(name, _("Write here with a finger, a pen or the mouse"), state.generation)))
        frame = st.container(key=f"{name}-canvas", gap=None)
        with frame:
            objects = _show_canvas_widget(state, name, look_for(state.size_wh))
    state.record(objects)
    return frame, objects


def parse(objects: Strokes) -> list[Stroke]:
    """Parse what the visitor's browser has sent; whatever a canvas can't draw is reported to the visitor.

    Args:
        objects: the objects of the canvas's JSON.

    Returns:
        The strokes, in pixels of the sheet.

    Raises:
        DrawingError: they can't be drawn.
    """
    try:
        strokes = strokes_of(objects)
        check_strokes(strokes)
    except ValueError as error:
        raise DrawingError(Message("This drawing can't be read. Clear it and write again.")) from error
    return [Stroke(stroke.points / PIXEL_RATIO, stroke.pen_px / PIXEL_RATIO) for stroke in strokes]


def _show_canvas_widget(state: CanvasState, name: str, look: CanvasLook) -> Strokes:
    width, height = state.size_wh
    # The shape of an empty sheet of the Draw page is left to the style sheet, which knows the screen before the browser has reported it.
    is_empty = name == "draw" and not state.history.strokes
    st.html(f"<style>.stMain {{ --drawn-ratio: {'initial' if is_empty else f'{width / height:.4f}'}; }}</style>")
    drawn = st_canvas(
        width=width * PIXEL_RATIO,
        height=height * PIXEL_RATIO,
        stroke_width=look.pen_px * PIXEL_RATIO,
        stroke_color=INK_COLOR,
        background_color=PAPER_COLOR,
        background_image=look.background_url or None,
        initial_drawing=state.initial_drawing,
        key=f"{name}_canvas_{state.generation}",
    )
    return _objects_of(drawn.json_data)


def _objects_of(json_data: Any) -> Strokes:
    """List the objects of a canvas's JSON; where they are no list, whatever is there instead, which `strokes_of` reports."""
    if not json_data:
        return []
    objects = json_data.get("objects", []) if isinstance(json_data, dict) else json_data
    return objects if isinstance(objects, list) else [objects]


def _show_tools(state: CanvasState) -> None:
    history = state.history
    actions = (
        (_("Undo"), ":material/undo:", "draw_undo", state.undo, history.can_undo),
        (_("Redo"), ":material/redo:", "draw_redo", state.redo, history.can_redo),
        (_("Clear"), ":material/delete:", "draw_clear", state.clear, bool(history.strokes)),
    )
    with st.container(horizontal=True, gap="xsmall", key="draw-tools"):
        for label, icon, key, on_click, is_possible in actions:
            st.button(label, icon=icon, key=key, on_click=on_click, disabled=not is_possible)
        st.segmented_control(
            _("Pen"),
            list(PENS),
            default=DEFAULT_PEN,
            format_func=lambda pen: _(PENS[pen]),
            required=True,
            key=PEN_KEY,
            label_visibility="collapsed",
            persist_state="session",
        )
        if is_presenting():
            show_leave_button()
        else:
            show_present_button()
