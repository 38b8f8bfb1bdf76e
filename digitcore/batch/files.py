"""Read the bytes of an image, from its own file or from a ZIP file."""

import os
import weakref
import zipfile
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path
from typing import Final

from digitcore.batch.sources import MAX_DIRECTORY_BYTES, ImageReference, is_regular_file
from digitcore.errors import ArchiveError
from digitcore.io.archives import open_archive, unpack_file
from digitcore.io.picture_limits import MAX_PIXELS

MAX_FILE_BYTES: Final = 8 * MAX_PIXELS
"""The largest file that is read, in bytes: the largest image that is decoded, uncompressed with four channels of 16 bits."""

_MAX_OPEN_ARCHIVES: Final = 2
"""How many ZIP files are kept open: consecutive chunks read from the same one."""


def read_bytes(reference: ImageReference, folder: str) -> bytes:
    """Read the encoded image.

    Args:
        reference: the image.
        folder: the folder that relative paths start from.

    Returns:
        The bytes of the image's file.

    Raises:
        OSError: the file can't be read.
        ArchiveError: it is not a regular file, is too large, or can't be unpacked.
    """
    if reference.error:
        raise ArchiveError(reference.error)
    path = os.path.join(folder, reference.path)  # noqa: PTH118
    if not is_regular_file(path):
        raise ArchiveError("This is a folder, a pipe or a device, not a file. Name the files themselves.")
    if reference.member is not None:
        return _read_member(path, reference.member)
    with Path(path).open("rb") as file:
        content = file.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise ArchiveError(
            f"This file is larger than {MAX_FILE_BYTES // 10**6} MB, more than any supported picture needs. Make it smaller."
        )
    return content


def _read_member(path: str, name: str) -> bytes:
    state = os.stat(path)  # noqa: PTH116
    archive = _open_cached(path, state.st_mtime_ns, state.st_size)
    try:
        unpacked = unpack_file(archive, archive.getinfo(name))
    except KeyError as error:
        raise ArchiveError("This file is no longer in its ZIP. Start a new run with another output.") from error
    if unpacked.error is not None:
        raise unpacked.error
    return unpacked.content


@lru_cache(maxsize=_MAX_OPEN_ARCHIVES)
def _open_cached(path: str, _changed_ns: int, _size_bytes: int) -> zipfile.ZipFile:
    """Open a ZIP file, or return it if it is open: its directory may list a hundred thousand files and is not read for every chunk."""
    with ExitStack() as stack:
        archive = open_archive(stack.enter_context(Path(path).open("rb")), MAX_DIRECTORY_BYTES)
        weakref.finalize(archive, stack.pop_all().close)
    return archive
