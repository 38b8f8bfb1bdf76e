"""The panel of the visitor's handwriting on every page that reads: whether it is in use, and how to teach, load, download or forget it."""

from typing import Final

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from app.classes import reads_digits
from app.downloads import show_download_button
from app.handwriting.session import Handwriting, current_handwriting
from app.handwriting.teaching import Teaching, current_teaching
from app.language import _, language_parameters, localize, ngettext, number
from app.navigation import page
from digitcore import ProfileError, WriterProfile
from digitcore.recognition.writer_profile import MAX_JSON_BYTES

GENERATION_KEY: Final = "handwriting_generation"
"""Session state: the number of the uploader widget, which is replaced by an empty one once its file is loaded."""

_ICON: Final = ":material/history_edu:"

FILE_NAME: Final = "my-handwriting.json"


def show_handwriting_panel() -> None:
    """Show whether the visitor's handwriting is in use, with its buttons; nothing for other classes than digits."""
    if not reads_digits():
        return
    handwriting = current_handwriting()
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="handwriting-panel"):
        if handwriting.profile is not None:
            _show_use(handwriting)
        else:
            _show_offer(handwriting)


def _show_use(handwriting: Handwriting) -> None:
    count = len(handwriting)
    text = ngettext("Your handwriting is in use: {count} digit", "Your handwriting is in use: {count} digits", count)
    st.markdown(f"{_ICON} {text.format(count=number(count))}", width="content")
    teaching = current_teaching()
    st.button(
        _("Forget my handwriting"), icon=":material/delete:", on_click=_forget, args=(handwriting, teaching), key="handwriting_forget"
    )
    show_download_button(_("Download"), handwriting.to_json, FILE_NAME, key="handwriting_download")
    _show_teach_button(_("Teach more"), ":material/add:")


def _forget(handwriting: Handwriting, teaching: Teaching) -> None:
    """Forget all examples, and the pictures of a result that is still shown."""
    handwriting.forget()
    teaching.stop()


def _show_offer(handwriting: Handwriting) -> None:
    _show_teach_button(_("Teach it your handwriting"), _ICON)
    popover = st.popover(_("Load my handwriting"), icon=":material/upload:", key="handwriting_load", on_change="rerun")
    if popover.open:  # no second file chooser on the page until it is needed
        with popover:
            _show_uploader(handwriting)


def _show_uploader(handwriting: Handwriting) -> None:
    upload = st.file_uploader(
        _("Handwriting that you have downloaded here"),
        type="json",
        key=f"handwriting_file_{st.session_state.get(GENERATION_KEY, 0)}",
        max_upload_size=MAX_JSON_BYTES // 1_000_000,
        help=_("It is kept in memory for this visit."),
    )
    if upload is not None:
        _load(upload, handwriting)


def _show_teach_button(label: str, icon: str) -> None:
    if st.button(label, icon=icon, key="handwriting_teach"):
        current_teaching().start()
        st.switch_page(page("draw"), query_params=language_parameters())


def _load(upload: UploadedFile, handwriting: Handwriting) -> None:
    """Load the visitor's file, of which no more is read than a profile can have."""
    try:
        handwriting.load(WriterProfile.from_json(upload.read(MAX_JSON_BYTES + 1)))
    except ProfileError as error:
        st.error(localize(error.message), icon=":material/error:")
        return
    st.session_state[GENERATION_KEY] = st.session_state.get(GENERATION_KEY, 0) + 1
    st.rerun()
