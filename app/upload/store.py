"""The pictures of a visit: each read once, kept in memory with what it says, and forgotten with the session."""

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
from digitcore.io.decode import encode
from digitcore.io.records import error_record, reading_record
from digitcore.messages import Message

FILES_KEY: Final = "upload_files"
CHOSEN_KEY: Final = "upload_chosen"

MOST_BYTES: Final = 200 * 2**20
"""Of pictures as they came, for one visit."""

THUMBNAIL_PX: Final = 360
"""Longer side: twice what the gallery shows, sharp on a phone too."""


@dataclass(frozen=True, eq=False)
class FileReading:
    """A file and what became of it."""

    file_id: str
    name: str
    content: bytes
    """As it came; empty where it can't be read."""

    reading: Reading | None
    """Without its stages, which would take megabytes for each picture; None where the picture can't be read."""

    thumbnail: bytes
    """JPEG, its digits marked."""

    error: str = ""
    """Why it can't be read; else empty."""

    @cached_property
    def record(self) -> dict[str, Any]:
        """As the command line gives it."""
        return reading_record(self.name, self.reading) if self.reading else error_record(self.name, str(self.error))

    @property
    def subject(self) -> InspectableImage:
        """The picture for the Inspector."""
        return InspectableImage(self.file_id, self.name, self.content)


def read_file(file_id: str, name: str, content: bytes) -> FileReading:
    """Read a picture, or say why it can't be read. Knows no session, so any thread may do it."""
    try:
        reading = read_image(content)
    except DigitError as error:
        return FileReading(file_id, name, b"", None, b"", error.message)
    marked = annotate(resize(reading.stages[0].image, THUMBNAIL_PX), reading)
    return FileReading(file_id, name, content, replace(reading, stages=[]), encode(marked, "jpeg"))


def file_id_of(name: str, content: bytes) -> str:
    """The same for the same picture of the same name."""
    return f"upload:{hashlib.sha256(name.encode() + bytes(1) + content).hexdigest()[:16]}"


def kept_files() -> list[FileReading]:
    """What this visit has read, in the order it came."""
    return list(_files().values())


def is_kept(file_id: str) -> bool:
    """Whether this was read before."""
    return file_id in _files()


def try_sample(sample: Sample) -> None:
    """Take in one of the project's own pictures, and show it."""
    if not is_kept(sample.sample_id):
        keep(read_file(sample.sample_id, sample.file, sample.content))
    choose(sample.sample_id)


def keep(file: FileReading) -> None:
    """Remember a file; one too many is remembered as refused."""
    if sum(len(each.content) for each in _files().values()) + len(file.content) > MOST_BYTES:
        error = Message("A visit holds {limit} MB of pictures. Remove some, then choose this one again.", limit=MOST_BYTES // 2**20)
        file = FileReading(file.file_id, file.name, b"", None, b"", error)
    _set({**_files(), file.file_id: file})


def forget(file_ids: Sequence[str]) -> None:
    """Forget some files."""
    _set({file_id: file for file_id, file in _files().items() if file_id not in file_ids})


def choose(file_id: str) -> None:
    """Show this one in full."""
    st.session_state[CHOSEN_KEY] = file_id


def chosen_file() -> FileReading | None:
    """The one to show in full: what was chosen last, else the first; None where there is none."""
    files = _files()
    return files.get(st.session_state.get(CHOSEN_KEY, "")) or next(iter(files.values()), None)


def _files() -> dict[str, FileReading]:
    files: dict[str, FileReading] = st.session_state.get(FILES_KEY, {})
    return files


def _set(files: dict[str, FileReading]) -> None:
    st.session_state[FILES_KEY] = files
    register_images("upload", [file.subject for file in files.values() if file.reading])
