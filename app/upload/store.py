"""The uploaded files of a visit: each is read once and kept in memory with its reading until the session ends."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import streamlit as st

from app.handwriting.session import current_handwriting
from app.inspectable_images import InspectableImage, register_images
from app.samples import Sample
from app.upload.reading import FileReading, read_file, unreadable_file
from digitcore.messages import Message

FILES_KEY: Final = "upload_files"
SELECTED_KEY: Final = "upload_chosen"

MAX_BYTES_PER_VISIT: Final = 200 * 2**20
"""The total size of the files that one visit can keep, in bytes, encoded as they were uploaded."""


def file_id_of(name: str, content: bytes) -> str:
    """Return the id of an uploaded file, the same for the same name and content."""
    return f"upload:{hashlib.sha256(name.encode() + bytes(1) + content).hexdigest()[:16]}"


def stored_files() -> list[FileReading]:
    """Return the files of this visit in the order in which they were stored."""
    return list(_files().values())


def is_stored(file_id: str) -> bool:
    """Return whether a file of this visit has this id."""
    return file_id in _files()


def outdated_files() -> list[FileReading]:
    """Return the files of this visit that were read with another handwriting than the visitor's present one."""
    version = current_handwriting().version
    return [file for file in stored_files() if file.reading is not None and file.handwriting_version != version]


def store(file: FileReading) -> None:
    """Store a file; beyond the limit of a visit, store in its place that it was refused.

    A stored file is replaced by a newer reading, but never by an error, for example of a server that is too busy to read it again.
    """
    if is_stored(file.file_id) and file.reading is None:
        return
    others = sum(len(each.content) for each in _files().values() if each.file_id != file.file_id)
    if others + len(file.content) > MAX_BYTES_PER_VISIT:
        limit_mb = MAX_BYTES_PER_VISIT // 2**20
        error = Message("One visit can hold {limit} MB of pictures. Remove some, then upload this one again.", limit=limit_mb)
        file = unreadable_file(file.file_id, file.name, error)
    _set_files({**_files(), file.file_id: file})


def store_sample(sample: Sample) -> None:
    """Read and store a sample unless it is stored already, and select it."""
    if not is_stored(sample.sample_id):
        handwriting = current_handwriting()
        reading = read_file(sample.sample_id, sample.file, sample.content, handwriting.profile)
        store(replace(reading, handwriting_version=handwriting.version))
    select(sample.sample_id)


def inspectable_image(file: FileReading) -> InspectableImage:
    """Return the image of a file for the Inspector."""
    return InspectableImage(file.file_id, file.name, file.content)


def remove(file_ids: Sequence[str]) -> None:
    """Remove files from this visit."""
    _set_files({file_id: file for file_id, file in _files().items() if file_id not in file_ids})


def select(file_id: str) -> None:
    """Select the file that is shown in detail."""
    st.session_state[SELECTED_KEY] = file_id


def selected_file() -> FileReading | None:
    """Return the file to show in detail: the selected one, otherwise the first; None if there is none."""
    files = _files()
    return files.get(st.session_state.get(SELECTED_KEY, "")) or next(iter(files.values()), None)


def _files() -> dict[str, FileReading]:
    files: dict[str, FileReading] = st.session_state.get(FILES_KEY, {})
    return files


def _set_files(files: dict[str, FileReading]) -> None:
    st.session_state[FILES_KEY] = files
    register_images("upload", [inspectable_image(file) for file in files.values() if file.reading])
