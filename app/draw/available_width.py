"""Measure the width that the screen leaves for the canvas, whose size Streamlit has to know in pixels.

The measuring script also hides the canvas's own toolbar, whose buttons the page has already.
"""

from pathlib import Path
from typing import Any, Final

import streamlit as st

_SCRIPT: Final = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")

_component = st.components.v2.component("digits.available_width", html="<span></span>", js=_SCRIPT)


def available_width_px(container: str, generation: object) -> int | None:
    """Measure the width of a container in the visitor's browser.

    Args:
        container: the key of an `st.container` that is as wide as possible.
        generation: changes whenever the container's content was replaced.

    Returns:
        The width in CSS pixels; None until the browser has reported it, shortly after the container's first appearance.
    """
    state: dict[str, Any] = _component(
        data={"container": f".st-key-{container}", "generation": str(generation)},
        default={"width": None},
        key=f"{container}_fitting",
        on_width_change=lambda: None,
        width="content",
        height="content",
    )
    return int(state["width"]) if state.get("width") else None
