"""The uploader: files, folders and ZIP files."""

from collections.abc import Iterator, Sequence
from typing import Final

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from app.language import N_, _
from app.upload.labels import store_tables
from app.upload.parallel import read_and_store
from app.upload.store import file_id_of, is_stored, select
from app.upload.upload_area import UPLOADER_KEY, show_upload_area
from digitcore import ArchiveError
from digitcore.io.archives import UnpackedFile, is_archive, unpack

GENERATION_KEY: Final = "upload_generation"
"""Session state: the number of the uploader widget, which is replaced by an empty one once its files are read."""

KIND_KEY: Final = "upload_kind"
KINDS: Final = {"files": N_("Files or a ZIP"), "folder": N_("A whole folder")}


def show_uploader() -> None:
    """Show the uploader, and read what is uploaded."""
    with st.container(key="upload-kind"):
        kind = st.segmented_control(
            _("What to upload"),
            list(KINDS),
            default="files",
            format_func=lambda each: _(KINDS[each]),
            required=True,
            key=KIND_KEY,
            label_visibility="collapsed",
        )
    generation = st.session_state.get(GENERATION_KEY, 0)
    with st.container(key=UPLOADER_KEY):
        uploads = st.file_uploader(  # it takes files of any type: what can't be read gets a sentence that says why
            _("Pictures of handwritten digits"),
            accept_multiple_files="directory" if kind == "folder" else True,
            key=f"upload_uploader_{generation}",
        )
    show_upload_area(folder=kind == "folder", generation=generation)
    if uploads:
        _read_all(store_tables(file for upload in uploads for file in _unpacked(upload)))
        st.session_state[GENERATION_KEY] = generation + 1
        st.rerun()


def _unpacked(upload: UploadedFile) -> Iterator[UnpackedFile]:
    """Yield the uploaded file, or the files inside if it is a ZIP file."""
    name, content = upload.name, upload.getvalue()
    if not is_archive(name, content):
        yield UnpackedFile(name, content)
        return
    try:
        yield from unpack(content)
    except ArchiveError as error:
        yield UnpackedFile(name, b"", error)


def _read_all(files: Sequence[UnpackedFile]) -> None:
    """Read and store the files that aren't stored yet, and select the first one."""
    ids = [file_id_of(file.name, file.content) for file in files]
    if ids:
        select(ids[0])
    read_and_store({file_id: file for file_id, file in zip(ids, files, strict=True) if not is_stored(file_id)})
