"""A picture with its digits marked. The marks are buttons: a click chooses a mark, as a click on its card does."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import streamlit as st

from app.image_urls import data_url
from app.language import _
from app.mark_labels import spoken_label
from digitcore import Digit, Reading
from digitcore.types import UInt8Array

_SCRIPT: Final = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")

_component = st.components.v2.component(
    "digits.marked_picture", html='<div class="marked-picture" role="group"><img></div>', js=_SCRIPT, isolate_styles=False
)


def show_marked_picture(image: UInt8Array, reading: Reading, marks: Sequence[Digit], chosen: int, cards_key: str) -> None:
    """Show the picture.

    Args:
        image: uint8 `(H, W, 3)`: the upright picture in any size, annotated.
        reading: what was read from it.
        marks: those that have cards.
        chosen: the index of the chosen mark.
        cards_key: the key of the component with the cards.
    """
    data = {
        "image": data_url(image, "jpeg"),
        "alt": _("The picture with its digits marked: {text}").format(text=reading.text),
        "name": _("Result"),
        "marks": [_mark(number, mark, reading.size_wh) for number, mark in enumerate(marks, 1)],
        "chosen": chosen,
        "cards": f".st-key-{cards_key}",
    }
    _component(data=data, key="upload_marked_picture", width="stretch", height="content")


def _mark(number: int, mark: Digit, size_wh: tuple[int, int]) -> dict[str, Any]:
    """Describe one button for the script: its name, and its place in percent of the picture."""
    x, y, width, height = mark.box_xywh
    return {
        "name": f"{number}: {spoken_label(mark)}",
        "left": 100 * x / size_wh[0],
        "top": 100 * y / size_wh[1],
        "width": 100 * width / size_wh[0],
        "height": 100 * height / size_wh[1],
    }
