"""The selected file in detail: its picture with the digits marked, and its reading."""

from typing import Final

import streamlit as st

from app.image_urls import data_url, resize
from app.inspectable_images import show_inspect_button
from app.language import _, localize
from app.reading_panel import show_answer, show_digits
from app.server.reader_processes import load
from app.untrusted_text import escape_markdown, shorten
from app.upload.reading import FileReading
from app.upload.store import inspectable_image, selected_file
from digitcore import Reading, annotate
from digitcore.errors import RequestError

_PREVIEW_SIDE_PX: Final = 1_000
"""The longer side of the picture, in pixels."""


def show_selected_file() -> None:
    """Show the selected file, or why it can't be read."""
    file = selected_file()
    if file is None:
        return
    st.header(escape_markdown(shorten(file.name)), anchor=False)
    if file.reading is None:
        st.error(localize(file.error), icon=":material/error:")
        return
    picture, answer = st.columns(2, gap="medium")
    with picture:
        _show_picture(file, file.reading)
        show_inspect_button(inspectable_image(file), key="upload_inspect")
    with answer:
        show_answer(file.reading, key="upload")
        show_digits(file.reading, key="upload", picture=file.file_id)


def _show_picture(file: FileReading, reading: Reading) -> None:
    try:
        with st.spinner(_("Opening the picture…")):
            marked = annotate(resize(load(file.content).pixels, _PREVIEW_SIDE_PX), reading)
    except RequestError as error:
        st.error(localize(error.message), icon=":material/error:")
        return
    alt = _("The picture with its digits marked: {text}").format(text=reading.text)
    st.image(data_url(marked, "jpeg"), caption=_("Result"), alt=alt, width="stretch")
