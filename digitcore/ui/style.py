"""The few rules of style that Streamlit's theme has no setting for."""

from typing import Final

import streamlit as st

_CSS: Final = """
<style>
.st-key-reading-text p { font-size: clamp(3.5rem, 12vw, 6rem); font-weight: 700; line-height: 1; margin: 0; overflow-wrap: anywhere; }
.st-key-draw-canvas { width: fit-content; max-width: 100%; margin-top: 2.25rem; } /* room for its toolbar */
.st-key-model-input img { image-rendering: pixelated; }
@media (max-width: 640px) {
  .stMainBlockContainer h1 { font-size: 1.9rem; padding: 0; }
  .st-key-draw-canvas { margin-top: 0; }
}
.stMainBlockContainer { max-width: 68rem; padding-top: 4.5rem; padding-bottom: 3rem; }
</style>
"""


def apply_style() -> None:
    """Add the app's own rules to the page."""
    st.html(_CSS)
