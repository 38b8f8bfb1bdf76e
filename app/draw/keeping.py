"""Keep the drawing in the visitor's browser, where it survives a reload, and open drawings from there and from links."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import streamlit as st

from app.draw.canvas_state import CanvasState
from app.draw.history import History, Strokes
from app.draw.sheet import canvas_objects
from app.language import localize
from digitcore import DrawingError, Stroke
from digitcore.io.packing import pack_strokes, unpack_strokes

LINK_PARAMETER: Final = "d"
"""The query parameter of a link to a drawing."""

COMPONENT_KEY: Final = "draw_keeping"

_SCRIPT: Final = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")

_component = st.components.v2.component("digits.keeping", html="<span></span>", js=_SCRIPT)


def restore_drawing(state: CanvasState) -> None:
    """Open the drawing of the address, and the one that the visitor's browser has kept; report one that can't be opened.

    Args:
        state: of the canvas, which continues with the drawing; what was kept comes before what is drawn already.
    """
    link = st.query_params.get(LINK_PARAMETER)
    if link is not None and link != state.opened_link:
        state.opened_link = link
        _open(link, state)
    kept = (st.session_state.get(COMPONENT_KEY) or {}).get("kept")
    if kept and state.asks:
        state.asks = False
        _open(kept, state)
    if state.problem:
        st.warning(localize(state.problem), icon=":material/link_off:")


def keep_drawing(state: CanvasState, strokes: Sequence[Stroke], size_wh: tuple[int, int]) -> None:
    """Keep the drawing in the visitor's browser; one that is too long is not kept.

    Args:
        state: of the canvas.
        strokes: the drawing, in pixels of the sheet.
        size_wh: width and height of the sheet.
    """
    if state.history.can_undo and state.opened_link is None:
        state.asks = False
    try:
        packed = pack_strokes(strokes, size_wh) if strokes else ""
    except DrawingError:
        packed = ""
    _component(
        data={"packed": packed, "asks": state.asks, "canvas": ".st-key-draw-canvas"},
        default={"kept": None},
        key=COMPONENT_KEY,
        on_kept_change=lambda: None,
        width="content",
        height="content",
    )


def _open(packed: str, state: CanvasState) -> None:
    try:
        strokes, size_wh = unpack_strokes(packed)
    except DrawingError as error:
        state.problem = error.message
        return
    if state.history.strokes:
        state.history = _with_earlier(state.history, canvas_objects(strokes))
    elif strokes:
        state.size_wh = size_wh
        state.show(canvas_objects(strokes))


def _with_earlier(history: History, strokes: Strokes) -> History:
    """Insert a drawing as the first step, so that Undo leads to it."""
    first, *others = history.steps
    return History((first, strokes, *others), history.position + 1)
