"""Show an unexpected error of a page's script in one line; Streamlit writes it to the server's log."""

import streamlit as st

from app.language import _


def show_script_error(_error: Exception) -> bool:
    """Show that something failed, in the visitor's language, for `on_script_error` of `streamlit.App`.

    Args:
        _error: whatever a page didn't handle, which is a defect; it is of no use to visitors.

    Returns:
        True: Streamlit shows nothing of the error itself.
    """
    st.error(_("Something went wrong here. Try again, or reload the page."), icon=":material/error:")
    return True
