"""The app's own CSS, in addition to Streamlit's theme."""

from pathlib import Path
from typing import Final

import streamlit as st

STYLE_PATH: Final = Path(__file__).resolve().with_name("style.css")


def apply_style() -> None:
    """Add the app's own CSS to the page."""
    st.html(STYLE_PATH)
