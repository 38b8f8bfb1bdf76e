"""Where pictures come from: files, folders, globs, ZIPs and lists of files; only their names are held, and one at a time.

From a folder or a ZIP the files are taken whose names end as pictures' do; the others are counted. What is named by itself, by a glob or
in a list is taken whatever its name.
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
from digitcore.io.archives import SUFFIX, files_in, is_companion, open_archive
from digitcore.io.decode import SUFFIXES

LIST_MARK: Final = "@"
"""Before the name of a list of files, as `gcc` and `curl` have it."""

STANDARD_INPUT: Final = "-"

_FOLDERS_KNOWN: Final = 1_024
"""Folders whose real path is remembered: files mostly come folder by folder."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A picture to read: where it is, not what it holds."""

    path: str
    """As it was given, or within the folder that was; a ZIP's where `member` is set."""

    member: str | None = None
    """The name within the ZIP."""

    error: str = ""
    """Why there is nothing to read, where that is known already."""

    @property
    def name(self) -> str:
        """What the output calls it; bytes of the name that aren't text are written out."""
        name = os.fsencode(self.path).decode("utf-8", "backslashreplace")
        return name if self.member is None else f"{name}/{self.member}"

    @property
    def identity(self) -> bytes:
        """The same for the same picture, however it was named."""
        folder, name = os.path.split(os.path.abspath(self.path))  # noqa: PTH100  a million `Path`s take a minute
        path = os.path.join(_real_folder(folder), name)  # noqa: PTH118
        real = os.path.realpath(path) if os.path.islink(path) else path  # noqa: PTH114
        return os.fsencode(real) + b"\0" + (self.member or "").encode("utf-8", "surrogatepass")


@lru_cache(maxsize=_FOLDERS_KNOWN)
def _real_folder(folder: str) -> str:
    return os.path.realpath(folder)


@dataclass(slots=True)
class Finder:
    """Walks sources in the order given, and counts what it passes over."""

    passed_over: int = 0
    """Files of folders and ZIPs whose names aren't those of pictures."""

    place: int = 0
    """Which source, or which line of a list, is being walked: pictures are sorted within it."""

    standard_input: BinaryIO = field(default_factory=lambda: sys.stdin.buffer)

    def find(self, sources: Sequence[str]) -> Iterator[Reference]:
        """The pictures of all sources, each place in the system's own order.

        Raises:
            BatchError: there is no such source, or a list can't be read.
        """
        for source in sources:
            self.place += 1
            if source.startswith(LIST_MARK) and not os.path.lexists(source):
                yield from self._in_list(source.removeprefix(LIST_MARK))
            elif os.path.lexists(source):
                yield from self._at(source)
            elif glob.has_magic(source):
                yield from self._matching(source)
            elif _ends_as(source, SUFFIXES):
                yield Reference(source)  # a row that says so, as the command line's `read` does
            else:
                raise BatchError(f"There is no file, folder or list {source}. Check its name.")

    def _in_list(self, name: str) -> Iterator[Reference]:
        """A path a line, blank lines left out; what is a folder or a ZIP is opened."""
        try:
            with _opened(name, self.standard_input) as lines:
                for line in lines:
                    self.place += 1
                    if path := os.fsdecode(line.rstrip(b"\r\n")):
                        yield from [Reference(path, error="This name holds a zero byte.")] if "\0" in path else self._at(path)
        except OSError as error:
            raise BatchError(f"The list {name} can't be read: {error.strerror}.") from error

    def _matching(self, pattern: str) -> Iterator[Reference]:
        matched = False
        for path in glob.iglob(pattern, recursive=True):  # noqa: PTH207  lazily, and as names
            matched = True
            yield from self._at(path)
        if not matched:
            raise BatchError(f"Nothing matches {pattern}. Check the pattern.")

    def _at(self, path: str) -> Iterator[Reference]:
        if os.path.isdir(path):  # noqa: PTH112
            yield from self._in_folder(path)
        elif _ends_as(path, (SUFFIX,)):
            yield from self._in_archive(path)
        else:
            yield Reference(path)

    def _in_folder(self, top: str) -> Iterator[Reference]:
        """All below a folder but what is hidden; links to folders aren't followed, as they may lead round in a circle."""
        folders = [top]
        while folders:
            folder = folders.pop()
            try:
                with os.scandir(folder) as entries:
                    for entry in entries:
                        if is_companion(entry.name):
                            continue
                        if entry.is_dir(follow_symlinks=False):
                            folders.append(entry.path)
                        elif _ends_as(entry.name, (SUFFIX,)):
                            yield from self._in_archive(entry.path)
                        else:
                            yield from self._if_picture(Reference(entry.path))
            except OSError as error:
                yield Reference(folder, error=f"This folder can't be read: {error.strerror}.")

    def _in_archive(self, path: str) -> Iterator[Reference]:
        """The files of a ZIP, or the ZIP itself with what is wrong with it."""
        try:
            with Path(path).open("rb") as file, open_archive(file) as archive:
                for entry in files_in(archive):
                    yield from self._if_picture(Reference(path, entry.filename), SUFFIX)
        except ArchiveError as error:
            yield Reference(path, error=str(error))
        except OSError:
            yield Reference(path)  # whoever reads it says why not

    def _if_picture(self, reference: Reference, *others: str) -> Iterator[Reference]:
        if _ends_as(reference.member or reference.path, (*SUFFIXES, *others)):
            yield reference
        else:
            self.passed_over += 1


def is_regular(path: str) -> bool:
    """Whether reading this ends: a pipe or a device may never.

    Raises:
        OSError: it isn't there, or may not be looked at.
    """
    return stat.S_ISREG(Path(path).stat().st_mode)


def _ends_as(name: str, suffixes: Sequence[str]) -> bool:
    return name.lower().endswith(tuple(f".{suffix}" for suffix in suffixes))


def _opened(name: str, standard_input: BinaryIO) -> BinaryIO:
    return standard_input if name == STANDARD_INPUT else Path(name).open("rb")
