"""The drawing surface: paper as wide as the screen allows, pens, Undo, Redo and Clear."""

from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import streamlit as st
from streamlit_drawable_canvas import st_canvas

from app.draw.available_width import available_width_px
from app.draw.history import History, Strokes
from app.language import N_, _
from app.session import page_just_opened
from digitcore import Stroke, strokes_of

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
SHEET_KEY: Final = "draw_sheet"
ROOM_KEY: Final = "draw-room"


class Drawing(NamedTuple):
    """What lies on the canvas: its strokes, and its width and height, in pixels."""

    strokes: list[Stroke]
    size_wh: tuple[int, int]


@dataclass(slots=True)
class _Sheet:
    """The paper of a visit, and all that was ever drawn on it.

    A button's callback changes it as an object of its own: a callback that asks `st.session_state` for anything is given up without a word
    when another request arrives at that moment, and Clear may be clicked just when the last stroke is being sent.
    """

    history: History = field(default_factory=History)
    size_wh: tuple[int, int] | None = None
    """None before it is known how much room there is."""

    generation: int = 0
    start: dict[str, Any] | None = None
    """A canvas is replaced by a new one, with what it starts from, for Undo, Redo and Clear: they work by touch and by keyboard."""

    def show_anew(self, history: History) -> None:
        self.history = history
        self.generation += 1
        self.start = {"objects": history.strokes} if history.strokes else None

    def fit(self, room: int | None) -> None:
        """As wide as there is room; while something is drawn, the paper stays as it is."""
        if room is not None and (self.size_wh is None or not self.history.strokes):
            width = min(room, WIDEST_PX)
            self.size_wh = width, round(width * (_NARROW_SHAPE if width < NARROW_PX else _WIDE_SHAPE))


def show_canvas() -> Drawing:
    """Show the canvas and its tools."""
    sheet: _Sheet = st.session_state.setdefault(SHEET_KEY, _Sheet())
    if page_just_opened():  # what was drawn before the visitor looked at another page lies there again
        sheet.show_anew(sheet.history)
    with st.container(key=ROOM_KEY):
        sheet.fit(available_width_px(ROOM_KEY, sheet.generation))
        # Before the room is known there is no canvas: another size would lose what is drawn on it meanwhile.
        objects = _show_canvas(sheet, sheet.size_wh) if sheet.size_wh else sheet.history.strokes
    sheet.history = sheet.history.then(objects)
    _show_tools(sheet)
    return Drawing(strokes_of(objects), sheet.size_wh or (0, 0))


def _show_canvas(sheet: _Sheet, size_wh: tuple[int, int]) -> Strokes:
    with st.container(key="draw-canvas"):
        drawn = st_canvas(
            width=size_wh[0],
            height=size_wh[1],
            stroke_width=PEN_WIDTHS_PX[st.session_state.get(PEN_KEY) or DEFAULT_PEN],
            stroke_color=INK,
            background_color=PAPER,
            initial_drawing=sheet.start,
            key=f"draw_canvas_{sheet.generation}_{size_wh[0]}",
        )
    return list((drawn.json_data or {}).get("objects", []))


def _show_tools(sheet: _Sheet) -> None:
    history = sheet.history
    steps = (
        (_("Undo"), ":material/undo:", "draw_undo", "Mod+Z", history.undone(), history.can_undo),
        (_("Redo"), ":material/redo:", "draw_redo", "Mod+Y", history.redone(), history.can_redo),
        (_("Clear"), ":material/delete:", "draw_clear", None, history.then([]), bool(history.strokes)),
    )
    with st.container(horizontal=True, gap="xsmall", key="draw-tools"):
        for label, icon, key, shortcut, after, possible in steps:
            st.button(label, icon=icon, key=key, shortcut=shortcut, on_click=sheet.show_anew, args=(after,), disabled=not possible)
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
