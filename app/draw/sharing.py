"""Share a drawing by a link that contains it, and what was read on it as a picture."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import streamlit as st

from app.downloads import show_download_button
from app.draw.result_card import CardTexts, draw_card
from app.language import _, confidence, localize
from digitcore import DrawingError, Reading, Stroke
from digitcore.io.packing import pack_strokes

MAX_LINK_CHARACTERS: Final = 6_000
"""The longest packed drawing of a link. Proxies take addresses of 8 KiB."""

_HTML: Final = """
<div>
  <button type="button" class="copy"><span aria-hidden="true" translate="no">link</span></button>
  <button type="button" class="share" hidden><span aria-hidden="true" translate="no">share</span></button>
</div>
<p role="status"></p>
<label hidden><span class="label"></span><input class="link" readonly></label>
"""
_SCRIPT: Final = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
_STYLE: Final = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")

_component = st.components.v2.component("digits.sharing", html=_HTML, css=_STYLE, js=_SCRIPT)


def show_sharing(strokes: Sequence[Stroke], size_wh: tuple[int, int], reading: Reading) -> None:
    """Show a row of buttons: copy the link to a drawing, share it on devices that can, download what was read as a card.

    Args:
        strokes: the drawing, in pixels of the sheet.
        size_wh: width and height of the sheet.
        reading: the reading of these strokes.
    """
    with st.container(horizontal=True, gap="xsmall", width="content", key="draw-sharing"):
        _show_link_buttons(strokes, size_wh)
        if reading.lines:
            texts = CardTexts(reading.text, _least_confidence(reading), _("Digit reader"))
            is_dark = st.context.theme.type == "dark"
            show_download_button(
                _("Result card (PNG)"), lambda: draw_card(strokes, size_wh, texts, is_dark=is_dark), "result.png", key="draw_download_card"
            )


def _show_link_buttons(strokes: Sequence[Stroke], size_wh: tuple[int, int]) -> None:
    try:
        packed = pack_strokes(strokes, size_wh, MAX_LINK_CHARACTERS)
    except DrawingError as error:
        if st.button(_("Copy the link"), icon=":material/link_off:", key="draw_no_link"):
            st.toast(localize(error.message), icon=":material/link_off:")
        return
    texts = {"copy": _("Copy the link"), "copied": _("Link copied"), "share": _("Share"), "label": _("Copy this link:")}
    _component(data={"packed": packed, "title": _("Digit reader"), **texts}, key="draw_sharing", width="content", height="content")


def _least_confidence(reading: Reading) -> str:
    """Return how sure the least sure digit is."""
    return _("{share} sure").format(share=confidence(min(digit.confidence for digit in reading.digits if digit.accepted)))
