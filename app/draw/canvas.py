"""The canvas, as wide as the screen allows, with its pens and its Undo, Redo and Clear buttons."""

from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import streamlit as st
from streamlit_drawable_canvas import st_canvas

from app.draw.available_width import available_width_px
from app.draw.history import History, Strokes
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
CONTAINER_KEY: Final = "draw-area"


class Drawing(NamedTuple):
    """The strokes on the canvas, and the canvas's width and height, all in pixels."""

    strokes: list[Stroke]
    size_wh: tuple[int, int]


@dataclass(slots=True)
class _CanvasState:
    """The canvas of a visit and the history of its drawing.

    A button's callback changes this object rather than `st.session_state`: Streamlit silently abandons a callback that accesses
    `st.session_state` if another request arrives at that moment, and Clear may be clicked while the last stroke is being sent.

    Attributes:
        history: the drawing after each step.
        size_wh: width and height in pixels; None until the available width is known.
        generation: the number of the canvas widget. Undo, Redo and Clear replace the widget by a new one, as only a new one can be given a
            drawing.
        initial_drawing: the drawing that the widget was given, as the JSON of a canvas; None for an empty one.
    """

    history: History = field(default_factory=History)
    size_wh: tuple[int, int] | None = None
    generation: int = 0
    initial_drawing: dict[str, Any] | None = None

    def replace_canvas(self, history: History) -> None:
        """Continue on a new canvas with the drawing of a history."""
        self.history = history
        self.generation += 1
        self.initial_drawing = {"objects": history.strokes} if history.strokes else None

    def resize(self, available_px: int | None) -> None:
        """Set the size for the available width; a canvas with a drawing keeps its size."""
        if available_px is not None and (self.size_wh is None or not self.history.strokes):
            width = min(available_px, MAX_WIDTH_PX)
            self.size_wh = width, round(width * (_NARROW_ASPECT_RATIO if width < NARROW_WIDTH_PX else _WIDE_ASPECT_RATIO))


def show_canvas() -> Drawing:
    """Show the canvas and its tools.

    Returns:
        What is drawn on it.

    Raises:
        DrawingError: the drawing can't be read; the tools to undo or clear it are shown.
    """
    state: _CanvasState = st.session_state.setdefault(STATE_KEY, _CanvasState())
    if page_just_opened():  # bring back the drawing of an earlier visit to this page
        state.replace_canvas(state.history)
    with st.container(key=CONTAINER_KEY):
        state.resize(available_width_px(CONTAINER_KEY, state.generation))
        # No canvas until the width is known: a change of its size would delete what is drawn meanwhile.
        objects = _show_canvas_widget(state, state.size_wh) if state.size_wh else state.history.strokes
    state.history = state.history.with_step(objects)
    _show_tools(state)
    return Drawing(_parse(objects), state.size_wh or (0, 0))


def _parse(objects: Strokes) -> list[Stroke]:
    """Parse what the visitor's browser has sent; whatever a canvas can't draw is reported to the visitor."""
    try:
        strokes = strokes_of(objects)
        check_strokes(strokes)
    except ValueError as error:
        raise DrawingError(Message("This drawing can't be read. Clear it and write again.")) from error
    return strokes


def _show_canvas_widget(state: _CanvasState, size_wh: tuple[int, int]) -> Strokes:
    with st.container(key="draw-canvas"):
        drawn = st_canvas(
            width=size_wh[0],
            height=size_wh[1],
            stroke_width=PEN_WIDTHS_PX[st.session_state.get(PEN_KEY) or DEFAULT_PEN],
            stroke_color=INK_COLOR,
            background_color=PAPER_COLOR,
            initial_drawing=state.initial_drawing,
            key=f"draw_canvas_{state.generation}_{size_wh[0]}",
        )
    return _objects_of(drawn.json_data)


def _objects_of(json_data: Any) -> Strokes:
    """List the objects of a canvas's JSON; where they are no list, whatever is there instead, which `strokes_of` reports."""
    if not json_data:
        return []
    objects = json_data.get("objects", []) if isinstance(json_data, dict) else json_data
    return objects if isinstance(objects, list) else [objects]


def _show_tools(state: _CanvasState) -> None:
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
