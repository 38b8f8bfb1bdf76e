"""The app's pages: their files, addresses, titles, icons and descriptions, and the links to them on every page."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from app.language import N_, _, current_language, language_parameters

PAGES_DIR: Final = Path(__file__).resolve().parents[1] / "pages"

_SCRIPT: Final = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")

_component = st.components.v2.component("digits.navigation", html="<span></span>", js=_SCRIPT)


class PageEntry(NamedTuple):
    """What the navigation, the browser and the previews of links show of a page, in English."""

    title: str
    icon: str
    description: str


PAGE_ENTRIES: Final = {
    "draw": PageEntry(
        N_("Draw"), ":material/draw:", N_("Write a number with the mouse, a finger or a pen, and see it read after every stroke.")
    ),
    "upload": PageEntry(N_("Upload"), ":material/upload_file:", N_("Add photos or scans of handwritten numbers and see each one read.")),
    "webcam": PageEntry(N_("Webcam"), ":material/videocam:", N_("Hold a handwritten number up to the camera and see it read live.")),
    "inspector": PageEntry(
        N_("Inspector"), ":material/biotech:", N_("Follow a picture through every step to its answer, and change any of them.")
    ),
    "model": PageEntry(
        N_("Model"),
        ":material/network_intelligence:",
        N_("See how accurate the neural network is, where it makes mistakes, and how it is built."),
    ),
}
"""By the name of the page's file, in the order of the navigation; the first page is at the root address."""


def page_address(name: str) -> str:
    """Return a page's address below that of the app, empty for the page at the root.

    Args:
        name: the name of its file in `pages/`, without the suffix.
    """
    return "" if name == next(iter(PAGE_ENTRIES)) else name


def pages() -> list[StreamlitPage]:
    """Return all pages in the order of the navigation."""
    return [page(name) for name in PAGE_ENTRIES]


def page(name: str) -> StreamlitPage:
    """Return one page.

    Args:
        name: the name of its file in `pages/`, without the suffix.
    """
    entry, address = PAGE_ENTRIES[name], page_address(name)
    return st.Page(
        PAGES_DIR / f"{name}.py",
        title=_(entry.title),
        icon=entry.icon,
        url_path=address or None,
        default=not address,
        help=_(entry.description),
    )


def show_navigation(all_pages: Sequence[StreamlitPage], current: str) -> None:
    """Show the links to all pages: in the header, or at the bottom of a phone's screen. They keep the language that the visitor chose.

    Args:
        all_pages: from `pages`.
        current: the address of the current page, empty for the page at the root.
    """
    with st.container(horizontal=True, gap=None, key="navigation"):
        for each in all_pages:
            st.page_link(each, query_params=language_parameters())
        _describe_links(current)


def _describe_links(current: str) -> None:
    """Describe the links to browsers and screen readers, which `st.page_link` does only in part."""
    addresses = [page_address(name) for name in PAGE_ENTRIES]
    _component(
        data={
            "label": _("Pages"),
            "language": current_language(),
            "current": addresses.index(current),
            "query": "".join(f"?{name}={value}" for name, value in language_parameters().items()),
        },
        key="navigation_links",
        width="content",
        height="content",
    )
