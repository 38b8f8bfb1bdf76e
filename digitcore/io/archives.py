"""Reading of the files in a ZIP, with limits, in memory only.

A small ZIP may claim to hold gigabytes, really hold them, or hold another ZIP that does. So unpacked bytes are counted as they come instead
of believing the headers, there is a limit for one file and for all files together, and ZIP files inside a ZIP are not opened.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import BinaryIO, Final

from digitcore.errors import ArchiveError
from digitcore.messages import Message

ARCHIVE_SUFFIX: Final = "zip"
"""The suffix of an archive's file name, without the dot."""

MAX_FILES: Final = 500
"""The most files that are unpacked from one ZIP."""

MAX_FILE_BYTES: Final = 50 * 2**20
"""The most unpacked bytes of one file: as many as may be uploaded as a file of its own."""

MAX_TOTAL_BYTES: Final = 200 * 2**20
"""The most unpacked bytes of all files together."""

_MIB: Final = 2**20
_CHUNK_BYTES: Final = 2**20

_ENCRYPTED_FLAG: Final = 0x1
"""The bit in a ZIP entry's flags that marks it as encrypted."""

_ZIP_SIGNATURE: Final = b"PK\x03\x04"
"""The first bytes of a ZIP that holds a file."""

_SYSTEM_FOLDER: Final = "__MACOSX/"
"""The folder of metadata that macOS adds to a ZIP; it is skipped like hidden files."""


@dataclass(frozen=True, slots=True, eq=False)
class UnpackedFile:
    """A file from an archive: its bytes, or the reason why it was skipped."""

    name: str
    """The path inside the archive."""

    content: bytes
    """The file's bytes; empty where there is an error."""

    error: ArchiveError | None = None
    """Why the file was skipped; None where it was unpacked."""


def is_archive(name: str, content: bytes) -> bool:
    """Return whether a file is a ZIP, by its name or its first bytes."""
    return name.lower().endswith(f".{ARCHIVE_SUFFIX}") or content.startswith(_ZIP_SIGNATURE)


def is_system_file(name: str) -> bool:
    """Return whether a file was added by an operating system, or is hidden."""
    return name.startswith(_SYSTEM_FOLDER) or PureWindowsPath(name).name.startswith(".")


def open_archive(source: BinaryIO) -> zipfile.ZipFile:
    """Open a ZIP, which the caller closes.

    Args:
        source: A seekable file.

    Returns:
        The open ZIP.

    Raises:
        ArchiveError: It can't be opened at all.
    """
    try:
        return zipfile.ZipFile(source)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise ArchiveError(
            Message("This ZIP is damaged and can't be opened. Zip the pictures again, or upload them one by one.")
        ) from error


def files_in(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """List the files of an open ZIP, without folders and system files.

    Args:
        archive: The open ZIP.

    Returns:
        At least one entry, in the ZIP's own order.

    Raises:
        ArchiveError: There are none.
    """
    entries = [entry for entry in archive.infolist() if not entry.filename.endswith("/") and not is_system_file(entry.filename)]
    if not entries:
        raise ArchiveError(Message("This ZIP is empty. Zip the pictures again, or upload them one by one."))
    return entries


def unpack(content: bytes) -> Iterator[UnpackedFile]:
    """Unpack the files of a ZIP one after another, without folders and system files.

    Args:
        content: The bytes of the ZIP.

    Yields:
        The files in the ZIP's own order, up to `MAX_FILES`; where there are more, one with an error that counts the rest.

    Raises:
        ArchiveError: The ZIP can't be opened at all, or holds no files.
    """
    with open_archive(io.BytesIO(content)) as archive:
        entries = files_in(archive)
        remaining_bytes = MAX_TOTAL_BYTES
        for index, entry in enumerate(entries):
            if index >= MAX_FILES:
                yield UnpackedFile(entry.filename, b"", _too_many_files_error(len(entries) - MAX_FILES))
                return
            unpacked = unpack_file(archive, entry, remaining_bytes)
            remaining_bytes -= len(unpacked.content)
            yield unpacked


def unpack_file(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, remaining_bytes: int = MAX_TOTAL_BYTES) -> UnpackedFile:
    """Unpack one file of an open ZIP.

    Args:
        archive: The open ZIP.
        entry: The file's entry.
        remaining_bytes: The bytes that the files of the ZIP may still have together.

    Returns:
        The file; with an error where it is skipped.
    """
    try:
        _check_entry(entry)
        return UnpackedFile(entry.filename, _read_bounded(archive, entry, remaining_bytes))
    except ArchiveError as error:
        return UnpackedFile(entry.filename, b"", error)
    except Exception as error:  # the decompressors raise errors of many types on damaged bytes
        damaged = ArchiveError(Message("This file is damaged inside its ZIP. Zip it again, or upload it on its own."))
        damaged.__cause__ = error
        return UnpackedFile(entry.filename, b"", damaged)


def _check_entry(entry: zipfile.ZipInfo) -> None:
    """Raise an `ArchiveError` for an encrypted file, an unsafe path or a ZIP inside the ZIP."""
    if entry.flag_bits & _ENCRYPTED_FLAG:
        raise ArchiveError(Message("This file is password-protected: zip it again without a password."))
    posix_path, windows_path = PurePosixPath(entry.filename), PureWindowsPath(entry.filename)
    is_absolute = posix_path.is_absolute() or windows_path.drive or windows_path.root
    if is_absolute or ".." in (*posix_path.parts, *windows_path.parts):
        raise ArchiveError(Message("This file has an unsafe path and was skipped: zip it again under a plain name."))
    if entry.filename.lower().endswith(f".{ARCHIVE_SUFFIX}"):
        raise ArchiveError(Message("ZIP files inside a ZIP aren't opened. Upload the inner one on its own."))


def _read_bounded(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, remaining_bytes: int) -> bytes:
    """Read a file and count its bytes; raise an `ArchiveError` where there are too many for one file or for what remains."""
    limit = min(MAX_FILE_BYTES, remaining_bytes)
    chunks, size = [], 0
    with archive.open(entry) as file:
        while chunk := file.read(_CHUNK_BYTES):
            size += len(chunk)
            if size > limit:
                raise _too_large_error(remaining_bytes)
            chunks.append(chunk)
    return b"".join(chunks)


def _too_large_error(remaining_bytes: int) -> ArchiveError:
    if remaining_bytes < MAX_FILE_BYTES:
        limit = MAX_TOTAL_BYTES // _MIB
        return ArchiveError(
            Message("This ZIP unpacks to more than {limit} MB, so this file was skipped. Upload it on its own.", limit=limit)
        )
    return ArchiveError(Message("This file unpacks to more than {limit} MB. Make it smaller.", limit=MAX_FILE_BYTES // _MIB))


def _too_many_files_error(skipped: int) -> ArchiveError:
    return ArchiveError(
        Message.plural(
            "A ZIP may hold {limit} files, so this one was skipped. Split the ZIP.",
            "A ZIP may hold {limit} files, so this one and those after it were skipped: {count:,} files. Split the ZIP.",
            count=skipped,
            limit=MAX_FILES,
        )
    )
