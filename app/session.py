"""What a visitor's session remembers across pages."""

from typing import Final

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

PAGE_KEY: Final = "ui_page"
OPENED_KEY: Final = "ui_page_just_opened"
VISIT_KEY: Final = "ui_visit"


def record_page(address: str) -> None:
    """Say which page is shown, before it runs."""
    opened = st.session_state.get(PAGE_KEY) != address
    st.session_state[OPENED_KEY] = opened
    st.session_state[VISIT_KEY] = page_visit() + opened
    st.session_state[PAGE_KEY] = address


def page_visit() -> int:
    """Which visit to a page this is: the number changes with the page."""
    return int(st.session_state.get(VISIT_KEY, 0))


def session_id() -> str:
    """The id of this visitor's session, by which `is_there` knows it; empty outside a run of a page."""
    context = get_script_run_ctx()
    return context.session_id if context else ""


def is_session_active(session: str) -> bool:
    """Whether the visitor's page is still open: its connection ends at once with its tab or its browser. For any thread."""
    return runtime.exists() and runtime.get_instance().is_active_session(session)


def is_phone() -> bool:
    """Whether the visitor's browser says that it is one."""
    return "Mobi" in str(st.context.headers.get("User-Agent", ""))


def page_just_opened() -> bool:
    """Whether this is the page's first run since the visitor came to it."""
    return bool(st.session_state.get(OPENED_KEY, True))
