"""Reading of the files in a ZIP, with limits, in memory only.

A small ZIP may claim to hold gigabytes, really hold them, or hold another ZIP that does; its directory may list the same bytes a thousand
times, or millions of files. So unpacked bytes are counted as they come, those of damaged files too, instead of believing the headers; there
is a limit for the directory, for one file and for all files together; files must not overlap, and ZIP files inside a ZIP are not opened.
"""

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePosixPath, PureWindowsPath
from typing import BinaryIO, Final

from digitcore.errors import ArchiveError
from digitcore.io.zip_decompression import METHODS, decompress_entry
from digitcore.messages import Message

ARCHIVE_SUFFIX: Final = "zip"
"""The suffix of an archive's file name, without the dot."""

MAX_FILES: Final = 500
"""The most files that are unpacked from one ZIP."""

MAX_FILE_BYTES: Final = 50 * 2**20
"""The most unpacked bytes of one file: as many as may be uploaded as a file of its own."""

MAX_TOTAL_BYTES: Final = 200 * 2**20
"""The most unpacked bytes of all files together, those of files that turn out to be damaged included."""

MAX_DIRECTORY_BYTES: Final = 2**20
"""The largest directory of a ZIP that is unpacked at once: it has room for ten thousand files and as many folders and system files."""

_MIB: Final = 2**20

_LOCAL_HEADER_BYTES: Final = 30
"""The length of the header before each file, without the file's name."""

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

    unpacked_bytes: int = 0
    """How many bytes were unpacked, whether or not the file was skipped."""

    def __post_init__(self) -> None:
        """Remove the error's traceback, whose frames would keep what was unpacked in memory as long as the error."""
        if self.error is not None:
            self.error.__traceback__ = self.error.__cause__ = self.error.__context__ = None


