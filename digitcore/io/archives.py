"""The pictures in a ZIP, within bounds: nothing is written to a disk, and no header is believed about sizes.

A small file can claim to hold gigabytes, hold them, or hold another ZIP that does. So no more is unpacked than is allowed for a file and
for the whole, nothing is unpacked twice, and each refusal is named.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import BinaryIO, Final

from digitcore.errors import ArchiveError
from digitcore.messages import Message

SUFFIX: Final = "zip"

MOST_FILES: Final = 500
MOST_BYTES_A_FILE: Final = 50 * 2**20
"""As much as may be uploaded as a file of its own."""

MOST_BYTES: Final = 200 * 2**20
"""Unpacked, of all files together."""

_ENCRYPTED: Final = 0x1
"""Bit of a ZIP entry's flags."""

_CHUNK_BYTES: Final = 2**20

_COMPANION_FOLDER: Final = "__MACOSX/"
"""What operating systems put beside a user's files, hidden files too, is passed over without a word."""


@dataclass(frozen=True, slots=True, eq=False)
class Unpacked:
    """A file of an archive: its bytes, or why it was not unpacked."""

    name: str
    """With its folders, as the archive has it."""

    content: bytes
    error: ArchiveError | None = None


def is_archive(name: str, content: bytes) -> bool:
    """Whether a file is a ZIP, by its name or its first bytes."""
    return name.lower().endswith(f".{SUFFIX}") or content[:4] == b"PK\x03\x04"


def open_archive(source: BinaryIO) -> zipfile.ZipFile:
    """Open a ZIP; the caller closes it.

    Raises:
        ArchiveError: it can't be opened at all.
    """
    try:
        return zipfile.ZipFile(source)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise ArchiveError(
            Message("This ZIP is damaged and can't be opened. Pack the pictures again, or choose them one by one.")
        ) from error


def files_in(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The files of an open ZIP in its own order, folders and what systems add left out.

    Raises:
        ArchiveError: there are none.
    """
    entries = [entry for entry in archive.infolist() if not entry.is_dir() and not is_companion(entry.filename)]
    if not entries:
        raise ArchiveError(Message("There is nothing in this ZIP. Pack the pictures again, or choose them one by one."))
    return entries


def unpack(content: bytes) -> Iterator[Unpacked]:
    """The files of a ZIP in its own order, folders and what systems add left out.

    Raises:
        ArchiveError: it can't be opened at all, or holds no files.
    """
    with open_archive(io.BytesIO(content)) as archive:
        entries = files_in(archive)
        left_bytes = MOST_BYTES
        for place, entry in enumerate(entries):
            if place >= MOST_FILES:
                yield Unpacked(entry.filename, b"", _too_many(len(entries) - MOST_FILES))
                return
            unpacked = unpack_one(archive, entry, left_bytes)
            left_bytes -= len(unpacked.content)
            yield unpacked


def unpack_one(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left_bytes: int = MOST_BYTES) -> Unpacked:
    """One file of an open ZIP, within its bounds and what is left of the whole's."""
    try:
        _check(entry)
        return Unpacked(entry.filename, _bounded(archive, entry, left_bytes))
    except ArchiveError as error:
        return Unpacked(entry.filename, b"", error)
    except Exception as error:  # the decompressors meet broken bytes with errors of many kinds
        damaged = ArchiveError(Message("This file is damaged within its ZIP. Pack it again, or choose it alone."))
        damaged.__cause__ = error
        return Unpacked(entry.filename, b"", damaged)


def _check(entry: zipfile.ZipInfo) -> None:
    """Refuse what is not unpacked at all.

    Raises:
        ArchiveError: with the reason.
    """
    if entry.flag_bits & _ENCRYPTED:
        raise ArchiveError(Message("This file is locked with a password. Pack it without one."))
    path, elsewhere = PurePosixPath(entry.filename), PureWindowsPath(entry.filename)
    if path.is_absolute() or elsewhere.drive or elsewhere.root or ".." in (*path.parts, *elsewhere.parts):
        raise ArchiveError(Message("This file's name leads out of its ZIP, so it isn't opened. Pack it again under a plain name."))
    if entry.filename.lower().endswith(f".{SUFFIX}"):
        raise ArchiveError(Message("A ZIP within a ZIP isn't opened. Choose it alone."))


def _bounded(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left_bytes: int) -> bytes:
    """The file's bytes, counted as they come.

    Raises:
        ArchiveError: there are more than are allowed for a file or are left of the whole.
    """
    limit = min(MOST_BYTES_A_FILE, left_bytes)
    chunks, size = [], 0
    with archive.open(entry) as file:
        while chunk := file.read(_CHUNK_BYTES):
            size += len(chunk)
            if size > limit:
                raise _too_large(left_bytes)
            chunks.append(chunk)
    return b"".join(chunks)


def _too_large(left_bytes: int) -> ArchiveError:
    if left_bytes < MOST_BYTES_A_FILE:
        return ArchiveError(
            Message("This ZIP unpacks to more than {limit} MB, so this file is left out. Choose it alone.", limit=MOST_BYTES // 2**20)
        )
    return ArchiveError(Message("This file unpacks to more than {limit} MB. Make it smaller.", limit=MOST_BYTES_A_FILE // 2**20))


def _too_many(left_out: int) -> ArchiveError:
    return ArchiveError(
        Message(
            "A ZIP may hold {most} files; this one and all after it, {left_out:,} in all, are left out. Split the ZIP.",
            most=MOST_FILES,
            left_out=left_out,
        )
    )


def is_companion(name: str) -> bool:
    """Whether a file is one that systems put beside a user's own, or a hidden one."""
    return name.startswith(_COMPANION_FOLDER) or PureWindowsPath(name).name.startswith(".")
