"""The drawing surface: paper as wide as the screen allows, pens, Undo, Redo and Clear."""

from typing import Final, NamedTuple

import streamlit as st
from streamlit_drawable_canvas import st_canvas

from digitcore import Stroke, strokes_of
from digitcore.ui.draw.fitting import room_px
from digitcore.ui.draw.history import History, Strokes
from digitcore.ui.language import N_, _
from digitcore.ui.session import just_opened

WIDEST_PX: Final = 560
NARROW_PX: Final = 420
"""Narrower paper is nearly square, as on a phone; wider paper has room for a number side by side."""

_NARROW_SHAPE: Final = 0.9
_WIDE_SHAPE: Final = 0.66
"""Height of the paper for its width."""

PAPER: Final = "#ffffff"
INK: Final = "#1a1a1a"
PENS: Final = {"fine": N_("Fine"), "medium": N_("Medium"), "broad": N_("Broad")}
PEN_WIDTHS_PX: Final = {"fine": 8, "medium": 16, "broad": 26}
DEFAULT_PEN: Final = "medium"

PEN_KEY: Final = "draw_pen"
HISTORY_KEY: Final = "draw_history"
SIZE_KEY: Final = "draw_size"
GENERATION_KEY: Final = "draw_generation"
START_KEY: Final = "draw_start"
"""A canvas is replaced by a new one, with what it starts from, for Undo, Redo and Clear: they work by touch and by keyboard."""

ROOM_KEY: Final = "draw-room"


class Drawing(NamedTuple):
    """What lies on the canvas: its strokes, and its width and height, in pixels."""

    strokes: list[Stroke]
    size_wh: tuple[int, int]


def canvas() -> Drawing:
    """Show the canvas and its tools."""
    if just_opened():  # what was drawn before the visitor looked at another page lies there again
        _show_anew(_history())
    with st.container(key=ROOM_KEY):
        size_wh = _size(room_px(ROOM_KEY, st.session_state[GENERATION_KEY]))
        objects = _show_canvas(size_wh) if size_wh else _history().strokes
    st.session_state[HISTORY_KEY] = history = _history().then(objects)
    _show_tools(history)
    return Drawing(strokes_of(objects), size_wh or (0, 0))


def _history() -> History:
    history: History = st.session_state.get(HISTORY_KEY) or History()
    return history


def _size(room: int | None) -> tuple[int, int] | None:
    """As wide as there is room; None before that is known, as a canvas of another size would lose what is drawn on it meanwhile.

    While something is drawn, the paper stays as it is.
    """
    kept: tuple[int, int] | None = st.session_state.get(SIZE_KEY)
    if room is not None and (kept is None or not _history().strokes):
        width = min(room, WIDEST_PX)
        kept = width, round(width * (_NARROW_SHAPE if width < NARROW_PX else _WIDE_SHAPE))
        st.session_state[SIZE_KEY] = kept
    return kept


def _show_canvas(size_wh: tuple[int, int]) -> Strokes:
    with st.container(key="draw-canvas"):
        drawn = st_canvas(
            width=size_wh[0],
            height=size_wh[1],
            stroke_width=PEN_WIDTHS_PX[st.session_state.get(PEN_KEY) or DEFAULT_PEN],
            stroke_color=INK,
            background_color=PAPER,
            initial_drawing=st.session_state.get(START_KEY),
            key=f"draw_canvas_{st.session_state[GENERATION_KEY]}_{size_wh[0]}",
        )
    return list((drawn.json_data or {}).get("objects", []))


def _show_tools(history: History) -> None:
    steps = (
        (_("Undo"), ":material/undo:", "draw_undo", "Mod+Z", history.undone(), history.can_undo),
        (_("Redo"), ":material/redo:", "draw_redo", "Mod+Y", history.redone(), history.can_redo),
        (_("Clear"), ":material/delete:", "draw_clear", None, history.then([]), bool(history.strokes)),
    )
    with st.container(horizontal=True, gap="xsmall", key="draw-tools"):
        for label, icon, key, shortcut, after, possible in steps:
            st.button(label, icon=icon, key=key, shortcut=shortcut, on_click=_show_anew, args=(after,), disabled=not possible)
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


def _show_anew(history: History) -> None:
    st.session_state[HISTORY_KEY] = history
    st.session_state[GENERATION_KEY] = st.session_state.get(GENERATION_KEY, 0) + 1
    st.session_state[START_KEY] = {"objects": history.strokes} if history.strokes else None
