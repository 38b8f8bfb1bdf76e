"""The visitor's session: its id, whether it is active, and which of its pages is open."""

from typing import Final

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

PAGE_KEY: Final = "ui_page"
OPENED_KEY: Final = "ui_page_just_opened"
VISIT_KEY: Final = "ui_visit"
PHONE_KEY: Final = "ui_is_phone"


def record_page(address: str) -> None:
    """Record which page is about to run.

    Args:
        address: the page's address, empty for the page at the root.
    """
    opened = st.session_state.get(PAGE_KEY) != address
    st.session_state[OPENED_KEY] = opened
    st.session_state[VISIT_KEY] = page_visit() + opened
    st.session_state[PAGE_KEY] = address


def page_visit() -> int:
    """Return the number of the current visit to a page; it grows whenever another page is opened."""
    return int(st.session_state.get(VISIT_KEY, 0))


def page_just_opened() -> bool:
    """Return whether this is the page's first run since the visitor opened it."""
    return bool(st.session_state.get(OPENED_KEY, True))


def session_id() -> str:
    """Return the id of this visitor's session; empty outside a run of a page."""
    context = get_script_run_ctx()
    return context.session_id if context else ""


def is_session_active(session: str) -> bool:
    """Return whether a visitor's page is still open; it ends as soon as its tab or browser is closed. Safe on any thread.

    Args:
        session: the id, from `session_id`.
    """
    return runtime.exists() and runtime.get_instance().is_active_session(session)


def is_phone() -> bool:
    """Return whether the visitor's browser identifies itself as one on a phone."""
    if PHONE_KEY not in st.session_state:  # each access parses the headers again
        st.session_state[PHONE_KEY] = "Mobi" in str(st.context.headers.get("User-Agent", ""))
    return bool(st.session_state[PHONE_KEY])
