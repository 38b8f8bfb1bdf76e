"""The header and the footer of every page."""

import os
from typing import Final

import streamlit as st

from app.language import N_, _, show_language_switch
from digitcore import __version__

APP_NAME: Final = N_("Digit reader")

SOURCE_URL_SETTING: Final = "DIGITS_SOURCE_URL"
"""The environment variable with the address of this app's source code; without it the footer names only the licence."""


def show_header(title: str) -> None:
    """Show the page's title and the language switch.

    Args:
        title: the heading, in the visitor's language.
    """
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="page-heading"):
        st.title(title, width="content", anchor=False)
        show_language_switch()


def show_footer() -> None:
    """Show the privacy promise, the version and the licence."""
    source = os.environ.get(SOURCE_URL_SETTING, "")
    promise = _("Pictures stay in this server's memory and are forgotten when you leave. They are never saved to disk or passed on.")
    version = _("Version {version}").format(version=__version__)
    licence = _("Open source, MIT licence")
    st.divider()
    st.caption(f"{promise}  \n{version} · {f'[{licence}]({source})' if source else licence}")
