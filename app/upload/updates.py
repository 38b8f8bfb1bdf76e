"""Read stored files again whose readings don't have the visitor's present handwriting."""

from collections.abc import Sequence

import streamlit as st

from app.language import _, ngettext, number
from app.upload.parallel import MANY_FILES, read_and_store
from app.upload.reading import FileReading
from app.upload.store import outdated_files, selected_file
from digitcore.io.archives import UnpackedFile


def update_readings() -> None:
    """Read a few outdated files again at once; of many, the selected one, and the others at the click of a button."""
    outdated = outdated_files()
    if len(outdated) < MANY_FILES:
        _read_again(outdated)
        return
    selected = selected_file()
    _read_again([file for file in outdated if selected is not None and file.file_id == selected.file_id])
    _show_button(outdated_files())


def _show_button(outdated: Sequence[FileReading]) -> None:
    text = ngettext(
        "{count} picture was read before your handwriting changed.",
        "{count} pictures were read before your handwriting changed.",
        len(outdated),
    )
    with st.container(horizontal=True, vertical_alignment="center", key="upload-outdated"):
        st.markdown(text.format(count=number(len(outdated))), width="content")
        if st.button(_("Read again"), icon=":material/refresh:", key="upload_read_again"):
            _read_again(outdated)
            st.rerun()


def _read_again(files: Sequence[FileReading]) -> None:
    if files:
        read_and_store({file.file_id: UnpackedFile(file.name, file.content) for file in files})
