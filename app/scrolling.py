"""Scroll a page to one of its parts, which Streamlit has no command for."""

from pathlib import Path
from typing import Final

import streamlit as st

_SCRIPT: Final = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")

_component = st.components.v2.component("digits.scrolling", html="<span></span>", js=_SCRIPT)


def scroll_to(container: str) -> None:
    """Scroll the page so that a container is at the top. Call this in the run in which the page opens.

    Args:
        container: the key of an `st.container` above.
    """
    _component(data={"target": f".st-key-{container}"}, key=f"scroll-to-{container}", width="content", height="content")
