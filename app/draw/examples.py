"""Examples to try: drawings for visitors who don't write one themselves."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import streamlit as st

from app.classes import reads_digits
from app.draw.canvas_state import CanvasState
from app.draw.sheet import canvas_objects
from app.language import N_, _
from digitcore import Stroke
from digitcore.io.packing import unpack_strokes

EXAMPLES: Final = {
    "postcode": (
        "AXjahU49S8NQFH0vn81Lmpia5PUjaoWKiCKCYHVzVRd_ivg_XMXZRXD0J3QQRx0sleoiaLWJTfNskramqcGCVBvxXM5yz73nnDXqELJg-3swAGA9ZikmF3Ml"
        "5rEp8RkdG7phZCSGij66rn19IBw9dtzg9cWze14vhBSjlrEs8rDvE8fuPDe8VuCS7oAWJFnPlXc0mQHh6pXlBMTvRZATFVXQsWgYEtYFVUEcFfV9N3AssGXO"
        "bJ7slTUkmWZeTHECTUeDwGq7jdt9jKZkkaZB3yNt33t-Io2OVdmptHtBP4IsktWMYGRz2CxsnIPTGulGkGFETpnWNYQyq0WMs_nZuYIus0Ls8UGcVstqNm2r"
        "dX_1ZhO3flZIq-n5hcXFpZXlUk5Q0wwThu9O8PJwV63VqncPxHmvXD_dX1zu1ruDIcUijuc1MVtE03kF8SmOZ6d0LGExmzNUnkMsFQ28G_ATwxEgHI5hQp4U"
        "YgkmbX_7ji6TpGFyCJXsGf0VlFz0j16TJ18l_zMff_8E-v0QlQ"
    ),
    "seven": "AXjaM2AqYmRicABCPgYGBiYgjmFgU3XVDBTm-bDywpE5k4_yff_3--fbfwxMxn9nXC19f5YZqIaBEYj_gwEjI4RmAAPGv_8BOU8gZw",
    "four": (
        "AXjaM2AqYmRicABCCQYGBmYgvrH81auXt5_fvHH_3ZtvPxhYuDh5RBUd7ATuvX_OKM3BzS8lpqqtKaksKispJy_Ay83G8u-1VloCy39kwAADjEAOIwM28P__"
        "P0YmAJdXKN8"
    ),
}
"""Packed drawings."""

LABELS: Final = {"postcode": N_("A postcode"), "seven": N_("A 7 with a bar"), "four": N_("A 4 like a 9")}


def show_examples(state: CanvasState) -> None:
    """Show a button for each example, which draws it on the canvas in place of what is there; nothing for other classes than digits.

    Args:
        state: of the canvas.
    """
    if not reads_digits():
        return
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", key="draw-examples"):
        st.markdown(_("Try one"), width="content")
        for name, packed in EXAMPLES.items():
            st.button(_(LABELS[name]), key=f"draw_try_{name}", on_click=_show_example, args=(state, packed))


def fit_to_sheet(strokes: Sequence[Stroke], from_wh: tuple[int, int], to_wh: tuple[int, int]) -> list[Stroke]:
    """Scale a drawing so that its sheet fits into the middle of another.

    Args:
        strokes: the drawing.
        from_wh: width and height of its sheet in pixels.
        to_wh: those of the other sheet.
    """
    scale = min(to_wh[0] / from_wh[0], to_wh[1] / from_wh[1])
    offset = (np.array(to_wh) - scale * np.array(from_wh)) / 2
    return [Stroke(stroke.points * scale + offset, stroke.pen_px * scale) for stroke in strokes]


def _show_example(state: CanvasState, packed: str) -> None:
    strokes, size_wh = unpack_strokes(packed)
    state.show(canvas_objects(fit_to_sheet(strokes, size_wh, state.size_wh)))
