"""The uploader: files, folders and ZIP files, read in parallel while a progress bar is shown."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from typing import Final

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from app.language import N_, _, number
from app.server.reader_processes import is_large, reader_processes
from app.upload.reading import FileReading, read_file, unreadable_file
from app.upload.store import file_id_of, is_stored, select, store
from digitcore import ArchiveError
from digitcore.errors import RequestError
from digitcore.io.archives import UnpackedFile, is_archive, unpack
from digitcore.io.decode import PICTURE_SUFFIXES

GENERATION_KEY: Final = "upload_generation"
"""Session state: the number of the uploader widget, which is replaced by an empty one once its files are read."""

PROGRESS_DELAY_S: Final = 0.3
"""How long reading takes before the progress bar appears, in seconds; it would only flicker for less."""

MANY_FILES: Final = 5
"""The number of files from which worker processes read them, since together they take long."""

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
    uploads = st.file_uploader(
        _("Pictures of handwritten digits"),
        type=[*PICTURE_SUFFIXES, "zip"],
        accept_multiple_files="directory" if kind == "folder" else True,
        help=_("Photos, scans or drawings, or ZIP files of them. Dark on light or light on dark, up to 50 megapixels each."),
        key=f"upload_uploader_{st.session_state.get(GENERATION_KEY, 0)}",
    )
    if uploads:
        _read_all([file for upload in uploads for file in _unpacked(upload)])
        st.session_state[GENERATION_KEY] = st.session_state.get(GENERATION_KEY, 0) + 1
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
    """Read and store the files that aren't stored yet; if the page runs again meanwhile, that run reads the rest."""
    ids = [file_id_of(file.name, file.content) for file in files]
    if ids:
        select(ids[0])
    new = {file_id: file for file_id, file in zip(ids, files, strict=True) if not is_stored(file_id)}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        readings = [pool.submit(_read, file_id, file, is_one_of_many=len(new) >= MANY_FILES) for file_id, file in new.items()]
        try:
            is_slow = wait(readings, timeout=PROGRESS_DELAY_S).not_done
            bar = st.progress(0.0, text=_("Reading…")) if is_slow else None
            for done, reading in enumerate(readings, 1):
                store(reading.result())
                if bar:
                    bar.progress(done / len(readings), text=_progress(done, len(readings)))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _read(file_id: str, file: UnpackedFile, *, is_one_of_many: bool) -> FileReading:
    if file.error is not None:
        return unreadable_file(file_id, file.name, file.error.message)
    job = partial(read_file, file_id, file.name, file.content)
    if not is_one_of_many and not is_large(file.content):
        return job()
    try:
        return reader_processes().run(job)
    except RequestError as error:
        return unreadable_file(file_id, file.name, error.message)


def _progress(done: int, count: int) -> str:
    return _("{done} of {count} read").format(done=number(done), count=number(count))
