"""Translate the texts of Streamlit's own camera and file chooser, for which it has no parameters."""

from pathlib import Path
from typing import Final

import streamlit as st

from app.language import DEFAULT_LANGUAGE, N_, _, current_language

TEXTS: Final = (
    N_("Take Photo"),
    N_("Clear photo"),
    N_("This app would like to use your camera."),
    N_("Learn how to allow access."),
    N_("Upload"),
)
"""The texts as Streamlit writes them."""

_SCRIPT: Final = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")

_component = st.components.v2.component("digits.widget_texts", html="<span></span>", js=_SCRIPT)


def translate_widgets() -> None:
    """Translate the texts of these widgets, wherever they are on the page, into the visitor's language."""
    if current_language() != DEFAULT_LANGUAGE:
        _component(data={"texts": {text: _(text) for text in TEXTS}}, key="widget_texts", width="content", height="content")
