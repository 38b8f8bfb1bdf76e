"""The app's pages: their files, addresses, titles and icons."""

from pathlib import Path
from typing import Final, NamedTuple

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from app.language import N_, _

PAGES_DIR: Final = Path(__file__).resolve().parents[1] / "pages"


class _Entry(NamedTuple):
    title: str
    icon: str


_ENTRIES: Final = {
    "draw": _Entry(N_("Draw"), ":material/draw:"),
    "upload": _Entry(N_("Upload"), ":material/upload_file:"),
    "webcam": _Entry(N_("Webcam"), ":material/videocam:"),
    "inspector": _Entry(N_("Inspector"), ":material/biotech:"),
    "model": _Entry(N_("Model"), ":material/network_intelligence:"),
}
"""By the name of the page's file, in the order of the navigation; the first page is at the root address."""


def pages() -> list[StreamlitPage]:
    """Return all pages in the order of the navigation."""
    return [page(name) for name in _ENTRIES]


def page(name: str) -> StreamlitPage:
    """Return one page.

    Args:
        name: the name of its file in `pages/`, without the suffix.
    """
    entry, first = _ENTRIES[name], name == next(iter(_ENTRIES))
    return st.Page(PAGES_DIR / f"{name}.py", title=_(entry.title), icon=entry.icon, url_path=None if first else name, default=first)
