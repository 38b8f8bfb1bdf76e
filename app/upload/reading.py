"""Read one uploaded file. Worker processes import this module, so it doesn't import Streamlit."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from digitcore import DigitError, Reading, WriterProfile, read_image
from digitcore.io.records import error_record, reading_record
from digitcore.io.thumbnails import marked_thumbnail

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
        handwriting_version: of the visitor's handwriting with which it was read, as in `app.handwriting.session`.
    """

    file_id: str
    name: str
    content: bytes
    reading: Reading | None
    thumbnail: bytes
    error: str = ""
    handwriting_version: int = 0

    @cached_property
    def record(self) -> dict[str, Any]:
        """Return the record that the command line writes for the file."""
        return reading_record(self.name, self.reading) if self.reading else error_record(self.name, str(self.error))


def read_file(file_id: str, name: str, content: bytes, profile: WriterProfile | None = None) -> FileReading:
    """Read an image. It uses no session state, so it can run on any thread and in any process.

    Args:
        file_id: identifies the file within the visit.
        name: the file's name.
        content: the encoded image.
        profile: the visitor's handwriting, as in `read_image`.

    Returns:
        The file with its reading, or with the error that prevents it.
    """
    try:
        reading = read_image(content, profile=profile)
    except DigitError as error:
        return unreadable_file(file_id, name, error.message)
    thumbnail = marked_thumbnail(reading.stages[0].image, reading, THUMBNAIL_SIDE_PX)
    return FileReading(file_id, name, content, replace(reading, stages=[]), thumbnail)


def unreadable_file(file_id: str, name: str, error: str) -> FileReading:
    """Return a file that can't be read, without its bytes.

    Args:
        file_id: identifies the file within the visit.
        name: the file's name.
        error: why it can't be read.
    """
    return FileReading(file_id, name, b"", None, b"", error)
