"""The canvas, as wide as the screen allows, with its pens and its Undo, Redo and Clear buttons."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import streamlit as st
from streamlit_drawable_canvas import st_canvas

from app.draw.available_width import available_width_px
from app.draw.canvas_state import CanvasState
from app.draw.history import Strokes
from app.language import N_, _
from app.session import page_just_opened
from digitcore import DrawingError, Stroke, strokes_of
from digitcore.io.strokes import check_strokes
from digitcore.messages import Message

MAX_WIDTH_PX: Final = 560
"""The canvas's width on a wide screen, in CSS pixels."""

NARROW_WIDTH_PX: Final = 420
"""The width below which the canvas is nearly square, as on a phone; a wider one is lower, for several digits side by side."""

_NARROW_ASPECT_RATIO: Final = 0.9
_WIDE_ASPECT_RATIO: Final = 0.66
"""The canvas's height divided by its width."""

PAPER_COLOR: Final = "#ffffff"
INK_COLOR: Final = "#1a1a1a"
PENS: Final = {"fine": N_("Fine"), "medium": N_("Medium"), "broad": N_("Broad")}
PEN_WIDTHS_PX: Final = {"fine": 8, "medium": 16, "broad": 26}
DEFAULT_PEN: Final = "medium"

PEN_KEY: Final = "draw_pen"
STATE_KEY: Final = "draw_sheet"
SHOWN_KEY: Final = "draw_shown"
"""Session state: the name of the canvas that was shown last."""


class Drawing(NamedTuple):
    """The strokes on the canvas, and the canvas's width and height, all in pixels."""

    strokes: list[Stroke]
    size_wh: tuple[int, int]


class CanvasLook(NamedTuple):
    """The pen's width in pixels, and a picture to write on as a `data:` URL, empty for blank paper."""

    pen_px: int
    background_url: str = ""


def show_canvas() -> Drawing:
    """Show the canvas and its tools.

    Returns:
        What is drawn on it.

    Raises:
        DrawingError: the drawing can't be read; the tools to undo or clear it are shown.
    """
    state: CanvasState = st.session_state.setdefault(STATE_KEY, CanvasState())
    look = CanvasLook(PEN_WIDTHS_PX[st.session_state.get(PEN_KEY) or DEFAULT_PEN])
    objects = show_canvas_area(state, "draw", _size_for, lambda _size_wh: look)
    _show_tools(state)
    return Drawing(parse(objects), state.size_wh or (0, 0))


def show_canvas_area(
    state: CanvasState, name: str, size_for: Callable[[int], tuple[int, int]], look_for: Callable[[tuple[int, int]], CanvasLook]
) -> Strokes:
    """Show a canvas that fits the screen, and record each stroke in its history.

    Args:
        state: of this canvas.
        name: the beginning of the keys of its elements.
        size_for: returns the canvas's width and height for the available width, all in pixels.
        look_for: returns its look for its width and height.

    Returns:
        What is drawn on it, as its JSON has it.
    """
    if page_just_opened() or st.session_state.get(SHOWN_KEY, name) != name:  # bring back what was drawn before another page or canvas
        state.replace_canvas(state.history)
    st.session_state[SHOWN_KEY] = name
    container = f"{name}-area"
    with st.container(key=container):
        available_px = available_width_px(container, state.generation)
        state.resize(size_for(available_px) if available_px is not None else None)
        # No canvas until the width is known: a change of its size would delete what is drawn meanwhile.
        objects = _show_canvas_widget(state, name, state.size_wh, look_for(state.size_wh)) if state.size_wh else state.history.strokes
    state.history = state.history.with_step(objects)
    return objects


def parse(objects: Strokes) -> list[Stroke]:
    """Parse what the visitor's browser has sent; whatever a canvas can't draw is reported to the visitor.

    Args:
        objects: the objects of the canvas's JSON.

    Returns:
        The strokes.

    Raises:
        DrawingError: they can't be drawn.
    """
    try:
        strokes = strokes_of(objects)
        check_strokes(strokes)
    except ValueError as error:
        raise DrawingError(Message("This drawing can't be read. Clear it and write again.")) from error
    return strokes


def _size_for(available_px: int) -> tuple[int, int]:
    width = min(available_px, MAX_WIDTH_PX)
    return width, round(width * (_NARROW_ASPECT_RATIO if width < NARROW_WIDTH_PX else _WIDE_ASPECT_RATIO))


def _show_canvas_widget(state: CanvasState, name: str, size_wh: tuple[int, int], look: CanvasLook) -> Strokes:
    with st.container(key=f"{name}-canvas"):
        drawn = st_canvas(
            width=size_wh[0],
            height=size_wh[1],
            stroke_width=look.pen_px,
            stroke_color=INK_COLOR,
            background_color=PAPER_COLOR,
            background_image=look.background_url or None,
            initial_drawing=state.initial_drawing,
            key=f"{name}_canvas_{state.generation}_{size_wh[0]}",
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
        (_("Undo"), ":material/undo:", "draw_undo", "Mod+Z", history.undo(), history.can_undo),
        (_("Redo"), ":material/redo:", "draw_redo", "Mod+Y", history.redo(), history.can_redo),
        (_("Clear"), ":material/delete:", "draw_clear", None, history.with_step([]), bool(history.strokes)),
    )
    with st.container(horizontal=True, gap="xsmall", key="draw-tools"):
        for label, icon, key, shortcut, result, is_possible in actions:
            st.button(label, icon=icon, key=key, shortcut=shortcut, on_click=state.replace_canvas, args=(result,), disabled=not is_possible)
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
