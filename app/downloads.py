"""What a visitor can take along. Files are made when they are asked for, and kept nowhere."""

import mimetypes
from collections.abc import Callable

import streamlit as st


def show_download_button(label: str, make: Callable[[], bytes | str], file_name: str, key: str, icon: str = ":material/download:") -> None:
    """A button that makes a file and gives it to the visitor, without running the page again.

    Args:
        label: in the visitor's language.
        make: the file's content; called at the click.
        file_name: its ending says what it is.
        key: of the button.
        icon: before the label.
    """
    mime, _encoding = mimetypes.guess_type(file_name)
    st.download_button(label, make, file_name=file_name, mime=mime, icon=icon, on_click="ignore", key=key)
