"""Show the answer while a stroke is drawn: a script asks the server's HTTP API, without a run of the page."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import streamlit as st

from digitcore import Stroke, WriterProfile
from digitcore.io.packing import simplify

MAX_POINTS: Final = 5_000
"""The most points of the strokes that are sent with each request: 60 KB, in which hundreds of digits fit."""

MAX_EXAMPLES: Final = 30
"""The most examples of the visitor's handwriting that are sent with each request: three rounds of teaching, 32 KB."""

_TOLERANCE_PX: Final = 0.25
"""How far a stroke that is sent may be from the drawn one."""

_SCRIPT: Final = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")

_component = st.components.v2.component(
    "digits.live", html='<div class="written-text" aria-hidden="true"><p></p></div>', js=_SCRIPT, isolate_styles=False
)


def show_live_answer(strokes: Sequence[Stroke], size_wh: tuple[int, int], generation: int, profile: WriterProfile | None) -> None:
    """Let the visitor's browser show the answer while it draws a further stroke.

    Drawings and profiles that are too large to be sent ten times a second are only read by the page itself.

    Args:
        strokes: the drawing, in pixels of the sheet.
        size_wh: width and height of the sheet.
        generation: of the canvas widget.
        profile: of the visitor's handwriting.
    """
    data = live_data(strokes, size_wh, generation, profile)
    places = {"canvas": ".st-key-draw-canvas", "stage": ".st-key-draw-stage", "details": ".st-key-draw-details"}
    _component(data={**data, **places}, key="draw_live", width="stretch", height="content")


def live_data(strokes: Sequence[Stroke], size_wh: tuple[int, int], generation: int, profile: WriterProfile | None) -> dict[str, Any]:
    """Return what the script sends with each request, and when.

    Args:
        strokes: as in `show_live_answer`.
        size_wh: as in `show_live_answer`.
        generation: as in `show_live_answer`.
        profile: as in `show_live_answer`.

    Returns:
        The drawing as the API takes it, the generation, and as `isPossible` whether it is small enough.
    """
    simplified = [simplify(stroke.points, _TOLERANCE_PX) for stroke in strokes]
    is_possible = sum(map(len, simplified)) <= MAX_POINTS and len(profile or ()) <= MAX_EXAMPLES
    return {
        "isPossible": is_possible,
        "generation": generation,
        "width": size_wh[0],
        "height": size_wh[1],
        "strokes": [{"points": points.round(1).tolist()} for points in simplified] if is_possible else [],
        "profile": profile.to_json() if profile and is_possible else None,
    }
