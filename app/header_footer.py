"""What stands around every page: its heading with the choice of language above, promise, version and source below."""

import os
from typing import Final

import streamlit as st

from app.language import _, show_language_switch
from digitcore import __version__

SOURCE_URL_SETTING: Final = "DIGITS_SOURCE_URL"
"""The environment's name for where this app's source can be read; without it the footer names the licence alone."""


def show_header(title: str) -> None:
    """The page's title, and beside it the languages."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="page-heading"):
        st.title(title, width="content", anchor=False)
        show_language_switch()


def show_footer() -> None:
    """The promise, the version and where it comes from."""
    source = os.environ.get(SOURCE_URL_SETTING, "")
    promise = _("Pictures stay in this server's memory and are forgotten when you leave. None is stored or sent anywhere.")
    version = _("Version {version}").format(version=__version__)
    licence = _("Open source, MIT licence")
    st.divider()
    st.caption(f"{promise}  \n{version} · {f'[{licence}]({source})' if source else licence}")
