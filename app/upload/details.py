"""The selected file in detail: its picture with the digits marked, and its reading."""

from typing import Final

import streamlit as st

from app.inspectable_images import show_inspect_button
from app.language import _, localize
from app.reading_panel import show_answer, show_digits
from app.reading_panel.digits import MAX_CARDS
from app.reading_panel.mark_choice import follow_choice
from app.server.reader_processes import load
from app.untrusted_text import escape_markdown, shorten
from app.upload.marked_picture import show_marked_picture
from app.upload.reading import FileReading
from app.upload.store import inspectable_image, selected_file
from digitcore import Reading, annotate
from digitcore.errors import RequestError
from digitcore.io.thumbnails import resize

_PREVIEW_SIDE_PX: Final = 1_000
"""The longer side of the picture, in pixels."""

_CARDS_KEY: Final = "upload_cards"
"""The key of the cards that `show_digits` shows for this page."""


def show_selected_file() -> None:
    """Show the selected file, or why it can't be read."""
    file = selected_file()
    if file is None:
        return
    st.header(escape_markdown(shorten(file.name)), anchor=False)
    if file.reading is None:
        st.error(localize(file.error), icon=":material/error:")
        return
    reading = file.reading
    with st.container(key="upload-detail"):
        answer, picture, digits = st.container(key="upload-answer"), st.container(key="upload-picture"), st.container(key="upload-digits")
    with answer:
        show_answer(reading, key="upload")
    with digits:
        show_digits(reading, key="upload", picture=file.file_id)
    with picture:  # after the digits, since it shows which of them is chosen
        _show_picture(file, reading)
        show_inspect_button(inspectable_image(file), key="upload_inspect")


def _show_picture(file: FileReading, reading: Reading) -> None:
    try:
        with st.spinner(_("Opening the picture…")):
            marked = annotate(resize(load(file.content).pixels, _PREVIEW_SIDE_PX), reading)
    except RequestError as error:
        st.error(localize(error.message), icon=":material/error:")
        return
    marks = reading.digits[:MAX_CARDS]
    chosen = follow_choice(marks, _CARDS_KEY, file.file_id, st.session_state.get(_CARDS_KEY)) if marks else 0
    show_marked_picture(marked, reading, marks, chosen, _CARDS_KEY)
