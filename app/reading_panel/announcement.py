"""Announce the text that was read to screen readers, without the rest of the panel."""

from pathlib import Path
from typing import Final

import streamlit as st

_SCRIPT: Final = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")

_component = st.components.v2.component(
    "digits.announcement", html='<p class="announcement" role="status" aria-live="polite"></p>', js=_SCRIPT, isolate_styles=False
)


def announce(text: str, key: str) -> None:
    """Announce a text whenever it changes.

    Args:
        text: what was read.
        key: the prefix of the page's widget keys.
    """
    _component(data={"text": text}, key=f"announcement-{key}", width="content", height="content")
