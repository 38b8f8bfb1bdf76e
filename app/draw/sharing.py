"""Share a drawing by a link that contains it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import streamlit as st

from app.language import _, localize
from digitcore import DrawingError, Stroke
from digitcore.io.packing import pack_strokes

MAX_LINK_CHARACTERS: Final = 6_000
"""The longest packed drawing of a link. Proxies take addresses of 8 KiB."""

_HTML: Final = """
<div>
  <button type="button" class="copy"></button>
  <button type="button" class="share" hidden></button>
  <label hidden><span class="label"></span><input class="link" readonly></label>
</div>
"""
_SCRIPT: Final = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
_STYLE: Final = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")

_component = st.components.v2.component("digits.sharing", html=_HTML, css=_STYLE, js=_SCRIPT)


def show_sharing(strokes: Sequence[Stroke], size_wh: tuple[int, int]) -> None:
    """Show a button that copies the link to a drawing, and one that shares it on devices that can.

    Args:
        strokes: the drawing, in pixels of the sheet.
        size_wh: width and height of the sheet.
    """
    try:
        packed = pack_strokes(strokes, size_wh, MAX_LINK_CHARACTERS)
    except DrawingError as error:
        st.caption(localize(error.message))
        return
    texts = {"copy": _("Copy the link"), "copied": _("Link copied"), "share": _("Share"), "label": _("Copy this link:")}
    _component(data={"packed": packed, "title": _("Digit reader"), **texts}, key="draw_sharing", width="content", height="content")
