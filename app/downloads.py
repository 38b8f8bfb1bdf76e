"""Downloads: files are created when a visitor clicks, and stored nowhere."""

import mimetypes
from collections.abc import Callable

import streamlit as st


def show_download_button(
    label: str, create: Callable[[], bytes | str], file_name: str, key: str, icon: str = ":material/download:"
) -> None:
    """Show a button that creates a file and downloads it, without running the page again.

    Args:
        label: the button's text, in the visitor's language.
        create: returns the file's content; called at the click.
        file_name: the name of the download; its suffix decides the media type.
        key: the button's widget key.
        icon: the icon before the label.
    """
    mime, _encoding = mimetypes.guess_type(file_name)
    st.download_button(label, create, file_name=file_name, mime=mime, icon=icon, on_click="ignore", key=key)
