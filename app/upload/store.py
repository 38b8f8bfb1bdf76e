"""The uploaded files of a visit: each is read once and kept in memory with its reading until the session ends."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import streamlit as st

from app.image_urls import resize
from app.inspectable_images import InspectableImage, register_images
from app.samples import Sample
from digitcore import DigitError, Reading, annotate, read_image
from digitcore.io.encode import encode_image
from digitcore.io.records import error_record, reading_record
from digitcore.messages import Message

FILES_KEY: Final = "upload_files"
SELECTED_KEY: Final = "upload_chosen"

MAX_BYTES_PER_VISIT: Final = 200 * 2**20
"""The total size of the files that one visit can keep, in bytes, encoded as they were uploaded."""

THUMBNAIL_SIDE_PX: Final = 360
"""The longer side of a thumbnail: twice its size in the gallery, for screens with two pixels per CSS pixel."""


@dataclass(frozen=True, eq=False)
class FileReading:
    """An uploaded file and its reading.

    Attributes:
        file_id: identifies the file within the visit.
        name: the file's name, as uploaded.
        content: the encoded image; empty if it can't be read.
        reading: the reading without its stages, which would take megabytes for each image; None if the image can't be read.
        thumbnail: a small JPEG with the digits marked; empty if the image can't be read.
        error: why the image can't be read; else empty.
    """

    file_id: str
    name: str
    content: bytes
    reading: Reading | None
    thumbnail: bytes
    error: str = ""

    @cached_property
    def record(self) -> dict[str, Any]:
        """Return the record that the command line writes for the file."""
        return reading_record(self.name, self.reading) if self.reading else error_record(self.name, str(self.error))

    @property
    def inspectable_image(self) -> InspectableImage:
        """Return the image for the Inspector."""
        return InspectableImage(self.file_id, self.name, self.content)


def read_file(file_id: str, name: str, content: bytes) -> FileReading:
    """Read an image. It uses no session state, so it can run on any thread.

    Args:
        file_id: identifies the file within the visit.
        name: the file's name.
        content: the encoded image.

    Returns:
        The file with its reading, or with the error that prevents it.
    """
    try:
        reading = read_image(content)
    except DigitError as error:
        return FileReading(file_id, name, b"", None, b"", error.message)
    marked = annotate(resize(reading.stages[0].image, THUMBNAIL_SIDE_PX), reading)
    return FileReading(file_id, name, content, replace(reading, stages=[]), encode_image(marked, "jpeg"))


def file_id_of(name: str, content: bytes) -> str:
    """Return the id of an uploaded file, the same for the same name and content."""
    return f"upload:{hashlib.sha256(name.encode() + bytes(1) + content).hexdigest()[:16]}"


def stored_files() -> list[FileReading]:
    """Return the files of this visit in the order in which they were stored."""
    return list(_files().values())


def is_stored(file_id: str) -> bool:
    """Return whether a file of this visit has this id."""
    return file_id in _files()


def store(file: FileReading) -> None:
    """Store a file; beyond the limit of a visit, store in its place that it was refused."""
    if sum(len(each.content) for each in _files().values()) + len(file.content) > MAX_BYTES_PER_VISIT:
        limit_mb = MAX_BYTES_PER_VISIT // 2**20
        error = Message("One visit can hold {limit} MB of pictures. Remove some, then upload this one again.", limit=limit_mb)
        file = FileReading(file.file_id, file.name, b"", None, b"", error)
    _set_files({**_files(), file.file_id: file})


def store_sample(sample: Sample) -> None:
    """Read and store a sample unless it is stored already, and select it."""
    if not is_stored(sample.sample_id):
        store(read_file(sample.sample_id, sample.file, sample.content))
    select(sample.sample_id)


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
    register_images("upload", [file.inspectable_image for file in files.values() if file.reading])
