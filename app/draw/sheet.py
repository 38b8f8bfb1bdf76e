"""The sheet to write on: its sizes, and the script that fits the canvas to the screen.

A sheet has a fixed size in its own pixels, in which drawings are read. The page's style sheet scales it to the screen, so that neither a
narrower window nor a turned phone changes or hides what is drawn. The canvas has more pixels than the sheet, so that ink is sharp where it
is shown larger.
"""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import streamlit as st

from app.draw.history import Strokes
from app.session import is_phone
from digitcore import Stroke
from digitcore.types import Float64Array

PIXEL_RATIO: Final = 2
"""Pixels of the canvas for each pixel of the sheet."""

INK_COLOR: Final = "#000000"
PAPER_COLOR: Final = "#ffffff"
"""The style sheet inverts both in the dark theme."""

_SCRIPT: Final = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")

_component = st.components.v2.component("digits.sheet", html="<span></span>", js=_SCRIPT)


class Shape(StrEnum):
    """The shape of an empty sheet: nearly square on an upright phone, else wide, for several digits side by side."""

    WIDE = "wide"
    NARROW = "narrow"


def sheet_shape(name: str, label: str, generation: int) -> Shape:
    """Fit the canvas to the screen, and ask the visitor's browser for the shape that suits it.

    Args:
        name: the beginning of the keys of the canvas's containers and buttons.
        label: the name of the canvas for screen readers.
        generation: of the canvas widget; strokes that begin while it is replaced are drawn on the next one.

    Returns:
        The shape for an empty sheet.
    """
    guess = Shape.NARROW if is_phone() else Shape.WIDE
    state: dict[str, Any] = _component(
        data={"name": name, "label": label, "generation": generation, "shape": guess},
        default={"shape": None},
        key=f"{name}_fitting",
        on_shape_change=lambda: None,
        width="content",
        height="content",
    )
    return Shape.NARROW if (state.get("shape") or guess) == Shape.NARROW else Shape.WIDE


def canvas_objects(strokes: Sequence[Stroke]) -> Strokes:
    """Convert strokes to the objects of a canvas.

    Args:
        strokes: in pixels of the sheet.

    Returns:
        The objects, as in the canvas's JSON.
    """
    return [_canvas_object(stroke.points * PIXEL_RATIO, stroke.pen_px * PIXEL_RATIO) for stroke in strokes]


def _canvas_object(points: Float64Array, pen_px: float) -> dict[str, Any]:
    first, *others = points.tolist()
    return {
        "type": "Path",
        "path": [["M", *first], *(["L", *point] for point in others or [first])],
        "stroke": INK_COLOR,
        "strokeWidth": pen_px,
        "strokeLineCap": "round",
        "strokeLineJoin": "round",
        "fill": None,
    }
