"""Find images: in files, folders, globs, ZIP files and lists of files, lazily, so that memory holds one name at a time.

From a folder or a ZIP file those files are taken whose names end like an image's; the others are counted. A file that is named by itself,
by a glob or in a list is taken whatever its name.
"""

import glob
import os
import stat
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, Final

from digitcore.errors import ArchiveError, BatchError
from digitcore.io.archives import ARCHIVE_SUFFIX, files_in, is_system_file, open_archive
from digitcore.io.formats import PICTURE_SUFFIXES

LIST_MARK: Final = "@"
"""The prefix of the name of a list of files, as for `gcc` and `curl`."""

STANDARD_INPUT: Final = "-"
"""The name of a list that is read from standard input."""

MAX_DIRECTORY_BYTES: Final = 32 * 2**20
"""The largest directory of a ZIP file: that of some 300,000 files."""

_MAX_CACHED_FOLDERS: Final = 1_024
"""How many folders' real paths are cached: files mostly come folder by folder."""


@dataclass(frozen=True, slots=True)
class ImageReference:
    """The location of an image to read.

    Attributes:
        path: as it was given, or below the folder that was given; of the ZIP file where `member` is set.
        member: the name within the ZIP file; None for a file by itself.
        error: why it can't be read, where that is known already; else empty.
    """

    path: str
    member: str | None = None
    error: str = ""

    @property
    def name(self) -> str:
        """Return the name in the output; bytes that are not UTF-8 are escaped."""
        name = os.fsencode(self.path).decode("utf-8", "backslashreplace")
        return name if self.member is None else f"{name}/{self.member}"

    @property
    def identity(self) -> bytes:
        """Return a key that is the same for the same image, by whichever path it was named."""
        folder, name = os.path.split(os.path.abspath(self.path))  # noqa: PTH100  a million `Path`s take a minute
        path = os.path.join(_real_folder(folder), name)  # noqa: PTH118
        real = os.path.realpath(path) if os.path.islink(path) else path  # noqa: PTH114
        return os.fsencode(real) + b"\0" + (self.member or "").encode("utf-8", "surrogatepass")


@lru_cache(maxsize=_MAX_CACHED_FOLDERS)
def _real_folder(folder: str) -> str:
    return os.path.realpath(folder)


@dataclass(slots=True)
class Finder:
    """Walks the sources in the given order, and counts the files that it skips.

    Attributes:
        skipped: files in folders and ZIP files whose names don't end like an image's.
        position: the number of the current source or line of a list; images are sorted by name within each.
        standard_input: the stream that the list `-` is read from.
    """

    skipped: int = 0
    position: int = 0
    standard_input: BinaryIO = field(default_factory=lambda: sys.stdin.buffer)

    def find(self, sources: Sequence[str]) -> Iterator[ImageReference]:
        """Find the images of all sources.

        Args:
            sources: files, folders, ZIP files, globs and lists.

        Yields:
            The images of one source after the other, each in the file system's own order.

        Raises:
            BatchError: a source doesn't exist, or a list can't be read.
        """
        for source in sources:
            self.position += 1
            if source.startswith(LIST_MARK) and not os.path.lexists(source):
                yield from self._in_list(source.removeprefix(LIST_MARK))
            elif os.path.lexists(source):
                yield from self._at(source)
            elif glob.has_magic(source):
                yield from self._matching(source)
            elif _ends_with(source, PICTURE_SUFFIXES):
                yield ImageReference(source)  # becomes a row with an error, as for the command `read`
            else:
                raise BatchError(f"There is no file, folder or list {source}. Check its name.")

    def _in_list(self, name: str) -> Iterator[ImageReference]:
        """Find the images of a list: one path per line, blank lines ignored, folders and ZIP files opened."""
        try:
            with _open_list(name, self.standard_input) as lines:
                for line in lines:
                    self.position += 1
                    path = os.fsdecode(line.rstrip(b"\r\n"))
                    if "\0" in path:
                        yield ImageReference(path, error="This name contains a zero byte.")
                    elif path:
                        yield from self._at(path)
        except OSError as error:
            raise BatchError(f"The list {name} can't be read: {error.strerror}.") from error

    def _matching(self, pattern: str) -> Iterator[ImageReference]:
        matched = False
        for path in glob.iglob(pattern, recursive=True):  # noqa: PTH207  lazily, and as names
            matched = True
            yield from self._at(path)
        if not matched:
            raise BatchError(f"Nothing matches {pattern}. Check the pattern.")

    def _at(self, path: str) -> Iterator[ImageReference]:
        if os.path.isdir(path):  # noqa: PTH112
            yield from self._in_folder(path)
        elif _ends_with(path, (ARCHIVE_SUFFIX,)):
            yield from self._in_archive(path)
        else:
            yield ImageReference(path)

    def _in_folder(self, top: str) -> Iterator[ImageReference]:
        """Find the images below a folder, without hidden files; links to folders are not followed, as they may form a cycle."""
        folders = [top]
        while folders:
            folder = folders.pop()
            try:
                with os.scandir(folder) as entries:
                    for entry in entries:
                        if is_system_file(entry.name):
                            continue
                        if entry.is_dir(follow_symlinks=False):
                            folders.append(entry.path)
                        elif _ends_with(entry.name, (ARCHIVE_SUFFIX,)):
                            yield from self._in_archive(entry.path)
                        else:
                            yield from self._if_image(ImageReference(entry.path))
            except OSError as error:
                yield ImageReference(folder, error=f"This folder can't be read: {error.strerror}.")

    def _in_archive(self, path: str) -> Iterator[ImageReference]:
        """Find the images of a ZIP file; one that can't be opened becomes a reference with the error."""
        try:
            with Path(path).open("rb") as file, open_archive(file, MAX_DIRECTORY_BYTES) as archive:
                for entry in files_in(archive):
                    yield from self._if_image(ImageReference(path, entry.filename), ARCHIVE_SUFFIX)
        except ArchiveError as error:
            yield ImageReference(path, error=str(error))
        except OSError:
            yield ImageReference(path)  # the worker reports why it can't be read

    def _if_image(self, reference: ImageReference, *others: str) -> Iterator[ImageReference]:
        if _ends_with(reference.member or reference.path, (*PICTURE_SUFFIXES, *others)):
            yield reference
        else:
            self.skipped += 1


def is_regular_file(path: str) -> bool:
    """Return whether a path is a regular file: reading a pipe or a device may never end.

    Args:
        path: the file; links are followed.

    Raises:
        OSError: it doesn't exist, or access is denied.
    """
    return stat.S_ISREG(Path(path).stat().st_mode)


def _ends_with(name: str, suffixes: Sequence[str]) -> bool:
    return name.lower().endswith(tuple(f".{suffix}" for suffix in suffixes))


def _open_list(name: str, standard_input: BinaryIO) -> BinaryIO:
    return standard_input if name == STANDARD_INPUT else Path(name).open("rb")
