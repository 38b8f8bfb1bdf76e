"""How pictures come in: files, folders and ZIPs dropped or chosen, read side by side behind a progress bar."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Final

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from app.language import N_, _
from app.upload.store import FileReading, choose, file_id_of, is_kept, keep, read_file
from digitcore import ArchiveError
from digitcore.io.archives import Unpacked, is_archive, unpack
from digitcore.io.decode import SUFFIXES

GENERATION_KEY: Final = "upload_generation"
"""An uploader is replaced by an empty one once its files are read."""

UNNOTICED_S: Final = 0.3
"""What takes no longer needs no progress bar, which would only flicker."""

KIND_KEY: Final = "upload_kind"
KINDS: Final = {"files": N_("Files or a ZIP"), "folder": N_("A whole folder")}


def show_uploader() -> None:
    """Show the uploader, and read what it is given."""
    with st.container(key="upload-kind"):
        kind = st.segmented_control(
            _("What to choose"),
            list(KINDS),
            default="files",
            format_func=lambda each: _(KINDS[each]),
            required=True,
            key=KIND_KEY,
            label_visibility="collapsed",
        )
    uploads = st.file_uploader(
        _("Pictures of handwritten digits"),
        type=[*SUFFIXES, "zip"],
        accept_multiple_files="directory" if kind == "folder" else True,
        help=_("Photos, scans or drawings, and ZIPs of them. Dark on light or light on dark, at any size up to 50 megapixels."),
        key=f"upload_uploader_{st.session_state.get(GENERATION_KEY, 0)}",
    )
    if uploads:
        _read_all([file for upload in uploads for file in _opened(upload)])
        st.session_state[GENERATION_KEY] = st.session_state.get(GENERATION_KEY, 0) + 1
        st.rerun()


def _opened(upload: UploadedFile) -> Iterator[Unpacked]:
    """The file itself, or the files in it."""
    name, content = upload.name, upload.getvalue()
    if not is_archive(name, content):
        yield Unpacked(name, content)
        return
    try:
        yield from unpack(content)
    except ArchiveError as error:
        yield Unpacked(name, b"", error)


def _read_all(files: Sequence[Unpacked]) -> None:
    """Read what was not read before. A rerun in between loses nothing: what is read is kept, and the rest is read then."""
    ids = [file_id_of(file.name, file.content) for file in files]
    if ids:
        choose(ids[0])
    new = {file_id: file for file_id, file in zip(ids, files, strict=True) if not is_kept(file_id)}
    with ThreadPoolExecutor(os.cpu_count()) as readers:
        work = [readers.submit(_read, file_id, file) for file_id, file in new.items()]
        try:
            late = wait(work, timeout=UNNOTICED_S).not_done
            bar = st.progress(0.0, text=_("Reading…")) if late else None
            for done, each in enumerate(work, 1):
                keep(each.result())
                if bar:
                    bar.progress(done / len(work), text=_("{done} of {count} read").format(done=done, count=len(work)))
        finally:
            readers.shutdown(wait=False, cancel_futures=True)


def _read(file_id: str, file: Unpacked) -> FileReading:
    if file.error is not None:
        return FileReading(file_id, file.name, b"", None, b"", file.error.message)
    return read_file(file_id, file.name, file.content)
