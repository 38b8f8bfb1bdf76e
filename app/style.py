"""The app's own CSS, in addition to Streamlit's theme."""

from pathlib import Path
from typing import Final

import streamlit as st

STYLE_PATH: Final = Path(__file__).resolve().with_name("style.css")


def apply_style() -> None:
    """Add the app's own CSS where the document is Streamlit's own; `app.server.document_head` adds it to those of the pages."""
    st.html(STYLE_PATH)