class _BoundedReads(io.RawIOBase):
    """A file of which no more than so many bytes can be read at once; `zipfile` reads the directory of a ZIP at once."""

    def __init__(self, source: BinaryIO, max_bytes: int) -> None:
        self._source, self._max_bytes = source, max_bytes

    def read(self, size: int = -1) -> bytes:
        """Read `size` bytes, or all that remain if it is negative; raise an error if those are more than allowed."""
        content = self._source.read(min(size, self._max_bytes + 1) if size >= 0 else self._max_bytes + 1)
        if len(content) > self._max_bytes:
            raise _TooManyFilesError
        return content

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move in the file."""
        return self._source.seek(offset, whence)

    def tell(self) -> int:
        """Return the place in the file."""
        return self._source.tell()

    def seekable(self) -> bool:
        """Return whether `seek` works."""
        return True


class _TooManyFilesError(Exception):
    """The directory of a ZIP is larger than allowed."""


def is_archive(name: str, content: bytes) -> bool:
    """Return whether a file is a ZIP, by its name or its first bytes."""
    return name.lower().endswith(f".{ARCHIVE_SUFFIX}") or content.startswith(_ZIP_SIGNATURE)


def is_system_file(name: str) -> bool:
    """Return whether a file was added by an operating system, or is hidden."""
    return name.startswith(_SYSTEM_FOLDER) or PureWindowsPath(name).name.startswith(".")


def open_archive(source: BinaryIO, max_directory_bytes: int = MAX_DIRECTORY_BYTES) -> zipfile.ZipFile:
    """Open a ZIP, which the caller closes.

    Args:
        source: A seekable file.
        max_directory_bytes: The largest directory that is read, of about a hundred bytes for each file.

    Returns:
        The open ZIP.

    Raises:
        ArchiveError: It can't be opened at all, has too many files, or its files overlap.
    """
    try:
        archive = zipfile.ZipFile(_BoundedReads(source, max_directory_bytes))
    except _TooManyFilesError:
        raise ArchiveError(Message("This ZIP has too many files. Split it.")) from None
    except Exception as error:  # `zipfile` raises errors of many types on damaged directories
        raise _damaged_error() from error
    if _has_overlaps(archive):
        raise _damaged_error()
    return archive


def _has_overlaps(archive: zipfile.ZipFile) -> bool:
    """Return whether files share bytes with each other or with the directory: a small ZIP could list the same bytes many times."""
    ranges = sorted((entry.header_offset, entry.header_offset + _LOCAL_HEADER_BYTES + entry.compress_size) for entry in archive.infolist())
    ends_at = [*ranges, (archive.start_dir, archive.start_dir)]
    return any(end > next_start for (_, end), (next_start, _) in pairwise(ends_at))


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


def unpack(content: bytes, is_wanted: Callable[[str], bool] = lambda _: True) -> Iterator[UnpackedFile]:
    """Unpack the files of a ZIP one after another, without folders and system files.

    Args:
        content: The bytes of the ZIP.
        is_wanted: Whether to unpack the file of a path inside the ZIP; by default all are.

    Yields:
        The files in the ZIP's own order, up to `MAX_FILES`; where there are more, one with an error that counts the rest.

    Raises:
        ArchiveError: The ZIP can't be opened at all, or holds no files.
    """
    with open_archive(io.BytesIO(content)) as archive:
        entries = [entry for entry in files_in(archive) if is_wanted(entry.filename)]
        remaining_bytes = MAX_TOTAL_BYTES
        for index, entry in enumerate(entries):
            if index >= MAX_FILES:
                yield UnpackedFile(entry.filename, b"", _too_many_files_error(len(entries) - MAX_FILES))
                return
            unpacked = unpack_file(archive, entry, remaining_bytes)
            remaining_bytes -= unpacked.unpacked_bytes
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
    content = bytearray()
    try:
        _check_entry(entry)
        _check_size(0, remaining_bytes)
        for chunk in decompress_entry(archive, entry):
            content += chunk
            _check_size(len(content), remaining_bytes)
        return UnpackedFile(entry.filename, bytes(content), unpacked_bytes=len(content))
    except ArchiveError as error:
        return UnpackedFile(entry.filename, b"", error, len(content))
    except Exception:  # the decompressors raise errors of many types on damaged bytes
        damaged = ArchiveError(Message("This file is damaged inside its ZIP. Zip it again, or upload it on its own."))
        return UnpackedFile(entry.filename, b"", damaged, len(content))


def _check_entry(entry: zipfile.ZipInfo) -> None:
    """Raise an `ArchiveError` for an encrypted file, an unsafe path, a ZIP inside the ZIP or an unsupported method of compression."""
    if entry.flag_bits & _ENCRYPTED_FLAG:
        raise ArchiveError(Message("This file is password-protected: zip it again without a password."))
    posix_path, windows_path = PurePosixPath(entry.filename), PureWindowsPath(entry.filename)
    is_absolute = posix_path.is_absolute() or windows_path.drive or windows_path.root
    if is_absolute or ".." in (*posix_path.parts, *windows_path.parts):
        raise ArchiveError(Message("This file has an unsafe path and was skipped: zip it again under a plain name."))
    if entry.filename.lower().endswith(f".{ARCHIVE_SUFFIX}"):
        raise ArchiveError(Message("ZIP files inside a ZIP aren't opened. Upload the inner one on its own."))
    if entry.compress_type not in METHODS:
        raise ArchiveError(Message("This file is compressed in an unsupported way: zip it again, or upload it on its own."))


def _check_size(size: int, remaining_bytes: int) -> None:
    """Raise an `ArchiveError` if a file has too many bytes for one file, or for what remains of the ZIP's limit."""
    if size > MAX_FILE_BYTES:
        raise ArchiveError(Message("This file unpacks to more than {limit} MB. Make it smaller.", limit=MAX_FILE_BYTES // _MIB))
    if size > remaining_bytes or remaining_bytes <= 0:
        limit = MAX_TOTAL_BYTES // _MIB
        raise ArchiveError(
            Message("This ZIP unpacks to more than {limit} MB, so this file was skipped. Upload it on its own.", limit=limit)
        )


def _damaged_error() -> ArchiveError:
    return ArchiveError(Message("This ZIP is damaged and can't be opened. Zip the pictures again, or upload them one by one."))


def _too_many_files_error(skipped: int) -> ArchiveError:
    return ArchiveError(
        Message.plural(
            "A ZIP may hold {limit} files, so this one was skipped. Split the ZIP.",
            "A ZIP may hold {limit} files, so this one and those after it were skipped: {count:,} files. Split the ZIP.",
            count=skipped,
            limit=MAX_FILES,
        )
    )
